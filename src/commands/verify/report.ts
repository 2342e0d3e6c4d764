import type { ChangeVerification, CommitVerdict } from '../../attest/index.ts';
import { renderJson } from '../../findings/index.ts';
import type { JsonObject } from '../../system/index.ts';
import { escapeTerminal } from '../../text/index.ts';
import type { BranchVerdict } from './branch.ts';

/** One ref that was looked at. */
export interface RefReport extends BranchVerdict {
  readonly ref: string;
  readonly from: string;
  readonly to: string;
}

/** Something that stands against the whole push: a deleted branch, evidence that was taken away. */
export interface Refusal {
  readonly ref: string;
  readonly reason: string;
}

/** 0 every commit is proven · 1 one is not · 3 evidence is missing that could prove it. */
export function exitCodeOf(reports: readonly RefReport[], refusals: readonly Refusal[]): 0 | 1 | 3 {
  const states = reports.flatMap(({ commits }) => commits.map(({ state }) => state));
  if (refusals.length > 0 || states.some((state) => state === 'failed' || state === 'missing')) return 1;
  return states.includes('incomplete') ? 3 : 0;
}

/** Text for people: what is not proven with its reasons, then the count. */
export function formatReports(reports: readonly RefReport[], refusals: readonly Refusal[]): string {
  const lines = reports.flatMap((report) => [
    `${report.ref} ${report.from.slice(0, 12)}..${report.to.slice(0, 12)}`,
    ...report.commits.flatMap(formatCommit),
    `  ${countOf(report.commits)}`,
    ...rewrittenOf(report.commits),
    ...(report.unjudged > 0
      ? [`  The policy was not applied again to ${report.unjudged} changes; their signed verdicts were taken.`]
      : []),
  ]);
  const refused = refusals.map(({ ref, reason }) => `${ref}: refused: ${reason}`);
  return `${[...lines, ...refused].map(escapeTerminal).join('\n')}\n`;
}

/** Proven commits of a long push are counted, not listed. */
const MOST_PROVEN = 20;

function formatCommit(verdict: CommitVerdict, index: number): readonly string[] {
  const { commit, state, landing, change, reasons } = verdict;
  if (state === 'verified' && index >= MOST_PROVEN) return [];
  const how = landing === undefined || change === undefined ? '' : ` ${landing} of ${change.slice(0, 12)}`;
  return [`  ${state.padEnd(10)} ${commit.slice(0, 12)}${how}`, ...reasons.map((reason) => `             ${reason}`)];
}

/** Files and tree are proven; who lands a change writes a new message, and names authors, after everybody looked. */
function rewrittenOf(commits: readonly CommitVerdict[]): readonly string[] {
  const rewritten = commits.filter(({ state, landing }) => state === 'verified' && isRewritten(landing));
  return rewritten.length === 0
    ? []
    : [
        `  ${rewritten.length} of them made at the landing: their content is proven, their messages and authors are not.`,
      ];
}

function isRewritten(landing: CommitVerdict['landing']): boolean {
  return landing !== undefined && landing !== 'direct';
}

function countOf(commits: readonly CommitVerdict[]): string {
  const counts = Map.groupBy(commits, ({ state }) => state);
  const parts = [...counts].map(([state, list]) => `${list.length} ${state}`);
  return `${commits.length} ${commits.length === 1 ? 'commit' : 'commits'}: ${parts.join(', ') || 'nothing to prove'}`;
}

/** The same for programs. */
export function renderReports(reports: readonly RefReport[], refusals: readonly Refusal[]): string {
  return renderJson({
    format: 'sallyport-verify/1',
    exitCode: exitCodeOf(reports, refusals),
    refs: reports.map(({ ref, from, to, commits, changes, unjudged }) => ({
      ref,
      from,
      to,
      unjudged,
      commits: commits.map(({ commit, state, landing, change, reasons }) => ({
        commit,
        state,
        landing: landing ?? null,
        messageProven: state === 'verified' && !isRewritten(landing),
        change: change ?? null,
        reasons,
      })),
      changes: changes.map(describeChange),
    })),
    refusals: refusals.map(({ ref, reason }) => ({ ref, reason })),
  });
}

function describeChange({
  head,
  verdict,
  reasons,
  proven,
  faults,
}: ChangeVerification & { readonly head: string }): JsonObject {
  return {
    head,
    verdict,
    reasons,
    statements: proven.statements.map(({ statement, signer }) => ({
      predicateType: statement.predicateType,
      signer: signer.id,
    })),
    approvals: proven.approvals.map(({ approver, decision }) => ({ approver, decision })),
    faults: faults.map(({ name, fault: { step, code, message } }) => ({ name, step, code, message })),
  };
}
