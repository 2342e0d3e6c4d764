import type { Readable } from 'node:stream';
import { SallyportError } from '../errors/index.ts';
import { type Clock, findExecutable, type RandomBytes } from '../system/index.ts';
import type { SecretSentinel } from '../text/index.ts';
import type { Tools } from './airlock/configuration.ts';

/** What a sandbox needs of the program around it. */
export interface SandboxHost {
  /** Program and arguments that run `runAirlock`; readable and executable by the plan's identity. */
  readonly airlock: readonly [string, ...string[]];
  readonly clock: Clock;
  readonly random: RandomBytes;
  /** Knows the secrets of the run: none may be visible inside. */
  readonly sentinel?: SecretSentinel;
  /** Programs the sandbox is made of. Default: those of the system. */
  readonly tools?: Tools;
  /** The agent's standard input. Default: nothing. Never a terminal: its descriptor would let the agent write to it. */
  readonly stdin?: Readable;
}

/** Where the system's programs are, whatever the caller's PATH says. */
const SEARCH_PATH = '/usr/bin:/bin:/usr/sbin:/sbin:/usr/local/bin';

/** What a run needs of the system, each with the package of Debian and Ubuntu that brings it. */
export const PROGRAMS = [
  { program: 'bwrap', package: 'bubblewrap' },
  { program: 'git', package: 'git' },
  { program: 'setpriv', package: 'util-linux' },
  { program: 'prlimit', package: 'util-linux' },
  { program: 'mount', package: 'mount' },
  { program: 'cp', package: 'coreutils' },
  { program: 'find', package: 'findutils' },
] as const;

export type Program = (typeof PROGRAMS)[number]['program'];

/**
 * The programs the sandbox is made of. `/usr/bin/bwrap` comes first: Ubuntu's AppArmor profile for user namespaces is
 * bound to that path.
 * @throws SallyportError SP1202 naming what is missing and how to get it.
 */
export function findTools(): Tools {
  return {
    bwrap: demand('bwrap'),
    setpriv: demand('setpriv'),
    prlimit: demand('prlimit'),
    mount: demand('mount'),
    cp: demand('cp'),
  };
}

/** Absolute path of one of them, or undefined where it is not installed. */
export function findProgram(program: Program): string | undefined {
  return findExecutable(program, SEARCH_PATH);
}

/** The command that installs it. */
export function installCommand(program: Program): string {
  return `sudo apt-get install --yes ${PROGRAMS.find((row) => row.program === program)?.package ?? program}`;
}

function demand(program: Program): string {
  const path = findProgram(program);
  if (path !== undefined) return path;
  throw new SallyportError('SP1202', `${program} is not installed`, {
    advice: `Install it, for example with \`${installCommand(program)}\`.`,
  });
}
