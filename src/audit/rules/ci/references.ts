import type { FindingDraft } from '../../../findings/index.ts';
import type { Pipeline, Reference } from '../../../pipelines/index.ts';
import { scalarAt } from '../../../syntax/index.ts';
import type { Rule } from '../../rule.ts';
import { startsAgent } from '../agent-job.ts';
import { keyOf, supplyPlaces } from '../sup/mutable-reference.ts';
import { workflow } from './example-workflow.ts';
import { gitHubJobs, gitHubPipelines, gitHubSteps, hygiene, type JobScope, subjectOf } from './job-walk.ts';

function spell({ name, path, ref }: Reference): string {
  return `${path === undefined ? name : `${name}/${path}`}${ref === undefined ? '' : `@${ref}`}`;
}

/** CI002: code of others that can change under the same name. */
export const unpinnedUses: Rule = {
  id: 'CI002',
  name: 'unpinned-uses',
  title: 'An action or reusable workflow is not pinned to a commit',
  what: '`uses:` names a branch, a tag or nothing.',
  why: 'Whoever can move the tag or push to the branch runs code in this job; in March 2025 one moved tag leaked the secrets of thousands of repositories (CVE-2025-30066).',
  sources: ['CVE-2025-30066', 'zizmor unpinned-uses', 'GitHub documentation, "Using third-party actions"'],
  severity: 'low',
  confidence: 'high',
  tier: 'pedantic',
  family: 'CI',
  fix: 'none',
  advice: 'Name the full commit and keep the version in a comment; a dependency bot updates both.',
  tags: ['CWE-829', 'OWASP-CICD-SEC-3'],
  attack: workflow({ steps: '- uses: acme/format@v2' }),
  benign: workflow({ steps: '- uses: acme/format@5a1d9b9f0c3e4c2f9a6e1b0d7c8f2a3b4c5d6e7f # v2.1.0' }),
  check: (facts) => [
    ...gitHubSteps(facts).flatMap((scope) => unpinned(scope, scope.step.uses)),
    ...gitHubJobs(facts).flatMap((scope) => unpinned(scope, scope.job.calls?.reference)),
  ],
};

function unpinned(scope: JobScope, reference: Reference | undefined): readonly FindingDraft[] {
  if (reference === undefined || reference.kind !== 'repository' || reference.refKind === 'digest') return [];
  if (reference.name.startsWith('$')) return [];
  // Agents and what runs beside them or a model key have rules of their own: SUP001, SUP002, SUP012, SUP015.
  if (supplyPlaces(scope.facts).has(keyOf(reference.place))) return [];
  const what = reference.refKind === 'none' ? 'no version' : `${reference.refKind} ${reference.ref ?? ''}`.trim();
  return [
    {
      rule: 'CI002',
      message: `${reference.name} is used by ${what}, not by a commit`,
      severity: hygiene(scope, 'medium'),
      confidence: 'high',
      place: reference.place,
      subject: subjectOf(scope, spell(reference)),
    },
  ];
}

/** CI016: images that can change under the same tag. */
export const unpinnedImages: Rule = {
  id: 'CI016',
  name: 'unpinned-images',
  title: 'A container image is not pinned to a digest',
  what: 'The image of a job, of a service or of a `docker://` step is named by a tag or by nothing.',
  why: 'Whoever can push the tag runs code in this job, with its workspace and its secrets.',
  sources: ['zizmor unpinned-images', 'OCI distribution specification, "Pulling manifests"'],
  severity: 'low',
  confidence: 'high',
  tier: 'pedantic',
  family: 'CI',
  fix: 'none',
  advice: 'Name the digest behind the tag: `image:tag@sha256:…`.',
  tags: ['CWE-829', 'OWASP-CICD-SEC-3'],
  attack: workflow({ job: 'container: node:latest', steps: '- run: node --version' }),
  benign: workflow({ job: `container: node:24@sha256:${'5'.repeat(64)}`, steps: '- run: node --version' }),
  check: (facts) => [
    ...gitHubPipelines(facts).flatMap(actionImage),
    ...gitHubJobs(facts).flatMap((scope) => {
      const containers = [...(scope.job.container === undefined ? [] : [scope.job.container]), ...scope.job.services];
      const images = [
        ...containers.flatMap(({ image }) => image ?? []),
        ...scope.job.steps.flatMap(({ uses }) => uses ?? []),
      ];
      return images.filter((image) => image.kind === 'image').flatMap((image) => unpinnedImage(scope, image));
    }),
  ],
};

/** `runs.image` of a container action. */
function actionImage({ file, root }: Pipeline): readonly FindingDraft[] {
  const image = scalarAt(root, 'runs', 'image');
  if (!image?.text.startsWith('docker://') || image.text.includes('@sha256:')) return [];
  return [
    {
      rule: 'CI016',
      message: `This action runs ${image.text}, which names no digest`,
      severity: 'low',
      confidence: 'high',
      place: { file: file.path, span: image.span },
      subject: `${file.path} ${image.text}`,
    },
  ];
}

function unpinnedImage(scope: JobScope, image: Reference): readonly FindingDraft[] {
  const computed = image.refKind === 'expression';
  if (image.refKind === 'digest' || (computed && image.name.includes('@sha256:'))) return [];
  // Around an agent this is SUP008.
  if (!computed && startsAgent(scope.facts, scope.pipeline, scope.job)) return [];
  return [
    {
      rule: 'CI016',
      message: computed
        ? `Whether image ${image.name} has a digest is known only when it runs`
        : `Image ${image.name} is named by ${image.ref === undefined ? 'no tag' : `tag ${image.ref}`}, not by a digest`,
      severity: computed ? 'low' : hygiene(scope, 'medium'),
      confidence: computed ? 'low' : 'high',
      place: image.place,
      subject: subjectOf(scope, image.name),
    },
  ];
}

/** CI012: every secret of the caller for a workflow that needs a few. */
export const secretsInherit: Rule = {
  id: 'CI012',
  name: 'secrets-inherit',
  title: 'A called workflow receives every secret',
  what: 'A job calls a reusable workflow with `secrets: inherit`.',
  why: 'The called workflow, and whoever can change it, gets all secrets of the repository and of the organisation that the caller can read.',
  sources: ['zizmor secrets-inherit', 'GitHub documentation, "Reusing workflows"'],
  severity: 'low',
  confidence: 'high',
  tier: 'pedantic',
  family: 'CI',
  fix: 'safe',
  advice: 'List the secrets that the called workflow uses.',
  tags: ['CWE-200', 'CWE-272', 'OWASP-CICD-SEC-6'],
  attack: [
    {
      file: '.github/workflows/work.yml',
      text: 'on: push\npermissions: {}\njobs:\n  call:\n    uses: acme/ci/.github/workflows/build.yml@v1\n    secrets: inherit\n',
    },
  ],
  benign: [
    {
      file: '.github/workflows/work.yml',
      text: `on: push\npermissions: {}\njobs:\n  call:\n    uses: acme/ci/.github/workflows/build.yml@v1\n    secrets:\n      npm-token: \${{ secrets.NPM_TOKEN }}\n`,
    },
  ],
  check: (facts) => gitHubJobs(facts).flatMap(inherited),
};

function inherited(scope: JobScope): readonly FindingDraft[] {
  const { calls } = scope.job;
  if (calls === undefined || calls.secrets.mode !== 'inherit') return [];
  const remote = calls.reference.kind !== 'local';
  const { place } = calls.secrets;
  const fix = listSecrets(scope, calls.reference, place);
  return [
    {
      rule: 'CI012',
      message: `${calls.reference.name} receives every secret that this workflow can read`,
      severity: remote && calls.reference.refKind !== 'digest' ? 'medium' : hygiene(scope, 'medium'),
      confidence: 'high',
      place,
      subject: subjectOf(scope, calls.reference.name),
      ...(fix === undefined ? {} : { fixes: [fix] }),
    },
  ];
}

const SECRET = /(?<![\w.-])secrets\.([A-Za-z_]\w*)/g;

/** Replace `secrets: inherit` by the secrets that the called workflow of this repository names. */
function listSecrets(scope: JobScope, reference: Reference, place: FindingDraft['place']) {
  const called = scope.facts.pipelines.find(({ file }) => `./${file.path}` === reference.name);
  if (called === undefined || /\$\{\{[^}]*(?:secrets\s*\[|toJSON\(\s*secrets)/i.test(called.file.text))
    return undefined;
  const names = new Set([...called.file.text.matchAll(SECRET)].map((match) => match[1] ?? ''));
  names.delete('GITHUB_TOKEN');
  const source = scope.pipeline.file.text;
  const column = place.span.start - (source.lastIndexOf('\n', place.span.start - 1) + 1);
  const margin = `\n${' '.repeat(column + 2)}`;
  const lines = [...names].map((name) => `${margin}${name}: \${{ secrets.${name} }}`).join('');
  // The called workflow must declare what it is given by name.
  const declared = [...names].every((name) => new RegExp(`^\\s+${name}:`, 'm').test(called.file.text));
  if (names.size === 0 || !declared) return undefined;
  const edit = { file: place.file, span: place.span, text: `secrets:${lines}` };
  return { title: 'List the secrets that are used', safety: 'safe' as const, edits: [edit], creates: [] };
}
