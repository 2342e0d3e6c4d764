import { Command, CommanderError, Option } from 'commander';
import { ERRORS, SallyportError } from '../errors/index.ts';
import { closeInheritedDescriptors, describeFileError, errorCode } from '../system/index.ts';
import { printError } from './error-line.ts';
import { toKnownError } from './known-error.ts';
import { VERSION } from './version.ts';

/** Commands by name. Each is loaded only when it is called: start-up time is part of every run. */
export type CommandTable = {
  readonly [name: string]: { readonly summary: string; readonly load: () => Promise<Command> };
};

async function buildProgram(asked: string | undefined, commands: CommandTable): Promise<Command> {
  const program = new Command('sallyport')
    .description('Lets AI coding agents work unattended in CI without holding a key or reaching a host nobody named.')
    .version(VERSION)
    .addOption(debugOption())
    .enablePositionalOptions()
    .showHelpAfterError(false);
  const chosen = asked === undefined ? undefined : commands[asked];
  if (chosen) program.addCommand(takeDebug(await chosen.load()));
  else
    for (const [name, { summary }] of Object.entries(commands))
      program.command(name).summary(summary).description(summary);
  applyConventions(program);
  return program;
}

function debugOption(): Option {
  return new Option('--debug', 'print the stack trace of an internal error');
}

/** Whoever is told to run again with `--debug` writes it behind what failed. */
function takeDebug(command: Command): Command {
  command.addOption(debugOption().hideHelp());
  for (const child of command.commands) takeDebug(child);
  return command;
}

/** Commander throws instead of exiting and writes nothing of its own, in every subcommand. */
function applyConventions(command: Command): void {
  command
    .exitOverride()
    .configureOutput({ writeErr: () => undefined })
    .configureHelp({ optionDescription: describeOption, subcommandDescription: summarise });
  for (const child of command.commands) applyConventions(child);
}

/** In a list of commands a sentence is a phrase. */
function summarise(command: Command): string {
  const text = command.summary() || command.description();
  return `${text.charAt(0).toLowerCase()}${text.slice(1)}`.replace(/\.$/, '');
}

/** What an option does, with its choices as they are typed. That a switch is off or a list is empty goes without saying. */
export function describeOption({ description, argChoices, defaultValue, required }: Option): string {
  const values: readonly unknown[] = Array.isArray(defaultValue) ? defaultValue : [defaultValue];
  const standard = required && defaultValue !== undefined ? values.join(' ') : '';
  const facts = [
    argChoices === undefined ? '' : `choices: ${argChoices.join(', ')}`,
    standard === '' ? '' : `default: ${standard}`,
  ].filter((fact) => fact !== '');
  return facts.length === 0 ? description : `${description} (${facts.join('; ')})`;
}

/**
 * Whoever reads our output may stop early (`| head`). That is no error of ours, and the command still ends with its own
 * exit code: a finding must not turn into success because nobody read on.
 */
function outliveReader(): void {
  process.stdout.on('error', (error) => {
    if (errorCode(error) === 'EPIPE') return;
    // A report that is cut short must not look like one that found nothing.
    const advice = 'Make room, or write it elsewhere.';
    const fault = new SallyportError('SP2704', `standard output: ${describeFileError(error)}`, { advice });
    printError(fault);
    process.exit(fault.exitCode);
  });
  // Nobody is left who could be told.
  process.stderr.on('error', () => undefined);
}

/** Whatever mask the caller left: everybody's may not be what we write, and we can read it ourselves. */
function keepFilesOurs(): void {
  process.umask((process.umask() & 0o077) | 0o002);
}

/**
 * Runs the command that the arguments name, and is the one place that catches an error; never rejects.
 * Exit codes: DESIGN §6. A command that has its own (run, log verify) sets `process.exitCode`.
 */
export async function serveCommandLine(argv: readonly string[], commands: CommandTable): Promise<void> {
  closeInheritedDescriptors();
  keepFilesOurs();
  const words = helpAsFlag(argv.slice(2));
  const asked = words.find((word) => !word.startsWith('-'));
  outliveReader();
  const known = asked !== undefined && Object.hasOwn(commands, asked);
  let program: Command | undefined;
  try {
    program = await buildProgram(known ? asked : undefined, commands);
    const isUnknown = asked !== undefined && !known && asked !== 'help';
    // Alone: `sallyport aduit --help` asks for help with nothing that there is.
    await answer(isUnknown ? [asked] : words, program);
  } catch (error) {
    const named = program && known ? namedCommand(program, words) : undefined;
    const advice = named && `Run \`sallyport ${named} --help\`.`;
    const debug = program === undefined ? words.includes('--debug') : asksForDebug(program);
    process.exitCode = report(error, { debug, advice });
  }
}

/** As it was parsed: behind the command of a run it is a word for the agent. */
function asksForDebug(command: Command): boolean {
  return command.opts()['debug'] === true || command.commands.some(asksForDebug);
}

/** The command that the words mean, as one types it: `policy check`. */
function namedCommand(program: Command, words: readonly string[]): string {
  const path: string[] = [];
  let at: Command | undefined = program;
  for (const word of words.filter((one) => !one.startsWith('-'))) {
    at = at.commands.find((command) => command.name() === word);
    if (at === undefined) break;
    path.push(word);
  }
  return path.join(' ');
}

/** `help X` is `X --help`: only a command that was loaded knows its options. */
function helpAsFlag(words: readonly string[]): readonly string[] {
  return words[0] === 'help' && words.length > 1 ? [...words.slice(1), '--help'] : words;
}

async function answer(words: readonly string[], program: Command): Promise<void> {
  if (words.length === 0) return answerWithHelp(program);
  try {
    await program.parseAsync(words, { from: 'user' });
  } catch (error) {
    const wantsOneOfItsOwn = error instanceof CommanderError && error.code === 'commander.help' && error.exitCode > 0;
    if (!wantsOneOfItsOwn) throw error;
    const [only, ...others] = program.commands;
    answerWithHelp(others.length === 0 && only ? only : program);
  }
}

/** For a command line that does not say enough. */
function answerWithHelp(command: Command): void {
  process.stdout.write(command.helpInformation());
  process.exitCode = 2;
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

interface Reporting {
  readonly debug: boolean;
  /** What to do about a command line that is not understood. */
  readonly advice: string | undefined;
}

function report(error: unknown, { debug, advice }: Reporting): number {
  if (error instanceof CommanderError) {
    // `--help` and `--version` arrive as errors too; they have printed what was asked for.
    if (error.exitCode === 0) return 0;
    const message = error.message.replace(/^error: /, '').replace(/\s*\n\s*/g, ' ');
    const usage = new SallyportError('SP1001', message, { advice });
    printError(usage);
    return usage.exitCode;
  }
  const known = withAdvice(toKnownError(error), advice);
  printError(known);
  if (debug && error instanceof Error) process.stderr.write(`${error.stack ?? error.message}\n`);
  return known.exitCode;
}

/** A wrong usage is mended with the help of the command itself, where nothing better was said. */
function withAdvice(error: SallyportError, advice: string | undefined): SallyportError {
  if (error.code !== 'SP1001' || advice === undefined || error.advice !== ERRORS.SP1001.advice) return error;
  return new SallyportError(error.code, error.message, { at: error.at, advice, cause: error.cause });
}
