import type { ShellWord } from '../../syntax/index.ts';
import { INTERPRETER_TEXT, INTERPRETERS } from './launchers.ts';

/** The name a program goes by, whatever path it is called with; without case, as some file systems ignore it. */
export function baseName(program: string): string {
  return program.slice(program.lastIndexOf('/') + 1).toLowerCase();
}

/** The option that makes this command run program text from its arguments or its input; undefined when none does. */
export function opaqueOption(name: string, args: readonly ShellWord[]): string | undefined {
  const interpreter = INTERPRETERS.find(({ names }) => names.test(name));
  if (interpreter === undefined) return undefined;
  let runsOther = false;
  for (const { literal } of args) {
    // By convention of all of them: the program comes from standard input, whatever else is said.
    if (literal === '-' && interpreter.readsInput) return INTERPRETER_TEXT;
    runsOther ||=
      literal !== undefined &&
      (literal === '--version' || literal === '--help' || interpreter.modes?.includes(literal) === true);
    const option = interpreter.inline.find((inline) => literal !== undefined && isOption(inline, literal));
    if (option !== undefined) return option;
    // The first operand is the script; what follows are its own arguments. Git's options may follow its subcommand.
    if (name !== 'git' && (literal === undefined || !literal.startsWith('-'))) return undefined;
  }
  return interpreter.readsInput && !runsOther ? INTERPRETER_TEXT : undefined;
}

/** `-c`, `-cTEXT`, `-ic`, `--eval=TEXT`. */
function isOption(inline: string, literal: string): boolean {
  if (literal === inline || literal.startsWith(`${inline}=`)) return true;
  if (inline.startsWith('--') || inline.length !== 2 || !/^-[A-Za-z]/.test(literal)) return false;
  return literal.startsWith(inline) || new RegExp(`^-[a-zA-Z]*${inline[1]}$`).test(literal);
}
