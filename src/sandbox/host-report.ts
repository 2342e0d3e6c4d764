import { existsSync, readFileSync } from 'node:fs';
import { release } from 'node:os';
import { SallyportError } from '../errors/index.ts';
import type { JsonObject } from '../system/index.ts';
import { findProgram, installCommand, PROGRAMS, type Program } from './host.ts';

/** One thing a run needs of the host. */
export type HostCheck = JsonObject & {
  readonly name: string;
  /** `missing` stops a run; `degraded` only changes what holds a limit, and the report of each run says so. */
  readonly status: 'ok' | 'missing' | 'degraded';
  readonly found: string;
  /** Commands that mend it, each complete. */
  readonly fix: readonly string[];
};

const NEEDED_NODE = 24;

/** Looks at the host without starting anything. The trial in `diagnosis.ts` has the last word. */
export function inspectHost(): readonly HostCheck[] {
  return [
    checkProcessor(),
    checkNode(),
    ...PROGRAMS.map(checkProgram),
    checkBubblewrapPath(),
    checkUserNamespaces(),
    checkAppArmor(),
    checkSeccomp(),
    checkOverlay(),
    checkProc(),
    { name: 'kernel', status: 'ok', found: release(), fix: [] },
  ];
}

/**
 * Stops early, with the commands that help, when something the run cannot do without is missing.
 * @throws SallyportError SP1202
 */
export function preflight(): void {
  const missing = inspectHost().find((check) => check.status === 'missing');
  if (missing === undefined) return;
  throw new SallyportError('SP1202', `${missing.name}: ${missing.found}`, {
    advice: missing.fix.length > 0 ? `Run: ${missing.fix.join(' && ')}` : undefined,
  });
}

function ok(name: string, found: string): HostCheck {
  return { name, status: 'ok', found, fix: [] };
}

function missing(name: string, found: string, ...fix: readonly string[]): HostCheck {
  return { name, status: 'missing', found, fix };
}

function checkProcessor(): HostCheck {
  const isSupported = process.platform === 'linux' && (process.arch === 'x64' || process.arch === 'arm64');
  const found = `${process.platform} ${process.arch}`;
  return isSupported ? ok('system', found) : missing('system', `${found}; Linux on x64 or arm64 is needed`);
}

function checkNode(): HostCheck {
  const { node } = process.versions;
  if (Number(node.split('.')[0]) >= NEEDED_NODE) return ok('node', node);
  return missing('node', `${node}; ${NEEDED_NODE} or newer is needed`, `npm install --global node@${NEEDED_NODE}`);
}

function checkProgram({ program }: { readonly program: Program }): HostCheck {
  const path = findProgram(program);
  return path === undefined ? missing(program, 'not installed', installCommand(program)) : ok(program, path);
}

/** Ubuntu's exception for user namespaces is bound to this path. */
function checkBubblewrapPath(): HostCheck {
  const path = findProgram('bwrap');
  if (path === undefined || path === '/usr/bin/bwrap') return ok('bwrap-path', path ?? 'not installed');
  return { name: 'bwrap-path', status: 'degraded', found: `${path}; AppArmor profiles name /usr/bin/bwrap`, fix: [] };
}

function checkUserNamespaces(): HostCheck {
  const name = 'user-namespaces';
  const isRoot = process.getuid?.() === 0;
  if (readSetting('kernel/unprivileged_userns_clone') === '0' && !isRoot) {
    return missing(name, 'switched off for normal users', 'sudo sysctl -w kernel.unprivileged_userns_clone=1');
  }
  if (readSetting('user/max_user_namespaces') === '0') {
    return missing(name, 'none may be made', 'sudo sysctl -w user.max_user_namespaces=15000');
  }
  return existsSync('/proc/self/ns/user') ? ok(name, 'available') : missing(name, 'the kernel has none');
}

const APPARMOR_PROFILE =
  'abi <abi/4.0>,\\ninclude <tunables/global>\\nprofile bwrap /usr/bin/bwrap flags=(unconfined) {\\n  userns,\\n}\\n';

/** Commands for Ubuntu 23.10 and newer, where AppArmor takes the capabilities away in a new user namespace. */
export const APPARMOR_FIX: readonly string[] = [
  `printf '${APPARMOR_PROFILE}' | sudo tee /etc/apparmor.d/bwrap`,
  'sudo apparmor_parser -r /etc/apparmor.d/bwrap',
];

function checkAppArmor(): HostCheck {
  const name = 'apparmor';
  if (readSetting('kernel/apparmor_restrict_unprivileged_userns') !== '1') return ok(name, 'no restriction');
  if (existsSync('/etc/apparmor.d/bwrap')) return ok(name, 'restricts user namespaces; there is a profile for bwrap');
  const found = 'restricts user namespaces (kernel.apparmor_restrict_unprivileged_userns=1)';
  return { name, status: 'degraded', found, fix: APPARMOR_FIX };
}

function checkSeccomp(): HostCheck {
  const actions = readSetting('kernel/seccomp/actions_avail') ?? '';
  const hasAll = ['kill_process', 'errno', 'allow'].every((action) => actions.split(' ').includes(action));
  return hasAll ? ok('seccomp', actions) : missing('seccomp', 'the kernel has no system call filter (CONFIG_SECCOMP)');
}

function checkOverlay(): HostCheck {
  const isLoaded = readFileSync('/proc/filesystems', 'latin1').split(/\s+/).includes('overlay');
  if (isLoaded) return ok('overlay', 'available');
  return { name: 'overlay', status: 'degraded', found: 'module not loaded yet', fix: ['sudo modprobe overlay'] };
}

/** A container engine masks parts of `/proc`; the kernel then refuses a fresh one inside. */
function checkProc(): HostCheck {
  const mountPoints = readFileSync('/proc/self/mountinfo', 'latin1')
    .split('\n')
    .map((line) => line.split(' ')[4] ?? '');
  const masks = mountPoints.filter((path) => path.startsWith('/proc/') && path !== '/proc/sys/fs/binfmt_misc');
  if (masks.length === 0) return ok('proc', 'not masked');
  return { name: 'proc', status: 'degraded', found: `masked: ${masks.join(', ')}`, fix: PROC_FIX };
}

/** How a container is started so that a sandbox can have its own `/proc`. */
export const PROC_FIX: readonly string[] = [
  'docker run --security-opt systempaths=unconfined --security-opt seccomp=unconfined …',
];

function readSetting(path: string): string | undefined {
  const file = `/proc/sys/${path}`;
  return existsSync(file) ? readFileSync(file, 'latin1').trim() : undefined;
}
