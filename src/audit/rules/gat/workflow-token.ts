import type { AgentRun, Facts } from '../../../facts/index.ts';
import type { FindingDraft, Severity } from '../../../findings/index.ts';
import { entriesOf } from '../../../syntax/index.ts';
import type { Rule } from '../../rule.ts';
import { titleOf } from '../agent-rule.ts';
import { commandStep, expression, workflow } from '../example.ts';
import { milder, weighRight } from '../run-weight.ts';
import { allowing, JOB_TOKEN } from './examples.ts';
import { isOnGitHub } from './start-questions.ts';

/** GAT009 */
export const changesWorkflows: Rule = {
  id: 'GAT009',
  name: 'agent-token-changes-workflows',
  title: "The agent's token can change workflows",
  what: 'The agent can read a token that may write workflow files: an app token with `permission-workflows: write` or without any limit, a personal token, or `allow-workflows: true` in an agentic workflow.',
  why: 'The job’s own token can never change `.github/workflows`, and that is what keeps a fooled agent inside this run. With such a token it plants a workflow that runs tomorrow, with every secret.',
  sources: [
    'GitHub documentation, "Scopes for OAuth apps": workflow',
    'Shai-Hulud (September 2025): planted workflows',
  ],
  severity: 'high',
  confidence: 'medium',
  tier: 'regular',
  family: 'GAT',
  fix: 'none',
  advice:
    'Mint the token behind the agent and name its rights (`permission-contents: write`), or use the token of the job.',
  tags: ['CWE-250', 'CWE-269', 'OWASP-CICD-SEC-2'],
  attack: [
    workflow(
      `${minted('          permission-workflows: write\n')}${commandStep(allowing('Read,Bash'), [APP_TOKEN()])}`,
    ),
  ],
  benign: [workflow(commandStep(allowing('Read,Bash(npm test)'), [JOB_TOKEN]))],
  check: (facts) => [
    ...facts.runs.filter(isOnGitHub).flatMap((run) => [...mintedTokens(run), ...personalTokens(run)]),
    ...facts.pipelines
      .filter(({ role }) => role === 'agentic-source')
      .flatMap(({ root, file }) => allowedWorkflows(root, file.path)),
  ],
};

function APP_TOKEN(): string {
  return `GH_TOKEN: ${expression('steps.app.outputs.token')}`;
}

function minted(rights: string): string {
  return `      - id: app
        uses: actions/create-github-app-token@d72941d797fd3113feb6b93fd0dec494b13a2547 # v1
        with:
          app-id: ${expression('vars.APP_ID')}
          private-key: ${expression('secrets.APP_PRIVATE_KEY')}
${rights}`;
}

function mintedTokens(run: AgentRun): readonly FindingDraft[] {
  return run.effectsBefore.flatMap((effect): readonly FindingDraft[] => {
    if (effect.kind !== 'mint-token' || !isHandedOver(run, effect.output)) return [];
    const named = effect.scopes?.some((scope) => /workflows/.test(scope)) ?? false;
    if (!named && effect.scopes !== undefined) return [];
    const { execute } = run.capabilities;
    // What the app was installed with is unknown; most are not given workflows.
    const base: Severity = named ? 'high' : 'low';
    return [
      {
        rule: 'GAT009',
        message: named
          ? `The app token that ${titleOf(run)} of job ${run.job.id} holds may write workflows`
          : `The app token that ${titleOf(run)} of job ${run.job.id} holds has every right of the app, workflows perhaps among them`,
        detail: 'A workflow that it writes runs later, outside of every control of this job.',
        severity: weighRight(run, execute === 'none' ? milder(base, 2) : base),
        confidence: named ? 'high' : 'low',
        place: effect.place,
        subject: `${run.job.id} app token writes workflows`,
        related: [{ place: run.invocation.place, message: `the agent: ${run.invocation.spelled}` }],
      },
    ];
  });
}

/** The token is given to the agent's step, not only to a step behind it. */
function isHandedOver(run: AgentRun, output: string | undefined): boolean {
  const name = output?.replace(/^outputs\./, '') ?? 'token';
  const given = run.stepPath.flatMap(({ inputs, environment }) => [...inputs, ...environment]);
  const used = [...given, ...run.job.environment].some(({ value }) =>
    value.interpolations.some(({ values }) =>
      values.some((one) => one.name.startsWith('steps.') && one.name.endsWith(`.outputs.${name}`)),
    ),
  );
  return (
    used ||
    run.effectsBefore.some(
      (effect) =>
        effect.kind === 'checkout' && effect.persistsCredentials && effect.token?.startsWith('steps.') === true,
    )
  );
}

function personalTokens(run: AgentRun): readonly FindingDraft[] {
  const token = run.credentials.find(
    ({ class: kind, reachable, scope }) => kind === 'personal-token' && reachable === 'yes' && scope !== 'other-step',
  );
  if (token === undefined) return [];
  const says = /WORKFLOW/i.test(token.name);
  return [
    {
      rule: 'GAT009',
      message: `${token.name}, which ${titleOf(run)} of job ${run.job.id} can read, ${says ? 'is named after the right to write workflows' : 'may have the right to write workflows'}`,
      detail:
        'The rights of a personal token are not written in the repository. The token of the job never has this one.',
      severity: weighRight(run, says ? 'high' : 'low'),
      confidence: says ? 'medium' : 'low',
      place: token.place,
      subject: `${run.job.id} ${token.name} writes workflows`,
      related: [{ place: run.invocation.place, message: `the agent: ${run.invocation.spelled}` }],
    },
  ];
}

function allowedWorkflows(root: Facts['pipelines'][number]['root'], file: string): readonly FindingDraft[] {
  const outputs = entriesOf(root).find(({ key }) => key.text === 'safe-outputs')?.value;
  return entriesOf(outputs).flatMap(({ key, value }) =>
    entriesOf(value)
      .filter(
        (entry) => entry.key.text === 'allow-workflows' && entry.value.kind === 'scalar' && entry.value.text === 'true',
      )
      .map((entry) => ({
        rule: 'GAT009',
        message: `The safe output ${key.text} may change workflow files`,
        detail: 'What the agent proposes is then applied to `.github/workflows` too, and runs with every secret.',
        severity: 'high' as const,
        confidence: 'high' as const,
        place: { file, span: entry.span },
        subject: `${file} allow-workflows ${key.text}`,
      })),
  );
}
