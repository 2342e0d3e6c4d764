import type { CheckOutcome } from '../proof.ts';
import { readDirectoryNames, readRows } from './observations.ts';
import type { Answer } from './program.ts';

/** What the agent should see, from the plan. */
export interface ViewContext {
  readonly environment: { readonly [name: string]: string };
  readonly hostname: string;
  /** Mount points that must or may be there, and whether they are writable. */
  readonly mounts: readonly ExpectedMount[];
  /** Descriptors the probe has by design; the agent keeps only the first three. */
  readonly descriptors: readonly number[];
  /** What `/proc/self/fd` shows for the three streams. */
  readonly streams: readonly string[];
  /** Texts that would show a path or process of the host to the agent. */
  readonly hostPaths: readonly string[];
}

export interface ExpectedMount {
  readonly path: string;
  readonly writable: boolean;
  readonly optional: boolean;
  /** Of the run's own: the kind of its file system and the directory of that. One of the host in its place differs. */
  readonly fileSystem?: { readonly type: string; readonly root: string };
}

/** Made by bubblewrap's `--dev` (bind mounts of the host's nodes, and links). */
const DEVICES = [
  'console',
  'core',
  'fd',
  'full',
  'null',
  'ptmx',
  'pts',
  'random',
  'shm',
  'stderr',
  'stdin',
  'stdout',
  'tty',
  'urandom',
  'zero',
];
/** bubblewrap's init and the probe. */
const PROCESSES = ['1', '2'];

/** Judges everything the probe could see, as a whole. */
export function judgeView(answers: ReadonlyMap<string, Answer>, context: ViewContext): readonly CheckOutcome[] {
  const view = new View(answers);
  return [
    ...judgeStatus(view),
    judgeEnvironment(view, context),
    judge('view.init-environment', 'empty', answers.get('init-environment.read-0')?.bytes.toString('latin1') ?? '', ''),
    judgeInitCommand(view, context),
    judge('view.hostname', context.hostname, view.text('hostname')?.trim(), context.hostname),
    judge('view.interfaces', 'lo', interfaceNames(view.text('interfaces')), 'lo'),
    judgeMounts(view, context),
    judgeNames(
      'view.processes',
      view.names('processes')?.filter((name) => /^\d+$/.test(name)),
      PROCESSES,
    ),
    judgeNames('view.devices', view.names('devices'), DEVICES),
    judgeDescriptors(view, answers, context),
    ...[0, 1, 2].map((descriptor) => judgeStream(descriptor, answers, context)),
  ];
}

/** What was read, row after row; undefined when it is not all there. */
class View {
  readonly #answers: ReadonlyMap<string, Answer>;

  constructor(answers: ReadonlyMap<string, Answer>) {
    this.#answers = answers;
  }

  text(name: string): string | undefined {
    return this.#bytes(name)?.toString('latin1');
  }

  names(name: string): readonly string[] | undefined {
    const bytes = this.#bytes(name);
    return bytes && readDirectoryNames(bytes);
  }

  #bytes(name: string): Buffer | undefined {
    const rows = readRows(name).map((row) => this.#answers.get(row));
    const isWhole = rows.every((row) => row !== undefined && row.result >= 0) && rows.at(-1)?.result === 0;
    return isWhole ? Buffer.concat(rows.map((row) => row?.bytes ?? Buffer.alloc(0))) : undefined;
  }
}

function judge(name: string, expected: string, actual: string | undefined, wanted: string): CheckOutcome {
  return { name, expected, outcome: actual ?? 'not read', held: actual === wanted };
}

function judgeStatus(view: View): readonly CheckOutcome[] {
  const status = view.text('status') ?? '';
  const field = (name: string): string | undefined => new RegExp(`^${name}:\\s*(.*)$`, 'm').exec(status)?.[1];
  const noCapability = '0000000000000000';
  return [
    ...['CapInh', 'CapPrm', 'CapEff', 'CapAmb'].map((name) =>
      judge(`status.${name}`, 'no capability', field(name), noCapability),
    ),
    judge('status.NoNewPrivs', '1', field('NoNewPrivs'), '1'),
    judge('status.Seccomp', '2 (filter)', field('Seccomp'), '2'),
    judge('status.TracerPid', '0', field('TracerPid'), '0'),
  ];
}

function judgeEnvironment(view: View, context: ViewContext): CheckOutcome {
  const expected = Object.entries(context.environment).map(([name, value]) => `${name}=${value}`);
  const text = view.text('environment');
  const actual = text === undefined ? undefined : Buffer.from(text, 'latin1').toString().split('\0').slice(0, -1);
  const names = (variables: readonly string[]): string => variables.map((entry) => entry.split('=')[0]).join(', ');
  const unexpected = actual?.filter((entry) => !expected.includes(entry)) ?? [];
  const missing = expected.filter((entry) => !actual?.includes(entry));
  const outcome = [
    ...(unexpected.length > 0 ? [`unexpected: ${names(unexpected)}`] : []),
    ...(missing.length > 0 ? [`missing: ${names(missing)}`] : []),
  ];
  const held = outcome.length === 0;
  return { name: 'view.environment', expected: 'as planned', outcome: held ? 'as planned' : outcome.join('; '), held };
}

/** `/proc/1/cmdline` would show the whole view with its host paths if the options were arguments. */
function judgeInitCommand(view: View, context: ViewContext): CheckOutcome {
  const text = view.text('init-command');
  const shown = context.hostPaths.filter((path) => text?.includes(path));
  const outcome =
    text === undefined ? 'not read' : shown.length === 0 ? 'shows no host path' : `shows ${shown.join(', ')}`;
  const held = text !== undefined && shown.length === 0;
  return { name: 'view.init-command', expected: 'shows no host path', outcome, held };
}

function interfaceNames(text: string | undefined): string | undefined {
  return text
    ?.split('\n')
    .flatMap((line) => /^\s*(\S+):/.exec(line)?.[1] ?? [])
    .join(', ');
}

function judgeNames(name: string, actual: readonly string[] | undefined, allowed: readonly string[]): CheckOutcome {
  const expected = `only ${allowed.join(', ')}`;
  if (actual === undefined) return { name, expected, outcome: 'not read', held: false };
  const unexpected = actual.filter((entry) => !allowed.includes(entry));
  const outcome = unexpected.length === 0 ? 'only these' : `also ${unexpected.join(', ')}`;
  return { name, expected, outcome, held: unexpected.length === 0 };
}

function judgeDescriptors(view: View, answers: ReadonlyMap<string, Answer>, context: ViewContext): CheckOutcome {
  const own = answers.get('descriptors.open')?.result ?? -1;
  return judgeNames('view.descriptors', view.names('descriptors'), [...context.descriptors, own].map(String));
}

/** A stream may be a pipe of ours, unlinked, or nothing; a terminal or a file of the host would be a way out. */
function judgeStream(descriptor: number, answers: ReadonlyMap<string, Answer>, context: ViewContext): CheckOutcome {
  const outcome = answers.get(`descriptor.${descriptor}`)?.bytes.toString() ?? 'not read';
  const held = context.streams[descriptor] === outcome;
  return { name: `view.descriptor-${descriptor}`, expected: 'the pipe of the run', outcome, held };
}

function judgeMounts(view: View, context: ViewContext): CheckOutcome {
  const name = 'view.mounts';
  const expected = 'as planned';
  const text = view.text('mounts');
  if (text === undefined) return { name, expected, outcome: 'not read', held: false };
  const mounts = text.trim().split('\n').map(readMount);
  const faults = [
    ...mounts.flatMap((mount) => mountFault(mount, context.mounts)),
    ...context.mounts
      .filter((wanted) => !wanted.optional && !mounts.some((mount) => mount.path === wanted.path))
      .map((wanted) => `${wanted.path} is missing`),
  ];
  return { name, expected, outcome: faults.length === 0 ? 'as planned' : faults.join('; '), held: faults.length === 0 };
}

interface Mount {
  readonly path: string;
  readonly writable: boolean;
  readonly type: string;
  /** Which directory of its file system is mounted. */
  readonly root: string;
}

/** One line of proc_pid_mountinfo(5); blanks in paths are octal there. */
function readMount(line: string): Mount {
  const fields = line.split(' ');
  const path = (fields[4] ?? '').replace(/\\([0-7]{3})/g, (_, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );
  return {
    path: Buffer.from(path, 'latin1').toString(),
    writable: (fields[5] ?? '').split(',').includes('rw'),
    type: fields[fields.indexOf('-') + 1] ?? '',
    root: fields[3] ?? '',
  };
}

function mountFault(mount: Mount, expected: readonly ExpectedMount[]): readonly string[] {
  const planned = expected.findLast((wanted) => wanted.path === mount.path);
  const own = planned?.fileSystem;
  if (own !== undefined && own.type !== mount.type) return [`${mount.path} is ${mount.type}`];
  if (own !== undefined && own.root !== mount.root) return [`${mount.path} is ${mount.root} of another file system`];
  if (planned !== undefined) return mount.writable && !planned.writable ? [`${mount.path} is writable`] : [];
  // What the host has mounted below a planned read-only directory comes along, read-only.
  const isInside = expected.some(
    (wanted) => !wanted.writable && wanted.path !== '/' && mount.path.startsWith(`${wanted.path}/`),
  );
  return isInside && !mount.writable ? [] : [`${mount.path} was not planned`];
}
