import type { FindingDraft, Fix } from '../../../findings/index.ts';
import type { Step } from '../../../pipelines/index.ts';
import { scalarAt } from '../../../syntax/index.ts';
import type { Rule } from '../../rule.ts';
import { startsAgent } from '../agent-job.ts';
import { addToSection } from '../crd/section-edit.ts';
import { pushesWithCheckout } from '../pushing-tools.ts';
import { CHECKOUT, workflow } from './example-workflow.ts';
import { gitHubSteps, type StepScope, stepName, subjectOf } from './job-walk.ts';

/** CI021: what CRD006 says of agent jobs, for all others. */
export const leftCredentials: Rule = {
  id: 'CI021',
  name: 'checkout-keeps-credentials',
  title: "The checkout leaves the job's token on disk",
  what: 'A checkout in a job without an agent keeps its credentials for later steps.',
  why: 'Every later step and every program that it installs can read the token; an artefact or cache of the work tree takes it along.',
  sources: ['zizmor artipacked', 'Unit 42, "ArtiPACKED" (2024)', 'actions/checkout, input persist-credentials'],
  severity: 'low',
  confidence: 'medium',
  tier: 'pedantic',
  family: 'CI',
  fix: 'unsafe',
  advice: 'Set `persist-credentials: false`, and give the token to the one step that pushes.',
  tags: ['CWE-522', 'OWASP-CICD-SEC-6'],
  attack: workflow({ steps: '- uses: actions/checkout@v4\n- run: make' }),
  benign: workflow({ steps: `${CHECKOUT}\n- run: make` }),
  check: (facts) => gitHubSteps(facts).flatMap(kept),
};

function kept(scope: StepScope): readonly FindingDraft[] {
  const { step, job, facts, pipeline } = scope;
  if (step.uses === undefined || startsAgent(facts, pipeline, job)) return [];
  const effect = step.effects.find((each) => each.kind === 'checkout' && each.persistsCredentials);
  if (effect === undefined) return [];
  return [
    {
      rule: 'CI021',
      message: `${stepName(step)} leaves the token of the job where later steps can read it`,
      severity: 'low',
      confidence: 'medium',
      place: step.uses.place,
      subject: subjectOf(scope, 'checkout', String(step.index)),
      fixes: keepNothing(scope, step),
    },
  ];
}

function keepNothing({ pipeline, job }: StepScope, step: Step): readonly Fix[] {
  const { file } = pipeline;
  const written = scalarAt(step.node, 'with', 'persist-credentials');
  const edit =
    written === undefined
      ? addToSection(file, step.node, 'with', { key: 'persist-credentials', text: 'false' })
      : { file: file.path, span: written.span, text: 'false' };
  // A step that pushes with what the checkout left would fail.
  if (edit === undefined || pushesWithCheckout(job.steps)) return [];
  return [{ title: 'Leave no credentials behind', safety: 'unsafe', edits: [edit], creates: [] }];
}
