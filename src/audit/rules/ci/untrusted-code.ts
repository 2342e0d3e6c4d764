import type { FindingDraft, Severity } from '../../../findings/index.ts';
import type { Effect, Pipeline, Step } from '../../../pipelines/index.ts';
import type { Place } from '../../../syntax/index.ts';
import type { Rule } from '../../rule.ts';
import { stepsMeeting } from './checkout-folder.ts';
import { workflow } from './example-workflow.ts';
import { eventKeptOut, gitHubJobs, gitHubPipelines, type JobScope, reachOf, stepName, subjectOf } from './job-walk.ts';

const DANGEROUS: ReadonlySet<string> = new Set(['pull_request_target', 'workflow_run']);

/** CI004: triggers that bring an outsider's content together with the repository's rights. */
export const dangerousTriggers: Rule = {
  id: 'CI004',
  name: 'dangerous-triggers',
  title: 'The trigger runs with secrets on what an outsider brings',
  what: 'A workflow starts on `pull_request_target`, or on `workflow_run` of a workflow that a pull request can start. It weighs more where the content of the pull request or an artifact of the other run lands on disk.',
  why: 'Such a run has the secrets and the write token of the repository. One step that touches the content of the pull request gives them away.',
  sources: ['GitHub Security Lab, "Preventing pwn requests"', 'zizmor dangerous-triggers'],
  severity: 'medium',
  confidence: 'medium',
  tier: 'regular',
  family: 'CI',
  fix: 'none',
  advice: 'Use `pull_request`, and hand its result to a second workflow as data.',
  tags: ['CWE-829', 'OWASP-CICD-SEC-4'],
  attack: workflow({
    on: 'pull_request_target',
    steps: `- uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683
  with:
    ref: \${{ github.event.pull_request.head.sha }}
- run: ./label.sh`,
  }),
  benign: workflow({ on: 'pull_request', steps: '- run: ./label.sh' }),
  check: (facts) =>
    gitHubPipelines(facts).flatMap((pipeline) => {
      if (facts.runs.some((run) => run.pipeline === pipeline)) return [];
      const scopes = pipeline.jobs.map((job) => ({ facts, pipeline, job, agent: false }));
      const open = scopes.some((scope) => reachOf(scope) === 'open');
      return pipeline.triggers
        .filter(({ event, untrusted }) => untrusted && DANGEROUS.has(event))
        .map(
          ({ event, place }): FindingDraft => ({
            rule: 'CI004',
            message: `${event} gives this workflow secrets and rights while an outsider decides what it meets`,
            severity: open && !isPowerless(pipeline) && pipeline.jobs.some(bringsForeign) ? 'medium' : 'low',
            confidence: 'medium',
            place,
            related: pipeline.jobs.flatMap(foreignSteps).map((step) => ({
              place: step.uses?.place ?? step.place,
              message: 'brings what an outsider wrote onto the disk',
            })),
            subject: `${pipeline.file.path} ${event}`,
          }),
        );
    }),
};

/** The token may only read, and no other secret is named: there is little to give away. */
function isPowerless({ jobs, file }: Pipeline): boolean {
  const readOnly = jobs.every(
    ({ permissions }) =>
      permissions?.mode === 'read-all' ||
      permissions?.mode === 'none' ||
      (permissions?.mode === 'map' && permissions.scopes.every(({ access }) => access !== 'write')),
  );
  return readOnly && !/\bsecrets\s*[.[:]/.test(file.text);
}

/** Something of the outsider lands on disk. Texts of the event are CI001's to judge, and without either the trigger is used as it is meant. */
function bringsForeign(job: Pipeline['jobs'][number]): boolean {
  return job.calls !== undefined || foreignSteps(job).length > 0;
}

function foreignSteps({ steps }: Pipeline['jobs'][number]): readonly Step[] {
  return steps.filter(({ effects }) =>
    effects.some(
      (effect) =>
        isForeign(effect) ||
        mayBeForeign(effect) ||
        (effect.kind === 'artifact-download' && effect.otherRun) ||
        (effect.kind === 'clone' && !effect.pinned),
    ),
  );
}

/** Where only the name of an output says that it is the head of a pull request. */
const LOWERED = { open: 'high', gated: 'medium', called: 'low', fork: 'low', inside: 'low' } as const;

const SEVERITY = { open: 'critical', gated: 'high', called: 'medium', fork: 'low', inside: 'low' } as const;

/** A review of a fork's pull request runs without secrets, and the head of any other is a member's. */
const REVIEWS: ReadonlySet<string> = new Set(['pull_request_review', 'pull_request_review_comment']);

type Checkout = Extract<Effect, { readonly kind: 'checkout' }>;

/** CI005: code of a pull request is built with the repository's rights. */
export const untrustedCheckout: Rule = {
  id: 'CI005',
  name: 'untrusted-checkout',
  title: 'Code of a pull request runs with the rights of the repository',
  what: 'A privileged job checks out the head of a pull request and then builds, installs, tests or runs something of that tree.',
  why: 'Package scripts, makefiles, test files and local actions are programs of the person who opened the pull request. They run with the secrets and the write token of the job.',
  sources: ['GitHub Security Lab, "Preventing pwn requests"', 'poutine untrusted_checkout_exec', 'CVE-2021-32724'],
  severity: 'critical',
  confidence: 'high',
  tier: 'regular',
  family: 'CI',
  fix: 'none',
  advice: 'Build in a `pull_request` workflow without secrets, and pass on its result as data.',
  tags: ['CWE-829', 'OWASP-CICD-SEC-4'],
  attack: workflow({
    on: 'pull_request_target',
    steps: `- uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683
  with:
    ref: \${{ github.event.pull_request.head.sha }}
- run: npm ci && npm test`,
  }),
  benign: workflow({
    on: 'pull_request_target',
    steps: `- uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683
- run: npm ci && npm test`,
  }),
  check: (facts) => gitHubJobs(facts).flatMap(untrustedBuild),
};

function untrustedBuild(scope: JobScope): readonly FindingDraft[] {
  const { job } = scope;
  const at = job.steps.findIndex(({ effects }) => effects.some((effect) => isForeign(effect) || mayBeForeign(effect)));
  const checkout = job.steps[at];
  if (checkout === undefined) return [];
  const reach = reachOf(scope, checkout, REVIEWS);
  const keptOut = reach === 'inside' ? eventKeptOut(scope, checkout, REVIEWS) : undefined;
  if (reach === 'fork' || (reach === 'inside' && keptOut === undefined)) return [];
  const { foreign, own } = checkoutsOf(job);
  const [runs, ...others] = stepsMeeting(job.steps.slice(at), foreign, own).filter((step) =>
    runsTree(step, step === checkout),
  );
  if (runs === undefined) return [];
  const certain = checkout.effects.some(isForeign);
  const seen = certain && reach === 'gated' && isApprovedCommit(scope, checkout);
  const severity: Severity = seen ? 'low' : certain ? SEVERITY[reach] : LOWERED[reach];
  return [
    {
      rule: 'CI005',
      message: `Step ${stepName(runs)} runs code ${certain ? 'of the pull request' : 'that may be of a pull request and'} that ${stepName(checkout)} checked out${keptOut === undefined ? '' : `, as soon as the condition lets ${keptOut} in`}`,
      severity,
      confidence: certain && keptOut === undefined ? 'high' : 'low',
      place: placeOf(runs),
      related: [
        {
          place: checkout.uses?.place ?? checkout.place,
          message: certain ? 'the head of the pull request is checked out here' : 'it is checked out here',
        },
        ...others.map((step) => ({ place: placeOf(step), message: `${stepName(step)} runs its code too` })),
      ],
      subject: subjectOf(scope, stepName(runs)),
    },
  ];
}

/** What this job checks out: of a pull request, perhaps or certainly, and of the repository itself. */
function checkoutsOf({ steps }: JobScope['job']): Readonly<Record<'foreign' | 'own', readonly Checkout[]>> {
  const all = steps.flatMap(({ effects }) => effects);
  const foreign = all.filter((effect): effect is Checkout & Effect => isForeign(effect) || mayBeForeign(effect));
  const own = all.filter((effect): effect is Checkout & Effect => effect.kind === 'checkout' && effect.tree === 'base');
  return { foreign, own };
}

/**
 * A member put a label on, and just the commit that stood there then is checked out: GitHub's documented way. A label
 * that stays for later commits, or a branch by name, is none of it.
 */
function isApprovedCommit({ pipeline, job }: JobScope, checkout: Step): boolean {
  const refs = checkout.effects.filter(isForeign).flatMap(({ ref }) => ref?.interpolations ?? []);
  if (refs.length !== 1 || refs[0]?.source !== 'github.event.pull_request.head.sha') return false;
  const open = pipeline.triggers.filter(({ untrusted, privileged }) => untrusted && privileged);
  const asked = [job.condition, checkout.condition].some((condition) =>
    /github\.event\.label\.name\s*==|github\.event\.action\s*==\s*'labeled'/.test(condition?.text.text ?? ''),
  );
  return open.every(
    ({ event, types }) => event === 'pull_request_target' && (asked || (types.every(isLabelling) && types.length > 0)),
  );
}

function isLabelling({ value }: { readonly value: string }): boolean {
  return value === 'labeled';
}

function placeOf(step: Step): Place {
  return step.run?.text.place ?? step.uses?.place ?? step.place;
}

/** Whether a checkout puts the head of a pull request on disk. Only a ref that is written counts: without one the privileged events check out the base. */
export function isForeign(effect: Effect): effect is Checkout {
  return (
    effect.kind === 'checkout' &&
    effect.tree === 'pull-request' &&
    effect.fetchOnly !== true &&
    (effect.ref !== undefined || effect.certainty === 'possible' || effect.path !== undefined)
  );
}

const HEAD_OUTPUT =
  /^(?:(?:steps|needs)\..*outputs|inputs|github\.event\.client_payload)\.[\w.-]*(?:head|pull|pr[_-]|fork|branch|commit|sha|ref)/i;

/** The ref is an output of a step that asked for a pull request, or what a caller handed over, by its name. */
function mayBeForeign(effect: Effect): effect is Checkout {
  if (effect.kind !== 'checkout' || effect.tree !== 'unknown') return false;
  return effect.ref?.interpolations.some(({ source }) => HEAD_OUTPUT.test(source)) ?? false;
}

const TREE_ACTIONS: ReadonlySet<string> = new Set(['github/codeql-action']);

function runsTree(step: Step, isCheckout: boolean): boolean {
  if (step.uses?.kind === 'local') return true;
  if (isCheckout && step.run === undefined) return false;
  if (step.uses !== undefined && TREE_ACTIONS.has(step.uses.name)) return false;
  return step.followed.length > 0 || step.effects.some(({ kind }) => kind === 'build' || kind === 'unfollowed');
}
