import type { Action, Decision, Policy } from '../../policy/index.ts';
import { INITIAL_STATE } from '../../policy/index.ts';
import { isObject, type JsonObject, objectOf, textOf } from '../../system/index.ts';

/** What a call would do, as the agent's adapter reads it. */
export type ReadCall = (tool: string, input: JsonObject) => readonly Action[];

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

/** Rules by which the broker itself refuses, on its way to the model and at its door (src/broker). */
const FIXED: ReadonlySet<string> = new Set([
  ...['known-secret', 'malformed-call', 'unreadable-call', 'malformed-body', 'malformed-answer', 'malformed-http'],
  ...['credential', 'encoding', 'endpoint', 'query', 'redirect', 'request-memory', 'request-size', 'response-size'],
  ...['provider-gone', 'provider-protocol', 'provider-timeout', 'provider-unreachable', 'no-record', 'no-preface'],
  ...['request-timeout', 'upgrade'],
]);
/** Refusals of the way out that say no more than that no rule allowed it. */
const BY_POLICY: ReadonlySet<string> = new Set(['egress/host-not-allowed', 'egress/method-or-path-not-allowed']);

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

function isFixed(rule: string): boolean {
  if (rule.startsWith('egress/')) return !BY_POLICY.has(rule);
  return FIXED.has(rule) || rule.startsWith('budget.');
}

/** Undefined where the record does not hold enough to tell. */
function actionsOf(kind: string, subject: JsonObject, readCall: ReadCall): readonly Action[] | undefined {
  switch (kind) {
    case 'tool.call': {
      const input = subject['input'];
      if (subject['truncated'] === true || !isObject(input)) return undefined;
      return readCall(textOf(subject['tool']), input);
    }
    case 'network.request':
      return networkAction(subject);
    case 'model.request':
      return modelAction(subject);
    default:
      return undefined;
  }
}

function networkAction(subject: JsonObject): readonly Action[] | undefined {
  const [host, port] = [subject['host'], subject['port']];
  if (typeof host !== 'string' || typeof port !== 'number') return undefined;
  const method = textOf(subject['method']);
  const protocol = subject['passage'] === 'plain' ? 'http' : 'https';
  const told = method === '' || method === 'CONNECT' ? {} : { method, path: textOf(subject['path']) || '/' };
  return [{ plane: 'network', host, port, protocol, ...told }];
}

function modelAction(subject: JsonObject): readonly Action[] | undefined {
  const model = subject['model'];
  if (typeof model !== 'string') return undefined;
  const hosted = subject['hostedTools'];
  const urlInputs = subject['urlInputs'];
  return [
    {
      plane: 'model',
      provider: 'anthropic',
      endpoint: textOf(subject['endpoint']),
      model,
      hostedTools: Array.isArray(hosted) ? hosted.map(textOf) : [],
      urlInputs: typeof urlInputs === 'number' ? urlInputs : 0,
    },
  ];
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

function describe(action: Action): string {
  switch (action.plane) {
    case 'tool':
      return `${action.tool}${action.command === undefined ? '' : ` (${action.command.slice(0, 80)})`}`;
    case 'network':
      return `${action.method ?? 'connection'} ${action.host}:${action.port}${action.path ?? ''}`;
    case 'model':
      return `${action.model} ${action.endpoint}`;
    case 'file':
      return `${action.operation} ${action.path}`;
    case 'merge':
      return 'merge';
  }
}
