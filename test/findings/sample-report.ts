import {
  completeFindings,
  type Finding,
  type FindingDraft,
  type Report,
  type RuleDescriptor,
} from '../../src/findings/index.ts';
import { memoryTree } from '../support/memory-tree.ts';

export const WORKFLOW = `on: issues
jobs:
  triage:
    runs-on: ubuntu-latest
    steps:
      - uses: acme/agent@v1
        with:
          prompt: \${{ github.event.issue.body }}
`;

export const FILES = { '.github/workflows/agent.yml': WORKFLOW, 'README.md': 'No end mark' };

/** The place of a piece of a file's text. */
export function placeOf(file: string, piece: string, text: string = FILES['.github/workflows/agent.yml']) {
  const start = text.indexOf(piece);
  return { file, span: { start, end: start + piece.length } };
}

const FILE = '.github/workflows/agent.yml';
const PROMPT = `\${{ github.event.issue.body }}`;

export function ruleNamed(id: string, change: Partial<RuleDescriptor> = {}): RuleDescriptor {
  return {
    id,
    name: `rule-${id.toLowerCase()}`,
    title: `Title of ${id}`,
    what: `What ${id} matches`,
    why: 'Somebody can do something',
    sources: ['A specification'],
    severity: 'medium',
    confidence: 'high',
    tier: 'regular',
    family: id.replace(/\d+/, ''),
    fix: 'safe',
    advice: 'Pin the action',
    tags: ['CWE-94'],
    attack: [],
    benign: [],
    ...change,
  };
}

export function draftOf(change: Partial<FindingDraft> = {}): FindingDraft {
  return {
    rule: 'SUP001',
    message: 'The action is not pinned',
    severity: 'medium',
    confidence: 'high',
    place: placeOf(FILE, 'acme/agent@v1'),
    subject: 'job triage, step 1',
    ...change,
  };
}

export const PATH: FindingDraft = draftOf({
  rule: 'PATH001',
  message: 'Anybody who opens an issue decides what the agent does',
  detail: 'The gate is open.\nNothing else stands in the way.',
  severity: 'critical',
  place: placeOf(FILE, PROMPT),
  subject: 'job triage',
  flow: [
    { place: placeOf(FILE, 'issues'), message: 'anybody opens an issue', role: 'trigger' },
    { place: placeOf(FILE, PROMPT), message: 'its text is the prompt', role: 'source' },
    { place: placeOf(FILE, 'acme/agent@v1'), message: 'the agent obeys it', role: 'sink' },
  ],
  cut: 'give the job no token',
  related: [{ place: placeOf(FILE, 'triage'), message: 'the job' }],
  fixes: [
    {
      title: 'Pin it',
      safety: 'safe',
      edits: [{ file: FILE, span: placeOf(FILE, '@v1').span, text: '@0123456789012345678901234567890123456789' }],
      creates: [],
    },
  ],
});

export function reportOf(
  drafts: readonly FindingDraft[],
  change: Partial<Report> = {},
  files: { readonly [path: string]: string } = FILES,
): Report {
  const tree = memoryTree(files);
  return {
    command: 'audit',
    version: '0.1.0',
    findings: completeFindings(drafts),
    rules: [ruleNamed('PATH001', { severity: 'high' }), ruleNamed('SUP001'), ruleNamed('CRD001')],
    gaps: [],
    filesRead: 2,
    source: (path) => {
      const found = tree.read(path);
      return found !== undefined && 'text' in found ? found : undefined;
    },
    ...change,
  };
}

export function suppress(finding: Finding): Finding {
  return { ...finding, suppression: { by: 'policy', reason: 'accepted', until: undefined, place: undefined } };
}

/** What an attacker writes into names, paths and texts. */
export const HOSTILE = [
  '\u001b]0;title\u0007\u001b[2J\u009b31m',
  '\n::error::forged\r\n##[error]forged\n##vso[task.setvariable variable=x]y',
  '</script><script>alert(1)</script>',
  '`code` ``` fence | cell | <!-- x --> @somebody #1 [text](https://example.test) ![i](https://example.test/i)',
  '\u202egnirts\u2066 \u200b \ud800',
  ']]> & " \' \\ {0} %0A',
].join(' ');

/** A report in which every text from outside is hostile. */
export function hostileReport(): Report {
  const file = `dir/${HOSTILE.replaceAll('/', '_')}.yml`;
  const text = `first line\n${HOSTILE}\nlast: ${HOSTILE}\n`;
  const place = { file, span: { start: 11, end: 60 } };
  const finding = draftOf({
    rule: 'PATH001',
    message: HOSTILE,
    detail: HOSTILE,
    cut: HOSTILE,
    severity: 'critical',
    subject: HOSTILE,
    place,
    related: [{ place, message: HOSTILE }],
    flow: [
      { place, message: HOSTILE, role: 'source' },
      { place, message: HOSTILE, role: 'sink' },
    ],
    fixes: [
      { title: HOSTILE, safety: 'safe', edits: [{ file, span: { start: 0, end: 5 }, text: HOSTILE }], creates: [] },
    ],
  });
  const { flow: _flow, ...plain } = finding;
  const report = reportOf(
    [finding, { ...plain, rule: 'SUP001', severity: 'medium' }, { ...plain, rule: 'CRD001', severity: 'low' }],
    { gaps: [{ kind: 'syntax', message: HOSTILE, place }] },
    { [file]: text },
  );
  const [first, second, third] = report.findings;
  if (!first || !second || !third) throw new Error('three findings expected');
  const accepted: Finding = {
    ...third,
    suppression: { by: 'comment', reason: HOSTILE, until: '2026-01-01', place },
  };
  return { ...report, findings: [first, second, accepted] };
}
