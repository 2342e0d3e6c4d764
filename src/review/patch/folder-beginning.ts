import type { Expression } from '../../code/index.ts';
import { type AddedCode, calledName, literalText } from './added-code.ts';
import { permittingQuestions } from './polarity.ts';

const OF_PATHS =
  /^(?:join|resolve|normalize|normpath|abspath|realpath|realpathSync|Clean|Join|Abs|EvalSymlinks|getCanonicalPath)$/;

/**
 * A new test whether a path begins with the name of a folder, without the mark that ends a name: `/srv/files-of-others`
 * begins with `/srv/files`, too (CWE-22). Mostly that is the mending that was meant, so a person should say.
 */
export function openFolder(code: AddedCode): Expression | undefined {
  return permittingQuestions(code).find((asked) => {
    if (asked.kind !== 'call' || asked.callee.kind !== 'member') return false;
    const name = calledName(asked) ?? '';
    const [first, second] = asked.arguments.map(({ value }) => value);
    const [path, folder] = name === 'HasPrefix' ? [first, second] : [asked.callee.object, first];
    if (!/^(?:startsWith|startswith|HasPrefix)$/.test(name) || !path || !folder) return false;
    return isPath(path, code) && endsOpen(folder, code);
  });
}

function isPath(value: Expression, code: AddedCode): boolean {
  const held = value.kind === 'name' ? givenTo(value.name, code) : [value];
  return held.length > 0 && held.every((one) => one.kind === 'call' && OF_PATHS.test(calledName(one) ?? ''));
}

/** A folder that is written out without the mark, or what a function of paths gives, which takes it away. */
function endsOpen(value: Expression, code: AddedCode): boolean {
  const held = value.kind === 'name' ? givenTo(value.name, code) : [value];
  return held.length > 0 && held.every((one) => /[^/\\]$/.test(literalText(one) ?? '') || isPath(one, code));
}

function givenTo(name: string, { assignments }: AddedCode): readonly Expression[] {
  return assignments.flatMap(({ target, value }) => (target.kind === 'name' && target.name === name ? [value] : []));
}
