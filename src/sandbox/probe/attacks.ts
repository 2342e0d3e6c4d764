import type { Check, CheckContext } from './checks.ts';
import { refused, works } from './checks.ts';
import {
  AF_INET,
  AF_INET6,
  AF_UNIX,
  inet6Address,
  inetAddress,
  SOCK_CLOEXEC,
  SOCK_DGRAM,
  SOCK_RAW,
  SOCK_STREAM,
  unixAddress,
} from './sockets.ts';

const AT_FDCWD = -100;
const O_WRONLY = 0o1;
const O_RDWR = 0o2;
const O_CREAT = 0o100;
const O_EXCL = 0o200;
const O_DIRECTORY = 0o200000;
const O_CLOEXEC = 0o2000000;
const W_OK = 2;
const FIRST_ORDINARY_PID = 16;

/** Reaching out: nothing of the host, no route, no exotic socket. UDP connect asks for a route and sends nothing. */
export function networkAttacks({ canaries, brokerPort }: CheckContext): readonly Check[] {
  const tcp = { resultOf: 'socket.tcp' };
  const udp = { resultOf: 'socket.udp' };
  const unreachable = (name: string, address: string, port: number): Check =>
    refused(`route.${name}`, 'connect', [udp, inetAddress(address, port), 16], 'ENETUNREACH');
  const exotic = (name: string, family: number, type: number, protocol: number): Check =>
    refused(`socket.${name}`, 'socket', [family, type | SOCK_CLOEXEC, protocol], 'EAFNOSUPPORT');
  const unix = (name: string, address: Buffer, error: 'ECONNREFUSED' | 'ENOENT'): readonly Check[] => [
    works(`socket.${name}`, 'socket', [AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0]),
    refused(`host.${name}`, 'connect', [{ resultOf: `socket.${name}` }, address, address.length], error),
  ];
  return [
    works('socket.tcp', 'socket', [AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0]),
    refused('host.tcp-listener', 'connect', [tcp, inetAddress('127.0.0.1', canaries.tcpPort), 16], 'ECONNREFUSED'),
    works('socket.broker', 'socket', [AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0]),
    works('broker.reachable', 'connect', [{ resultOf: 'socket.broker' }, inetAddress('127.0.0.1', brokerPort), 16]),
    ...unix('abstract-listener', unixAddress(canaries.abstractName), 'ECONNREFUSED'),
    ...unix('path-listener', unixAddress(canaries.socketPath), 'ENOENT'),
    works('socket.udp', 'socket', [AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0]),
    unreachable('public', '192.0.2.1', 53),
    unreachable('metadata', '169.254.169.254', 80),
    unreachable('private-10', '10.0.0.1', 53),
    unreachable('private-172', '172.17.0.1', 53),
    unreachable('private-192', '192.168.0.1', 53),
    unreachable('link-local', '169.254.0.1', 53),
    works('socket.udp6', 'socket', [AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0]),
    refused(
      'route.public-ipv6',
      'connect',
      [{ resultOf: 'socket.udp6' }, inet6Address([0x2001, 0xdb8, 0, 0, 0, 0, 0, 1], 53), 28],
      'ENETUNREACH',
      'EADDRNOTAVAIL',
    ),
    exotic('packet', 17, SOCK_RAW, 0x0300),
    exotic('vsock', 40, SOCK_STREAM, 0),
    exotic('kernel-crypto', 38, 5, 0),
    exotic('netlink-netfilter', 16, SOCK_RAW, 12),
    exotic('netlink-generic', 16, SOCK_RAW, 16),
    refused('socket.raw', 'socket', [AF_INET, SOCK_RAW | SOCK_CLOEXEC, 1], 'EPERM'),
    refused('socket.mptcp', 'socket', [AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 262], 'EPROTONOSUPPORT'),
    refused('socket.sctp', 'socket', [AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 132], 'EPROTONOSUPPORT'),
    refused('socket.udplite', 'socket', [AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 136], 'EPROTONOSUPPORT'),
  ];
}

/** Reading and writing what was not granted, by path and by the magic links of /proc. */
export function fileAttacks({ canaries, workspace }: CheckContext): readonly Check[] {
  const read = (name: string, path: string, ...errors: ('ENOENT' | 'EACCES' | 'EPERM')[]): Check =>
    refused(`read.${name}`, 'openat', [AT_FDCWD, path, O_CLOEXEC], ...errors);
  const write = (name: string, path: string): Check =>
    refused(`write.${name}`, 'openat', [AT_FDCWD, path, O_RDWR | O_CLOEXEC], 'EROFS', 'EACCES', 'EPERM', 'ENOENT');
  const create = (name: string, path: string): Check =>
    refused(
      `create.${name}`,
      'openat',
      [AT_FDCWD, path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600],
      'EROFS',
      'EACCES',
    );
  return [
    works('read.system', 'openat', [AT_FDCWD, '/usr', O_DIRECTORY | O_CLOEXEC]),
    works('read.workspace', 'openat', [AT_FDCWD, workspace, O_DIRECTORY | O_CLOEXEC]),
    works('write.workspace', 'faccessat', [AT_FDCWD, workspace, W_OK]),
    works('write.temporary', 'faccessat', [AT_FDCWD, '/tmp', W_OK]),
    read('outside', canaries.filePath, 'ENOENT'),
    read('outside-by-init', `/proc/1/root${canaries.filePath}`, 'ENOENT', 'EACCES', 'EPERM'),
    read('outside-by-self', `/proc/self/root${canaries.filePath}`, 'ENOENT'),
    read('outside-by-cwd', `/proc/self/cwd/${'../'.repeat(64)}${canaries.filePath}`, 'ENOENT'),
    read('run-directory', canaries.runDirectory, 'ENOENT'),
    read('kernel-memory', '/dev/mem', 'ENOENT'),
    read('kernel-log', '/dev/kmsg', 'ENOENT'),
    read('block-devices', '/dev/disk', 'ENOENT'),
    create('system', '/usr/.sallyport-probe'),
    create('configuration', '/etc/.sallyport-probe'),
    create('root', '/.sallyport-probe'),
    write('accounts', '/etc/passwd'),
    write('core-pattern', '/proc/sys/kernel/core_pattern'),
    write('object-limits', '/proc/sys/kernel/shmmni'),
    write('queue-limits', '/proc/sys/fs/mqueue/queues_max'),
    write('sysrq', '/proc/sysrq-trigger'),
    write('sysfs', '/sys/kernel/uevent_helper'),
    refused('device.create', 'mknodat', [AT_FDCWD, '/tmp/.sallyport-probe', 0o20600, 0x103], 'EPERM'),
  ];
}

/** Changing what the sandbox is made of. The filter answers these before the kernel looks at their arguments. */
export function kernelAttacks(context: CheckContext): readonly Check[] {
  const newUser = 0x10000000;
  const denied = (name: Parameters<typeof refused>[1] & string, ...args: Parameters<typeof refused>[2]): Check =>
    refused(`call.${name}`, name, args, 'EPERM');
  return [
    denied('mount', 'none', '/tmp', 'tmpfs', 0, 0),
    denied('umount2', '/tmp', 2),
    denied('pivot_root', '/tmp', '/tmp'),
    denied('chroot', '/tmp'),
    denied('unshare', newUser),
    denied('setns', 0, 0),
    denied('move_mount', AT_FDCWD, '/usr', AT_FDCWD, '/tmp', 0),
    denied('fsopen', 'tmpfs', 0),
    refused('call.clone', 'clone', [newUser | 17, 0, 0, 0, 0], 'EPERM'),
    refused('call.clone3', 'clone3', [Buffer.alloc(88), 88], 'ENOSYS'),
    denied('bpf', 0, Buffer.alloc(128), 128),
    denied('io_uring_setup', 1, Buffer.alloc(128)),
    denied('keyctl', 0, -3, 0),
    denied('add_key', 'user', 'sallyport-probe', 'x', 1, -3),
    denied('request_key', 'user', 'sallyport-probe', 0, 0),
    denied('perf_event_open', Buffer.alloc(128), 0, -1, -1, 0),
    denied('userfaultfd', 0),
    denied('memfd_create', 'probe', 0),
    denied('open_by_handle_at', 0, Buffer.alloc(136), 0),
    denied('name_to_handle_at', AT_FDCWD, '/', Buffer.alloc(136), Buffer.alloc(8), 0),
    denied('init_module', Buffer.alloc(8), 8, ''),
    denied('syslog', 2, Buffer.alloc(8), 8),
    denied('sethostname', 'x', 1),
    // The kernel takes the request as 32 bits; a filter that compares 64 lets this through.
    refused('terminal.input', 'ioctl', [0, 0xffffffff00005412n, '#'], 'EPERM'),
    refused('identity.root', 'setuid', [0], 'EINVAL', 'EPERM'),
    refused('identity.groups', 'setgroups', [0, 0], 'EPERM'),
    ...foreignCalls(context),
  ];
}

/** The processes outside: invisible, and out of reach of every call that could touch them. */
export function processAttacks({ canaries: { supervisorPid: pid } }: CheckContext): readonly Check[] {
  const reach = [
    refused('process.trace', 'ptrace', [16, pid, 0, 0], 'EPERM'),
    refused('process.memory', 'process_vm_readv', [pid, Buffer.alloc(16), 1, Buffer.alloc(16), 1, 0], 'EPERM'),
  ];
  // Small numbers exist inside too (the sandbox's own init); who they are is judged from the process list.
  if (pid < FIRST_ORDINARY_PID) return reach;
  return [
    ...reach,
    refused('process.signal', 'kill', [pid, 0], 'ESRCH'),
    refused('process.environment', 'openat', [AT_FDCWD, `/proc/${pid}/environ`, O_CLOEXEC], 'ENOENT'),
    refused('process.memory-file', 'openat', [AT_FDCWD, `/proc/${pid}/mem`, O_CLOEXEC], 'ENOENT'),
  ];
}

/** Calls by another convention would be numbered differently; whoever makes one is killed. */
function foreignCalls({ architecture }: CheckContext): readonly Check[] {
  if (architecture !== 'x64') return [];
  const x32GetPid = { number: 0x40000027 };
  const i386GetPid = { number: 20 };
  return [
    { call: { name: 'convention.x32', call: x32GetPid, arguments: [], how: 'child' }, expect: { kind: 'killed' } },
    { call: { name: 'convention.i386', call: i386GetPid, arguments: [], how: 'foreign' }, expect: { kind: 'killed' } },
  ];
}
