import type { Action } from '../../policy/index.ts';
import { isObject, type JsonObject, textOf } from '../../system/index.ts';

/** What a call would do, as the agent's adapter reads it. */
export type ReadCall = (tool: string, input: JsonObject) => readonly Action[];

/** Rules by which the broker itself refuses, on its way to the model and at its door (src/broker). */
const FIXED: ReadonlySet<string> = new Set([
  ...['known-secret', 'malformed-call', 'unreadable-call', 'malformed-body', 'malformed-answer', 'malformed-http'],
  ...['credential', 'encoding', 'endpoint', 'query', 'redirect', 'request-memory', 'request-size', 'response-size'],
  ...['provider-gone', 'provider-protocol', 'provider-timeout', 'provider-unreachable', 'no-record', 'no-preface'],
  ...['request-timeout', 'upgrade'],
]);
/** Refusals of the way out that say no more than that no rule allowed it. */
const BY_POLICY: ReadonlySet<string> = new Set(['egress/host-not-allowed', 'egress/method-or-path-not-allowed']);

/** A refusal that no policy makes or lifts. */
export function isFixed(rule: string): boolean {
  if (rule.startsWith('egress/')) return !BY_POLICY.has(rule);
  return FIXED.has(rule) || rule.startsWith('budget.');
}

/** What a record says was asked for; undefined where it does not hold enough to tell. */
export function actionsOf(kind: string, subject: JsonObject, readCall: ReadCall): readonly Action[] | undefined {
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

/** In a few words. */
export function describe(action: Action): string {
  switch (action.plane) {
    case 'tool': {
      const about = action.command ?? action.writes?.[0] ?? action.reads?.[0] ?? action.urls?.[0];
      return `${action.tool}${about === undefined ? '' : ` (${about.slice(0, 80)})`}`;
    }
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
