import type { AgentRun, Facts } from '../../../facts/index.ts';
import type { FindingDraft, Fix } from '../../../findings/index.ts';
import type { Gate, Trigger } from '../../../pipelines/index.ts';
import type { Rule } from '../../rule.ts';
import { insertKey } from '../agent-job.ts';
import { agentRule, isContained, meetsOutsiders, titleOf } from '../agent-rule.ts';
import { actionStep, CLAUDE_ACTION, commandStep, expression, workflow } from '../example.ts';
import { mayWrite, rightsOf } from '../token-rights.ts';
import { ACTION_KEY, job, PROMPT } from './examples.ts';
import { isOnGitHub } from './start-questions.ts';
import { grantedBy } from './token-scopes.ts';

/** What an agent can cause, by what it can do. The job's own token starts no workflow; any other does. */
const CAUSES: readonly { readonly events: RegExp; readonly effects: ReadonlySet<string>; readonly what: string }[] = [
  {
    events: /^(?:issue_comment|pull_request_review|pull_request_review_comment|discussion_comment)$/,
    effects: new Set(['comment', 'approve']),
    what: 'comment',
  },
  {
    events: /^(?:push|pull_request|pull_request_target)$/,
    effects: new Set(['push', 'create-pull-request']),
    what: 'push',
  },
  { events: /^(?:issues|discussion)$/, effects: new Set(['label']), what: 'label' },
];

/** GAT014 */
const startsItself = agentRule(
  {
    id: 'GAT014',
    name: 'agent-starts-itself',
    title: 'The agent can start itself again',
    what: 'The agent, or a step behind it, comments, labels or pushes with a personal or app token, on an event that starts this workflow, and no condition keeps bots out.',
    why: 'What the job’s own token does starts nothing; what any other token does starts workflows. One sentence keeps the agent answering itself until the budget is gone, and the second round has the rights of a member.',
    sources: ['GitHub documentation, "Triggering a workflow from a workflow"', 'claude-code-action, `allowed_bots`'],
    severity: 'medium',
    confidence: 'medium',
    tier: 'regular',
    family: 'GAT',
    fix: 'safe',
    advice: "Keep bots out with a condition (`!endsWith(github.actor, '[bot]')`), or use the token of the job.",
    tags: ['CWE-835', 'CWE-674', 'OWASP-CICD-SEC-1'],
    attack: [
      workflow(
        actionStep(CLAUDE_ACTION, [
          ACTION_KEY,
          `github_token: ${expression('secrets.AGENT_PAT')}`,
          "allowed_bots: '*'",
          `claude_args: '--allowedTools "Bash(gh issue comment *)"'`,
        ]),
      ),
    ],
    benign: [
      workflow(
        actionStep(CLAUDE_ACTION, [
          ACTION_KEY,
          `github_token: ${expression('github.token')}`,
          `claude_args: '--allowedTools "Bash(gh issue comment *)"'`,
        ]),
      ),
    ],
  },
  function* (run, facts) {
    if (!isOnGitHub(run)) return;
    const token = foreignToken(run);
    const caused = token === undefined ? undefined : causedBy(run);
    if (token === undefined || caused === undefined || keepsBotsOut(run)) return;
    yield {
      message: `${titleOf(run)} in job ${run.job.id} can start itself: it can ${caused.what} with ${token}, and ${caused.trigger.event} starts this workflow`,
      detail: 'Nothing on the way asks whether a bot acted.',
      severity: isContained(run) ? 'low' : 'medium',
      place: caused.trigger.place,
      about: `starts itself ${caused.trigger.event}`,
      fixes: botFix(run, facts),
    };
  },
);

/** A token that starts workflows: of a person or of an app, in the agent's step or in one behind it. */
function foreignToken(run: AgentRun): string | undefined {
  const own = run.credentials.find(
    ({ class: kind, reachable, scope }) => kind === 'personal-token' && reachable !== 'no' && scope !== 'other-step',
  );
  if (own !== undefined) return own.name;
  const { invocation } = run;
  const given = invocation.credentials.find(({ name }) => name === 'github_token')?.text ?? '';
  if (/steps\.[\w-]+\.outputs\./.test(given)) return 'an app token';
  const after = run.after.flatMap(({ inputs, environment }) => [...inputs, ...environment]);
  const later = after.find(({ value }) =>
    /\bsecrets\.(?!GITHUB_TOKEN\b)\w{0,60}(?:PAT|TOKEN)\b|steps\.[\w-]{1,60}\.outputs\.token\b/.test(value.text),
  );
  return later === undefined ? undefined : 'the token of a later step';
}

function causedBy(run: AgentRun): { readonly trigger: Trigger; readonly what: string } | undefined {
  const effects = new Set<string>(run.effectsAfter.map(({ kind }) => kind));
  const any = run.capabilities.execute === 'any' || grantedBy(run, ['forge-write']) !== undefined;
  const push = any || grantedBy(run, ['git-push']) !== undefined;
  for (const { events, effects: causing, what } of CAUSES) {
    const trigger = run.triggers.find(({ event }) => events.test(event));
    if (trigger !== undefined && ([...causing].some((one) => effects.has(one)) || (what === 'push' ? push : any)))
      return { trigger, what };
  }
  return undefined;
}

/** The action refuses bots unless it is told otherwise; a check of rights refuses apps, not the owner of a token. */
function keepsBotsOut(run: AgentRun): boolean {
  const opened = run.invocation.builtInGate.openedTo.some(({ bots }) => bots);
  if (run.invocation.builtInGate.strength > 0) return !opened;
  if (run.gates.some(({ strength, kind }) => strength >= 3 && kind !== 'environment')) return true;
  return [run.job.condition, ...run.stepPath.map(({ condition }) => condition)].some(
    (condition) => condition !== undefined && /\[bot\]|sender\.type|user\.type/.test(condition.text.text),
  );
}

function botFix(run: AgentRun, facts: Facts): readonly Fix[] {
  const { node, body, condition } = run.job;
  // Where the action itself decides about bots, what opens it to them has to go.
  if (run.invocation.builtInGate.strength > 0) return [];
  if (condition !== undefined || node?.kind !== 'map') return [];
  const edit = insertKey(facts.source(body.file), { file: body.file, span: node.span }, [
    `if: \${{ !endsWith(github.actor, '[bot]') }}`,
  ]);
  return edit === undefined ? [] : [{ title: 'Keep bots out', safety: 'safe', edits: [edit], creates: [] }];
}

const LABELLER = workflow(
  commandStep(`${PROMPT} --allowedTools "Bash(gh issue edit *)"`, [`GH_TOKEN: ${expression('github.token')}`]),
  { on: '  issues:\n    types: [opened]', permissions: 'read\n  issues: write' },
);
const FIXER = workflow(commandStep(`${PROMPT} --allowedTools "Edit,Bash"`), {
  on: '  issues:\n    types: [labeled]',
  job: job("    if: github.event.label.name == 'agent-fix'"),
});

/** GAT016 */
const labelLaundering: Rule = {
  id: 'GAT016',
  name: 'label-laundering',
  title: 'One agent can set the label that starts a stronger one',
  what: 'An agent that strangers’ text reaches may set labels, and a label is the gate before another agent.',
  why: 'The label stands for a member’s decision. The weak agent can be talked into setting it, and the strong one then works for whoever wrote the issue.',
  sources: ['Clinejection (February 2026): a triage agent as the door to a stronger workflow', 'CWE-441'],
  severity: 'high',
  confidence: 'medium',
  tier: 'regular',
  family: 'GAT',
  fix: 'none',
  advice:
    'Let the first agent choose from a fixed list that a program applies, without the label of the gate; or gate the second one by the permission of whoever set the label.',
  tags: ['CWE-441', 'CWE-863', 'OWASP-CICD-SEC-1'],
  attack: [LABELLER, { file: '.github/workflows/fix.yml', text: FIXER.text }],
  benign: [{ file: '.github/workflows/fix.yml', text: FIXER.text }],
  check: (facts) => {
    const runs = facts.runs.filter(isOnGitHub);
    const labellers = runs.filter((run) => meetsOutsiders(run) && !isContained(run) && setsLabels(run) !== undefined);
    return runs.flatMap((run) => launderings(run, labellers));
  },
};

/** How it can set labels. */
function setsLabels(run: AgentRun): string | undefined {
  if (mayWrite(rightsOf(run), 'issues') === 'no' && mayWrite(rightsOf(run), 'pull-requests') === 'no') {
    return run.credentials.find(({ class: kind, reachable }) => kind === 'personal-token' && reachable !== 'no')?.name;
  }
  const rule = run.invocation.allow.find(({ text }) =>
    /gh (?:issue|pr) edit|gh issue \*|gh issue:|gh label (?:create|edit|\*)|gh api|mcp__github\w*__(?:update_issue|issue_write|add_labels?\w*|update_pull_request)|^mcp__github$/.test(
      text,
    ),
  );
  if (rule !== undefined) return rule.text;
  const token = run.credentials.some(
    ({ class: kind, reachable }) => (kind === 'forge-token' || kind === 'personal-token') && reachable === 'yes',
  );
  if (run.capabilities.execute === 'any' && token) return 'its shell';
  return run.effectsAfter.some(({ kind }) => kind === 'label') ? 'a later step that applies its answer' : undefined;
}

function launderings(gated: AgentRun, labellers: readonly AgentRun[]): readonly FindingDraft[] {
  const gate = gated.gates.find(({ kind }) => kind === 'label');
  const stronger = gated.gates.some(
    ({ strength, spoofable, kind }) =>
      strength >= 3 && spoofable === undefined && kind !== 'environment' && kind !== 'built-in',
  );
  if (gate === undefined || stronger) return [];
  const first = labellers.find((run) => run !== gated && run.job !== gated.job);
  return first === undefined ? [] : [launderingDraft(gated, first, gate)];
}

function launderingDraft(gated: AgentRun, first: AgentRun, gate: Gate): FindingDraft {
  const how = setsLabels(first) ?? 'its token';
  const foreign = first.credentials.some(
    ({ class: kind, reachable }) => kind === 'personal-token' && reachable !== 'no',
  );
  const builtIn = gated.gates.some(({ kind, spoofable }) => kind === 'built-in' && spoofable === undefined);
  // What the job's own token labels starts no workflow; the label stays, though, and counts at the next event.
  const listed = gated.triggers.some(
    ({ event, types }) => event !== 'issues' || types.length === 0 || types.some(({ value }) => value !== 'labeled'),
  );
  return {
    rule: 'GAT016',
    message: `${titleOf(first)} of job ${first.job.id} can set the label that starts ${titleOf(gated)} of job ${gated.job.id}, through ${how}`,
    detail: foreign
      ? 'Its token is not that of the job, so the label starts the second workflow at once.'
      : listed
        ? 'The label stays on, so the next event of the issue or pull request passes.'
        : 'A label that the token of the job sets starts nothing by itself; any token of a person or app does.',
    // The action's own check asks who set the label, and a token of a person passes for that person.
    severity: builtIn && !foreign ? 'low' : foreign || listed ? 'high' : 'medium',
    confidence: 'medium',
    place: gate.place,
    subject: `${gated.job.id} label set by ${first.pipeline.file.path} ${first.job.id}`,
    related: [
      { place: first.invocation.place, message: 'the agent that can set labels' },
      { place: gated.invocation.place, message: 'the agent behind the label' },
    ],
  };
}

export const TOGETHER_RULES: readonly Rule[] = [startsItself, labelLaundering];
