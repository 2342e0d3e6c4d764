import { answer, encode, type Instruction, ifAnyBit, ifEqual, ifGreater, load, mask, unlessEqual } from './bpf.ts';
import {
  type Architecture,
  AUDIT_ARCHITECTURE,
  ERRNO,
  type ErrnoName,
  NEWEST_SYSCALL,
  type SyscallName,
  syscallNumber,
} from './syscalls.ts';

// linux/seccomp.h
const KILL_PROCESS = 0x80000000;
const ALLOW = 0x7fff0000;
const ERRNO_BASE = 0x00050000;
const X32_FIRST = 0x40000000;

/** Offsets in `struct seccomp_data`. Arguments are 64 bits wide; the low word comes first on little-endian machines. */
const NUMBER_OFFSET = 0;
const ARCHITECTURE_OFFSET = 4;
const argumentOffset = (index: number): number => 16 + index * 8;

const AF_UNIX = 1;
const AF_INET = 2;
const AF_INET6 = 10;
const AF_NETLINK = 16;
const SOCK_TYPE_MASK = 0xf;
const SOCK_STREAM = 1;
const SOCK_DGRAM = 2;
const IPPROTO_DEFAULT = 0;
const IPPROTO_TCP = 6;
const IPPROTO_UDP = 17;
const NETLINK_ROUTE = 0;

const TIOCSTI = 0x5412;
const TIOCLINUX = 0x541c;
/** NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET (linux/sched.h); NEWTIME is for `unshare` only. */
const CLONE_NEW_ANY = 0x7e020000;
const MFD_NOEXEC_SEAL = 0x8;
/** What databases take of System V memory to find each other is a few bytes; a namespace has 4096 segments at most. */
const SMALL_SEGMENT = 64 * 1024;
/** Databases take some twenty in a set. Each costs the kernel 64 bytes, and a namespace has 32000 sets. */
const SMALL_SET = 256;

// Options by which a socket becomes one of another protocol, whose module the kernel loads for whoever asks.
const TCP_ULP = 31;
const UDP_ENCAP = 100;

/**
 * Who counts the run's memory. A control group counts all of it. Without one we add up what processes show, and memory
 * that no process shows (anonymous files, detached System V segments) is refused.
 */
export type MemoryCount = 'by the kernel' | 'by process';

/** Calls refused whatever their arguments. `mknodat` is not here: refusing it breaks `mkfifo`, and devices need a capability. */
export const REFUSED: readonly SyscallName[] = [
  'unshare',
  'setns',
  'mount',
  'umount2',
  'pivot_root',
  'chroot',
  'open_tree',
  'open_tree_attr',
  'move_mount',
  'fsopen',
  'fsconfig',
  'fsmount',
  'fspick',
  'mount_setattr',
  'statmount',
  'listmount',
  'ptrace',
  'process_vm_readv',
  'process_vm_writev',
  'kcmp',
  'pidfd_getfd',
  'io_uring_setup',
  'io_uring_enter',
  'io_uring_register',
  'bpf',
  'perf_event_open',
  'userfaultfd',
  'fanotify_init',
  'vmsplice',
  'memfd_secret',
  'add_key',
  'request_key',
  'keyctl',
  'name_to_handle_at',
  'open_by_handle_at',
  'kexec_load',
  'kexec_file_load',
  'init_module',
  'finit_module',
  'delete_module',
  'swapon',
  'swapoff',
  'reboot',
  'syslog',
  'acct',
  'quotactl',
  'quotactl_fd',
  'settimeofday',
  'clock_settime',
  'clock_adjtime',
  'adjtimex',
  'sethostname',
  'setdomainname',
  'vhangup',
  'personality',
  'ioperm',
  'iopl',
  'modify_ldt',
  'move_pages',
  'migrate_pages',
  'mbind',
  'set_mempolicy',
  'set_mempolicy_home_node',
  'lookup_dcookie',
  'nfsservctl',
  'uselib',
  'ustat',
  'sysfs',
  '_sysctl',
];

const allow = [answer(ALLOW)];
const kill = [answer(KILL_PROCESS)];
const refuse = (error: ErrnoName): Instruction[] => [answer(ERRNO_BASE | ERRNO[error])];
const loadArgument = (index: number): Instruction => load(argumentOffset(index));

/**
 * The system call filter of the sandbox, as bytes for `bwrap --seccomp`.
 *
 * Foreign calling conventions (int 0x80, x32) are killed: they would number the calls differently. The kernel takes
 * `socket`, `ioctl` and `clone` arguments as 32 bits, so only the low word is compared: bits above it change nothing.
 */
export function buildFilter(architecture: Architecture, memory: MemoryCount): Buffer {
  return encode(filterProgram(architecture, memory));
}

export function filterProgram(architecture: Architecture, memory: MemoryCount): readonly Instruction[] {
  const onCall = (name: SyscallName, body: readonly Instruction[]): Instruction[] => {
    const number = syscallNumber(name, architecture);
    return number === undefined ? [] : ifEqual(number, body);
  };
  return [
    load(ARCHITECTURE_OFFSET),
    ...unlessEqual(AUDIT_ARCHITECTURE[architecture], kill),
    load(NUMBER_OFFSET),
    ...(architecture === 'x64' ? ifGreater(X32_FIRST - 1, kill) : []),
    ...ifGreater(NEWEST_SYSCALL, refuse('ENOSYS')),
    ...onCall('socket', socketRule()),
    ...onCall('socketpair', [loadArgument(0), ...ifEqual(AF_UNIX, allow), ...refuse('EAFNOSUPPORT')]),
    ...onCall('ioctl', ioctlRule()),
    ...onCall('clone', [loadArgument(0), ...ifAnyBit(CLONE_NEW_ANY, refuse('EPERM')), ...allow]),
    // Its flags stand in memory, where a filter cannot look; ENOSYS makes libc fall back to clone.
    ...onCall('clone3', refuse('ENOSYS')),
    ...onCall('memfd_create', memory === 'by process' ? refuse('EPERM') : anonymousFileRule()),
    ...(memory === 'by process' ? [...onCall('shmget', segmentRule()), ...onCall('semget', semaphoreRule())] : []),
    ...onCall('setsockopt', socketOptionRule()),
    ...REFUSED.flatMap((name) => onCall(name, refuse('EPERM'))),
    ...allow,
  ];
}

function socketRule(): Instruction[] {
  const inet = [
    loadArgument(1),
    mask(SOCK_TYPE_MASK),
    ...ifEqual(SOCK_STREAM, protocolRule(IPPROTO_TCP)),
    ...ifEqual(SOCK_DGRAM, protocolRule(IPPROTO_UDP)),
    ...refuse('EPERM'),
  ];
  return [
    loadArgument(0),
    ...ifEqual(AF_UNIX, allow),
    ...ifEqual(AF_INET, inet),
    ...ifEqual(AF_INET6, inet),
    ...ifEqual(AF_NETLINK, [loadArgument(2), ...ifEqual(NETLINK_ROUTE, allow), ...refuse('EAFNOSUPPORT')]),
    ...refuse('EAFNOSUPPORT'),
  ];
}

/** Multipath TCP, SCTP, DCCP and UDP-Lite are protocols that filters further out forget. */
function protocolRule(native: number): Instruction[] {
  return [loadArgument(2), ...ifEqual(IPPROTO_DEFAULT, allow), ...ifEqual(native, allow), ...refuse('EPROTONOSUPPORT')];
}

/** Typing into the terminal of whoever started us. */
function ioctlRule(): Instruction[] {
  return [loadArgument(1), ...ifEqual(TIOCSTI, refuse('EPERM')), ...ifEqual(TIOCLINUX, refuse('EPERM')), ...allow];
}

/** A program in an anonymous file leaves no path for a record. Sealed against execution (Linux 6.3) it is only memory. */
function anonymousFileRule(): Instruction[] {
  return [loadArgument(1), ...ifAnyBit(MFD_NOEXEC_SEAL, allow), ...refuse('EPERM')];
}

/** The size has 64 bits. The error is that of a segment beyond `SHMMAX`, which callers know (shmget(2)). */
function segmentRule(): Instruction[] {
  const isLarge = [load(argumentOffset(1) + 4), ...unlessEqual(0, refuse('EINVAL'))];
  return [...isLarge, loadArgument(1), ...ifGreater(SMALL_SEGMENT, refuse('EINVAL')), ...allow];
}

function semaphoreRule(): Instruction[] {
  return [loadArgument(1), ...ifGreater(SMALL_SET, refuse('EINVAL')), ...allow];
}

/** Refused with what a kernel without these protocols answers. */
function socketOptionRule(): Instruction[] {
  const option = (number: number): Instruction[] => [
    loadArgument(2),
    ...ifEqual(number, refuse('ENOPROTOOPT')),
    ...allow,
  ];
  return [
    loadArgument(1),
    ...ifEqual(IPPROTO_TCP, option(TCP_ULP)),
    ...ifEqual(IPPROTO_UDP, option(UDP_ENCAP)),
    ...allow,
  ];
}
