import { SANDBOX_HOME } from './plan.ts';

/** Who the agent is inside. */
export const SANDBOX_UID = 1000;
export const SANDBOX_HOSTNAME = 'sandbox';

/** `/etc` from scratch: no account, resolver or identity of the host. */
export const SYNTHETIC_ETC: readonly { readonly path: string; readonly content: string }[] = [
  {
    path: '/etc/passwd',
    content: `agent:x:${SANDBOX_UID}:${SANDBOX_UID}:agent:${SANDBOX_HOME}:/bin/sh\nnobody:x:65534:65534::/:/usr/sbin/nologin\n`,
  },
  { path: '/etc/group', content: `agent:x:${SANDBOX_UID}:\nnogroup:x:65534:\n` },
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

/** Writable directories of the agent's own, with their share of the disk limit. They live in memory and die with the run. */
export const SCRATCH: readonly { readonly path: string; readonly share: number; readonly mode: string }[] = [
  { path: '/tmp', share: 1 / 2, mode: '1777' },
  { path: SANDBOX_HOME, share: 1 / 4, mode: '0755' },
  { path: '/dev/shm', share: 1 / 16, mode: '1777' },
];

/** `/run` holds sockets of system services on a host; here it is empty and small. */
export const RUN_BYTES = 1024 * 1024;
