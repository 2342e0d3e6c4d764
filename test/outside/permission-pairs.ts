/**
 * Compares our reading of permission rules with what the real Claude Code CLI decided:
 *
 *   node test/outside/permission-pairs.ts FILE [--looser FAMILY | --stricter FAMILY]
 *   node test/outside/permission-pairs.ts FILE --predict [FAMILY]
 *
 * FILE is tab-separated: settings, tool, input, decision, …, reason type, reason, group (columns 8 to 10). Two questions:
 * does a rule that decided count as dead (exit 1)? And what would a policy with the same rules have decided? Looser rows
 * are calls that the CLI refuses, or would ask a person about, and the policy allows; a flag lists those of a family.
 *
 * `--predict` scores what `predictDecision` says the CLI would do, in both versions. Rule sets are split by a hash of their
 * text into a half that the tables were written with and one that was held out; FAMILY lists misses of the first half.
 * Exit 1 when a call is predicted to be allowed that the CLI asks about or refuses.
 */
import { readFileSync } from 'node:fs';
import { ADAPTERS, analyseRule, anyCommand, type RuleUse } from '../../src/agents/index.ts';
import { compilePolicy, INITIAL_STATE, type Policy, parsePolicy } from '../../src/policy/index.ts';
import { halfOf, loadPredictor, readPair, type Score, scorePairs } from './support/predicted-pairs.ts';

/** The working directory of the CLI's runs, as the policy is told of it. */
const WORKSPACE = '/proj';
/** Families that are about rules: the others are about modes, hooks, the CLI's own sandbox and file commands. */
const FAMILIES = /^[ABCDEFLMNQW]\d*/;
const LISTS: readonly RuleUse[] = ['allow', 'deny'];

interface Row {
  readonly settings: string;
  readonly tool: string;
  readonly input: string;
  readonly decision: string;
  readonly byRule: boolean;
  readonly family: string;
}

interface Tally {
  rows: number;
  allowed: number;
  refused: number;
  stricter: number;
  looser: number;
  unloadable: number;
}

function rowOf(line: string): Row {
  const [settings = 'null', tool = '', input = '{}', decision = '', , , , , type = '', , group = ''] = line.split('\t');
  const byRule = type === 'rule' || type === 'subcommandResults';
  return { settings, tool, input, decision, byRule, family: FAMILIES.exec(group)?.[0] ?? '' };
}

type Permissions = { readonly [list: string]: unknown };

function permissionsOf({ settings }: Row): Permissions {
  return JSON.parse(settings)?.permissions ?? {};
}

/** The only rule of the settings, and whether it decided. */
function soleRule(row: Row): { readonly use: RuleUse; readonly rule: string; readonly hit: boolean } | undefined {
  const permissions = permissionsOf(row);
  const rules = LISTS.flatMap((use) => {
    const list = permissions[use];
    return Array.isArray(list) ? list.map((rule) => ({ use, rule: String(rule) })) : [];
  });
  const [only] = rules;
  if (only === undefined || rules.length > 1 || Array.isArray(permissions['ask'])) return undefined;
  const decided = only.use === 'allow' ? row.decision === 'allow' : row.decision.startsWith('deny');
  return { ...only, hit: decided && row.byRule };
}

/** Policies by the settings that they are made of; undefined where the reader refuses a rule that would never match. */
class Policies {
  readonly #known = new Map<string, Policy | undefined>();

  async of(row: Row): Promise<Policy | undefined> {
    if (!this.#known.has(row.settings)) this.#known.set(row.settings, await compile(permissionsOf(row)));
    return this.#known.get(row.settings);
  }
}

async function compile({ allow, ask, deny }: Permissions): Promise<Policy | undefined> {
  const document = { version: 1, agent: 'claude-code', tool: { allow: allow ?? [], ask: ask ?? [], deny: deny ?? [] } };
  try {
    const repository = await parsePolicy(JSON.stringify(document), 'settings');
    return await compilePolicy({ repository, workspaceRoot: WORKSPACE });
  } catch {
    return undefined;
  }
}

function allows(policy: Policy, { tool, input }: Row): boolean {
  const adapter = ADAPTERS.find(({ id }) => id === 'claude-code') ?? anyCommand;
  const call = { id: '1', name: tool, input: JSON.parse(input.replaceAll('@PROJ@', WORKSPACE)) };
  return adapter.actions(call, WORKSPACE).every((action) => policy.decide(action, INITIAL_STATE).verdict === 'allow');
}

async function compare(rows: readonly Row[], listed: (row: Row, kind: 'looser' | 'stricter') => void) {
  const policies = new Policies();
  const tallies = new Map<string, Tally>();
  for (const row of rows) {
    const tally = tallies.get(row.family) ?? {
      rows: 0,
      allowed: 0,
      refused: 0,
      stricter: 0,
      looser: 0,
      unloadable: 0,
    };
    tallies.set(row.family, tally);
    tally.rows++;
    const policy = await policies.of(row);
    const isAllowed = row.decision === 'allow';
    if (policy === undefined) tally.unloadable++;
    else if (allows(policy, row) === isAllowed) tally[isAllowed ? 'allowed' : 'refused']++;
    else {
      const kind = isAllowed ? 'stricter' : 'looser';
      tally[kind]++;
      listed(row, kind);
    }
  }
  return tallies;
}

function countDead(rows: readonly Row[]): number {
  const hits = rows.map(soleRule).filter((sole) => sole?.hit === true);
  const wrong = hits.filter((sole) => sole && analyseRule('claude-code', sole.rule, sole.use).dead);
  for (const sole of wrong) console.log(`called dead, but it decided: ${sole?.use} ${sole?.rule}`);
  console.log(`${hits.length - wrong.length} of ${hits.length} rules that decided are called alive`);
  return wrong.length;
}

async function predict(lines: readonly string[], listed: string | undefined): Promise<number> {
  const answer = await loadPredictor();
  const scores = scorePairs(lines.map(readPair), answer, (pair, version, predicted, wanted) => {
    const isListed = listed !== undefined && halfOf(pair) === 'tuning' && pair.group.startsWith(listed);
    if (isListed) console.log(version, `predicted ${predicted}, was ${wanted}:`, pair.settings, pair.mode, pair.input);
  });
  console.log('half       version   family    rows   right  share  unsafe');
  for (const [name, score] of [...scores].toSorted()) console.log(scoreLine(name, score));
  return [...scores.values()].some(({ unsafe }) => unsafe > 0) ? 1 : 0;
}

function scoreLine(name: string, { rows, right, unsafe }: Score): string {
  const [half = '', version = '', family = ''] = name.split('\t');
  const share = `${((100 * right) / rows).toFixed(1)} %`;
  const cells = [rows, right].map((cell) => String(cell).padStart(8)).join('');
  return `${half.padEnd(11)}${version.padEnd(10)}${family.padEnd(6)}${cells}${share.padStart(9)}${String(unsafe).padStart(6)}`;
}

async function main([file, flag, family]: readonly string[]): Promise<number> {
  if (file === undefined || file === '--help') {
    console.log(
      'usage: node test/outside/permission-pairs.ts FILE [--looser FAMILY | --stricter FAMILY | --predict [FAMILY]]',
    );
    return file === undefined ? 2 : 0;
  }
  const lines = readFileSync(file, 'utf8').trim().split('\n').slice(1);
  if (flag === '--predict') return await predict(lines, family);
  const rows = lines.map(rowOf);
  const about = rows.filter((row) => row.family !== '');
  const tallies = await compare(about, (row, kind) => {
    if (flag === `--${kind}` && row.family === family) console.log(row.settings, row.input, row.decision);
  });
  console.log('family  rows  both allow  both refuse  stricter  looser  rule refused at load');
  for (const [name, tally] of [...tallies].toSorted()) {
    const { rows: count, allowed, refused, stricter, looser, unloadable } = tally;
    const cells = [count, allowed, refused, stricter, looser, unloadable].map((cell) => String(cell).padStart(8));
    console.log(`${name.padEnd(6)}${cells.join('')}`);
  }
  return countDead(rows) > 0 ? 1 : 0;
}

process.exitCode = await main(process.argv.slice(2));
