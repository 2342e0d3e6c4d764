/**
 * Scores the patch verifier on the right and wrong fixes of Juice Shop's coding challenges, from a local checkout.
 * `--help` explains. Nothing of the shop is kept here.
 */
import { parseArgs } from 'node:util';
import { type Grammars, loadGrammars, lowerJavaScript, type Module } from '../../src/code/index.ts';
import {
  completeFinding,
  type Finding,
  type FindingDraft,
  type RuleDescriptor,
  SEVERITIES,
} from '../../src/findings/index.ts';
import {
  type Engine,
  type PatchJudgement,
  type PatchState,
  type ReadCode,
  verifyPatch,
} from '../../src/review/index.ts';
import { createLineIndex, loadReaders, type Place } from '../../src/syntax/index.ts';
import { analyseTree, ENGINE_LIMITS, loadCatalogue } from '../../src/taint/index.ts';
import { memoryTree } from '../support/memory-tree.ts';
import { type Challenge, readChallenges } from './juice-shop/challenges.ts';
import { comparedControls } from './juice-shop/controls.ts';
import { type Half, halfOf } from './peer-suites/halves.ts';

const HELP = `usage: node test/outside/juice-shop-fixes.ts --juice-shop DIR [--list] [--half tuning|held-out]

DIR is a checkout of juice-shop/juice-shop. Each coding challenge has one right fix and several wrong ones; each is put
in the place of the challenge's snippet and judged as a patch for the engine's finding of that weakness on a marked
line. Without one it is judged as a patch for a finding of somebody else that names the marked lines.
An accepted fix is \`verified\`; \`rejected\` and \`unverified\` are both not accepted.
--list names each fix of the tuning half. Challenges are split by the hash of their name; --half judges one half alone.
What all fixes of a challenge change alike is no part of any: the snippet is taken with it.`;

const { values } = parseArgs({
  options: {
    'juice-shop': { type: 'string' },
    list: { type: 'boolean', default: false },
    half: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

interface Row {
  readonly challenge: Challenge;
  readonly fix: string;
  readonly right: boolean;
  readonly seen: boolean;
  readonly judgement: PatchJudgement;
}

async function createEngine(grammars: Grammars): Promise<Engine> {
  const catalogue = await loadCatalogue(await loadReaders());
  const cache = new Map<string, Module>();
  return ({ trees, ...request }) =>
    Promise.all(
      trees.map((tree) =>
        analyseTree({ ...request, tree, catalogue, limits: ENGINE_LIMITS, clock: () => 0n }, grammars, cache),
      ),
    );
}

async function judgeChallenge(challenge: Challenge, engine: Engine, grammars: Grammars): Promise<readonly Row[]> {
  const tree = memoryTree(challenge.files);
  const readCode: ReadCode = (file) => (file.path.endsWith('.ts') ? lowerJavaScript(file, grammars) : undefined);
  const [result] = await engine({ trees: [tree], only: new Set([challenge.path]), threatModel: 'service' });
  const { findings = [], rules = [] } = result ?? {};
  const marked = findings.filter((draft) => isOn(draft, challenge) && isAbout(draft, challenge, rules));
  const gravest = Math.min(...marked.map(({ severity }) => SEVERITIES.indexOf(severity)));
  // A line may have smaller flaws besides the one of the challenge.
  const targets = marked
    .filter(({ severity }) => SEVERITIES.indexOf(severity) === gravest)
    .map((draft) => completeFinding({ ...draft, related: marksOf(challenge, draft.place) }));
  const foreign = foreignFinding(challenge);
  return await Promise.all(
    challenge.fixes.map(async ({ name, right, text }): Promise<Row> => {
      const files = [{ path: challenge.path, before: challenge.files[challenge.path] ?? '', after: text }];
      const judged = await Promise.all(
        (targets.length === 0 ? [foreign] : targets).map((target) =>
          verifyPatch({
            tree,
            files,
            target,
            engine,
            threatModel: 'service',
            compareControls: comparedControls,
            readCode,
          }),
        ),
      );
      return { challenge, fix: name, right, seen: targets.length > 0, judgement: worst(judged) };
    }),
  );
}

/** Who may do what is no question of what a text is made of. */
const ABOUT_ACCESS = new Set(['Broken Access Control', 'Broken Authentication', 'Broken Anti Automation']);
const OF_INJECTION = new Set(
  ['74', '77', '78', '79', '88', '89', '90', '94', '95', '601', '643', '943'].map((cwe) => `CWE-${cwe}`),
);

function isAbout({ rule }: FindingDraft, { category }: Challenge, rules: readonly RuleDescriptor[]): boolean {
  const tags = rules.find(({ id }) => id === rule)?.tags ?? [];
  return !ABOUT_ACCESS.has(category) || !tags.some((tag) => OF_INJECTION.has(tag));
}

/** The marked lines that a finding does not lie on. */
function marksOf(challenge: Challenge, place?: Place): NonNullable<FindingDraft['related']> {
  const index = createLineIndex(challenge.files[challenge.path] ?? '');
  const own = place?.file === challenge.path ? place.span : undefined;
  return challenge.lines
    .map((line) => ({ start: index.offset(line, 1), end: index.offset(line, Number.MAX_SAFE_INTEGER) }))
    .filter((span) => !own || own.start >= span.end || own.end <= span.start)
    .map((span) => ({ place: { file: challenge.path, span }, message: 'a marked line' }));
}

/** What a person or another scanner would say who saw the marked lines. */
function foreignFinding(challenge: Challenge): Finding {
  const [first, ...others] = marksOf(challenge);
  return completeFinding({
    // What anybody would call it who says that this kind is meant (cwe.mitre.org, 284: improper access control).
    rule: challenge.category === 'Broken Access Control' ? 'AI-CWE-284' : 'none',
    message: challenge.name,
    severity: 'high',
    confidence: 'high',
    place: first?.place ?? { file: challenge.path, span: { start: 0, end: 0 } },
    related: others,
    subject: challenge.name,
  });
}

function isOn(
  { place, flow }: Pick<Finding, 'place'> & { readonly flow?: Finding['flow'] },
  challenge: Challenge,
): boolean {
  const index = createLineIndex(challenge.files[challenge.path] ?? '');
  const places = [place, ...(flow ?? []).map((step) => step.place)].filter(({ file }) => file === challenge.path);
  return places.some(({ span }) =>
    challenge.lines.some((line) => {
      const first = index.position(span.start).line;
      const last = index.position(span.end).line;
      return line >= first - 1 && line <= last + 1;
    }),
  );
}

const ORDER: readonly PatchState[] = ['rejected', 'unverified', 'verified'];

function worst(judged: readonly PatchJudgement[]): PatchJudgement {
  const [first] = judged.toSorted((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state));
  return first ?? { state: 'unverified', checks: [] };
}

function count(rows: readonly Row[], right: boolean, state: PatchState): number {
  return rows.filter((row) => row.right === right && row.judgement.state === state).length;
}

function print(title: string, rows: readonly Row[]): void {
  const wrong = rows.filter(({ right }) => !right).length;
  const line = (right: boolean): string =>
    `${right ? 'right' : 'wrong'}: ${ORDER.map((state) => `${count(rows, right, state)} ${state}`).join(', ')}`;
  process.stdout.write(`${title} (${new Set(rows.map(({ challenge }) => challenge.name)).size} challenges)\n`);
  process.stdout.write(`  ${line(true)}\n  ${line(false)}\n`);
  const held = wrong - count(rows, false, 'verified');
  process.stdout.write(`  wrong ones not accepted: ${held} of ${wrong}\n`);
}

function list(rows: readonly Row[]): void {
  for (const { challenge, fix, right, seen, judgement } of rows) {
    const last = judgement.checks.findLast(({ outcome }) => outcome === 'failed' || outcome === 'open');
    const told = last ? `${last.check}: ${last.reason}` : '';
    process.stdout.write(
      `${(judgement.state === 'verified') === right ? ' ' : '!'} ${seen ? 'seen  ' : 'unseen'} ${right ? 'right' : 'wrong'} ${judgement.state.padEnd(10)} ${fix} (${challenge.path}) ${told.slice(0, 160)}\n`,
    );
  }
}

async function main(root: string): Promise<void> {
  const grammars = await loadGrammars(['javascript', 'typescript', 'tsx']);
  const engine = await createEngine(grammars);
  const rows: Row[] = [];
  for (const challenge of readChallenges(root).filter(({ name }) => !values.half || halfOf(name) === values.half))
    rows.push(...(await judgeChallenge(challenge, engine, grammars)));
  const ofHalf = (half: Half): readonly Row[] => rows.filter(({ challenge }) => halfOf(challenge.name) === half);
  if (values.list) list(ofHalf('tuning'));
  for (const half of (['tuning', 'held-out'] as const).filter((one) => !values.half || one === values.half)) {
    print(`${half}, all`, ofHalf(half));
    print(
      `${half}, where the engine sees the flaw`,
      ofHalf(half).filter(({ seen }) => seen),
    );
  }
}

if (values.help || values['juice-shop'] === undefined) process.stdout.write(`${HELP}\n`);
else await main(values['juice-shop']);
