/** The command line: loads one command, runs it, and is the one place that catches an error. */
import { Command, CommanderError } from 'commander';
import { VERSION } from './commands/version.ts';
import { formatError, SallyportError } from './errors/index.ts';
import { closeInheritedDescriptors, errorCode } from './system/index.ts';

/** Commands are loaded only when they are called: start-up time is part of every run. */
const COMMANDS: Record<string, { readonly summary: string; readonly load: () => Promise<Command> }> = {
  run: {
    summary: 'run an agent contained: no key, no unnamed host, no ungranted write',
    load: async () => (await import('./commands/run.ts')).runCommand(),
  },
  audit: {
    summary: 'find how an attacker could use the agents of a repository, and mend it',
    load: async () => (await import('./commands/audit.ts')).auditCommand(),
  },
  review: {
    summary: 'find the vulnerabilities that a change adds, and say what of it was not looked at',
    load: async () => (await import('./commands/review.ts')).reviewCommand(),
  },
  post: {
    summary: 'post what a job without rights found: check, remarks, comment, labels',
    load: async () => (await import('./commands/post.ts')).postCommand(),
  },
  heal: {
    summary: 'judge a patch for a finding, or have a model make one; put a good one on a branch',
    load: async () => (await import('./commands/heal.ts')).healCommand(),
  },
  ci: {
    summary: 'audit, review and judge one change: the whole path in one command',
    load: async () => (await import('./commands/ci.ts')).ciCommand(),
  },
  gate: {
    summary: 'say whether a change may be merged, on which evidence, and who can lift what speaks against it',
    load: async () => (await import('./commands/gate.ts')).gateCommand(),
  },
  diff: {
    summary: 'show what a change does to security controls: weakened, moved, strengthened, added',
    load: async () => (await import('./commands/diff.ts')).diffCommand(),
  },
  inventory: {
    summary: 'list the agents of repositories: who starts them, what they hold, may do and talk to',
    load: async () => (await import('./commands/inventory.ts')).inventoryCommand(),
  },
  init: {
    summary: 'write the policy, a hardened pipeline and the merge check for a repository',
    load: async () => (await import('./commands/init.ts')).initCommand(),
  },
  doctor: {
    summary: 'say what this host has and lacks for a contained run',
    load: async () => (await import('./commands/doctor.ts')).doctorCommand(),
  },
  attest: {
    summary: 'sign what was done to a change: its run, its review, its verdict',
    load: async () => (await import('./commands/attest.ts')).attestCommand(),
  },
  verify: {
    summary: 'prove from signed evidence that every commit of a branch may be there',
    load: async () => (await import('./commands/verify.ts')).verifyCommand(),
  },
  policy: {
    summary: 'check, explain and test a policy',
    load: async () => (await import('./commands/policy.ts')).policyCommand(),
  },
  approve: {
    summary: 'approve a change with a signature over exactly what was shown',
    load: async () => (await import('./commands/approve.ts')).approveCommand(),
  },
  log: {
    summary: 'verify, show, compare and export the ledger of a run',
    load: async () => (await import('./commands/log.ts')).logCommand(),
  },
  replay: {
    summary: 'run the published attacks against this installation',
    load: async () => (await import('./commands/replay.ts')).replayCommand(),
  },
};

async function buildProgram(asked: string | undefined): Promise<Command> {
  const program = new Command('sallyport')
    .description('Lets AI coding agents work unattended in CI without holding a key or reaching a host nobody named.')
    .version(VERSION)
    .option('--debug', 'print the stack trace of an internal error')
    .enablePositionalOptions()
    .showHelpAfterError(false);
  const chosen = asked === undefined ? undefined : COMMANDS[asked];
  if (chosen) program.addCommand(await chosen.load());
  else
    for (const [name, { summary }] of Object.entries(COMMANDS))
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

/** Exit codes: DESIGN §6. A command that has its own (run, log verify) sets `process.exitCode`. */
async function main(argv: readonly string[]): Promise<void> {
  closeInheritedDescriptors();
  const words = argv.slice(2);
  const asked = words.find((word) => !word.startsWith('-'));
  // A run goes on to its evidence without a reader; it sees to its own output.
  if (asked !== 'run') outliveReader();
  try {
    const program = await buildProgram(asked);
    if (words.length === 0) {
      process.stdout.write(program.helpInformation());
      process.exitCode = 2;
      return;
    }
    if (asked !== undefined && !(asked in COMMANDS) && asked !== 'help') {
      throw new SallyportError('SP1001', `unknown command '${asked}'`);
    }
    await program.parseAsync(argv);
  } catch (error) {
    process.exitCode = report(error, words.includes('--debug'));
  }
}

function report(error: unknown, debug: boolean): number {
  if (error instanceof CommanderError) {
    // `--help` and `--version` arrive as errors too; they have printed what was asked for.
    if (error.exitCode === 0) return 0;
    const usage = new SallyportError('SP1001', error.message.replace(/^error: /, ''));
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

await main(process.argv);
