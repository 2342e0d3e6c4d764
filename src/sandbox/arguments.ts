import type { HostFacts } from './host-facts.ts';
import { contains, depth, type ProvidedFile, type SandboxPlan } from './plan.ts';
import { HOST_ETC, KERNEL_SETTINGS, SANDBOX_HOSTNAME, SANDBOX_UID, SCRATCH, SYNTHETIC_ETC } from './view.ts';

/** Descriptors of the inner bubblewrap. Those of provided files follow; all but the proof's are gone when the probe runs. */
export const INNER_DESCRIPTORS = { arguments: 3, filter: 4, probe: 5, proof: 6, firstFile: 7 } as const;

/**
 * Descriptors of the outer bubblewrap. The agent's streams have numbers of their own: Node makes its standard streams
 * non-blocking, and that would change the agent's with them.
 */
export const OUTER_DESCRIPTORS = { control: 3, proof: 4, stdin: 5, stdout: 6, stderr: 7 } as const;

/** Everything the airlock hands to the inner bubblewrap, as data. */
export interface InnerArguments {
  /** Read through `--args`, so that `/proc/1/cmdline` inside shows none of it. */
  readonly options: readonly string[];
  /** Content of the descriptors from `firstFile` on, in order. */
  readonly files: readonly FileContent[];
  /** What the airlock makes in its `own` file system before: the agent's writable directories beside the workspace. */
  readonly directories: readonly Omit<OwnDirectory, 'path'>[];
}

/** What goes to the airlock as JSON. */
export type FileContent = Pick<ProvidedFile, 'content' | 'encoding'>;

/** A directory of the run's own in memory: its name in the airlock's `own` file system, and where the agent sees it. */
export interface OwnDirectory {
  readonly path: string;
  readonly name: string;
  readonly mode: number;
}

/** Where the airlock keeps what the agent may write, as it sees it itself. */
export interface WritablePlaces {
  /** The tree that the agent works in. */
  readonly merged: string;
  /** The file system of the directories beside it. */
  readonly own: string;
}

/**
 * The outer namespaces: those of the airlock, which shares only the network with the agent. It keeps the host's files
 * in view, read-only but for the run directory, and the capabilities for its own mounts and port 53.
 */
export function outerArguments(runDirectory: string): readonly string[] {
  return [
    ...['--unshare-user', '--unshare-net', '--unshare-pid', '--unshare-ipc', '--unshare-uts'],
    ...['--die-with-parent', '--new-session', '--clearenv'],
    ...['--cap-add', 'CAP_NET_BIND_SERVICE', '--cap-add', 'CAP_SYS_ADMIN', '--cap-add', 'CAP_DAC_OVERRIDE'],
    ...['--dev-bind', '/', '/', '--proc', '/proc'],
    ...['--setenv', 'PATH', '/usr/bin:/bin:/usr/sbin:/sbin', '--chdir', runDirectory],
  ];
}

/** The inner namespaces: the agent's whole world. Pure. */
export function innerArguments(plan: SandboxPlan, facts: HostFacts, { merged, own }: WritablePlaces): InnerArguments {
  const files = new FileList();
  const scratch = scratchDirectories();
  const pinned = pinnedDirectories(plan);
  const bind = ({ path, name }: OwnDirectory) => ['--bind', `${own}/${name}`, path];
  const options = [
    ...isolation(),
    ...systemView(facts, files),
    ...etc(facts, files),
    ...kernelViews(facts),
    ...scratch.flatMap(bind),
    ...mounts(plan, merged),
    ...pinned.flatMap(bind),
    ...plan.files.flatMap((file) => provide(file, files)),
    // A file system in memory too, and one without a limit: only the nodes in it are for the agent.
    ...['--remount-ro', '/dev', '--remount-ro', '/', '--chdir', plan.workspace],
    ...Object.entries(plan.environment).flatMap(([name, value]) => ['--setenv', name, value]),
    ...['--seccomp', String(INNER_DESCRIPTORS.filter)],
  ];
  const directories = [...scratch, ...pinned].map(({ name, mode }) => ({ name, mode }));
  return { options, files: files.contents, directories };
}

function isolation(): readonly string[] {
  return [
    // `--disable-userns` wants `--unshare-user` by name; `--unshare-all` would also take the airlock's network away.
    ...[
      '--unshare-user',
      '--disable-userns',
      '--unshare-pid',
      '--unshare-ipc',
      '--unshare-uts',
      '--unshare-cgroup-try',
    ],
    ...['--die-with-parent', '--new-session', '--clearenv', '--cap-drop', 'ALL'],
    ...['--hostname', SANDBOX_HOSTNAME, '--uid', String(SANDBOX_UID), '--gid', String(SANDBOX_UID)],
  ];
}

function systemView(facts: HostFacts, files: FileList): readonly string[] {
  const directories = facts.systemDirectories.flatMap(({ path, link }) =>
    link === undefined ? ['--ro-bind', path, path] : ['--symlink', link, path],
  );
  // Empty files, not the null device: their programs read them.
  const logins = facts.loginFiles.flatMap((path) =>
    provide({ path, content: '', mode: 0o444, writable: false }, files),
  );
  return ['--ro-bind', '/usr', '/usr', ...logins, ...directories, '--dir', '/var', '--symlink', '/tmp', '/var/tmp'];
}

function etc(facts: HostFacts, files: FileList): readonly string[] {
  return [
    ...['--dir', '/etc'],
    ...[...HOST_ETC, ...facts.programEtc].flatMap((path) => ['--ro-bind-try', path, path]),
    // Ordinary files of the root, which is remounted read-only at the end: no mount each.
    ...SYNTHETIC_ETC.flatMap(({ path, content }) => ['--perms', '0444', '--file', files.add({ content }), path]),
    ...['--symlink', '/proc/self/mounts', '/etc/mtab'],
  ];
}

function kernelViews(facts: HostFacts): readonly string[] {
  const masks = facts.procEntries.flatMap((name) => ['--ro-bind', '/dev/null', `/proc/${name}`]);
  // The agent's user owns what limits its own System V objects, message queues and processes.
  return ['--proc', '/proc', ...masks, '--ro-bind', KERNEL_SETTINGS, KERNEL_SETTINGS, '--dev', '/dev'];
}

/** Outer mounts before inner ones, so that each finds its place and none hides another. */
function mounts(plan: SandboxPlan, merged: string): readonly string[] {
  const readOnly = plan.readOnly.map(({ source, target, optional }) => ({
    target,
    options: [optional ? '--ro-bind-try' : '--ro-bind', source, target],
  }));
  return [...readOnly, { target: plan.workspace, options: ['--bind', merged, plan.workspace] }]
    .sort((a, b) => depth(a.target) - depth(b.target))
    .flatMap(({ options }) => options);
}

export function scratchDirectories(): readonly OwnDirectory[] {
  return SCRATCH.map(({ path, mode }, index) => ({ path, mode, name: `scratch-${index}` }));
}

/** Directories that become mounts of their own, for the sake of the read-only files in them. Outer ones first. */
export function pinnedDirectories(plan: SandboxPlan): readonly OwnDirectory[] {
  const parents = plan.files.filter((file) => !file.writable).flatMap((file) => writableParents(file.path));
  const paths = [...new Set(parents)].sort((a, b) => depth(a) - depth(b));
  return paths.map((path, index) => ({ path, mode: 0o755, name: `pinned-${index}` }));
}

/**
 * Directories between a writable file system and a read-only file in it. Each becomes a mount of its own: a mount point
 * cannot be renamed, so the agent cannot move the directory away and put another file at the same path.
 */
function writableParents(path: string): readonly string[] {
  const root = SCRATCH.map((directory) => directory.path).find((directory) => contains(directory, path));
  if (root === undefined) return [];
  const names = path
    .slice(root.length + 1)
    .split('/')
    .slice(0, -1);
  return names.map((_, index) => [root, ...names.slice(0, index + 1)].join('/'));
}

function provide(file: ProvidedFile, files: FileList): readonly string[] {
  const permissions = ['--perms', file.mode.toString(8).padStart(4, '0')];
  return [...permissions, file.writable ? '--file' : '--ro-bind-data', files.add(file), file.path];
}

class FileList {
  readonly contents: FileContent[] = [];

  /** Remembers the content; returns the number of the descriptor it will come on. */
  add({ content, encoding }: FileContent): string {
    this.contents.push(encoding === undefined ? { content } : { content, encoding });
    return String(INNER_DESCRIPTORS.firstFile + this.contents.length - 1);
  }
}
