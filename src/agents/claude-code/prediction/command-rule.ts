import { matchSequence } from '../../../policy/index.ts';

/** Longer rules with wildcards nobody writes. Where one refuses it is taken to match, where it approves not. */
const MOST_CHARACTERS = 256;
/** Stands for an unescaped `*`; no command text holds it. */
const ANY = '\u0000';
/** A rule that approves is never about text with these (reference: agents §2.4.2). */
const NEVER_APPROVES = /[><|`]|\$[{(]/;

/** `**`, ` * `: every command, yet not the whole tool. */
export function isEveryCommand(spec: string): boolean {
  return spec !== '' && /^[\s*]+$/.test(spec) && spec.includes('*');
}

export function canApprove(spec: string): boolean {
  return (spec.length <= MOST_CHARACTERS || isExact(spec)) && !NEVER_APPROVES.test(spec);
}

/** A rule without a wildcard. */
export function isExact(spec: string): boolean {
  return !/(?<!\\)\*/.test(spec);
}

/**
 * Whether a `Bash(…)` rule is about this text. `:*` or ` *` at the end stands for any arguments, none included, and for
 * the same behind `xargs`; `*` elsewhere for any text; `\*` for a star.
 */
export function matchesText(spec: string, text: string): boolean {
  if (isEveryCommand(spec)) return true;
  if (spec.endsWith(':*')) return startsWithPrefix(spec.slice(0, -2), text);
  const bare = spec.endsWith(' *') && !spec.endsWith('\\ *') ? spec.slice(0, -2) : undefined;
  if (bare !== undefined && isExact(bare)) return startsWithPrefix(bare.replaceAll('\\*', '*'), text);
  if (isExact(spec)) return spec.replaceAll('\\*', '*') === text;
  if (spec.length > MOST_CHARACTERS) return true;
  return matchesWildcard(spec, text) || (bare !== undefined && matchesWildcard(bare, text));
}

/** An empty prefix, and one that ends in a blank, match nothing. */
function startsWithPrefix(prefix: string, text: string): boolean {
  if (prefix === '' || /\s$/.test(prefix)) return false;
  return [prefix, `xargs ${prefix}`].some((start) => text === start || text.startsWith(`${start} `));
}

function matchesWildcard(spec: string, text: string): boolean {
  const signs = [...spec.replace(/\\\*|\*/g, (sign) => (sign === '*' ? ANY : '*'))];
  return matchSequence(signs, [...text], ANY, (one, other) => one === other);
}

/** `./scripts/*.sh` is not about `./scripts/../evil.sh` where the program itself is a pattern. */
export function climbsOut(spec: string, text: string): boolean {
  const [pattern = ''] = spec.split(' ', 1);
  const [program = ''] = text.split(' ', 1);
  return pattern.includes('*') && /(?:^|\/)\.\.(?:\/|$)/.test(program) && !/(?:^|\/)\.\.(?:\/|$)/.test(pattern);
}
