import { closeSync, constants, existsSync, openSync, readSync, realpathSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { SallyportError } from '../errors/index.ts';
import { findExecutable } from '../system/index.ts';

/** Where a program is looked for: the person's PATH and working directory. */
export interface ProgramSearch {
  readonly path: string;
  readonly directory: string;
}

/** Programs below these directories are part of the system view that every sandbox has. */
const SYSTEM_DIRECTORIES: readonly string[] = ['/usr/', '/bin/', '/sbin/', '/lib/', '/lib64/'];

/** A shebang line longer than this is not one (`BINPRM_BUF_SIZE` of Linux). */
const SHEBANG_BYTES = 256;

const ELF_MAGIC = Buffer.from('\x7fELF', 'latin1');

/**
 * Finds the program of a command as a shell would, follows links to the real file, and puts the interpreter of a
 * `#!/usr/bin/env NAME` script in front, so that nothing inside depends on the person's PATH. Runs nothing.
 * Throws SP1601 when there is no such program.
 */
export function resolveCommand(
  command: readonly [string, ...string[]],
  search: ProgramSearch,
): readonly [string, ...string[]] {
  const [name, ...args] = command;
  const program = settle(findProgram(name, search));
  const interpreter = readEnvInterpreter(program);
  if (interpreter === undefined) return [program, ...args];
  const [runtime, ...options] = interpreter;
  return [settle(findProgram(runtime, search)), ...options, program, ...args];
}

/** Is this path visible in every sandbox already? */
export function isSystemPath(path: string): boolean {
  return SYSTEM_DIRECTORIES.some((directory) => path.startsWith(directory));
}

/** The real file behind a path; throws SP1601 when there is none. */
export function realFile(path: string): string {
  try {
    return realpathSync(path);
  } catch (cause) {
    throw new SallyportError('SP1601', `no program at ${JSON.stringify(path)}`, { cause });
  }
}

function findProgram(name: string, search: ProgramSearch): string {
  const found = findExecutable(name.includes('/') ? resolve(search.directory, name) : name, search.path);
  if (found === undefined) throw new SallyportError('SP1601', `no program ${JSON.stringify(name)} was found`);
  return found;
}

/**
 * System programs keep the name they were called by (some behave by it), and so does the Python of a virtual
 * environment (it finds its packages by it); all others become the real file.
 */
function settle(path: string): string {
  const real = realFile(path);
  if (isSystemPath(path) && isSystemPath(real)) return path;
  return existsSync(join(dirname(path), '..', 'pyvenv.cfg')) ? path : real;
}

/** The words behind `#!/usr/bin/env`, without its own `-S`; undefined for any other file. */
function readEnvInterpreter(path: string): readonly [string, ...string[]] | undefined {
  const line = readHead(path, SHEBANG_BYTES).toString('latin1').split('\n', 1)[0] ?? '';
  const match = /^#!\s*\/usr\/bin\/env\s+(?:-S\s+)?([^\s=-][^\s=]*)((?:\s+\S+)*)\s*$/.exec(line);
  if (match === null) return undefined;
  return [match[1] ?? '', ...(match[2] ?? '').split(/\s+/).filter((word) => word !== '')];
}

/** Is this file machine code, and no script or stub? */
export function isNativeBinary(path: string): boolean {
  return readHead(path, ELF_MAGIC.length).equals(ELF_MAGIC);
}

function readHead(path: string, bytes: number): Buffer {
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const head = Buffer.alloc(bytes);
    return head.subarray(0, readSync(file, head, 0, bytes, 0));
  } finally {
    closeSync(file);
  }
}
