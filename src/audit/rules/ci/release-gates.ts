import type { FindingDraft } from '../../../findings/index.ts';
import type { Effect, Step } from '../../../pipelines/index.ts';
import type { Rule } from '../../rule.ts';
import { startsAgent } from '../agent-job.ts';
import { CHECKOUT, workflow } from './example-workflow.ts';
import { gitHubJobs, gitHubSteps, type JobScope, stepName, subjectOf } from './job-walk.ts';

const ON_MAIN = '{ push: { branches: [main] } }';

/** CI024: a deployment that nobody has to allow. */
export const ungatedDeployment: Rule = {
  id: 'CI024',
  name: 'deployment-without-gate',
  title: 'A deployment has no gate',
  what: 'A job deploys and names no environment, or it names one and a pattern of branch names starts it.',
  why: 'An environment is where a reviewer, a wait or a list of branches can stand between a commit and production; a pattern such as `main*` also fits branches that everybody with write access can make.',
  sources: ['GitHub documentation, "Managing environments for deployment"', 'OWASP CICD-SEC-1'],
  severity: 'low',
  confidence: 'medium',
  tier: 'pedantic',
  family: 'CI',
  fix: 'none',
  advice: 'Name an `environment:` with reviewers and exact branches, and exact branches in `on:`.',
  tags: ['CWE-862', 'OWASP-CICD-SEC-1'],
  attack: workflow({ on: ON_MAIN, steps: `${CHECKOUT}\n- run: kubectl apply -f cluster/` }),
  benign: workflow({
    on: ON_MAIN,
    job: 'environment: production',
    steps: `${CHECKOUT}\n- run: kubectl apply -f cluster/`,
  }),
  check: (facts) => gitHubJobs(facts).flatMap((scope) => [...ungated(scope), ...looseBranches(scope)]),
};

function ungated(scope: JobScope): readonly FindingDraft[] {
  const { job, pipeline } = scope;
  if (job.deployment !== undefined || pipeline.role === 'composite-action' || pipeline.role === 'action') return [];
  const deployment = effectOf(scope, 'deploy') ?? copiedToBucket(scope);
  if (deployment === undefined) return [];
  return [
    {
      rule: 'CI024',
      message: `Job ${job.id} deploys and names no environment`,
      severity: 'low',
      confidence: 'medium',
      place: deployment.place,
      subject: subjectOf(scope, 'deployment'),
    },
  ];
}

function looseBranches(scope: JobScope): readonly FindingDraft[] {
  const { job, pipeline } = scope;
  if (job.deployment === undefined) return [];
  const loose = pipeline.triggers
    .filter(({ event }) => event === 'push')
    .flatMap(({ branches }) => branches)
    .find(({ value }) => /^[A-Za-z]+\*+$/.test(value));
  if (loose === undefined) return [];
  return [
    {
      rule: 'CI024',
      message: `Any branch whose name fits ${loose.value} starts the deployment of job ${job.id}`,
      severity: 'low',
      confidence: 'medium',
      place: loose.place,
      subject: subjectOf(scope, 'branches', loose.value),
    },
  ];
}

/** Copying to a bucket deploys where the job or its step says so. */
function copiedToBucket({ job }: JobScope): Effect | undefined {
  const said = (name: string | undefined) => /deploy|release|prod/i.test(name ?? '');
  return job.steps
    .filter(({ name }) => said(job.id) || said(name?.text))
    .flatMap(({ effects }) => effects)
    .find((effect) => effect.kind === 'upload' && /^(?:s3|gs|az)\b/.test(effect.url ?? ''));
}

function effectOf({ job }: JobScope, ...kinds: readonly Effect['kind'][]): Effect | undefined {
  return job.steps.flatMap(({ effects }) => effects).find(({ kind }) => kinds.includes(kind));
}

/** CI025: a job that builds and then writes to the branch it came from. */
export const directPush: Rule = {
  id: 'CI025',
  name: 'build-then-push',
  title: 'A job that runs packages pushes to the branch itself',
  what: 'A job without an agent installs or builds, and then pushes commits with its own token.',
  why: 'One bad package in that job writes to the branch in the name of the pipeline, which rules of the branch often let through and nobody reviews.',
  sources: ['OWASP CICD-SEC-1', 'GitHub documentation, "About protected branches"'],
  severity: 'low',
  confidence: 'low',
  tier: 'pedantic',
  family: 'CI',
  fix: 'none',
  advice: 'Hand the change to a second job as a patch, and open a pull request there.',
  tags: ['CWE-284', 'OWASP-CICD-SEC-1'],
  attack: workflow({
    on: ON_MAIN,
    steps: `${CHECKOUT}\n- run: npm install\n- run: git commit -am "format" && git push origin HEAD:main`,
  }),
  benign: workflow({ on: ON_MAIN, steps: `${CHECKOUT}\n- run: git commit -am "date" && git push origin HEAD:main` }),
  check: (facts) =>
    gitHubJobs(facts).flatMap((scope): readonly FindingDraft[] => {
      const { job } = scope;
      if (startsAgent(facts, scope.pipeline, job)) return [];
      const effects = job.steps.flatMap((step) => step.effects);
      const built = effects.findIndex(({ kind }) => kind === 'build' || kind === 'install');
      const push = built < 0 ? undefined : effects.slice(built).find(({ kind }) => kind === 'push');
      if (push === undefined) return [];
      return [
        {
          rule: 'CI025',
          message: `Job ${job.id} runs packages and then pushes`,
          severity: 'low',
          confidence: 'low',
          place: push.place,
          subject: subjectOf(scope, 'push'),
        },
      ];
    }),
};

function excessOf({ inputs }: Step, scopes: readonly string[] | undefined): readonly string[] {
  const given = (name: string) => inputs.find((entry) => entry.name === name)?.value.text.trim();
  const everywhere = given('owner') !== undefined && given('repositories') === undefined;
  return [
    ...(scopes === undefined ? ['with every right of the application'] : []),
    ...(everywhere && !onlyOrganisation(scopes) ? ['for every repository of the owner'] : []),
    ...((given('skip-token-revoke') ?? 'false') === 'false' ? [] : ['that outlives the job']),
  ];
}

/** Rights over an organisation need no repository. */
function onlyOrganisation(scopes: readonly string[] | undefined): boolean {
  return scopes?.every((scope) => /^(?:organization-|members\b)/.test(scope)) ?? false;
}

/** CI026: an application's token with everything the installation may do. */
export const wideApplicationToken: Rule = {
  id: 'CI026',
  name: 'wide-application-token',
  title: 'The token of an application has all its rights',
  what: 'A token of a GitHub App is made without naming the rights or the repositories it should have, or it is not revoked at the end.',
  why: 'It gets every right of the installation, often for every repository of the organisation, and the job needs few of them.',
  sources: ['actions/create-github-app-token, inputs permission-*', 'zizmor github-app'],
  severity: 'low',
  confidence: 'high',
  tier: 'pedantic',
  family: 'CI',
  fix: 'none',
  advice: 'Name the rights (`permission-contents: read`) and the repositories.',
  tags: ['CWE-272', 'OWASP-CICD-SEC-5'],
  attack: workflow({
    steps: '- uses: actions/create-github-app-token@v2\n  with: { app-id: "1", private-key: k }',
  }),
  benign: workflow({
    steps:
      '- uses: actions/create-github-app-token@v2\n  with: { app-id: "1", private-key: k, permission-contents: read }',
  }),
  check: (facts) =>
    gitHubSteps(facts).flatMap((scope) =>
      scope.step.effects.flatMap((effect): readonly FindingDraft[] => {
        const { uses } = scope.step;
        if (effect.kind !== 'mint-token' || uses === undefined) return [];
        return excessOf(scope.step, effect.scopes).map((what) => ({
          rule: 'CI026',
          message: `${stepName(scope.step)} makes a token ${what}`,
          severity: 'low',
          confidence: 'high',
          place: uses.place,
          subject: subjectOf(scope, 'token', what),
        }));
      }),
    ),
};
