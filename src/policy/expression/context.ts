import type { Action, MergeAction, Plane, SessionState } from '../action.ts';
import { originOf, reviewOf } from '../merge-plane.ts';
import { EXPRESSION_LIMITS } from './guard.ts';

/** What `action` holds on each plane, in CEL's types. Every field always exists, so that none can fail for absence. */
export const ACTION_SCHEMAS = {
  tool: { tool: 'string', command: 'string', reads: 'list<string>', writes: 'list<string>', urls: 'list<string>' },
  file: { operation: 'string', path: 'string', bytes: 'int' },
  network: { host: 'string', port: 'int', protocol: 'string', method: 'string', path: 'string' },
  model: {
    provider: 'string',
    endpoint: 'string',
    model: 'string',
    hostedTools: 'list<string>',
    urlInputs: 'int',
    bytes: 'int',
  },
  merge: {
    paths: 'list<string>',
    pathClasses: 'list<string>',
    approvals: 'int',
    findings: { critical: 'int', high: 'int', medium: 'int', low: 'int' },
    weakened: 'list<string>',
    attestations: 'list<string>',
    origin: 'string',
    meta: 'list<string>',
    capabilities: 'list<string>',
    size: { files: 'int', lines: 'int', binaryFiles: 'int' },
    review: 'string',
    dispatcherKnown: 'bool',
  },
} as const satisfies Record<Plane, object>;

export const SESSION_SCHEMA = { labels: { untrusted: 'bool', secret: 'bool' } } as const;

/** The action as the expression sees it: whole numbers as CEL integers, absent text as empty, sizes within bounds. */
export function actionContext(action: Action): object {
  switch (action.plane) {
    case 'tool': {
      const { tool, command, reads, writes, urls } = action;
      return { tool: text(tool), command: text(command), reads: list(reads), writes: list(writes), urls: list(urls) };
    }
    case 'file':
      return { operation: action.operation, path: text(action.path), bytes: int(action.bytes) };
    case 'network': {
      const { host, port, protocol, method, path } = action;
      return { host: text(host), port: int(port), protocol, method: text(method), path: text(path) };
    }
    case 'model': {
      const { provider, endpoint, model, hostedTools, urlInputs, bytes } = action;
      const names = { provider: text(provider), endpoint: text(endpoint), model: text(model) };
      return { ...names, hostedTools: list(hostedTools), urlInputs: int(urlInputs), bytes: int(bytes) };
    }
    case 'merge':
      return mergeContext(action);
  }
}

function mergeContext(action: MergeAction): object {
  const { critical, high, medium, low } = action.findings;
  const { files, lines, binaryFiles } = action.size ?? { files: action.paths.length, lines: 0, binaryFiles: 0 };
  return {
    paths: list(action.paths),
    pathClasses: list(action.pathClasses),
    approvals: int(action.approvals),
    findings: { critical: int(critical), high: int(high), medium: int(medium), low: int(low) },
    weakened: list(action.weakened),
    attestations: list(action.attestations),
    origin: originOf(action),
    meta: list(action.meta),
    capabilities: list(action.capabilities),
    size: { files: int(files), lines: int(lines), binaryFiles: int(binaryFiles) },
    review: reviewOf(action),
    dispatcherKnown: action.dispatcherKnown === true,
  };
}

export function sessionContext(state: SessionState): object {
  const { untrusted, secret } = state.labels;
  if (typeof untrusted !== 'boolean' || typeof secret !== 'boolean') throw new TypeError('a label is no truth value');
  return { labels: { untrusted, secret } };
}

/** A JavaScript number is no CEL integer; one that is not whole is no count. */
export function int(value: number | undefined): bigint {
  const number = value ?? 0;
  if (!Number.isSafeInteger(number)) throw new RangeError('a number is not whole');
  return BigInt(number);
}

function text(value: string | undefined): string {
  const given = value ?? '';
  if (given.length > EXPRESSION_LIMITS.textLength) throw new RangeError('a text is too long for an expression');
  return given;
}

function list(values: readonly string[] | undefined): readonly string[] {
  const given = values ?? [];
  if (given.length > EXPRESSION_LIMITS.listLength) throw new RangeError('a list is too long for an expression');
  return given.map(text);
}
