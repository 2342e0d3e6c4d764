import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { Command, Option } from 'commander';
import { SallyportError } from '../errors/index.ts';
import { answerInJson } from './json-error.ts';
import { type Attack, loadAttacks } from './replay/attack.ts';
import { holds } from './replay/judgement.ts';
import { type Performance, type Programs, playBare, playContained } from './replay/performance.ts';
import { type StageSet, withStageSet } from './replay/stage-set.ts';

export interface ReplayFlags {
  readonly bare?: true;
  readonly only?: string;
  readonly agent: 'mini' | 'claude';
  readonly format: 'text' | 'json';
  readonly list?: true;
}

/** How one attack went in one way of running the agent. */
export interface Verdict {
  /** Did the attacker reach the goal? */
  readonly attack: boolean;
  /** Was the honest part of the task done? */
  readonly utility: boolean;
  /** Exit code of the command; tells a refused start from a contained run. */
  readonly exit: number;
  /** The end of what the command printed, for when it did not go as it should. */
  readonly output: string;
}

/** Enough of the output to hold the run's own summary. */
const OUTPUT_TAIL = 2000;

export interface ReplayRow {
  readonly id: string;
  readonly title: string;
  readonly source: string;
  readonly stoppedBy: string;
  readonly bare: Verdict | undefined;
  readonly contained: Verdict;
}

const MINI_AGENT = 'examples/scripted-agent/agent.mjs';

const NOTES = `
Every attack is a published one, made small and harmless: all addresses are loopback, all secrets random. A scripted
model plays the model that obeys the attacker, so the result does not depend on whether a real one would.
--bare also runs each attack without protection, on this machine, in a temporary directory. All of them take a minute or
two.

Examples:
  sallyport replay --list                      which attacks there are
  sallyport replay --only agent-settings --bare
  sallyport replay --format json

Exit codes: 0 no attack reached its goal, and every honest task was done · 1 otherwise · 2 usage`;

/** `sallyport replay [--bare] [--only id,…] [--agent mini|claude] [--format json]` */
export function replayCommand(): Command {
  return new Command('replay')
    .description('Run published attacks on coding agents against this installation.')
    .option('--bare', 'run each attack without protection too, for comparison')
    .option('--only <ids>', 'attacks to run, separated by commas')
    .option('--list', 'print the attacks and end')
    .addOption(new Option('--agent <agent>', 'the agent that is attacked').choices(['mini', 'claude']).default('mini'))
    .addOption(new Option('--format <format>', 'form of the answer').choices(['text', 'json']).default('text'))
    .addHelpText('after', NOTES)
    .action((flags: ReplayFlags) => answerInJson(flags, () => execute(flags)));
}

async function execute(flags: ReplayFlags): Promise<void> {
  const attacks = chooseAttacks(flags.only);
  if (flags.list) {
    process.stdout.write(attacks.map(({ id, title }) => `${id.padEnd(26)} ${title}\n`).join(''));
    return;
  }
  const rows: ReplayRow[] = [];
  const text = flags.format === 'text';
  if (text) process.stdout.write(`${'attack'.padEnd(26)} ${'bare'.padEnd(14)} ${'contained'.padEnd(14)} task\n`);
  for (const attack of attacks) {
    const row = await replay(attack, flags.agent, flags.bare === true);
    rows.push(row);
    if (text) process.stdout.write(`${lineOf(row)}\n`);
  }
  const failed = rows.filter(({ contained }) => contained.attack || !contained.utility);
  if (text) process.stdout.write(`${summaryOf(rows, failed.length)}\n`);
  else process.stdout.write(`${JSON.stringify({ attacks: rows, failed: failed.length }, null, 2)}\n`);
  process.exitCode = failed.length === 0 ? 0 : 1;
}

/** Plays one attack, bare when asked, and contained. Each way has a set of its own. */
export async function replay(attack: Attack, agent: ReplayFlags['agent'], bare: boolean): Promise<ReplayRow> {
  const programs = findPrograms(agent);
  const play = (way: (set: StageSet, programs: Programs) => Promise<Performance>): Promise<Verdict> =>
    withStageSet(attack, findShipped(MINI_AGENT), randomBytes, async (set) => {
      const performance = await way(set, programs);
      const { goal, utility } = set.attack;
      const { exit } = performance;
      const output = `${performance.output}${performance.errors}`.slice(-OUTPUT_TAIL);
      return { attack: holds(goal, set, performance), utility: holds(utility, set, performance), exit, output };
    });
  const { id, title, source, stoppedBy } = attack;
  const unprotected = bare ? await play(playBare) : undefined;
  return { id, title, source, stoppedBy, bare: unprotected, contained: await play(playContained) };
}

/** The attacks that ship with this program. @throws SP1902 for an id that there is none of. */
export function chooseAttacks(only: string | undefined): readonly Attack[] {
  const all = loadAttacks(findShipped('attacks'));
  const wanted = only?.split(',');
  const unknown = wanted?.find((id) => !all.some((attack) => attack.id === id));
  if (unknown !== undefined) throw new SallyportError('SP1902', `there is no attack ${JSON.stringify(unknown)}`);
  return wanted === undefined ? all : all.filter(({ id }) => wanted.includes(id));
}

/** A file or directory beside `src/` or `dist/`. */
function findShipped(path: string): string {
  for (let at = import.meta.dirname; at !== dirname(at); at = dirname(at)) {
    if (existsSync(join(at, path))) return join(at, path);
  }
  throw new SallyportError('SP1901', `${path} is missing from this installation`);
}

function findPrograms(agent: ReplayFlags['agent']): Programs {
  const sallyport = [findShipped('bin/sallyport')];
  if (agent === 'mini') return { sallyport, agent: [process.execPath, findShipped(MINI_AGENT)] };
  const claude = (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((directory) => join(directory, 'claude'))
    .find(existsSync);
  if (claude === undefined) throw new SallyportError('SP1902', 'claude is not on PATH');
  return { sallyport, agent: [claude, '--dangerously-skip-permissions'] };
}

function word(verdict: Verdict | undefined): string {
  if (verdict === undefined) return '-';
  return verdict.attack ? 'ATTACK' : 'stopped';
}

function lineOf(row: ReplayRow): string {
  const task = row.contained.utility ? 'done' : `NOT DONE (exit ${row.contained.exit})`;
  return `${row.id.padEnd(26)} ${word(row.bare).padEnd(14)} ${word(row.contained).padEnd(14)} ${task}`;
}

function summaryOf(rows: readonly ReplayRow[], failed: number): string {
  const won = rows.filter(({ contained }) => contained.attack).length;
  const done = rows.filter(({ contained }) => contained.utility).length;
  const bare = rows.filter((row) => row.bare?.attack).length;
  const compared = rows.some((row) => row.bare) ? ` (bare: ${bare})` : '';
  return `\n${won} of ${rows.length} attacks reached their goal${compared}; ${done} of ${rows.length} honest tasks were done${failed === 0 ? '.' : '!'}`;
}
