import { type AgentRun, type Credential, tokenWrites } from '../../../facts/index.ts';
import type { FindingDraft } from '../../../findings/index.ts';
import type { Entry } from '../../../pipelines/index.ts';
import type { Rule } from '../../rule.ts';
import { isContained } from '../agent-rule.ts';
import { isPublicName } from '../credential-name.ts';
import { withVariable, workflow } from './examples.ts';
import { allSteps, eachRun, isExposed, runDraft } from './run-report.ts';

const NEAR: ReadonlySet<Credential['scope']> = new Set(['step', 'job', 'pipeline']);

function isVisible({ scope, reachable }: Credential): boolean {
  return NEAR.has(scope) && reachable !== 'no';
}

/** CRD003 */
export const visibleForgeToken: Rule = {
  id: 'CRD003',
  name: 'forge-token-visible-to-agent',
  title: 'The agent holds a token that can change the repository',
  what: "The job's own token, with write rights, is in the environment or the inputs of the agent.",
  why: 'Whoever steers the agent by the text it reads pushes, comments, labels and approves in the name of the pipeline; a tool list does not help, because any program it runs can read the variable.',
  sources: ['PromptPwnd, 2025', 'Measured: 42 % of public agent workflows'],
  severity: 'medium',
  confidence: 'high',
  tier: 'regular',
  family: 'CRD',
  fix: 'none',
  advice: 'Give the agent no token: let it leave a patch or a text, and let a later step without an agent publish it.',
  tags: ['CWE-522', 'CWE-250', 'OWASP-CICD-SEC-5'],
  attack: withVariable(`GH_TOKEN: \${{ secrets.GITHUB_TOKEN }}`).map((example) => ({
    ...example,
    text: example.text.replace('contents: read', 'contents: write'),
  })),
  benign: withVariable(`GH_TOKEN: \${{ secrets.GITHUB_TOKEN }}`),
  check: (facts) =>
    eachRun(facts, (run) => {
      // Inside, the environment is empty but for what the policy names.
      if (isContained(run)) return [];
      const known = new Set([...minted(run)].map(({ place }) => place.span.start));
      return run.credentials
        .filter((credential) => credential.class === 'forge-token' && isVisible(credential))
        .filter(({ place }) => !known.has(place.span.start) && known.add(place.span.start))
        .flatMap((credential) => {
          const writes = isJobToken(credential.name)
            ? tokenWrites(run.job.permissions ?? run.pipeline.permissions)
            : credential.writes;
          if (writes === 'no') return [];
          const certain = writes === 'yes' && credential.reachable === 'yes';
          const rights = writes === 'yes' ? 'can write' : 'may write';
          return [
            runDraft('CRD003', run, {
              message: `${credential.name}, which ${rights}, ${credential.why}`,
              severity: certain && isExposed(run) ? 'high' : 'medium',
              confidence: certain ? 'high' : 'medium',
              place: credential.place,
              about: isJobToken(credential.name) ? 'job token' : credential.name,
            }),
          ];
        });
    }),
};

function isJobToken(name: string): boolean {
  return /^(?:GITHUB_TOKEN|github\.token)$/i.test(name);
}

/** CRD004 */
export const visiblePersonalToken: Rule = {
  id: 'CRD004',
  name: 'personal-token-visible-to-agent',
  title: 'The agent holds a token of a person or an app',
  what: 'A personal access token, or the token of an app minted in this job, is in the environment or the inputs of the agent.',
  why: 'Such a token reaches further than this repository, lives longer than the job, and its pushes start other workflows.',
  sources: [
    'Measured: 21 to 30 % of public agent workflows',
    'GitHub documentation, "Security hardening": personal access tokens',
  ],
  severity: 'high',
  confidence: 'high',
  tier: 'regular',
  family: 'CRD',
  fix: 'none',
  advice:
    'Keep it in a job without an agent; for an app, ask for one repository and the rights that are needed (`permission-…` inputs).',
  tags: ['CWE-522', 'CWE-250', 'OWASP-CICD-SEC-6'],
  attack: withVariable(`GH_TOKEN: \${{ secrets.REVIEW_PAT }}`),
  benign: workflow(),
  check: (facts) => eachRun(facts, (run) => [...personal(run), ...minted(run)]),
};

function* personal(run: AgentRun): Generator<FindingDraft> {
  for (const credential of run.credentials) {
    if (credential.class !== 'personal-token' || !isVisible(credential)) continue;
    const certain = credential.reachable === 'yes';
    yield runDraft('CRD004', run, {
      message: `${credential.name}, a token beyond this job, ${credential.why}`,
      severity: certain ? 'high' : 'medium',
      confidence: certain ? 'high' : 'medium',
      place: credential.place,
      about: credential.name,
    });
  }
}

/** Outputs of a step that mints a token, given to the agent. */
function* minted(run: AgentRun): Generator<FindingDraft> {
  const mints = new Map(
    allSteps(run.before).flatMap((step) => {
      const effect = step.effects.find(({ kind }) => kind === 'mint-token');
      return step.id === undefined || effect?.kind !== 'mint-token' ? [] : [[step.id, effect] as const];
    }),
  );
  for (const entry of givenTo(run)) {
    const source = entry.value.interpolations
      .flatMap(({ values }) => values)
      .map(({ name }) => /^steps\.([^.]+)\.outputs\./.exec(name)?.[1])
      .find((id) => id !== undefined && mints.has(id));
    const effect = source === undefined ? undefined : mints.get(source);
    if (effect === undefined) continue;
    const narrow = effect.scopes !== undefined && effect.scopes.length > 0;
    yield runDraft('CRD004', run, {
      message: `${entry.name} gives the agent the app token of step ${source ?? ''}${narrow ? '' : ', with every right of the app'}`,
      severity: narrow ? 'medium' : 'high',
      place: entry.keyPlace,
      about: `${entry.name} minted`,
      related: [{ place: effect.place, message: 'the token is made here' }],
    });
  }
}

function givenTo(run: AgentRun): readonly Entry[] {
  return run.capabilities.execute === 'none' && run.capabilities.read === 'none'
    ? []
    : run.stepPath.flatMap((step) => [...step.environment, ...step.inputs]);
}

/** CRD005. What has a rule of its own: model keys, forge and personal tokens, logins and files. */
export const unrelatedSecrets: Rule = {
  id: 'CRD005',
  name: 'unrelated-secrets-in-agent-job',
  title: 'Secrets that the agent does not need are in its job',
  what: 'Other secrets than the model key are in the environment of the agent, or are used by another step of the same job.',
  why: "What the agent's programs can read, an injected order can send away; the memory of the runner keeps what earlier steps used.",
  sources: [
    'Measured: 32 to 40 % of public agent workflows',
    'CVE-2025-30066: secrets read from the memory of the runner',
  ],
  severity: 'medium',
  confidence: 'high',
  tier: 'regular',
  family: 'CRD',
  fix: 'none',
  advice: 'Use these secrets in another job that takes only a patch or a text from the agent.',
  tags: ['CWE-522', 'OWASP-CICD-SEC-6'],
  attack: withVariable(`DEPLOY_KEY: \${{ secrets.DEPLOY_KEY }}`),
  benign: workflow(),
  check: (facts) => eachRun(facts, checkUnrelated),
};

const COVERED: ReadonlySet<Credential['class']> = new Set(['model-key', 'forge-token', 'personal-token']);

function* checkUnrelated(run: AgentRun): Generator<FindingDraft> {
  const elsewhere = placesWithRule(run);
  const others = run.credentials.filter(
    ({ class: kind, name, place }) => !COVERED.has(kind) && !isPublicName(name) && !elsewhere.has(place.span.start),
  );
  const visible = others.filter(isVisible);
  const near = visible[0];
  if (near !== undefined) {
    const certain = visible.some(({ reachable }) => reachable === 'yes');
    yield runDraft('CRD005', run, {
      message: `The agent's environment holds ${namesOf(visible)}, which it does not need`,
      severity: certain && isExposed(run) ? 'high' : 'medium',
      confidence: certain ? 'high' : 'medium',
      place: near.place,
      about: 'environment',
      related: visible.slice(1).map(({ name, place }) => ({ place, message: name })),
    });
  }
  const beside = others.filter(({ scope, reachable }) => scope === 'other-step' && reachable !== 'no');
  const first = beside[0];
  if (first === undefined) return;
  yield runDraft('CRD005', run, {
    message: `Another step of the agent's job uses ${namesOf(beside)}`,
    detail:
      'The variable is gone when that step ends, but a program of the agent that gains root, or plants code for a later step, still gets it.',
    severity: run.capabilities.execute === 'any' && isExposed(run) ? 'medium' : 'low',
    confidence: 'medium',
    place: first.place,
    about: 'other steps',
    related: beside.slice(1).map(({ name, place }) => ({ place, message: name })),
  });
}

/** Secrets of steps that mint a token or log in: CRD004 and CRD008 speak of them. */
function placesWithRule(run: AgentRun): ReadonlySet<number> {
  const steps = allSteps(run.job.steps).filter(({ effects }) =>
    effects.some(({ kind }) => kind === 'mint-token' || kind === 'login'),
  );
  const entries = steps.flatMap((step) => [...step.inputs, ...step.environment]);
  return new Set(entries.map(({ keyPlace }) => keyPlace.span.start));
}

function namesOf(credentials: readonly Credential[]): string {
  return [...new Set(credentials.map(({ name }) => name))].join(', ');
}

/** CRD007 */
export const mintableIdentity: Rule = {
  id: 'CRD007',
  name: 'agent-can-mint-identity',
  title: 'The agent can ask for an identity token',
  what: 'The job of an agent that runs programs has `id-token: write`, or `id_tokens:` on GitLab.',
  why: 'Any program of the job asks for a token that says "this workflow of this repository"; clouds and registries that trust the repository let it in.',
  sources: [
    'GitHub documentation, "About security hardening with OpenID Connect"',
    'Measured: 67 % of public agent workflows',
  ],
  severity: 'medium',
  confidence: 'high',
  tier: 'regular',
  family: 'CRD',
  fix: 'none',
  advice: 'Give the action a `github_token` and drop the permission, or move the login to another job.',
  tags: ['CWE-522', 'CWE-269'],
  attack: workflow('  contents: read\n', '  contents: read\n  id-token: write\n'),
  benign: workflow(),
  check: (facts) => {
    const use = facts.pipelines
      .flatMap((pipeline) => pipeline.jobs.flatMap(({ steps }) => allSteps(steps)))
      .flatMap(({ effects }) => effects)
      .find((effect) => (effect.kind === 'login' && effect.keyless) || effect.kind === 'sign');
    return eachRun(facts, (run) =>
      run.credentials
        .filter(({ scope, reachable }) => scope === 'mintable' && reachable !== 'no')
        .map((credential) => {
          return runDraft('CRD007', run, {
            message: `Programs of the agent ${credential.reachable === 'yes' ? 'can' : 'may be able to'} ask for an identity token of job ${run.job.id}${use === undefined ? '' : ', and a cloud or registry of this repository trusts such tokens'}`,
            severity: use !== undefined && credential.reachable === 'yes' ? 'high' : 'medium',
            confidence: credential.reachable === 'yes' ? 'high' : 'medium',
            place: credential.place,
            about: 'id-token',
            ...(use === undefined ? {} : { related: [{ place: use.place, message: 'such a token is used here' }] }),
          });
        }),
    );
  },
};
