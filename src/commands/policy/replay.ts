import { Command, Option } from 'commander';
import { ADAPTERS } from '../../agents/index.ts';
import { findLedger, readRecords, verifyLedger } from '../../ledger/index.ts';
import { compilePolicy, type Policy, type PolicyDocument } from '../../policy/index.ts';
import { type JsonObject, objectOf } from '../../system/index.ts';
import { escapeJson, escapeTerminal } from '../../text/index.ts';
import { errorsInJson } from '../json-error.ts';
import { readPolicy } from './documents.ts';
import { registriesHere } from './registries.ts';
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

/** A ledger in which nothing is missing. */
const WHOLE: ReadonlySet<string> = new Set(['WITNESSED', 'ANCHORED', 'SIGNED-UNANCHORED']);
const EXIT_INCOMPLETE = 3;

/** `sallyport policy replay` */
export function replayPolicyCommand(): Command {
  return new Command('replay')
    .description('say what another policy would have decided on past runs')
    .argument('<ledger...>', 'out directories of runs, or their ledgers')
    .requiredOption('--policy <file>', 'the policy to try')
    .option('--organisation <file>', "the organisation's policy, which can only tighten")
    .addOption(new Option('--format <format>', 'output format').choices(['text', 'json']).default('text'))
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
  const log = findLedger(directory);
  const { verdict } = await verifyLedger(log);
  const { agent, workspace } = startOf(log);
  const adapter = ADAPTERS.find(({ id }) => id === agent) ?? ADAPTERS.at(-1);
  const policy: Policy = await compilePolicy({
    repository,
    organisation,
    agent: agent === '' ? 'claude-code' : agent,
    workspaceRoot: workspace,
    registries: registriesHere,
    now: Date.now(),
  });
  const readCall = (name: string, input: JsonObject) => adapter?.actions({ id: '', name, input }, workspace) ?? [];
  return { directory, verdict, ...replayRun(readRecords(log), policy, readCall) };
}

/** Which agent ran, and where its workspace stood. */
function startOf(log: string): { readonly agent: string; readonly workspace: string } {
  for (const { record } of readRecords(log)) {
    if (record?.['kind'] !== 'run.start') continue;
    const subject = objectOf(record['subject']);
    const [agent, workspace] = [objectOf(subject['agent'])['id'], subject['workspace']];
    return {
      agent: typeof agent === 'string' ? agent : '',
      workspace: typeof workspace === 'string' ? workspace : '/',
    };
  }
  return { agent: '', workspace: '/' };
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
    return `${directory}: ${count(decided, 'decision')}, ${changed.length} otherwise, ${fixed} not of a policy${lost}${broken}`;
  });
  return `${[...rules, ...ends].join('\n')}\n`;
}

function count(number: number, one: string): string {
  return `${number} ${one}${number === 1 ? '' : 's'}`;
}

function shown(text: string): string {
  return escapeTerminal(text.replace(/[\r\n\t]+/g, ' ')).slice(0, 300);
}
