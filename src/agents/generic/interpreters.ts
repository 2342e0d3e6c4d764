import { basename, isAbsolute } from 'node:path';

/** A program whose first plain argument is a file with code. */
interface Interpreter {
  readonly programs: RegExp;
  /** Flags after which the code is in the command itself, so that there is no file. */
  readonly inline: readonly string[];
  /** Flags that take the next word. */
  readonly valued: readonly string[];
}

const INTERPRETERS: readonly Interpreter[] = [
  {
    programs: /^(?:node|nodejs|bun|tsx)$/,
    inline: ['-e', '--eval', '-p', '--print'],
    valued: ['-r', '--require', '--import', '--loader', '--experimental-loader', '-C', '--conditions'],
  },
  { programs: /^python(?:\d(?:\.\d+)?)?$/, inline: ['-c', '-m'], valued: ['-W', '-X'] },
  { programs: /^(?:ba|da|z|k)?sh$/, inline: ['-c'], valued: ['-o', '+o', '-O', '+O'] },
  { programs: /^(?:ruby|perl)$/, inline: ['-e', '-E'], valued: ['-I', '-r'] },
];

/** The script that a command runs through an interpreter, when it is an absolute path. */
export function findScript(command: readonly string[]): string | undefined {
  const [program = '', ...args] = command;
  const interpreter = INTERPRETERS.find((row) => row.programs.test(basename(program)));
  if (interpreter === undefined) return undefined;
  for (let at = 0; at < args.length; at += 1) {
    const word = args[at] ?? '';
    if (interpreter.inline.includes(word)) return undefined;
    if (interpreter.valued.includes(word)) at += 1;
    else if (!word.startsWith('-')) return isAbsolute(word) ? word : undefined;
  }
  return undefined;
}
