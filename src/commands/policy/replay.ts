import { Command, Option } from 'commander';
import type { PolicyDocument } from '../../policy/index.ts';
import { escapeJson, escapeTerminal } from '../../text/index.ts';
import { errorsInJson } from '../json-error.ts';
import { readPolicy } from './documents.ts';
import { openRun, policyForRun, WHOLE } from './recorded-run.ts';
import { type ChangedDecision, type ReplayedRun, replayRun } from './replay-run.ts';

const HELP = `
Examples:
  sallyport policy replay out/ --policy new.yaml
  sallyport policy replay runs/*/ --policy new.yaml --format json

Decides again what past runs did, in the order in which they did it, and lists what would have gone another way, by the
rule that would decide. Refusals that no policy makes (a secret of the run, a malformed request, a limit) stay as they are.

Exit codes: 0 replayed · 2 usage, or a policy that is not valid · 3 a ledger does not hold, or holds too little`;

interface Flags {
  readonly policy: string;
  readonly organisation?: string;
  readonly format: 'text' | 'json';
}

interface Replayed extends ReplayedRun {
  readonly directory: string;
  readonly verdict: string;
}

const EXIT_INCOMPLETE = 3;

/** `sallyport policy replay` */
export function replayPolicyCommand(): Command {
  return new Command('replay')
    .description('Say what another policy would have decided on past runs.')
    .argument('<ledger...>', 'out directories of runs, or their ledgers')
    .requiredOption('--policy <file>', 'the policy to try')
    .option('--organisation <file>', "the organisation's policy, which can only tighten")
    .addOption(new Option('--format <format>', 'form of the answer').choices(['text', 'json']).default('text'))
    .addHelpText('after', HELP)
    .action(errorsInJson(replay));
}

async function replay(ledgers: readonly string[], flags: Flags): Promise<void> {
  const repository = await readPolicy(flags.policy);
  const organisation = flags.organisation === undefined ? undefined : await readPolicy(flags.organisation);
  const runs: Replayed[] = [];
  for (const directory of ledgers) runs.push(await replayOne(directory, repository, organisation));
  process.stdout.write(
    flags.format === 'json' ? `${escapeJson(JSON.stringify(jsonOf(runs), undefined, 2))}\n` : textOf(runs),
  );
  if (runs.some(({ verdict, unreadable }) => !WHOLE.has(verdict) || unreadable > 0)) process.exitCode = EXIT_INCOMPLETE;
}

async function replayOne(
  directory: string,
  repository: PolicyDocument,
  organisation: PolicyDocument | undefined,
): Promise<Replayed> {
  const run = await openRun(directory);
  const policy = await policyForRun(run, repository, organisation);
  return { directory, verdict: run.verdict, ...replayRun(run.records(), policy, run.readCall) };
}

function jsonOf(runs: readonly Replayed[]): object {
  return {
    format: 'sallyport-policy-replay/1',
    runs: runs.map(({ directory, verdict, decided, fixed, unreadable, changed }) => {
      return { directory, ledger: verdict, decided, fixed, unreadable, changed };
    }),
    byRule: Object.fromEntries([...rulesOf(runs)].map(([rule, changed]) => [rule, changed.length])),
  };
}

/** What changed, by the rule that would decide now; the busiest first. */
function rulesOf(runs: readonly Replayed[]): ReadonlyMap<string, readonly ChangedDecision[]> {
  const rules = Map.groupBy(
    runs.flatMap(({ changed }) => changed),
    ({ now }) => now.rule,
  );
  return new Map(
    [...rules].sort(([one, left], [other, right]) => right.length - left.length || (one < other ? -1 : 1)),
  );
}

const MOST_LINES = 20;

function textOf(runs: readonly Replayed[]): string {
  const rules = [...rulesOf(runs)].flatMap(([rule, changed]) => [
    `${rule}: ${count(changed.length, 'decision')} ${changed.some(({ now }) => now.verdict === 'allow') ? 'would be let through' : 'would be refused'}`,
    ...changed.slice(0, MOST_LINES).map(({ plane, subject, was, now }) => {
      return `  ${plane} ${shown(subject)}: ${was.verdict} by ${shown(was.rule)}, now ${now.verdict}: ${shown(now.reason)}`;
    }),
    ...(changed.length > MOST_LINES ? [`  and ${changed.length - MOST_LINES} more`] : []),
    '',
  ]);
  const ends = runs.map(({ directory, verdict, decided, fixed, unreadable, changed }) => {
    const lost = unreadable === 0 ? '' : `, ${unreadable} cannot be decided again`;
    const broken = WHOLE.has(verdict) ? '' : ` (the ledger is ${verdict})`;
    return `${directory}: ${count(decided, 'decision')}, ${changed.length} would go another way, ${fixed} that no policy makes${lost}${broken}`;
  });
  return `${[...rules, ...ends].join('\n')}\n`;
}

function count(number: number, one: string): string {
  return `${number} ${one}${number === 1 ? '' : 's'}`;
}

function shown(text: string): string {
  return escapeTerminal(text.replace(/[\r\n\t]+/g, ' ')).slice(0, 300);
}
