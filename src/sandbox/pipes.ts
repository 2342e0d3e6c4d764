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
}

/**
 * Opens real pipes, which Node itself does not give a child: what it calls a pipe is a socket, and opening `/dev/stderr`
 * fails on one. They are made in a directory that only we can enter, and have no name by the time anything starts.
 * @throws SallyportError SP1202 when they cannot be made.
 */
export async function openAgentPipes(directory: string): Promise<AgentPipes> {
  const paths = ['stdin', 'stdout', 'stderr'].map((name) => join(directory, name));
  // Mode 666: inside, another user than root must be able to open them again through /proc/self/fd.
  const made = await run('mkfifo', ['-m', '666', '--', ...paths]);
  if (made.code !== 0) throw new SallyportError('SP1202', `cannot make pipes: ${made.stderr.toString().trim()}`);
  const [input, output, errors] = paths.map((path, index) => openPipe(path, index === 0)) as [Pipe, Pipe, Pipe];
  const descriptors = [input.theirs, output.theirs, errors.theirs] as const;
  return {
    stdin: new Socket({ fd: input.ours, readable: false, writable: true }),
    stdout: new Socket({ fd: output.ours, readable: true, writable: false }),
    stderr: new Socket({ fd: errors.ours, readable: true, writable: false }),
    descriptors,
    links: paths.map((path) => `${path} (deleted)`),
    closeDescriptors: () => {
      for (const descriptor of descriptors) closeSync(descriptor);
    },
  };
}

interface Pipe {
  readonly ours: number;
  readonly theirs: number;
}

/** Theirs must block, as programs expect of a pipe, and opening either end must not. */
function openPipe(path: string, isInput: boolean): Pipe {
  const both = openSync(path, O_RDWR);
  const ours = openSync(path, (isInput ? O_WRONLY : O_RDONLY) | O_NONBLOCK);
  const theirs = openSync(path, isInput ? O_RDONLY : O_WRONLY);
  closeSync(both);
  unlinkSync(path);
  return { ours, theirs };
}
