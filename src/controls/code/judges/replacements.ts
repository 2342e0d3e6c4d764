import type { CallFact } from '../facts/index.ts';
import { hasWeak, isPredicateName } from '../lexicon.ts';
import type { Sides } from '../match.ts';
import { inScope, type Judgement } from '../report.ts';
import { argumentsOf, clip, type Term, termsIn } from '../terms/index.ts';
import { severityOf, weighPlace } from './weigh.ts';

const REPLACES =
  /^(?:replace|replaceAll|ReplaceAll|ReplaceAllString|Replace|sub|gsub|re_sub|trimStart|TrimLeft|lstrip)$/;

/** Characters by which a path, an address, a page or a template says something else than its writer meant. */
const MEANS_SOMETHING = /\.\.|\\{1,4}(?:\.\\{1,2}\.|[rn0\\]|x0)|\/\/|[<>{}\r\n\0\\]|^["'`;%$&|]$/;

/** `path.replace('..', '')`, `strings.ReplaceAll(query, "{", "%7B")`: a value that loses what would do harm. */
export function takesOut(call: CallFact): boolean {
  return REPLACES.test(call.names.at(-1) ?? '') && patternsIn(call).some((text) => MEANS_SOMETHING.test(text));
}

/** Names of what a stranger writes. */
const COMES_IN = /quer(?:y|ies)|target|href|html|param|input|next|referr?er/i;

/** What is looked for: a text or a pattern that is written there, before what it is replaced by. */
function patternsIn({ term }: CallFact): readonly string[] {
  const given = argumentsOf(term);
  const isWritten = ({ kind }: Term): boolean => kind === 'string' || kind === 'regex';
  const at = given.findIndex(isWritten);
  const pattern = given[at];
  return pattern === undefined || at > 1 ? [] : [pattern.text];
}

/** Characters that did harm stay in a value that goes on to the same place. */
export function judgeLostReplacement(before: CallFact, sides: Sides): readonly Judgement[] {
  const scope = sides.successorOf(before.scope)?.name;
  if (scope === undefined || isStillDone(before, scope, sides)) return [];
  const value = [...termsIn(before.term)].flatMap(({ kind, text }) => (kind === 'name' ? [text] : [])).join(' ');
  const points =
    1 +
    (hasWeak(value) || COMES_IN.test(value) ? 1 : 0) +
    weighPlace(before, sides) +
    (scope.split('.').some(isPredicateName) ? 1 : 0);
  const message = `\`${clip(before.key, 80)}\` no longer takes out what would do harm${inScope(before.scope)}.`;
  const base = { group: 'call', direction: 'weakened', subject: before.names.join('.'), before } as const;
  return [{ ...base, control: 'normalisation-removed', severity: severityOf(points), message }];
}

/** Another call in the same function that replaces the same. */
function isStillDone(before: CallFact, scope: string, sides: Sides): boolean {
  const [pattern] = patternsIn(before);
  return sides.after.facts.some(
    (fact) =>
      fact.kind === 'call' && fact.scope === scope && takesOut(fact) && patternsIn(fact).includes(pattern ?? ''),
  );
}
