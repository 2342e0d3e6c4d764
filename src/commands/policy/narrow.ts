import { Command, Option } from 'commander';
import { type NarrowPolicy, narrowPolicy, type PolicyDocument } from '../../policy/index.ts';
import { escapeJson, escapeTerminal } from '../../text/index.ts';
import { errorsInJson } from '../json-error.ts';
import { OWN_POLICY, policyMeant, readPolicy } from './documents.ts';
import { openRun, policyForRun, type RecordedRun, WHOLE } from './recorded-run.ts';
import { type RecordedWork, type RefusedAction, readWork, unusedGrants } from './recorded-work.ts';
import { type ChangedDecision, replayRun } from './replay-run.ts';

const HELP = `
Examples:
  sallyport policy narrow runs/*/
  sallyport policy narrow runs/*/ --policy sallyport.yaml > narrow.yaml

Prints the narrowest lists of tools, written files and models under which these runs could have done the same, as YAML.
Deny and ask rules, hosts, secrets and limits stay those of the policy. The lists are tried on the same runs before they
are printed. What was refused is listed and never granted: whoever wrote what the agent read may have asked for it.
Give it runs that you looked at: what they did becomes what is allowed.

Exit codes: 0 printed, the runs would go as they did · 1 printed, some of them would not · 2 usage, or a policy that is
not valid · 3 a ledger does not hold, or holds too little`;

const EXIT_OTHERWISE = 1;
const EXIT_INCOMPLETE = 3;

interface Flags {
  readonly policy?: string;
  readonly organisation?: string;
  readonly format: 'text' | 'json';
}

/** What came of it. */
interface Narrowed {
  readonly narrow: NarrowPolicy;
  readonly runs: readonly RecordedRun[];
  readonly works: readonly RecordedWork[];
  /** Decisions that the narrow policy would make in another way. */
  readonly otherwise: readonly ChangedDecision[];
  readonly decided: number;
  readonly unused: readonly string[];
}

/** `sallyport policy narrow` */
export function narrowPolicyCommand(): Command {
  return new Command('narrow')
    .description('Print the narrowest policy under which past runs could have done the same.')
    .argument('<ledger...>', 'out directories of runs, or their ledgers')
    .option('--policy <file>', OWN_POLICY)
    .option('--organisation <file>', "the organisation's policy, which can only tighten")
    .addOption(new Option('--format <format>', 'form of the answer').choices(['text', 'json']).default('text'))
    .addHelpText('after', HELP)
    .action(errorsInJson(narrow));
}

async function narrow(ledgers: readonly string[], flags: Flags): Promise<void> {
  const file = policyMeant(flags.policy);
  const before = file === undefined ? undefined : await readPolicy(file);
  const organisation = flags.organisation === undefined ? undefined : await readPolicy(flags.organisation);
  const runs: RecordedRun[] = [];
  for (const directory of ledgers) runs.push(await openRun(directory));
  const narrowed = await tryNarrow(runs, before, organisation);
  process.stdout.write(
    flags.format === 'json'
      ? `${escapeJson(JSON.stringify(jsonOf(narrowed), undefined, 2))}\n`
      : textOf(narrowed, file ?? 'the built-in default'),
  );
  const { works, otherwise } = narrowed;
  if (runs.some(({ verdict }) => !WHOLE.has(verdict)) || works.some(({ unreadable }) => unreadable > 0))
    process.exitCode = EXIT_INCOMPLETE;
  else if (otherwise.length > 0) process.exitCode = EXIT_OTHERWISE;
}

async function tryNarrow(
  runs: readonly RecordedRun[],
  before: PolicyDocument | undefined,
  organisation: PolicyDocument | undefined,
): Promise<Narrowed> {
  const works = runs.map(readWork);
  const narrow = await narrowPolicy(
    works.map(({ work }) => work),
    before,
  );
  const otherwise: ChangedDecision[] = [];
  let decided = 0;
  for (const run of runs) {
    const replayed = replayRun(run.records(), await policyForRun(run, narrow.document, organisation), run.readCall);
    otherwise.push(...replayed.changed);
    decided += replayed.decided;
  }
  const [first] = runs;
  const unused = first ? unusedGrants(await policyForRun(first, before, organisation), works) : [];
  return { narrow, runs, works, otherwise, decided, unused };
}

function jsonOf({ narrow, runs, works, otherwise, decided, unused }: Narrowed): object {
  const { tools, writes, models, beyond, text } = narrow;
  return {
    format: 'sallyport-policy-narrow/1',
    runs: runs.map(({ directory, verdict }) => ({ directory, ledger: verdict })),
    policy: text,
    ...{ tools, writes, models, beyond, unused },
    refused: refusedIn(works),
    tried: { decided, otherwise },
    unreadable: works.reduce((sum, { unreadable }) => sum + unreadable, 0),
  };
}

/** Over all runs, the most frequent first. */
function refusedIn(works: readonly RecordedWork[]): readonly RefusedAction[] {
  const groups = Map.groupBy(
    works.flatMap(({ refused }) => refused),
    ({ plane, subject, rule }) => JSON.stringify([plane, subject, rule]),
  );
  return [...groups.values()]
    .flatMap(([first, ...more]) =>
      first ? [{ ...first, times: more.reduce((sum, { times }) => sum + times, first.times) }] : [],
    )
    .toSorted((one, other) => other.times - one.times || (one.subject < other.subject ? -1 : 1));
}

const MOST_LINES = 40;

/** Valid YAML from the first line to the last: what is not a list is a comment. */
function textOf({ narrow, runs, works, otherwise, decided, unused }: Narrowed, name: string): string {
  const refused = refusedIn(works).map(({ times, plane, subject, rule }) => `${times} × ${plane} ${subject}: ${rule}`);
  const changed = otherwise.map(({ plane, subject, now }) => `${plane} ${subject}: ${now.reason}`);
  const broken = runs
    .filter(({ verdict }) => !WHOLE.has(verdict))
    .map(({ directory, verdict }) => `${directory}: ${verdict}`);
  const lost = works.reduce((sum, { unreadable }) => sum + unreadable, 0);
  return [
    `# What ${runs.length} past run${runs.length === 1 ? '' : 's'} used of ${name}, and no more.`,
    narrow.text.trimEnd(),
    ...section('Commands that only a grant of the whole tool would cover:', narrow.beyond),
    ...section('Granted, and used in none of these runs:', unused),
    ...section('Refused. Whoever wrote what the agent read may have asked for it; grant what the job needs:', refused),
    ...section('Ledgers that do not hold:', broken),
    ...section('Records that cannot be decided again:', lost === 0 ? [] : [String(lost)]),
    ...section('Tried on these runs, this would go another way:', changed),
    '#',
    `# Tried on these runs: ${decided} decisions, ${otherwise.length === 0 ? 'all as they were' : `${otherwise.length} otherwise`}.`,
    '',
  ].join('\n');
}

function section(title: string, lines: readonly string[]): readonly string[] {
  if (lines.length === 0) return [];
  const more = lines.length > MOST_LINES ? [`#   and ${lines.length - MOST_LINES} more`] : [];
  return ['#', `# ${title}`, ...lines.slice(0, MOST_LINES).map((line) => `#   ${shown(line)}`), ...more];
}

/** What an agent tried stays within its comment. */
function shown(text: string): string {
  return escapeTerminal(text.replace(/[\s\u0085\u2028\u2029]+/gu, ' ')).slice(0, 300);
}
