import { fieldOf, type Placed } from './spot.ts';

/** `app.put('/items/:id', …)`: what a router is told about a path. */
export interface Registration {
  readonly router: string;
  /** Lower case, as called. */
  readonly method: string;
  /** Undefined: every path, or one that is not written out. */
  readonly path: string | undefined;
}

/** Calls that say something about every method. */
const EVERY_METHOD: ReadonlySet<string> = new Set(['use', 'all', 'route', 'register']);
const METHODS: ReadonlySet<string> = new Set([...EVERY_METHOD, 'get', 'post', 'put', 'patch', 'delete', 'del', 'head']);

/** What a statement registers; undefined when it is something else. */
export function registrationOf(statement: Placed): Registration | undefined {
  const call = fieldOf(statement, 'value');
  const callee = fieldOf(call, 'callee');
  const router = fieldOf(fieldOf(callee, 'object'), 'name');
  const method = fieldOf(callee, 'name');
  const given = fieldOf(call, 'arguments');
  if (typeof router !== 'string' || typeof method !== 'string' || !Array.isArray(given)) return undefined;
  if (!METHODS.has(method)) return undefined;
  const path = fieldOf(fieldOf(given[0], 'value'), 'value');
  return { router, method, path: typeof path === 'string' ? path : undefined };
}

/** Whether a request that reaches one registration can have passed another that stands before it (expressjs.com, routing). */
export function standsBefore(earlier: Registration, later: Registration): boolean {
  if (earlier.router !== later.router) return true;
  const sameMethod =
    EVERY_METHOD.has(earlier.method) || EVERY_METHOD.has(later.method) || earlier.method === later.method;
  if (!sameMethod) return false;
  if (earlier.path === undefined || later.path === undefined) return true;
  return mayMeet(earlier.path, later.path, PREFIXED.has(earlier.method));
}

/** They hear everything below their path; the others only the path itself. */
const PREFIXED: ReadonlySet<string> = new Set(['use', 'route', 'register']);

/** Paths segment by segment; one may go on where the other ends. A pattern may be anything. */
function mayMeet(one: string, other: string, below: boolean): boolean {
  if (/[(*+?[{\\]/.test(one) || /[(*+?[{\\]/.test(other)) return true;
  const left = one.split('/').filter((segment) => segment !== '');
  const right = other.split('/').filter((segment) => segment !== '');
  if (!below && left.length !== right.length) return false;
  return left
    .slice(0, right.length)
    .every((segment, at) => segment === right[at] || segment.startsWith(':') || (right[at] ?? '').startsWith(':'));
}
