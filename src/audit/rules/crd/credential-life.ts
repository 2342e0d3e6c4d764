import type { AgentRun } from '../../../facts/index.ts';
import type { Rule } from '../../rule.ts';
import { SOUND_WORKFLOW, withVariable, workflow } from './examples.ts';
import { eachRun, runDraft } from './run-report.ts';

/** Actions that can start with a short-lived token of a cloud instead of a key. */
const FEDERATING: readonly { readonly action: RegExp; readonly instead: string }[] = [
  {
    action: /^anthropics\/claude-code(?:-base)?-action$/i,
    instead: 'workload identity with Bedrock (`use_bedrock`) or Vertex (`use_vertex`)',
  },
  { action: /^google-github-actions\/run-gemini-cli$/i, instead: '`gcp_workload_identity_provider`' },
];

/** CRD012 */
export const longLivedKey: Rule = {
  id: 'CRD012',
  name: 'long-lived-key-where-federation-exists',
  title: 'A long-lived key is used where a short-lived one would do',
  what: 'An agent action gets a stored API key although it supports workload identity.',
  why: 'A stored key works until somebody notices; a federated token ends with the job and says which job it was.',
  sources: ['Inputs of claude-code-action and run-gemini-cli'],
  severity: 'info',
  confidence: 'medium',
  tier: 'pedantic',
  family: 'CRD',
  fix: 'none',
  advice: 'Consider the workload identity of your cloud for the model.',
  tags: ['CWE-798'],
  attack: workflow(
    '        run: claude -p "Review the change" --dangerously-skip-permissions\n        env:\n          ANTHROPIC_API_KEY',
    '        uses: anthropics/claude-code-action@v1\n        with:\n          anthropic_api_key',
  ),
  benign: workflow(),
  check: (facts) =>
    eachRun(facts, (run) => {
      const name =
        run.step.uses?.path === undefined ? (run.step.uses?.name ?? '') : `${run.step.uses.name}/${run.step.uses.path}`;
      const row = FEDERATING.find(({ action }) => action.test(name));
      const key = run.credentials.find(({ class: kind, scope }) => kind === 'model-key' && scope !== 'other-step');
      if (row === undefined || key === undefined) return [];
      const message = `${key.name} is a stored key; the action also supports ${row.instead}`;
      return [
        runDraft('CRD012', run, { message, severity: 'info', confidence: 'medium', place: key.place, about: key.name }),
      ];
    }),
};

/** Platforms whose jobs can name an environment with rules of its own. */
const WITH_ENVIRONMENTS: ReadonlySet<AgentRun['pipeline']['platform']> = new Set(['github', 'gitlab', 'azure']);

/** CRD013 */
export const secretOutsideEnvironment: Rule = {
  id: 'CRD013',
  name: 'agent-secret-outside-environment',
  title: 'The secret of the agent has no environment of its own',
  what: 'A job with an agent uses stored secrets and names no deployment environment.',
  why: 'A secret of the repository is open to every workflow on every branch; one of an environment can demand a branch and an approval.',
  sources: ['GitHub documentation, "Using environments for deployment"', 'zizmor documentation, secrets-outside-env'],
  severity: 'low',
  confidence: 'high',
  tier: 'pedantic',
  family: 'CRD',
  fix: 'none',
  advice: 'Move the key to an environment, restrict its branches, and name it in the job.',
  tags: ['CWE-522', 'OWASP-CICD-SEC-6'],
  attack: workflow('    environment: agents\n', ''),
  benign: workflow(),
  check: (facts) =>
    eachRun(facts, (run) => {
      if (!WITH_ENVIRONMENTS.has(run.pipeline.platform) || run.job.deployment !== undefined) return [];
      const secret = run.credentials.find(
        ({ name, scope }) =>
          scope !== 'mintable' && scope !== 'file' && !/^(?:GITHUB_TOKEN|github\.token|CI_JOB_TOKEN)$/i.test(name),
      );
      if (secret === undefined) return [];
      const message = `Job ${run.job.id} uses ${secret.name} outside of any environment`;
      return [runDraft('CRD013', run, { message, severity: 'low', place: run.job.place, about: 'environment' })];
    }),
};

/** Names of tokens that stand for a person's own subscription. */
const SUBSCRIPTION =
  /CLAUDE_CODE_OAUTH|CLAUDE_OAUTH|CHATGPT|CODEX_AUTH|CODEX_ACCESS|OPENAI_AUTH_JSON|CURSOR_(?:AUTH|SESSION)/;

const OUTSIDE: ReadonlySet<AgentRun['startedBy']> = new Set(['anyone', 'past-contributor', 'bot', 'other-pipeline']);

/** CRD019 */
export const subscriptionToken: Rule = {
  id: 'CRD019',
  name: 'personal-subscription-in-shared-pipeline',
  title: "A person's subscription pays for what outsiders start",
  what: 'An agent that outsiders can start, or whose text they write, uses the token of a personal subscription.',
  why: 'The token opens the account of one person, with their history and limits; an outsider spends it and, through the agent, can read it. A leak cannot be told from that person.',
  sources: ['Claude Code documentation, `claude setup-token`', 'Claude Code documentation, "Authentication"'],
  severity: 'medium',
  confidence: 'medium',
  tier: 'regular',
  family: 'CRD',
  fix: 'none',
  advice: 'Use an API key of the organisation with a budget.',
  tags: ['CWE-522', 'CWE-284'],
  attack: [
    {
      file: '.github/workflows/review.yml',
      text: SOUND_WORKFLOW.replace('  workflow_dispatch:', '  issues:\n    types: [opened]').replaceAll(
        'ANTHROPIC_API_KEY',
        'CLAUDE_CODE_OAUTH_TOKEN',
      ),
    },
  ],
  benign: withVariable(`CLAUDE_CODE_OAUTH_TOKEN: \${{ secrets.CLAUDE_CODE_OAUTH_TOKEN }}`),
  check: (facts) =>
    eachRun(facts, (run) => {
      const outsiders = OUTSIDE.has(run.startedBy) || run.sources.some(({ who }) => OUTSIDE.has(who));
      const token = run.credentials.find(
        ({ name }) => SUBSCRIPTION.test(name.toUpperCase()) || /\.codex\/auth\.json/.test(name),
      );
      if (!outsiders || token === undefined) return [];
      const message = `${token.name} belongs to a person, and text of outsiders steers the agent of job ${run.job.id}`;
      return [
        runDraft('CRD019', run, {
          message,
          severity: 'medium',
          confidence: 'medium',
          place: token.place,
          about: token.name,
        }),
      ];
    }),
};
