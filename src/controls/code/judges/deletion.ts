import type { CheckFact } from '../facts/index.ts';
import { countStrong, isPredicateName } from '../lexicon.ts';
import type { Sides } from '../match.ts';
import type { Judgement } from '../report.ts';
import { clip } from '../terms/index.ts';
import { weighCheck } from './weigh.ts';

/** A file is gone: what matters is whether its functions were checks for others. */
export function judgeDeletion(sides: Sides): readonly Judgement[] {
  const refuses = (scope: string): boolean =>
    sides.before.facts.some((fact) => fact.kind === 'check' && fact.scope === scope && isWeighty(fact, sides));
  const lastOf = (scope: string): string => scope.slice(scope.lastIndexOf('.') + 1);
  const checks = [...sides.before.scopes.keys()].filter(
    (scope) => scope !== '' && isPredicateName(lastOf(scope)) && refuses(scope),
  );
  const [first] = checks;
  if (first === undefined) return [];
  const message = `\`${clip(sides.path, 80)}\` was deleted; it held the checks \`${clip(checks.join(', '), 100)}\`.`;
  const before = sides.before.facts.find(({ scope }) => scope === first);
  const severity = countStrong(`${sides.path} ${checks.join(' ')}`) > 0 ? 'high' : 'medium';
  return [
    {
      control: 'check-file-deleted',
      group: 'guard',
      direction: 'weakened',
      severity,
      message,
      subject: checks.join(),
      before,
    },
  ];
}

function isWeighty(check: CheckFact, sides: Sides): boolean {
  return check.exit === 'deny' && check.errorOf === undefined && weighCheck(check, sides) >= 2;
}
