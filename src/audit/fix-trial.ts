import { type AppliedFix, type Finding, type FixPlan, planFixes, SEVERITIES } from '../findings/index.ts';
import type { Readers } from '../syntax/index.ts';
import { type Audit, auditTree } from './audit.ts';
import { overlayTree } from './overlay-tree.ts';
import type { RuleContext } from './rule.ts';

/** Where fixes are tried: the audit that they mend, and what an audit needs. */
export interface Bench {
  readonly audit: Audit;
  readonly readers: Readers;
  readonly context: RuleContext;
  /** The troubles that count here; undefined where all do. */
  readonly sought?: ReadonlySet<string>;
}

/** A fix that must not be made, and why, as a sentence without an end mark. */
export interface Culprit extends AppliedFix {
  readonly why: string;
}

interface Trouble {
  readonly file: string;
  /** Tells one trouble of a file from another. */
  readonly key: string;
  readonly why: string;
}

/**
 * What a fix leaves of its finding when it did its work: the script is no longer open, yet the text is still an order
 * to the agent; the right program is named, and what is true of that program begins to count; the tree is the base's, and what was
 * not worth a word beside the head of the change is said.
 */
const REMAINS: Readonly<Record<string, readonly string[]>> = {
  CI001: ['INP003'],
  INP002: ['INP003'],
  INP009: ['INP003'],
  SUP004: ['SUP011'],
  SUP005: ['SUP003', 'SUP011'],
  JK005: ['LIF004'],
  EXE001: ['PATH01', 'EXE007'],
  NET002: ['NET003'],
};

/** The tree after a plan, audited. */
function auditAfter({ audit, readers, context }: Bench, plan: Pick<FixPlan, 'files'>): Audit {
  return auditTree(overlayTree(audit.facts.tree, plan.files), readers, context);
}

/** What became of a plan that was tried in memory. It holds when nothing is useless and nothing is worse. */
export interface Trial {
  readonly after: Audit;
  /** Fixes that leave their own finding as bad as it was. */
  readonly useless: readonly Culprit[];
  readonly troubles: readonly Trouble[];
}

export function tryPlan(bench: Bench, plan: FixPlan): Trial {
  const after = auditAfter(bench, plan);
  return {
    after,
    useless: withoutEffect(bench.audit, after, plan.applied),
    troubles: troublesOf(bench, after, plan),
  };
}

/** At least one fix that breaks a file, makes another finding or mends nothing; none where the plan holds. */
export function findCulprits(
  bench: Bench,
  plan: FixPlan,
  { useless, troubles }: Omit<Trial, 'after'>,
): readonly Culprit[] {
  return troubles.length === 0 ? useless : [...useless, ...culpritsOf(bench, plan, firstOfEachFile(troubles))];
}

/** The files in which a trial went wrong, with those that the same fixes change. */
export function filesInTrouble({ applied }: FixPlan, { useless, troubles }: Trial): ReadonlySet<string> {
  const files = new Set([...troubles.map(({ file }) => file), ...useless.map(({ finding }) => finding.place.file)]);
  return new Set([...files, ...applied.filter((one) => filesOf(one).some((file) => files.has(file))).flatMap(filesOf)]);
}

/** What is worse after the plan than before. */
function troublesOf({ audit: before, sought }: Bench, after: Audit, plan: FixPlan): readonly Trouble[] {
  const known = new Set(before.facts.gaps.map(gapKey));
  const gaps = after.facts.gaps
    .filter((gap) => !known.has(gapKey(gap)))
    .map((gap) => ({
      file: gap.place.file,
      key: gapKey(gap),
      why: `the file would not be read whole any more: ${gap.message}`,
    }));
  const findings = addedFindings(before, after, plan).map(({ rule, message, place, fingerprint }) => ({
    file: place.file,
    key: fingerprint,
    why: `it would make another finding: ${rule} ${message}`,
  }));
  return [...gaps, ...findings, ...lostAgents(before, after)].filter(
    ({ key }) => sought === undefined || sought.has(key),
  );
}

/** Agents that are no longer read, or no longer with what they are told: a fix that broke its command mends nothing. */
function lostAgents(before: Audit, after: Audit): readonly Trouble[] {
  const left = countAgents(after);
  return [...countAgents(before)].flatMap(([file, { runs, prompts }]) => {
    const now = left.get(file);
    if (now !== undefined && now.runs >= runs && now.prompts >= prompts) return [];
    return [{ file, key: `agents ${file}`, why: 'an agent would not be read any more as it is now' }];
  });
}

function countAgents({ facts }: Audit): ReadonlyMap<string, { readonly runs: number; readonly prompts: number }> {
  const counts = new Map<string, { readonly runs: number; readonly prompts: number }>();
  for (const { invocation } of facts.runs) {
    const known = counts.get(invocation.place.file) ?? { runs: 0, prompts: 0 };
    counts.set(invocation.place.file, {
      runs: known.runs + 1,
      prompts:
        known.prompts + invocation.prompts.filter(({ text, from }) => text !== '' || from.kind === 'file').length,
    });
  }
  return counts;
}

/** The first of each file: with its fix the others may go. */
function firstOfEachFile(troubles: readonly Trouble[]): readonly Trouble[] {
  return [...new Map(troubles.toReversed().map((trouble) => [trouble.file, trouble])).values()];
}

function addedFindings(before: Audit, after: Audit, { files, applied }: FixPlan): readonly Finding[] {
  const known = new Set(before.findings.map(({ fingerprint }) => fingerprint));
  const touched = new Set(files.map(({ path }) => path));
  const expected = new Set(
    applied.flatMap(({ finding }) => (REMAINS[finding.rule] ?? []).map((rule) => `${rule} ${finding.place.file}`)),
  );
  return after.findings.filter((finding) => {
    const { rule, place, fingerprint } = finding;
    if (known.has(fingerprint) || !touched.has(place.file) || rule.startsWith('META')) return false;
    if (expected.has(`${rule} ${place.file}`)) return false;
    return finding.flow.length === 0 || countPaths(after, finding) > countPaths(before, finding);
  });
}

/** A path of which one end was cut goes on to the next: it is another only where there are more, as severe. */
function countPaths({ findings }: Audit, { place, severity }: Finding): number {
  return findings.filter(
    (one) =>
      one.flow.length > 0 &&
      one.place.file === place.file &&
      SEVERITIES.indexOf(one.severity) <= SEVERITIES.indexOf(severity),
  ).length;
}

function gapKey({ kind, message, place }: Audit['facts']['gaps'][number]): string {
  return `${kind} ${place.file} ${message}`;
}

/** Fixes after which as many findings of the same name, as severe as before, are left. */
function withoutEffect(before: Audit, after: Audit, applied: readonly AppliedFix[]): readonly Culprit[] {
  const countBefore = countNames(before.findings);
  const countAfter = countNames(after.findings);
  const groups = Map.groupBy(applied, ({ finding }) => nameOf(finding));
  return [...groups].flatMap(([name, group]) => {
    const left = (countAfter.get(name) ?? 0) - Math.max(0, (countBefore.get(name) ?? 0) - group.length);
    return left <= 0 ? [] : group.slice(-left).map((one) => ({ ...one, why: 'the finding would stay' }));
  });
}

function countNames(findings: readonly Finding[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const finding of findings) {
    const name = nameOf(finding);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}

function nameOf({ rule, place, subject, severity }: Finding): string {
  return JSON.stringify([rule, place.file, subject, SEVERITIES.indexOf(severity)]);
}

/** A list of fixes of which the first `good` make no trouble and the first `bad` do. */
interface Search {
  readonly trouble: Trouble;
  readonly fixes: readonly AppliedFix[];
  good: number;
  bad: number;
}

/**
 * Finds by halving, in all troubled files at once, the fix with which the trouble begins: to blame the last one would
 * drop fixes that have no part in it.
 */
function culpritsOf(bench: Bench, plan: FixPlan, troubles: readonly Trouble[]): readonly Culprit[] {
  const searches = openSearches(plan, troubles);
  while (searches.some(({ good, bad }) => bad - good > 1)) {
    const kept = plan.applied.filter((one) => searches.every((search) => keeps(search, one)));
    const smaller = planOf(bench, kept);
    const files = new Set(
      smaller.files.length === 0 ? [] : troublesOf(bench, auditAfter(bench, smaller), smaller).map(({ file }) => file),
    );
    for (const search of searches) {
      if (files.has(search.trouble.file)) search.bad = middleOf(search);
      else search.good = middleOf(search);
    }
  }
  return searches.flatMap(({ trouble, fixes, bad }) => {
    const culprit = fixes[bad - 1];
    return culprit === undefined ? [] : [{ ...culprit, why: trouble.why }];
  });
}

/** By file where fixes touch the troubled file; else the first trouble, among all fixes. */
function openSearches(plan: FixPlan, troubles: readonly Trouble[]): readonly Search[] {
  const own = troubles.map((trouble) =>
    searchOf(
      trouble,
      plan.applied.filter((one) => touches(one, trouble.file)),
    ),
  );
  const [first] = troubles;
  const local = own.filter(({ fixes }) => fixes.length > 0);
  if (local.length > 0 || first === undefined) return local;
  return [searchOf(first, plan.applied)];
}

function searchOf(trouble: Trouble, fixes: readonly AppliedFix[]): Search {
  return { trouble, fixes, good: 0, bad: fixes.length };
}

function middleOf({ good, bad }: Search): number {
  return bad - good > 1 ? Math.floor((good + bad) / 2) : bad;
}

function keeps(search: Search, fix: AppliedFix): boolean {
  const at = search.fixes.indexOf(fix);
  return at < 0 || at < middleOf(search);
}

function touches(one: AppliedFix, file: string): boolean {
  return filesOf(one).includes(file);
}

function filesOf({ fix }: AppliedFix): readonly string[] {
  return [...fix.edits, ...fix.creates].map(({ file }) => file);
}

function planOf({ audit }: Bench, applied: readonly AppliedFix[]): FixPlan {
  const findings = applied.map(({ finding, fix }) => ({ ...finding, fixes: [fix] }));
  return planFixes({ findings, source: audit.facts.source }, { safety: 'unsafe' });
}
