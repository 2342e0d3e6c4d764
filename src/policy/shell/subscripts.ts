import type { ShellWord } from '../../syntax/index.ts';

/**
 * Builtins that take the name of a variable from an argument, or an argument as arithmetic. The subscript of an array in
 * it is evaluated after quotes are gone: `test -v 'a[$(id)]'` runs `id` (Bash manual, 6.5 and 6.7).
 */
const EVALUATING = new Set([
  '[',
  '[[',
  'declare',
  'export',
  'getopts',
  'let',
  'local',
  'mapfile',
  'printf',
  'read',
  'readarray',
  'readonly',
  'test',
  'typeset',
  'unset',
  'wait',
]);

/** A subscript with a substitution in it. */
const SUBSCRIPT = /\w\[[^\]]*(?:\$[({]|`)/;
/** A subscript that is more than a number: as arithmetic it sets variables, and evaluates those that it names. */
const ARITHMETIC = /\w\[(?!(?:\d+|@|\*)\])/;

/** The argument that the shell would run a part of; `undefined` when there is none. */
export function evaluatedSubscript(name: string, args: readonly ShellWord[]): string | undefined {
  if (!EVALUATING.has(name)) return undefined;
  const isTest = name === 'test' || name === '[';
  const asksForVariable = isTest && args.some(({ literal }) => literal === '-v' || literal === undefined);
  const subscript = asksForVariable ? ARITHMETIC : SUBSCRIPT;
  return args.find((word) => holds(subscript, word))?.source;
}

function holds(subscript: RegExp, { pieces }: ShellWord): boolean {
  return subscript.test(pieces.map((piece) => piece ?? '').join(''));
}
