import { SANDBOX_HOME } from './plan.ts';

/** Who the agent is inside. */
export const SANDBOX_UID = 1000;
export const SANDBOX_HOSTNAME = 'sandbox';

/** `/etc` from scratch: no account, resolver or identity of the host. */
export const SYNTHETIC_ETC: readonly { readonly path: string; readonly content: string }[] = [
  {
    path: '/etc/passwd',
    // Programs ask for root by name, and nobody can become it.
    content: `root:x:0:0:root:/root:/usr/sbin/nologin\nagent:x:${SANDBOX_UID}:${SANDBOX_UID}:agent:${SANDBOX_HOME}:/bin/sh\nnobody:x:65534:65534::/:/usr/sbin/nologin\n`,
  },
  { path: '/etc/group', content: `root:x:0:\nagent:x:${SANDBOX_UID}:\nnogroup:x:65534:\n` },
  { path: '/etc/hosts', content: `127.0.0.1 localhost ${SANDBOX_HOSTNAME}\n::1 localhost\n` },
  { path: '/etc/hostname', content: `${SANDBOX_HOSTNAME}\n` },
  { path: '/etc/resolv.conf', content: 'nameserver 127.0.0.1\noptions timeout:1 attempts:1\n' },
  {
    path: '/etc/nsswitch.conf',
    content: 'passwd: files\ngroup: files\nhosts: files dns\nservices: files\nprotocols: files\n',
  },
  { path: '/etc/machine-id', content: `${'0'.repeat(32)}\n` },
];

/**
 * What programs need of the host's `/etc`: loader, time zone, public certificates, tables of numbers, names of the
 * distribution. No configuration.
 */
export const HOST_ETC: readonly string[] = [
  '/etc/alternatives',
  '/etc/ca-certificates',
  '/etc/crypto-policies',
  // Which distribution this is: browsers for tests and run-times choose their build by it.
  '/etc/debian_version',
  '/etc/fonts',
  '/etc/ld.so.cache',
  '/etc/ld.so.conf',
  '/etc/ld.so.conf.d',
  '/etc/localtime',
  '/etc/lsb-release',
  '/etc/mime.types',
  '/etc/os-release',
  '/etc/pki/ca-trust',
  '/etc/pki/tls/certs',
  '/etc/protocols',
  '/etc/redhat-release',
  '/etc/services',
  '/etc/ssl/certs',
  '/etc/ssl/openssl.cnf',
  '/etc/terminfo',
];

/**
 * Writable directories of the agent's own beside its workspace. They live in memory and die with the run. `/run` holds
 * sockets of system services on a host; here it is empty.
 */
export const SCRATCH: readonly { readonly path: string; readonly mode: number }[] = [
  { path: '/tmp', mode: 0o1777 },
  { path: SANDBOX_HOME, mode: 0o755 },
  { path: '/dev/shm', mode: 0o1777 },
  { path: '/run', mode: 0o755 },
];

/** Settings of the kernel, those of the agent's own namespaces too: to be read. */
export const KERNEL_SETTINGS = '/proc/sys';

/** What they may hold together, as a part of the disk limit: the workspace has all of that for itself. */
export const SCRATCH_SHARE = 3 / 4;
