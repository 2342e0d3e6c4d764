import { Command, CommanderError } from 'commander';
import { formatError, SallyportError } from '../errors/index.ts';
import { closeInheritedDescriptors, errorCode } from '../system/index.ts';
import { VERSION } from './version.ts';

/** Commands by name. Each is loaded only when it is called: start-up time is part of every run. */
export type CommandTable = {
  readonly [name: string]: { readonly summary: string; readonly load: () => Promise<Command> };
};

async function buildProgram(asked: string | undefined, commands: CommandTable): Promise<Command> {
  const program = new Command('sallyport')
    .description('Lets AI coding agents work unattended in CI without holding a key or reaching a host nobody named.')
    .version(VERSION)
    .option('--debug', 'print the stack trace of an internal error')
    .enablePositionalOptions()
    .showHelpAfterError(false);
  const chosen = asked === undefined ? undefined : commands[asked];
  if (chosen) program.addCommand(await chosen.load());
  else
    for (const [name, { summary }] of Object.entries(commands))
      program.command(name).summary(summary).description(summary);
  applyConventions(program);
  return program;
}

/** Commander throws instead of exiting and writes nothing of its own, in every subcommand. */
function applyConventions(command: Command): void {
  command.exitOverride().configureOutput({ writeErr: () => undefined });
  for (const child of command.commands) applyConventions(child);
}

/**
 * Whoever reads our output may stop early (`| head`). That is no error of ours, and the command still ends with its own
 * exit code: a finding must not turn into success because nobody read on.
 */
function outliveReader(): void {
  process.stdout.on('error', (error) => {
    if (errorCode(error) !== 'EPIPE') throw error;
  });
}

/**
 * Runs the command that the arguments name, and is the one place that catches an error; never rejects.
 * Exit codes: DESIGN §6. A command that has its own (run, log verify) sets `process.exitCode`.
 */
export async function serveCommandLine(argv: readonly string[], commands: CommandTable): Promise<void> {
  closeInheritedDescriptors();
  const words = argv.slice(2);
  const asked = words.find((word) => !word.startsWith('-'));
  // A run goes on to its evidence without a reader; it sees to its own output.
  if (asked !== 'run') outliveReader();
  try {
    const program = await buildProgram(asked, commands);
    if (words.length === 0) {
      process.stdout.write(program.helpInformation());
      process.exitCode = 2;
      return;
    }
    if (asked !== undefined && !(asked in commands) && asked !== 'help') {
      throw new SallyportError('SP1001', `unknown command '${asked}'`);
    }
    await program.parseAsync(argv);
  } catch (error) {
    process.exitCode = report(error, words.includes('--debug'));
  }
}

/** Internal error, by the table of exit codes. */
const UNANSWERED = 4;

/**
 * `serveCommandLine` for a program that is no ES module. A module that nothing can wake any more ends with 13, a script
 * with 0: a gate that stopped half-way would have passed.
 */
export function startCommandLine(argv: readonly string[], commands: CommandTable): void {
  let answered = false;
  process.once('exit', () => {
    if (!answered && process.exitCode === undefined) process.exitCode = UNANSWERED;
  });
  void serveCommandLine(argv, commands).then(() => {
    answered = true;
  });
}

function report(error: unknown, debug: boolean): number {
  if (error instanceof CommanderError) {
    // `--help` and `--version` arrive as errors too; they have printed what was asked for.
    if (error.exitCode === 0) return 0;
    const usage = new SallyportError('SP1001', error.message.replace(/^error: /, '').replace(/\s*\n\s*/g, ' '));
    process.stderr.write(`${formatError(usage)}\n`);
    return usage.exitCode;
  }
  const known =
    error instanceof SallyportError ? error : new SallyportError('SP1002', messageOf(error), { cause: error });
  process.stderr.write(`${formatError(known)}\n`);
  if (debug && error instanceof Error) process.stderr.write(`${error.stack ?? error.message}\n`);
  return known.exitCode;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
