import { lessThan } from './judges/weigh.ts';
import type { Judgement } from './report.ts';

const LOST = new Set(['guard-removed', 'security-call-removed', 'normalisation-removed', 'deletion-removed']);
const FOUND = new Set(['guard-added', 'security-call-added', 'guard-strengthened']);

/**
 * What is gone and what came in the same function: a check that gave way to one that weighs as much was replaced, which
 * a person must look at, and is not simply gone. Each new one makes good for one old one.
 */
export function balanceJudgements(judgements: readonly Judgement[]): readonly Judgement[] {
  const credit = new Map<string, number[]>();
  for (const { control, after, weight } of judgements) {
    if (!FOUND.has(control) || after === undefined || weight === undefined) continue;
    credit.set(
      after.scope,
      [...(credit.get(after.scope) ?? []), weight].sort((one, other) => one - other),
    );
  }
  return judgements.map((judgement) => {
    const { control, before, weight = 0 } = judgement;
    if (!LOST.has(control) || judgement.direction !== 'weakened' || before === undefined) return judgement;
    const own = credit.get(before.scope) ?? [];
    const index = own.findIndex((other) => other > weight || (other === weight && weight > 1));
    if (index < 0) return judgement;
    own.splice(index, 1);
    const message = `${judgement.message.replace(/\.$/, '')}; another check came in its place.`;
    return { ...judgement, direction: 'changed', severity: lessThan(judgement.severity), message };
  });
}

/** What is counted over a whole file is a sign; beside another sign of weight in the same file it is two. */
export function corroborateJudgements(judgements: readonly Judgement[]): readonly Judgement[] {
  const isSign = ({ control, direction, severity }: Judgement): boolean =>
    control !== 'security-code-shrunk' && direction === 'weakened' && severity === 'medium';
  if (!judgements.some(isSign)) return judgements;
  return judgements.map((judgement) =>
    judgement.control === 'security-code-shrunk' && judgement.severity === 'medium'
      ? { ...judgement, severity: 'high' }
      : judgement,
  );
}
