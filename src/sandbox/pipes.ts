import { closeSync, constants, openSync, unlinkSync } from 'node:fs';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { SallyportError } from '../errors/index.ts';
import { run } from '../system/index.ts';

const { O_RDONLY, O_WRONLY, O_RDWR, O_NONBLOCK } = constants;

/** The agent's three streams: our ends, and the descriptors that are handed down. */
export interface AgentPipes {
  readonly stdin: Socket;
  readonly stdout: Socket;
  readonly stderr: Socket;
  readonly descriptors: readonly [number, number, number];
  /** What the links in `/proc/self/fd` of whoever holds them say. */
  readonly links: readonly string[];
  /** Closes our copies of what was handed down; without it the streams would never end. */
  closeDescriptors(): void;
  /** Closes our ends. */
  close(): void;
}

/**
 * Makes real pipes in a directory that only we can enter. Node itself gives a child none: what it calls a pipe is a
 * socket, and opening `/dev/stderr` fails on one.
 * @throws SallyportError SP1202 when they cannot be made.
 */
export async function makeAgentPipes(directory: string): Promise<void> {
  // Mode 666: inside, another user than root must be able to open them again through /proc/self/fd.
  const made = await run('mkfifo', ['-m', '666', '--', ...pipePaths(directory)]);
  if (made.code !== 0) throw new SallyportError('SP1202', `cannot make pipes: ${made.stderr.toString().trim()}`);
}

/** Opens what `makeAgentPipes` made there. They have no name by the time anything starts. */
export function openAgentPipes(directory: string): AgentPipes {
  const paths = pipePaths(directory);
  const [input, output, errors] = [
    openPipe(paths[0], 'input'),
    openPipe(paths[1], 'output'),
    openPipe(paths[2], 'output'),
  ];
  const descriptors = [input.theirs, output.theirs, errors.theirs] as const;
  const stdin = new Socket({ fd: input.ours, readable: false, writable: true });
  const stdout = new Socket({ fd: output.ours, readable: true, writable: false });
  const stderr = new Socket({ fd: errors.ours, readable: true, writable: false });
  return {
    ...{ stdin, stdout, stderr },
    descriptors,
    links: paths.map((path) => `${path} (deleted)`),
    closeDescriptors: () => {
      for (const descriptor of descriptors) closeSync(descriptor);
    },
    close: () => {
      for (const stream of [stdin, stdout, stderr]) stream.destroy();
    },
  };
}

function pipePaths(directory: string): readonly [string, string, string] {
  return [join(directory, 'stdin'), join(directory, 'stdout'), join(directory, 'stderr')];
}

interface Pipe {
  readonly ours: number;
  readonly theirs: number;
}

/** Theirs must block, as programs expect of a pipe, and opening either end must not. */
function openPipe(path: string, direction: 'input' | 'output'): Pipe {
  const both = openSync(path, O_RDWR);
  const [mine, other] = direction === 'input' ? [O_WRONLY, O_RDONLY] : [O_RDONLY, O_WRONLY];
  const ours = openSync(path, mine | O_NONBLOCK);
  const theirs = openSync(path, other);
  closeSync(both);
  unlinkSync(path);
  return { ours, theirs };
}
