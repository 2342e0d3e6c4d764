import type { CallFact } from '../facts/index.ts';
import { wordsOf } from '../lexicon.ts';
import type { Sides } from '../match.ts';
import { inScope, type Judgement } from '../report.ts';
import { clip } from '../terms/index.ts';
import { remainingAfter, severityOf, weighPlace } from './weigh.ts';

const RECORDS =
  /^(?:log|record|write|emit|create|track|info|warn|save|append|publish|add|send|insert|event|trail|audit|entry|notice)$/;

/** What is done still is done, and nobody can see afterwards who did it. */
export function judgeAudit(sides: Sides): readonly Judgement[] {
  const { gone } = sides.match('call');
  const told = new Set<string>();
  return gone.filter(recordsAudit).flatMap((before): readonly Judgement[] => {
    const scope = sides.successorOf(before.scope)?.name;
    if (scope === undefined || told.has(scope) || stillRecords(sides, scope)) return [];
    told.add(scope);
    const stays = sides.before.facts.filter(({ kind, scope: own }) => kind === 'call' && own === before.scope);
    const now = new Set(sides.after.facts.filter((fact) => fact.kind === 'call' && fact.scope === scope).map(nameOf));
    if (!stays.some((fact) => now.has(nameOf(fact)))) return [];
    const points = 2 + (remainingAfter(before, sides) >= 0.34 ? 1 : 0) + weighPlace(before, sides);
    const message = `\`${clip(before.key, 80)}\` no longer records${inScope(before.scope)} what was done.`;
    const base = { group: 'call', direction: 'weakened', subject: before.names.join('.'), before } as const;
    return [{ ...base, control: 'audit-record-removed', severity: severityOf(points), message }];
  });
}

function nameOf(fact: Sides['after']['facts'][number]): string {
  return fact.kind === 'call' ? fact.names.join('.') : '';
}

/** `audit.log(…)`, `auditLogger.Record(…)`, `AuditEvent.objects.create(…)`, `writeAuditLog(…)`. */
function recordsAudit({ names }: CallFact): boolean {
  return (
    names.some((name) => wordsOf(name).includes('audit')) &&
    wordsOf(names.at(-1) ?? '').some((word) => RECORDS.test(word))
  );
}

/** Another call for the record stands there, or in a function that is new and called from there. */
function stillRecords(sides: Sides, scope: string): boolean {
  return sides.after.facts.some(
    (fact) =>
      fact.kind === 'call' &&
      recordsAudit(fact) &&
      (fact.scope === scope || (!sides.isKept(fact.scope) && sides.isLinked(scope, fact.scope))),
  );
}
