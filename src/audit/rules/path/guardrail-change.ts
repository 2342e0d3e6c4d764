import type { AgentRun, Facts } from '../../../facts/index.ts';
import type { Effect, Pipeline } from '../../../pipelines/index.ts';
import type { Place } from '../../../syntax/index.ts';
import type { AttackPath } from '../../paths/attack-path.ts';
import { agentLeg, inputLeg, legs, nameOf, propagationLeg, sinkLeg, startLeg } from '../../paths/legs.ts';
import { pathAbout } from '../../paths/path-about.ts';
import { atMost, isOpen } from '../../paths/path-finding.ts';
import { isContained } from '../agent-rule.ts';
import { BODY, checkout, ISSUES, KEY, run as step, workflow } from './examples.ts';
import type { PathRule } from './path-rule.ts';
import { effectsOfJob } from './pipeline-joins.ts';
import { codeOwners, isOwned } from './repository-hints.ts';
import { abusableRuns, agentOf, strongestSource, who } from './run-questions.ts';

const FIX = workflow(
  'fix',
  `${ISSUES}
permissions:
  contents: write
  pull-requests: write
jobs:
  fix:
    runs-on: ubuntu-latest
    steps:
${checkout()}
${step('claude -p "Fix this: $BODY" --permission-mode acceptEdits', KEY, BODY)}
${step('git switch -c fix\ngit commit -am fix\ngit push origin fix\ngh pr create --fill\ngh pr merge --auto --squash', `GH_TOKEN: \${{ github.token }}`)}
`,
);
const SETTINGS = {
  file: '.claude/settings.json',
  text: '{\n  "permissions": { "deny": ["Read(.env)"] }\n}\n',
};
const owners = (lines: string) => ({ file: '.github/CODEOWNERS', text: `/src/ @acme/app\n${lines}` });

/** PATH12: the agent may rewrite what holds it, and nobody has to look. */
export const guardrailChange: PathRule = {
  id: 'PATH12',
  name: 'guardrail-change',
  title: 'The agent may change its own guardrails, and the change merges unread',
  what: "An agent may write the repository's agent settings or pipelines, no deny rule refuses it, its change is merged by a pipeline without a person, and those files have no code owner.",
  why: 'The next run obeys what this one wrote. One talked-over run turns the permissions, hooks and pipelines of all later ones.',
  sources: [
    'OWASP Agentic Top 10 (2026): agent goal and guardrail manipulation',
    'GitHub documentation, "About code owners"',
  ],
  severity: 'high',
  confidence: 'medium',
  tier: 'regular',
  family: 'PATH',
  fix: 'none',
  advice: "Give `.claude/`, `.github/` and the agent's settings a code owner, and deny the agent to edit them.",
  tags: ['CWE-732', 'CWE-1427', 'OWASP-CICD-SEC-1'],
  attack: [FIX, SETTINGS, owners('')],
  benign: [FIX, SETTINGS, owners('/.claude/ @acme/security\n/.github/ @acme/security\n')],
  paths: (facts: Facts) => abusableRuns(facts).flatMap((run) => pathsOf(run, facts)),
};

/** Files whose change loosens the next run. */
const GUARDS = [
  '.claude/settings.json',
  '.github/workflows/agent.yml',
  '.mcp.json',
  '.codex/config.toml',
  '.gemini/settings.json',
  'CLAUDE.md',
  'AGENTS.md',
];

function pathsOf(run: AgentRun, facts: Facts): readonly AttackPath[] {
  const source = strongestSource(run);
  const { write, execute } = run.capabilities;
  if (!source || (write === 'none' && execute !== 'any') || isContained(run)) return [];
  const merge = unreadMerge(run, facts);
  const guard = merge && openGuard(run, facts);
  if (!merge || !guard) return [];
  return [
    pathAbout(run, {
      rule: 'PATH12',
      subject: `${run.invocation.product} ${guard}`,
      message: `${who(run)} can make the ${agentOf(run)} of ${nameOf(run)} rewrite ${guard}, and the change merges unread`,
      gain: `The agent meets ${source.what}. What it writes into ${guard} binds, or frees, every later run; no code owner has to look at it.`,
      severity: atMost('high', isOpen(run) ? 'high' : 'medium'),
      confidence: 'medium',
      legs: legs(
        startLeg(run),
        inputLeg(run, source),
        agentLeg(run),
        propagationLeg(run, `guard:${guard}`, run.invocation.place, `nothing refuses the agent to edit ${guard}`, {
          what: `Add deny rules for ${guard} and its folder`,
          cost: 1,
        }),
        sinkLeg(
          run,
          'guard:merged',
          { place: merge.place },
          `the change is merged by ${merge.what}, and ${guard} has no code owner`,
          {
            what: `Give ${guard} a code owner in CODEOWNERS, and require their review`,
            cost: 1,
          },
        ),
      ),
    }),
  ];
}

/** A merge in this job or in a workflow that pull requests start. */
function unreadMerge(run: AgentRun, facts: Facts): { readonly what: string; readonly place: Place } | undefined {
  const opens = run.effectsAfter.some(({ kind }) => kind === 'create-pull-request' || kind === 'push');
  const own = run.effectsAfter.find(({ kind }) => kind === 'merge');
  if (own) return found(own, 'a later step');
  if (!opens && !run.capabilities.forgeWrite) return undefined;
  for (const pipeline of facts.pipelines) {
    const merge = onPullRequest(pipeline)
      ? pipeline.jobs.flatMap(effectsOfJob).find(({ kind }) => kind === 'merge')
      : undefined;
    if (merge && !isForBots(pipeline)) return found(merge, pipeline.file.path);
  }
  return undefined;
}

function found(effect: Effect, what: string): { readonly what: string; readonly place: Place } {
  return { what, place: effect.place };
}

function onPullRequest({ triggers, role }: Pipeline): boolean {
  return (
    role !== 'agentic-lock' && triggers.some(({ event }) => event.startsWith('pull_request') || event === 'check_suite')
  );
}

/** Merges of dependency updates take no change of the agent. */
function isForBots({ jobs }: Pipeline): boolean {
  return jobs.some(({ condition, steps }) =>
    [condition, ...steps.map((step) => step.condition)].some((one) => one && /dependabot|renovate/.test(one.text.text)),
  );
}

/** A guard that exists, has no owner, and that no rule in force refuses to edit. */
function openGuard(run: AgentRun, facts: Facts): string | undefined {
  const owners = codeOwners(facts);
  const denied = [
    ...run.invocation.deny.map(({ text }) => text),
    ...run.effective
      .filter(({ kind, inForce }) => kind === 'deny' && inForce === 'yes')
      .map(({ subject }) => subject.slice('deny '.length)),
  ];
  const guards = [...GUARDS.filter((path) => facts.source(path) !== undefined), run.pipeline.file.path];
  return guards.find((path) => {
    const folder = path.split('/')[0] ?? path;
    const refused = denied.some((rule) => /^(?:Edit|Write|MultiEdit)\(/.test(rule) && rule.includes(folder));
    return !refused && !(owners && isOwned(owners, path)) && !isWorkflow(path);
  });
}

/** The job's own token may not push workflow files. */
function isWorkflow(path: string): boolean {
  return path.startsWith('.github/workflows/');
}
