/** A processor the sandbox runs on, by Node's name for it. */
export type Architecture = 'x64' | 'arm64';

/** `AUDIT_ARCH_*` of linux/audit.h: what `seccomp_data.arch` holds for a native call. */
export const AUDIT_ARCHITECTURE: { readonly [name in Architecture]: number } = { x64: 0xc000003e, arm64: 0xc00000b7 };

/** The newest system call these tables know (file_setattr, Linux 6.17). What came later was not judged, so it is absent. */
export const NEWEST_SYSCALL = 469;

/** Numbers on [x64, arm64]; undefined where the architecture lacks the call (arch/x86/entry/syscalls, asm-generic). */
const SYSCALLS = {
  // Looked at, argument by argument.
  socket: [41, 198],
  socketpair: [53, 199],
  ioctl: [16, 29],
  clone: [56, 220],
  clone3: [435, 435],
  memfd_create: [319, 279],
  shmget: [29, 194],
  semget: [64, 190],
  setsockopt: [54, 208],
  // Namespaces and the mount table.
  unshare: [272, 97],
  setns: [308, 268],
  mount: [165, 40],
  umount2: [166, 39],
  pivot_root: [155, 41],
  chroot: [161, 51],
  open_tree: [428, 428],
  open_tree_attr: [467, 467],
  move_mount: [429, 429],
  fsopen: [430, 430],
  fsconfig: [431, 431],
  fsmount: [432, 432],
  fspick: [433, 433],
  mount_setattr: [442, 442],
  statmount: [457, 457],
  listmount: [458, 458],
  // Other processes.
  ptrace: [101, 117],
  process_vm_readv: [310, 270],
  process_vm_writev: [311, 271],
  kcmp: [312, 272],
  pidfd_getfd: [438, 438],
  // Ways around this filter, and rich kernel surface.
  io_uring_setup: [425, 425],
  io_uring_enter: [426, 426],
  io_uring_register: [427, 427],
  bpf: [321, 280],
  perf_event_open: [298, 241],
  userfaultfd: [323, 282],
  fanotify_init: [300, 262],
  vmsplice: [278, 75],
  memfd_secret: [447, 447],
  // Keyrings are inherited through user namespaces.
  add_key: [248, 217],
  request_key: [249, 218],
  keyctl: [250, 219],
  // Files by handle reach past the view (the `Shocker` escape).
  name_to_handle_at: [303, 264],
  open_by_handle_at: [304, 265],
  // The machine as a whole.
  kexec_load: [246, 104],
  kexec_file_load: [320, 294],
  init_module: [175, 105],
  finit_module: [313, 273],
  delete_module: [176, 106],
  swapon: [167, 224],
  swapoff: [168, 225],
  reboot: [169, 142],
  syslog: [103, 116],
  acct: [163, 89],
  quotactl: [179, 60],
  quotactl_fd: [443, 443],
  settimeofday: [164, 170],
  clock_settime: [227, 112],
  clock_adjtime: [305, 266],
  adjtimex: [159, 171],
  sethostname: [170, 161],
  setdomainname: [171, 162],
  vhangup: [153, 58],
  personality: [135, 92],
  ioperm: [173, undefined],
  iopl: [172, undefined],
  modify_ldt: [154, undefined],
  move_pages: [279, 239],
  migrate_pages: [256, 238],
  mbind: [237, 235],
  set_mempolicy: [238, 237],
  set_mempolicy_home_node: [450, 450],
  // Obsolete, never used by honest programs.
  lookup_dcookie: [212, 18],
  nfsservctl: [180, 42],
  uselib: [134, undefined],
  ustat: [136, undefined],
  sysfs: [139, undefined],
  _sysctl: [156, undefined],
  // Never refused: what the probe, or the test of the filter, calls by name.
  openat: [257, 56],
  read: [0, 63],
  connect: [42, 203],
  bind: [49, 200],
  kill: [62, 129],
  getdents64: [217, 61],
  readlinkat: [267, 78],
  mknodat: [259, 33],
  setuid: [105, 146],
  setgroups: [116, 159],
  uname: [63, 160],
  faccessat: [269, 48],
  getpid: [39, 172],
} as const satisfies { readonly [name: string]: readonly [number | undefined, number | undefined] };

export type SyscallName = keyof typeof SYSCALLS;

/** The call's number, or undefined where the architecture has no such call. */
export function syscallNumber(name: SyscallName, architecture: Architecture): number | undefined {
  return SYSCALLS[name][architecture === 'x64' ? 0 : 1];
}

/** Error numbers that the filter and the probe speak of (asm-generic/errno). */
export const ERRNO = {
  EPERM: 1,
  ENOENT: 2,
  ESRCH: 3,
  EACCES: 13,
  EINVAL: 22,
  EROFS: 30,
  ENOSYS: 38,
  ENOPROTOOPT: 92,
  EPROTONOSUPPORT: 93,
  EAFNOSUPPORT: 97,
  ENETUNREACH: 101,
  ECONNREFUSED: 111,
  EADDRNOTAVAIL: 99,
} as const;

export type ErrnoName = keyof typeof ERRNO;
