import type { Architecture, ErrnoName } from '../seccomp/syscalls.ts';
import type { Argument, Call } from './program.ts';

/** What has to come of one call for the sandbox to be what it says. */
export type Expectation =
  /** An attack: refused with one of these errors. Any other error means that the row did not test what it says. */
  | { readonly kind: 'refused'; readonly errors: readonly ErrnoName[] }
  /** An attack: the filter kills whoever tries. */
  | { readonly kind: 'killed' }
  /** A control: it must work, else the refusals beside it prove nothing. */
  | { readonly kind: 'works' }
  /** What it shows is judged as a whole, in `observations.ts`. */
  | { readonly kind: 'observed' };

export interface Check {
  readonly call: Call;
  readonly expect: Expectation;
}

/** What the supervisor really has outside, for the probe to reach for. */
export interface Canaries {
  /** A listener on the host's 127.0.0.1. */
  readonly tcpPort: number;
  /** A listener on an abstract socket of the host, with its leading NUL. */
  readonly abstractName: string;
  /** A listening socket and a readable file on the host, in the run directory. */
  readonly socketPath: string;
  readonly filePath: string;
  readonly runDirectory: string;
  readonly supervisorPid: number;
}

export interface CheckContext {
  readonly architecture: Architecture;
  readonly canaries: Canaries;
  readonly brokerPort: number;
  readonly workspace: string;
  readonly environmentBytes: number;
}

export function refused(name: string, call: Call['call'], args: readonly Argument[], ...errors: ErrnoName[]): Check {
  return { call: { name, call, arguments: args }, expect: { kind: 'refused', errors } };
}

export function works(name: string, call: Call['call'], args: readonly Argument[]): Check {
  return { call: { name, call, arguments: args }, expect: { kind: 'works' } };
}

export function observed(name: string, call: Call['call'], args: readonly Argument[]): Check {
  return { call: { name, call, arguments: args }, expect: { kind: 'observed' } };
}
