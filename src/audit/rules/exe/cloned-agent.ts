import type { Facts } from '../../../facts/index.ts';
import type { FindingDraft } from '../../../findings/index.ts';
import type { Effect, Job, Pipeline } from '../../../pipelines/index.ts';
import type { Rule } from '../../rule.ts';
import { startsAgent } from '../agent-job.ts';

/** Names of agents in the address of a repository. Whole words, so that `codexample` is none. */
const AGENT_NAME =
  /(?:^|[^a-z])(?:claude(?:-code)?|codex|gemini-cli|opencode|aider|copilot-cli|qwen-code|ai-agent|coding-agent)(?:[^a-z]|$)/i;

/** EXE020: the agent itself is fetched when the job runs. No command of a known agent is visible there, so no other rule sees it. */
export const clonedAgent: Rule = {
  id: 'EXE020',
  name: 'agent-cloned-at-run-time',
  title: 'An agent is cloned from a repository and run in the same job',
  what: 'A job in which no agent command is visible clones a repository named after an agent, without naming a commit, and then installs or runs what lies there.',
  why: 'Whoever can push to that repository, or takes over its name, runs code in this job with its keys. What the agent may do is decided there, where this repository has no say.',
  sources: ['Measured: 9 of 15 public GitLab pipelines with an agent', 'CVE-2025-30066'],
  severity: 'high',
  confidence: 'medium',
  tier: 'regular',
  family: 'EXE',
  fix: 'none',
  advice:
    'Check out a full commit before anything of it runs, or install the vendor’s released package by its exact version.',
  tags: ['CWE-829', 'CWE-494', 'OWASP-CICD-SEC-3'],
  attack: [
    { file: '.gitlab-ci.yml', text: pipeline('git clone https://git.example.test/acme/claude-code-runner /opt/agent') },
  ],
  benign: [
    {
      file: '.gitlab-ci.yml',
      text: pipeline('git clone https://git.example.test/acme/documents /opt/agent'),
    },
  ],
  check: (facts) => facts.pipelines.flatMap((one) => one.jobs.flatMap((job) => inJob(one, job, facts))),
};

function pipeline(clone: string): string {
  return `review:
  image: node:22@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
  script:
    - ${clone}
    - cd /opt/agent
    - npm ci
    - npm start
`;
}

function inJob(of: Pipeline, job: Job, facts: Facts): readonly FindingDraft[] {
  if (startsAgent(facts, of, job)) return [];
  const effects = [...job.effects, ...job.steps.flatMap((step) => step.effects)];
  const at = effects.findIndex(isAgentClone);
  const clone = effects[at];
  const runs = effects
    .slice(at + 1)
    .find(({ kind }) => kind === 'build' || kind === 'unfollowed' || kind === 'evaluate');
  if (clone?.kind !== 'clone' || !runs) return [];
  return [
    {
      rule: 'EXE020',
      message: `Job ${job.id} clones ${clone.url} without a commit and runs it`,
      severity: 'high',
      confidence: 'medium',
      place: clone.place,
      related: [{ place: runs.place, message: 'what was cloned runs here' }],
      subject: `${of.file.path} ${job.id} ${clone.url}`,
    },
  ];
}

function isAgentClone(effect: Effect): boolean {
  return effect.kind === 'clone' && !effect.pinned && effect.url !== undefined && AGENT_NAME.test(effect.url);
}
