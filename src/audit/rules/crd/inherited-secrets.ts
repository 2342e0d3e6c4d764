import type { Facts } from '../../../facts/index.ts';
import type { FindingDraft, Fix, Severity } from '../../../findings/index.ts';
import type { Job, Pipeline, Reference } from '../../../pipelines/index.ts';
import { entriesOf, type Node, nodeAt, type Place } from '../../../syntax/index.ts';
import type { Rule } from '../../rule.ts';
import { isNamedAfterAgent } from '../agent-name.ts';
import { columnIndent } from '../line-removal.ts';
import { SOUND_WORKFLOW, withVariable, workflow } from './examples.ts';

const CALLER = `name: call
on:
  workflow_dispatch:
permissions:
  contents: read
jobs:
  review:
    uses: ./.github/workflows/review.yml
    secrets: inherit
`;

const CALLED = SOUND_WORKFLOW.replace(
  '  workflow_dispatch:\n',
  '  workflow_call:\n    secrets:\n      ANTHROPIC_API_KEY:\n        required: true\n',
);

const LISTED = `    secrets:\n      ANTHROPIC_API_KEY: \${{ secrets.ANTHROPIC_API_KEY }}\n`;

/** CRD009 */
export const inheritedSecrets: Rule = {
  id: 'CRD009',
  name: 'secrets-inherited-by-agent-workflow',
  title: 'A workflow with an agent gets every secret',
  what: '`secrets: inherit` at a call of a reusable workflow that runs an agent, here or elsewhere.',
  why: 'The called workflow needs the model key and gets all secrets of repository and organisation. A remote workflow that is not pinned can take them tomorrow without a change here.',
  sources: [
    'zizmor documentation, secrets-inherit',
    'Seen: an issue comment calls a foreign workflow at a branch with all secrets',
  ],
  severity: 'high',
  confidence: 'high',
  tier: 'regular',
  family: 'CRD',
  fix: 'safe',
  advice: 'List the secrets that the workflow uses under `secrets:`.',
  tags: ['CWE-522', 'CWE-1220', 'OWASP-CICD-SEC-6'],
  attack: [
    { file: '.github/workflows/call.yml', text: CALLER },
    { file: '.github/workflows/review.yml', text: CALLED },
  ],
  benign: [
    { file: '.github/workflows/call.yml', text: CALLER.replace('    secrets: inherit\n', () => LISTED) },
    { file: '.github/workflows/review.yml', text: CALLED },
  ],
  check: (facts) =>
    facts.pipelines.flatMap((pipeline) => pipeline.jobs.flatMap((job) => judgeCall(facts, pipeline, job))),
};

function judgeCall(facts: Facts, pipeline: Pipeline, job: Job): readonly FindingDraft[] {
  const { calls } = job;
  if (calls?.secrets.mode !== 'inherit') return [];
  const { reference, secrets } = calls;
  const called = reference.kind === 'local' ? localTarget(facts, reference) : undefined;
  const agent = facts.runs.find((run) => run.pipeline === called);
  const unseen = called === undefined && isNamedAfterAgent(reference);
  if (agent === undefined && !unseen) return [];
  const pinned = reference.kind === 'local' || reference.refKind === 'digest';
  const severity: Severity = pinned ? 'high' : 'critical';
  const title = reference.path === undefined ? reference.name : `${reference.name}/${reference.path}`;
  const fixes = called === undefined ? [] : listUsed(pipeline, called, secrets.place);
  return [
    {
      rule: 'CRD009',
      message: `Job ${job.id} hands every secret to ${title}${pinned ? '' : ', which its owner can change'}`,
      severity,
      confidence: agent === undefined ? 'medium' : 'high',
      place: secrets.place,
      subject: `${job.id} ${title}`,
      ...(agent === undefined
        ? {}
        : { related: [{ place: agent.invocation.place, message: `the agent: ${agent.invocation.spelled}` }] }),
      ...(fixes.length === 0 ? {} : { fixes }),
    },
  ];
}

function localTarget(facts: Facts, reference: Reference): Pipeline | undefined {
  const path = reference.name.replace(/^(?:\.?\/)+/, '');
  return facts.pipelines.find(({ file }) => file.path === path);
}

/** Possible where the called workflow declares what it uses: an undeclared secret cannot be handed over by name. */
function listUsed(caller: Pipeline, called: Pipeline, place: Place): readonly Fix[] {
  const names = [
    ...new Set([...called.file.text.matchAll(/\bsecrets\.([A-Za-z_][A-Za-z0-9_]*)/g)].map((match) => match[1] ?? '')),
  ];
  const used = names.filter((name) => name !== 'GITHUB_TOKEN');
  const declared = new Set(entriesOf(nodeAt(called.root, 'on', 'workflow_call', 'secrets')).map(({ key }) => key.text));
  if (used.length === 0 || !used.every((name) => declared.has(name))) return [];
  const written = caller.file.text.slice(place.span.start, place.span.end);
  const key = place.span.start - (written.startsWith('secrets') ? 0 : 'secrets: '.length);
  if (!/^(?:secrets: *)?inherit$/.test(written) || !caller.file.text.startsWith('secrets:', key)) return [];
  const indent = columnIndent(caller.file, key);
  const lines = used.map((name) => `\n${indent}  ${name}: \${{ secrets.${name} }}`).join('');
  const start = key + 'secrets:'.length;
  const edit = { file: caller.file.path, span: { start, end: place.span.end }, text: lines };
  return [{ title: `Hand over ${used.join(', ')} only`, safety: 'safe', edits: [edit], creates: [] }];
}

/** CRD020 */
export const wholeSecretMap: Rule = {
  id: 'CRD020',
  name: 'whole-secret-map-exposed',
  title: 'All secrets are put into one place at once',
  what: 'An expression takes the whole `secrets` context: `toJSON(secrets)`, the bare name as a value, or a secret chosen by a computed name.',
  why: 'The step needs one secret and gets every secret of repository, organisation and environment, also those added later; masking does not know the joined text.',
  sources: ['zizmor documentation, overprovisioned-secrets', 'Shai-Hulud, 2025: workflows that print toJSON(secrets)'],
  severity: 'high',
  confidence: 'high',
  tier: 'regular',
  family: 'CRD',
  fix: 'none',
  advice: 'Name each secret that is needed.',
  tags: ['CWE-522', 'CWE-200', 'OWASP-CICD-SEC-6'],
  attack: withVariable(`ALL: \${{ toJSON(secrets) }}`),
  benign: workflow(),
  check: (facts) =>
    facts.pipelines
      .filter(({ platform }) => platform === 'github' || platform === 'gh-aw')
      .flatMap((pipeline) => wholeMaps(pipeline.root).flatMap((found) => exposure(facts, pipeline, found))),
};

interface WholeMap {
  readonly start: number;
  readonly end: number;
  readonly source: string;
}

const OPENING = '${{';

/** Expressions that take the context itself, anywhere in the file. */
function wholeMaps(root: Node | undefined): readonly WholeMap[] {
  const found: WholeMap[] = [];
  const queue: Node[] = root === undefined ? [] : [root];
  for (let node = queue.pop(); node !== undefined; node = queue.pop()) {
    if (node.kind === 'map') for (const { value } of node.entries) queue.push(value);
    else if (node.kind === 'list') for (const item of node.items) queue.push(item);
    else {
      for (let open = node.text.indexOf(OPENING); open >= 0; ) {
        const close = node.text.indexOf('}}', open);
        if (close < 0) break;
        const source = node.text.slice(open + 3, close).trim();
        if (source.includes('secrets') && takesWhole(source))
          found.push({ start: node.offsetOf(open), end: node.offsetOf(close + 1) + 1, source });
        open = node.text.indexOf(OPENING, close);
      }
    }
  }
  return found.sort((one, other) => one.start - other.start);
}

/** `secrets` without a name behind it; `secrets['NAME']` names one, `secrets[format(…)]` does not. */
function takesWhole(source: string): boolean {
  const bare = source.replace(/'(?:[^']|'')*'/g, (text) => (text.length > 2 ? "'x'" : text));
  return [...bare.matchAll(/(?<![A-Za-z0-9_.-])secrets(?![A-Za-z0-9_-])\s*(\.\s*\*|\.|\['x'\]|\[)?/g)].some(
    ([, next]) => next === undefined || next === '[' || next.includes('*'),
  );
}

function exposure(facts: Facts, pipeline: Pipeline, { start, end, source }: WholeMap): readonly FindingDraft[] {
  const job = pipeline.jobs.find(({ body }) => body.span.start <= start && end <= body.span.end);
  const withAgent = facts.runs.some((run) => run.pipeline === pipeline && (job === undefined || run.job === job));
  const computed = /secrets\s*\[/.test(source);
  return [
    {
      rule: 'CRD020',
      message: computed
        ? 'A secret is chosen by a computed name, so the runner gets all of them'
        : `'${source}' exposes every secret at once`,
      severity: withAgent ? 'high' : computed ? 'low' : 'medium',
      confidence: 'high',
      place: { file: pipeline.file.path, span: { start, end } },
      related: job === undefined ? [] : [{ place: job.place, message: 'every step of this job runs beside them' }],
      subject: `${job?.id ?? 'file'} ${computed ? 'computed' : 'whole'} secrets`,
    },
  ];
}
