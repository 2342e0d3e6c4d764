import type { FileChange } from '../../findings/index.ts';
import { type AddedCode, addedCode, type Call, calledName, literalText } from './added-code.ts';
import { questionsIn } from './gate.ts';
import type { ReadCode } from './residue.ts';
import type { Placed } from './spot.ts';
import { patternsIn } from './weak-tests.ts';

/** Words of query languages, as one of several that a pattern looks for. */
const QUERY_WORDS =
  /(?:^|[|(])(?:\\b|\\s[+*]?)?(?:and|or|union|select|insert|update|delete|drop|alter|exec|sleep|where|--|;|#)(?:\\b|\\s[+*]?)?(?:[|)]|$)/i;

/**
 * The line, from 1, in which a patch refuses or takes out words of a query language. Beside a query that is still put
 * together that is no protection (CWE-184): there is always another word, and other spellings of the same.
 */
export function deniedWordsIn(files: readonly FileChange[], read: ReadCode): number | undefined {
  for (const code of addedCode(files, read)) {
    const found = refusedWords(code) ?? code.calls.find(takesWordsOut);
    if (found) return code.lineOf(found.place);
  }
  return undefined;
}

function refusedWords(code: AddedCode): Placed | undefined {
  return questionsIn(code).find(({ asked, refusedWhen }) => {
    if (refusedWhen !== true || asked.kind !== 'call') return false;
    return patternsIn(asked, code).some((pattern) => QUERY_WORDS.test(pattern));
  })?.asked;
}

function takesWordsOut(call: Call): boolean {
  if (!/^(?:replace|replaceAll|sub|ReplaceAllString)$/.test(calledName(call) ?? '')) return false;
  return call.arguments.some(({ value }) =>
    QUERY_WORDS.test(value.kind === 'regex' ? value.pattern : patternText(call, value)),
  );
}

/** Python and Go write patterns as texts; elsewhere a text is itself. */
function patternText(call: Call, value: Call['arguments'][number]['value']): string {
  return calledName(call) === 'sub' || calledName(call) === 'ReplaceAllString' ? (literalText(value) ?? '') : '';
}
