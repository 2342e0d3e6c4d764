/** A program in front of the one that counts. */
interface Wrapper {
  /** Options that take the next word. */
  readonly valued: readonly string[];
  /** Words between its options and the inner command: a duration, a lock file, a root directory. */
  readonly operands: number;
}

const none: Wrapper = { valued: [], operands: 0 };

/** By the help texts of the programs. */
const WRAPPERS: ReadonlyMap<string, Wrapper> = new Map<string, Wrapper>([
  ['sudo', { valued: ['-u', '-g', '-h', '-p', '-C', '--user', '--group'], operands: 0 }],
  ['doas', { valued: ['-u'], operands: 0 }],
  ['env', { valued: ['-u', '-C', '--unset', '--chdir'], operands: 0 }],
  ['nohup', none],
  ['nice', { valued: ['-n', '--adjustment'], operands: 0 }],
  ['ionice', { valued: ['-c', '-n', '-p'], operands: 0 }],
  ['timeout', { valued: ['-k', '-s', '--kill-after', '--signal'], operands: 1 }],
  ['time', { valued: ['-f', '-o'], operands: 0 }],
  ['stdbuf', { valued: ['-o', '-i', '-e'], operands: 0 }],
  ['setsid', none],
  ['command', none],
  ['builtin', none],
  ['exec', { valued: ['-a'], operands: 0 }],
  ['busybox', none],
  ['xargs', { valued: ['-I', '-n', '-P', '-d', '-L', '-s', '-a'], operands: 0 }],
  ['flock', { valued: ['-w', '-E'], operands: 1 }],
  ['unbuffer', none],
  ['caffeinate', { valued: ['-t', '-w'], operands: 0 }],
  ['taskset', { valued: [], operands: 1 }],
  ['chrt', { valued: [], operands: 1 }],
  ['chroot', { valued: [], operands: 1 }],
  ['gosu', { valued: [], operands: 1 }],
  ['su-exec', { valued: [], operands: 1 }],
  ['setpriv', { valued: ['--reuid', '--regid', '--groups', '--inh-caps', '--bounding-set'], operands: 0 }],
  ['unshare', none],
]);

const OPTION = /^-|^[A-Za-z_]\w{0,60}=/;

/**
 * Where the program that counts begins, and which were taken off before it. A wrapper with nothing behind it is the
 * program itself.
 */
export function unwrap(words: readonly string[]): { readonly from: number; readonly wrappers: readonly string[] } {
  const wrappers: string[] = [];
  for (let from = 0; ; ) {
    const name = baseName(words[from] ?? '');
    const wrapper = WRAPPERS.get(name);
    if (wrapper === undefined) return { from, wrappers };
    let next = from + 1;
    while (OPTION.test(words[next] ?? '')) next += wrapper.valued.includes(words[next] ?? '') ? 2 : 1;
    next += wrapper.operands;
    if (next >= words.length) return { from, wrappers };
    wrappers.push(name);
    from = next;
  }
}

/** Whether a program starts the one behind it. */
export function isWrapper(program: string): boolean {
  return WRAPPERS.has(baseName(program));
}

export function baseName(word: string): string {
  return word.slice(word.lastIndexOf('/') + 1);
}

const VERSIONED = /^(python|pypy|pip|ruby|perl|php|node|nodejs|lua|tclsh|bash|zsh|dash)-?\d[\d.]{0,10}$/i;

/** `python3.12` is a Python, `ruby3.2` a Ruby: the name without its version, or as it is. */
export function withoutVersion(program: string): string {
  return VERSIONED.exec(program)?.[1] ?? program;
}
