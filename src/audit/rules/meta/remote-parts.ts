import type { FindingDraft } from '../../../findings/index.ts';
import type { Located, Pipeline, Reference } from '../../../pipelines/index.ts';
import type { Rule } from '../../rule.ts';

/** META02: what a pipeline pulls in from elsewhere cannot be read offline. Actions are known by their table; these are not. */
export const remoteParts: Rule = {
  id: 'META02',
  name: 'not-resolvable-offline',
  title: 'A part that lives elsewhere was not read',
  what: 'A remote reusable workflow, template, included file or shared library that the pipeline uses is not in the repository.',
  why: 'An audit sees only what is here. An agent, a secret or an untrusted checkout inside the remote part stays unseen.',
  sources: ['docs/threat-model.md'],
  severity: 'info',
  confidence: 'high',
  tier: 'regular',
  family: 'META',
  fix: 'none',
  advice: 'Audit the repository that holds the part, or vendor it.',
  tags: ['CWE-1059'],
  attack: [
    {
      file: '.github/workflows/call.yml',
      text: `on: push
jobs:
  review:
    uses: acme/pipelines/.github/workflows/review.yml@main
`,
    },
  ],
  benign: [
    {
      file: '.github/workflows/call.yml',
      text: `on: push
jobs:
  review:
    uses: ./.github/workflows/review.yml
`,
    },
    {
      file: '.github/workflows/review.yml',
      text: 'on: workflow_call\njobs:\n  review:\n    runs-on: ubuntu-latest\n    steps:\n      - run: echo ok\n',
    },
  ],
  check: (facts) =>
    facts.pipelines.flatMap((pipeline) =>
      remoteReferences(pipeline).map(
        ({ value, place }) =>
          ({
            rule: 'META02',
            message: `${value} was not read: it is not in this repository`,
            severity: 'info',
            confidence: 'high',
            place,
            subject: value,
          }) satisfies FindingDraft,
      ),
    ),
};

function remoteReferences(pipeline: Pipeline): readonly Located<string>[] {
  const references = [...pipeline.includes, ...pipeline.jobs.flatMap(({ calls }) => (calls ? [calls.reference] : []))];
  return references
    .filter(({ kind }) => kind === 'repository' || kind === 'url')
    .map((reference) => ({ value: nameOf(reference), place: reference.place }));
}

function nameOf({ name, path, ref }: Reference): string {
  return `${path === undefined ? name : `${name}/${path}`}${ref === undefined ? '' : `@${ref}`}`;
}
