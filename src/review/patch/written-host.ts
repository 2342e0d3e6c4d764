import type { Expression } from '../../code/index.ts';
import type { AddedCode } from './added-code.ts';
import { calledName, literalText } from './added-code.ts';
import { isAddressName } from './permitted-part.ts';
import { permittingQuestions } from './polarity.ts';
import { namesIn } from './spot.ts';
import { patternsIn } from './weak-tests.ts';

/** The name of a host, with or without a scheme before and a slash behind. */
const HOST = /^(?:https?:\/\/)?(?:[a-z\d-]+\.)+[a-z\d-]{2,}(?::\d+)?\/?$/i;

/**
 * A new test that lets an address pass when a host that is written out stands in it, at its end without the dot before,
 * or at its beginning without the slash behind: `https://acme.test.evil.test`, `https://evil-acme.test` (CWE-601, CWE-918,
 * CWE-942).
 */
export function writtenHostByPart(code: AddedCode): Expression | undefined {
  return permittingQuestions(code).find((asked) => {
    if (asked.kind === 'binary' && /^(?:not )?in$/.test(asked.operator))
      return isHost(asked.left) && isAddressValue(asked.right);
    if (asked.kind !== 'call') return false;
    const name = calledName(asked) ?? '';
    const [inside, sought] = sidesOf(asked);
    if (!inside || !isAddressValue(inside)) return false;
    if (/^(?:test|match|search|MatchString)$/.test(name)) return patternsIn(asked, code).some(isLoosePattern);
    if (!sought || !isHost(sought)) return false;
    const text = literalText(sought) ?? '';
    if (/^(?:includes|contains|Contains|find)$/.test(name)) return true;
    if (/^(?:startsWith|startswith|HasPrefix)$/.test(name)) return /^https?:/.test(text) && !text.endsWith('/');
    return /^(?:endsWith|endswith|HasSuffix)$/.test(name) && !/^https?:/.test(text);
  });
}

function isHost(value: Expression): boolean {
  return HOST.test(literalText(value) ?? '');
}

function isAddressValue(value: Expression): boolean {
  const last = value.kind === 'member' || value.kind === 'name' ? [value.name] : [];
  return [...namesIn([value]), ...last].some(isAddressName);
}

/** What is looked through and what is looked for: Go's are functions of a package, and a pattern is asked about a text. */
function sidesOf({
  callee,
  arguments: given,
}: Extract<Expression, { kind: 'call' }>): readonly (Expression | undefined)[] {
  const [first, second] = given.map(({ value }) => value);
  if (callee.kind !== 'member') return [];
  if (/^(?:Contains|HasPrefix|HasSuffix)$/.test(callee.name)) return [first, second];
  if (/^(?:test|MatchString)$/.test(callee.name)) return [first, callee.object];
  return /^(?:search|match)$/.test(callee.name) && second ? [second, first] : [callee.object, first];
}

/** A pattern with the name of a host that is bound to no beginning, or that nothing ends behind the name. */
function isLoosePattern(pattern: string): boolean {
  if (!/[a-z\d-]\\\.[a-z]{2,}/i.test(pattern)) return false;
  return !pattern.startsWith('^') && !pattern.startsWith(String.raw`\.`) ? true : /\\\.[a-z\d-]{2,}$/i.test(pattern);
}
