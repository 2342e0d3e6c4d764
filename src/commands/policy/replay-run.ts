import type { Action, Decision, Policy } from '../../policy/index.ts';
import { INITIAL_STATE } from '../../policy/index.ts';
import { type JsonObject, objectOf, textOf } from '../../system/index.ts';
import { actionsOf, describe, isFixed, type ReadCall } from './recorded-actions.ts';

/** One recorded decision that the other policy would have made in another way. */
export interface ChangedDecision {
  readonly sequence: number;
  /** `tool`, `network`, `model`, `file`. */
  readonly plane: Action['plane'];
  /** What was tried, in a few words. */
  readonly subject: string;
  readonly was: { readonly verdict: string; readonly rule: string };
  readonly now: { readonly verdict: string; readonly rule: string; readonly reason: string };
}

export interface ReplayedRun {
  /** Decisions that were made again. */
  readonly decided: number;
  /** Refusals that no policy makes or lifts: a secret of the run, a malformed request, a limit. */
  readonly fixed: number;
  /** Records whose action cannot be made again: an input that was too long to stand in the record. */
  readonly unreadable: number;
  readonly changed: readonly ChangedDecision[];
}

/**
 * What a policy would have decided on what a run did, in the order in which it happened. Labels and counters grow as
 * they would have under that policy. Pure.
 */
export function replayRun(
  records: Iterable<{ readonly sequence: number; readonly record: JsonObject | undefined }>,
  policy: Policy,
  readCall: ReadCall,
): ReplayedRun {
  const changed: ChangedDecision[] = [];
  const counts = { decided: 0, fixed: 0, unreadable: 0 };
  let state = INITIAL_STATE;
  for (const { sequence, record } of records) {
    const was = objectOf(record?.['decision']);
    if (record === undefined || typeof was['verdict'] !== 'string') continue;
    const rule = textOf(was['rule']);
    const subject = objectOf(record['subject']);
    if (isFixed(rule)) {
      counts.fixed += 1;
      continue;
    }
    const actions = actionsOf(textOf(record['kind']), subject, readCall);
    const [first] = actions ?? [];
    if (actions === undefined || first === undefined) {
      counts.unreadable += 1;
      continue;
    }
    const decisions: Decision[] = [];
    for (const action of actions) {
      const decision = policy.decide(action, state);
      state = policy.advance(state, action, decision);
      decisions.push(waitsForReview(action, decision) ? { ...decision, verdict: 'allow' } : decision);
    }
    counts.decided += 1;
    const now = strongest(decisions);
    // In an unattended run nobody answers, so `ask` refuses.
    if ((now.verdict === 'allow') === (was['verdict'] === 'allow')) continue;
    const { verdict, reason } = now;
    changed.push({
      sequence,
      plane: first.plane,
      subject: describe(first),
      was: { verdict: was['verdict'], rule },
      now: { verdict, rule: now.rule, reason },
    });
  }
  return { ...counts, changed };
}

/** A call that does several things is as good as the worst of them. */
function strongest(decisions: readonly Decision[]): Decision {
  return (
    decisions.find(({ verdict }) => verdict === 'deny') ??
    decisions.find(({ verdict }) => verdict === 'ask') ??
    decisions[0] ?? { verdict: 'deny', rule: 'default', reason: 'nothing was decided' }
  );
}

/** A file that is asked about may be changed inside; the change to it waits for a person. */
function waitsForReview(action: Action, { verdict }: Decision): boolean {
  return verdict === 'ask' && action.plane === 'file' && action.operation !== 'read';
}
