import { relative, resolve } from 'node:path';
import { isatty } from 'node:tty';
import { Command, Option } from 'commander';
import { SallyportError } from '../errors/index.ts';
import { type RunRequest, renderTerminal, run, type TerminalPlace } from '../run/index.ts';
import { escapeJson } from '../text/index.ts';
import { describeError } from './json-error.ts';
import { repositoryMeant } from './repository.ts';

interface RunFlags {
  readonly policy?: string;
  readonly organisation?: string;
  readonly base?: string;
  readonly workspace?: string;
  readonly out: string;
  readonly apply?: true;
  readonly json?: true;
  readonly format: 'text' | 'json';
  readonly allowVulnerableAgent?: true;
}

const EXAMPLES = `
Examples:
  sallyport run -- claude -p "Fix the failing test"
  sallyport run --base origin/main --out evidence -- claude -p "Review this change" --output-format json
  sallyport run --policy ci/review.yaml --apply -- node my-agent.mjs

Exit code: the agent's own when nothing of ours intervened; 1 blocked by policy or a limit, 2 usage or configuration,
3 incomplete (isolation unproven, broker or sandbox lost), 4 internal, 124 timeout, 143 cancelled.

In the out directory: changes.patch, report.{json,md,html}, dataflow.json, ledger/.`;

/** `sallyport run [flags] -- CMD…` */
export function runCommand(): Command {
  return new Command('run')
    .description(
      'Run an agent contained. Its change comes out as a patch, what it did as a signed ledger and a report.',
    )
    .argument('<command...>', 'the agent and its arguments, after --')
    .option('--policy <file>', "policy file; replaces the repository's sallyport.yaml at the base ref")
    .option('--organisation <file>', "the organisation's policy; the repository's can only tighten it")
    .option('--base <ref>', 'protected ref from which policy and agent configuration are read')
    .option('--workspace <dir>', 'the checkout the agent works on (default: the one you are in)')
    .option('--out <dir>', 'where patch, ledger and reports go (empty or absent)', 'sallyport-out')
    .option('--apply', 'apply the patch to the workspace when the run succeeded')
    .addOption(
      new Option(
        '--format <format>',
        'form of the report; as JSON it has standard output, and the agent standard error',
      )
        .choices(['text', 'json'])
        .default('text'),
    )
    .option('--json', 'short for --format json')
    .option('--allow-vulnerable-agent', 'start an agent version with known holes')
    .addHelpText('after', EXAMPLES)
    .passThroughOptions()
    .action(async (command: string[], flags: RunFlags) => {
      process.exitCode = await execute(command, flags).catch((error: unknown) => refuse(error, flags));
    });
}

async function execute(command: readonly string[], flags: RunFlags): Promise<number> {
  const [program, ...rest] = command;
  if (program === undefined)
    throw new SallyportError('SP1001', 'no command to run', {
      advice: 'Write it after --, for example: sallyport run -- claude -p "…"',
    });
  const request: RunRequest = {
    command: [program, ...rest],
    workspace: flags.workspace === undefined ? repositoryMeant(undefined) : resolve(flags.workspace),
    base: flags.base,
    policyFile: flags.policy === undefined ? undefined : resolve(flags.policy),
    organisationFile: flags.organisation === undefined ? undefined : resolve(flags.organisation),
    out: resolve(flags.out),
    apply: flags.apply === true,
    allowVulnerableAgent: flags.allowVulnerableAgent === true,
    environment: process.env,
  };
  const json = wantsJson(flags);
  // Whoever reads the log may go away, and its disk may fill up; the run and its evidence go on.
  for (const stream of [process.stdout, process.stderr])
    stream.removeAllListeners('error').on('error', () => stream.destroy());
  const cancelled = cancellation();
  let isCancelled = false;
  void cancelled.then(() => {
    isCancelled = true;
  });
  const report = await run(request, {
    stdout: json ? process.stderr : process.stdout,
    stderr: process.stderr,
    // Opened when it is asked for: the first processes start sooner by that.
    get stdin() {
      return isatty(0) ? undefined : process.stdin;
    },
    progress: process.stderr.isTTY ? process.stderr : undefined,
    cancelled,
  }).catch((cause: unknown) => {
    // A terminal sends its signal to git as well, which then fails.
    throw isCancelled ? new SallyportError('SP1710', 'cancelled before the agent started', { cause }) : cause;
  });
  // A pipe that the caller keeps open must not keep us.
  process.stdin.destroy();
  if (json) await write(process.stdout, `${escapeJson(JSON.stringify(report, null, 2))}\n`);
  else
    await write(
      process.stderr,
      `\n${renderTerminal(report, { ...styleOf(process.stderr), place: placeOf(request) })}\n`,
    );
  return report.exitCode;
}

/** Whoever asks for JSON gets JSON, also when nothing was run. */
async function refuse(error: unknown, flags: RunFlags): Promise<never> {
  if (wantsJson(flags)) await write(process.stdout, describeError(error));
  throw error;
}

function wantsJson({ json, format }: RunFlags): boolean {
  return json === true || format === 'json';
}

/** Resolves with the signal's name at the first SIGINT, SIGTERM or SIGHUP; the run then ends in order. */
function cancellation(): Promise<NodeJS.Signals> {
  const { promise, resolve: settle } = Promise.withResolvers<NodeJS.Signals>();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => settle(signal));
  return promise;
}

function placeOf({ out, workspace, apply }: RunRequest): TerminalPlace {
  return { out: relative('.', out) || '.', workspace: relative('.', workspace), takesChange: apply };
}

function styleOf(stream: NodeJS.WriteStream): { colour: boolean; width: number } {
  const colour = stream.isTTY === true && !process.env['NO_COLOR'];
  return { colour, width: stream.columns ?? 120 };
}

/** Waits until the text is out: ending the process truncates what a pipe has not taken yet. */
function write(stream: NodeJS.WriteStream, text: string): Promise<void> {
  return new Promise((done) => stream.write(text, () => done()));
}
