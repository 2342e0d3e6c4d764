/**
 * Scores the audit against the fixture suites of other scanners, each from a local checkout.
 * `--help` explains. The suites are test inputs only; nothing of them is kept here.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { assessCommand } from '../../src/agents/index.ts';
import { auditTree } from '../../src/audit/index.ts';
import { loadReaders, type Readers } from '../../src/syntax/index.ts';
import { memoryTree } from '../support/memory-tree.ts';
import { readAgentShield } from './peer-suites/agentshield.ts';
import { readAgnix } from './peer-suites/agnix.ts';
import { createAuditor } from './peer-suites/audited.ts';
import { readCcAudit } from './peer-suites/cc-audit.ts';
import { listFiles, readText } from './peer-suites/checkout.ts';
import { readCicdGoat } from './peer-suites/cicd-goat.ts';
import { type Half, halfOf } from './peer-suites/halves.ts';
import { counterpartOf } from './peer-suites/mapping.ts';
import { readPoutine } from './peer-suites/poutine.ts';
import { placeOf, type Row } from './peer-suites/row.ts';
import { countVerdicts, type Judged, judge, share } from './peer-suites/score.ts';
import { readSemgrep } from './peer-suites/semgrep.ts';
import { readSisakulint } from './peer-suites/sisakulint.ts';
import { readZizmor } from './peer-suites/zizmor.ts';

const HELP = `usage: node test/outside/score-peers.ts [--SUITE DIRECTORY]… [--misses] [--half tuning|held-out|both]

Each DIRECTORY is a checkout of the suite's repository:
  --zizmor        zizmorcore/zizmor
  --poutine       boostsecurityio/poutine
  --sisakulint    sisaku-security/sisakulint
  --semgrep       semgrep/semgrep-rules
  --agnix         agent-sh/agnix
  --agentshield   affaan-m/agentshield
  --cicd-goat     greylag-ci/cicd-goat
  --cc-audit      ryo-ebata/cc-audit (command lines)
  --actionlint    rhysd/actionlint (testdata/ok must parse)

Recall: rows that expect a finding and get one, in the same file and within two lines.
Noise: rows that expect silence and get a finding at medium or above.
Rows are split by the hash of the fixture's name; only the tuning half may be looked at when rules are improved.
--misses lists the rows that went wrong, of the tuning half unless --half says otherwise.`;

const SUITES: { readonly [suite: string]: (directory: string) => readonly Row[] | Promise<readonly Row[]> } = {
  zizmor: readZizmor,
  poutine: readPoutine,
  sisakulint: readSisakulint,
  semgrep: readSemgrep,
  agnix: readAgnix,
  agentshield: readAgentShield,
  'cicd-goat': readCicdGoat,
};

const HALVES: readonly Half[] = ['tuning', 'held-out'];

const directory = { type: 'string' } as const;
const { values } = parseArgs({
  options: {
    ...Object.fromEntries([...Object.keys(SUITES), 'cc-audit', 'actionlint'].map((name) => [name, directory])),
    help: { type: 'boolean', default: false },
    misses: { type: 'boolean', default: false },
    half: { type: 'string', default: 'tuning' },
  },
});

if (values.help) {
  console.log(HELP);
  process.exit(0);
}

const readers = await loadReaders();
const audit = createAuditor(readers);
for (const [suite, read] of Object.entries(SUITES)) {
  const checkout = given(suite);
  if (checkout === undefined) continue;
  const judged = (await read(checkout)).map((row) => judge(suite, row, audit(row)));
  print(suite, judged);
}
const commands = given('cc-audit');
if (commands !== undefined) print('cc-audit', judgeCommands(commands, readers));
const parsing = given('actionlint');
if (parsing !== undefined) reportParsing(parsing, readers);

function given(suite: string): string | undefined {
  const value = values[suite as keyof typeof values];
  return typeof value === 'string' ? value : undefined;
}

function print(suite: string, judged: readonly Judged[]): void {
  for (const half of HALVES) {
    const { recall, noise } = countVerdicts(judged, half);
    console.log(`${suite.padEnd(12)} ${half.padEnd(9)} recall ${recall.padEnd(16)} noise ${noise}`);
  }
  const out = judged.filter(({ verdict }) => verdict === 'left-out');
  console.log(
    `${suite.padEnd(12)} left out  ${out.length} rows of ${new Set(out.map(({ row }) => row.rule)).size} rules`,
  );
  for (const half of HALVES) {
    const disputed = out.filter((one) => one.half === half && one.by.startsWith('disagree')).length;
    if (disputed === 0) continue;
    const { recall, noise } = countVerdicts(judged, half, true);
    console.log(
      `${suite.padEnd(12)} ${half.padEnd(9)} with ${disputed} disputed rows as the suite has them: recall ${recall} noise ${noise}`,
    );
  }
  if (!values.misses) return;
  for (const { row, half, verdict, by } of judged) {
    if ((verdict !== 'miss' && verdict !== 'noise') || (values.half !== 'both' && half !== values.half)) continue;
    console.log(`  ${verdict.padEnd(5)} ${row.rule} ${row.fixture}:${row.line ?? ''} (${by})`);
  }
}

function judgeCommands(checkout: string, using: Readers): readonly Judged[] {
  return readCcAudit(checkout).map(({ rule, command, expected }): Judged => {
    const fixture = `${rule} ${command}`;
    const row: Row = { fixture, files: {}, file: undefined, line: undefined, rule, expected };
    const half = halfOf(fixture);
    const mapped = counterpartOf('cc-audit', rule);
    if (typeof mapped === 'string' && mapped !== 'out-of-scope: not mapped')
      return { row, half, verdict: 'left-out', by: mapped };
    const kinds = assessCommand(command, using).map(({ kind }) => kind);
    const verdicts = { finding: ['miss', 'hit'], silence: ['silent', 'noise'] } as const;
    // A line that one rule of the suite lets through can be what another of its rules reports: kinds may be named.
    const concerns = (kind: string) => typeof mapped === 'string' || mapped.includes(kind);
    // An installation is a fact for other rules to weigh, not a finding.
    const loud = expected === 'finding' ? kinds : kinds.filter((kind) => kind !== 'install' && concerns(kind));
    return { row, half, verdict: verdicts[expected][loud.length > 0 ? 1 : 0], by: kinds.join(' ') || 'nothing' };
  });
}

/** Everything that actionlint accepts must be read without a fault. */
function reportParsing(checkout: string, using: Readers): void {
  const root = join(checkout, 'testdata/ok');
  const names = listFiles(root).filter((name) => /\.ya?ml$/.test(name));
  const faults = names.filter((name) => {
    const file = placeOf(name);
    const { findings } = auditTree(memoryTree({ [file]: readText(root, name) }), using, { today: '2026-11-21' });
    return findings.some(({ rule }) => rule === 'META03' || rule === 'META09');
  });
  console.log(`${'actionlint'.padEnd(12)} ok        read ${share(names.length - faults.length, names.length)}`);
  for (const name of values.misses ? faults : []) console.log(`  fault ${name}`);
}
