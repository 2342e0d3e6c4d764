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

const SEARCH_PATH = '/usr/bin:/bin:/usr/sbin:/sbin:/usr/local/bin';

/**
 * The programs the sandbox is made of. `/usr/bin/bwrap` comes first: Ubuntu's AppArmor profile for user namespaces is
 * bound to that path.
 * @throws SallyportError SP1202 naming what is missing and how to get it.
 */
export function findTools(): Tools {
  return {
    bwrap: find('bwrap', 'bubblewrap'),
    setpriv: find('setpriv', 'util-linux'),
    prlimit: find('prlimit', 'util-linux'),
    mount: find('mount', 'util-linux'),
  };
}

function find(program: string, packageName: string): string {
  const path = findExecutable(program, SEARCH_PATH);
  if (path !== undefined) return path;
  throw new SallyportError('SP1202', `${program} is not installed`, {
    advice: `Install it, for example with \`sudo apt-get install ${packageName}\`.`,
  });
}
