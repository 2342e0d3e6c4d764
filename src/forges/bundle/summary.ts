import { createRoom, sizeOf } from '../../text/index.ts';
import { inert } from '../markup/inert.ts';
import { summaryMarker } from '../markup/marker.ts';
import type { SummaryPost } from '../model.ts';
import type { PostingBundle, PostingFinding, PostingReason, PostingVerdict } from './model.ts';

const WORDS: Readonly<Record<PostingVerdict, string>> = {
  pass: 'pass',
  'needs-approval': 'needs approval',
  blocked: 'blocked',
  incomplete: 'incomplete',
};

/** For titles, and for the sentences about what was left out. */
const RESERVE = 600;
const MOST_EVIDENCE = 10;

/** The one comment about a change, no longer than `limit` bytes; what does not fit is counted. Reasons come first. */
export function renderSummary(bundle: PostingBundle, limit: number): SummaryPost {
  const { producer, verdict, statement, notes, change } = bundle;
  const marker = summaryMarker(producer.command);
  const head = [`## Sallyport ${producer.command}: ${WORDS[verdict]}`, inert(statement, 2000)];
  const between = change.baseCommit === undefined ? '' : ` against \`${change.baseCommit.slice(0, 12)}\``;
  const foot = [
    `Looked at \`${change.headCommit.slice(0, 12)}\`${between}, Sallyport ${inert(producer.version, 64)}.`,
    marker,
  ];
  const room = createRoom(limit - RESERVE - sizeOf([...head, ...foot]));
  const reasons = renderReasons(bundle.reasons).filter(room.takes);
  const said = notes.map((note) => `- ${inert(note)}`).filter(room.takes);
  const rows = bundle.findings.map(rowOf).filter(room.takes);
  const parts = [
    ...head,
    ...section('### Why', reasons),
    ...leftOut(bundle.reasons.length - reasons.length, 'reason stands', 'reasons stand'),
    ...(rows.length === 0 ? [] : ['### Findings', [...TABLE_HEAD, ...rows].join('\n')]),
    ...leftOut(bundle.findings.length - rows.length + bundle.omitted, 'finding stands', 'findings stand'),
    ...section('### Notes', said),
    ...leftOut(notes.length - said.length, 'note stands', 'notes stand'),
    ...foot,
  ];
  return { marker, markdown: parts.join('\n\n') };
}

/** The reasons of a gate's verdict as list items, each with its evidence and who can lift it. */
function renderReasons(reasons: readonly PostingReason[]): readonly string[] {
  return reasons.map(({ code, verdict, message, evidence, liftedBy }) => {
    const shown = evidence.slice(0, MOST_EVIDENCE).map((text) => `  - ${inert(text)}`);
    const left = evidence.length - shown.length;
    return [
      `- **${WORDS[verdict]}** (${inert(code, 40)}): ${inert(message)}`,
      ...shown,
      ...(left > 0 ? [`  - and ${left} more`] : []),
      `  - Lifted by: ${inert(liftedBy)}`,
    ].join('\n');
  });
}

const TABLE_HEAD = ['| severity | rule | where | what | what to do |', '| --- | --- | --- | --- | --- |'];

function rowOf({ severity, rule, path, startLine, message, advice }: PostingFinding): string {
  const where = startLine === undefined ? path : `${path}:${startLine}`;
  return `| ${severity} | ${inert(rule, 100)} | ${inert(where, 300)} | ${inert(message, 500)} | ${inert(advice, 300)} |`;
}

function leftOut(count: number, one: string, many: string): readonly string[] {
  return count === 0 ? [] : [`${count} more ${count === 1 ? one : many} in the report.`];
}

function section(title: string, items: readonly string[]): readonly string[] {
  return items.length === 0 ? [] : [title, items.join('\n')];
}
