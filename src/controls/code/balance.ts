import type { CallFact, DecoratorFact, Fact } from './facts/index.ts';
import { isHollow } from './judges/hollow.ts';
import { lessThan } from './judges/weigh.ts';
import { countStrong, wordsOf } from './lexicon.ts';
import type { Sides } from './match.ts';
import type { Judgement } from './report.ts';
import { clip } from './terms/index.ts';

const LOST = new Set(['guard-removed', 'security-call-removed', 'normalisation-removed', 'deletion-removed']);
const FOUND = new Set(['guard-added', 'security-call-added', 'guard-strengthened']);

/** A check that came: it makes good for one that is gone and weighs no more. */
interface Credit {
  readonly weight: number;
  readonly fact: Fact;
}

/** `validation.check(schema, body)` in a function became `@validation.body(schema)` before it. */
function findDecorator({ scope, names }: CallFact, sides: Sides): DecoratorFact | undefined {
  const home = sides.successorOf(scope)?.name;
  const topics = new Set(names.flatMap(wordsOf).filter((word) => countStrong(word) > 0));
  return sides
    .match('decorator')
    .come.find(
      (decorator) =>
        decorator.scope === home &&
        decorator.arguments.length > 0 &&
        !OPENS.test(decorator.name) &&
        wordsOf(decorator.name).some((word) => topics.has(word)),
    );
}

const OPENS = /exempt|skip|allow|anonymous|public|optional|disable|unprotected|no_|none/i;

/**
 * What is gone and what came in the same function: a check that gave way to one that weighs as much was replaced, which
 * a person must look at, and is not simply gone. Each new one makes good for one old one.
 */
export function balanceJudgements(judgements: readonly Judgement[], sides: Sides): readonly Judgement[] {
  const credits = new Map<string, Credit[]>();
  for (const { control, after, weight } of judgements) {
    if (!FOUND.has(control) || after === undefined || weight === undefined) continue;
    const known = credits.get(after.scope) ?? [];
    credits.set(
      after.scope,
      [...known, { weight, fact: after }].sort((one, other) => one.weight - other.weight),
    );
  }
  return judgements.map((judgement) => {
    const { control, before, weight = 0 } = judgement;
    if (!LOST.has(control) || judgement.direction !== 'weakened' || before === undefined) return judgement;
    const decorator = before.kind === 'call' ? findDecorator(before, sides) : undefined;
    if (decorator !== undefined) {
      const message = `${judgement.message.replace(/\.$/, '')}; \`@${clip(decorator.name, 50)}\` came in its place.`;
      return { ...judgement, direction: 'changed', severity: lessThan(judgement.severity), message };
    }
    const own = credits.get(before.scope) ?? [];
    const index = own.findIndex(
      (credit) =>
        (credit.weight > weight || (credit.weight === weight && weight > 1)) && !isHollow(credit.fact, before, sides),
    );
    if (index < 0) return judgement;
    own.splice(index, 1);
    const message = `${judgement.message.replace(/\.$/, '')}; another check came in its place.`;
    return { ...judgement, direction: 'changed', severity: lessThan(judgement.severity), message };
  });
}
