import type { AgentRun, Facts } from '../../../facts/index.ts';
import type { Fix, Severity } from '../../../findings/index.ts';
import type { Rule } from '../../rule.ts';
import { insertKey } from '../agent-job.ts';
import { agentRule, type RunFinding, titleOf } from '../agent-rule.ts';
import { NIGHTLY, PULL_REQUEST_TARGET } from '../example.ts';
import { milder, unlessContained } from '../run-weight.ts';
import { byAction, byCommand, job, MEMBERS } from './examples.ts';
import {
  environmentGate,
  holdingGates,
  isOnGitHub,
  isStartedByOutsiders,
  meetsPrivileged,
  openingOf,
  openTrigger,
  openWay,
} from './start-questions.ts';

/** Where the person stands whose rights a condition can ask for, by event. */
const ASSOCIATIONS: { readonly [event: string]: string } = {
  issue_comment: 'github.event.comment.author_association',
  pull_request_review_comment: 'github.event.comment.author_association',
  pull_request_review: 'github.event.review.author_association',
  issues: 'github.event.issue.author_association',
  pull_request_target: 'github.event.pull_request.author_association',
  discussion: 'github.event.discussion.author_association',
  discussion_comment: 'github.event.comment.author_association',
};

const ASSOCIATED = `contains(fromJSON('["OWNER","MEMBER","COLLABORATOR"]'), `;

/** A condition on the job that asks who acts; only for one event, since each keeps the person elsewhere. */
function associationFix(run: AgentRun, facts: Facts): readonly Fix[] {
  const [only, ...others] = run.triggers;
  const path = only === undefined || others.length > 0 ? undefined : ASSOCIATIONS[only.event];
  if (path === undefined) return [];
  const title = 'Let only people with rights in the repository start it';
  const { condition, body } = run.job;
  if (condition === undefined) {
    const edit = insertKey(facts.source(body.file), { file: body.file, span: bodyStart(run) }, [
      `if: ${ASSOCIATED}${path})`,
    ]);
    return edit === undefined ? [] : [{ title, safety: 'unsafe', edits: [edit], creates: [] }];
  }
  const { file, span } = condition.text.place;
  const written = facts.source(file)?.text.slice(span.start, span.end) ?? '';
  if (!/^[A-Za-z]/.test(written) || written.includes('\n')) return [];
  const edit = { file, span, text: `(${written}) && ${ASSOCIATED}${path})` };
  return [{ title, safety: 'unsafe', edits: [edit], creates: [] }];
}

/** The first key of the job's map. */
function bodyStart({ job: { node, body } }: AgentRun): { readonly start: number; readonly end: number } {
  return node?.kind === 'map' ? node.span : body.span;
}

/** GAT001 */
const startedByOutsiders = agentRule(
  {
    id: 'GAT001',
    name: 'outsiders-start-the-agent',
    title: 'Outsiders can start the agent',
    what: 'An event that anybody can cause starts an agent with the rights of the repository, and nothing but a word in a comment stands between.',
    why: 'Whoever opens an issue or writes a comment starts the agent, as often as they like, at your cost and with your keys. A keyword keeps nobody out, since anybody can write it.',
    sources: [
      'GitHub documentation, "Events that trigger workflows"',
      'Measured: 2 to 4 % of live agent pipelines have no gate at all',
    ],
    severity: 'high',
    confidence: 'high',
    tier: 'regular',
    family: 'GAT',
    fix: 'unsafe',
    advice:
      "Check the actor's permission in an earlier job, or ask for `author_association` in the condition of the job.",
    tags: ['CWE-862', 'CWE-285', 'OWASP-CICD-SEC-1'],
    attack: byCommand({ job: job("    if: contains(github.event.comment.body, '/agent')") }),
    benign: byCommand({ job: job(MEMBERS) }),
  },
  function* (run, facts) {
    const way = openWay(run);
    if (!isOnGitHub(run) || way === undefined || !isStartedByOutsiders(run) || run.gateStrength > 1) return;
    const { trigger } = way;
    // The input that opens the action's own check is the more exact place: GAT002. So is a check that can be passed: GAT004.
    if (openingOf(run, false) !== undefined) return;
    const keyword = way.gates.find(({ kind }) => kind === 'keyword');
    const environment = environmentGate(run);
    yield {
      message: `Anybody who can cause ${trigger.event} starts ${titleOf(run)} in job ${run.job.id}`,
      detail: [
        keyword === undefined
          ? 'Nothing asks who it is.'
          : 'The word that the condition looks for is no check: anybody writes it.',
        environment === undefined
          ? ''
          : 'The job has an environment; whether it wants a reviewer is not written in the repository.',
        'What the agent holds and may do is theirs for the length of the run.',
      ]
        .filter((sentence) => sentence !== '')
        .join(' '),
      severity: unlessContained(run, environment === undefined ? 'high' : 'medium'),
      confidence: environment === undefined ? 'high' : 'low',
      place: trigger.place,
      about: `open ${trigger.event}`,
      related: keyword === undefined ? [] : [{ place: keyword.place, message: 'this asks for a word only' }],
      fixes: associationFix(run, facts),
    };
  },
);

/** GAT007 */
const privilegedTrigger = agentRule(
  {
    id: 'GAT007',
    name: 'agent-on-privileged-trigger',
    title: 'An agent on pull_request_target or workflow_run',
    what: 'An agent is started by `pull_request_target` or `workflow_run`, which give the run of a stranger’s pull request the secrets and the write token of the repository.',
    why: 'These events exist for programs that never touch the stranger’s content. An agent does nothing else than read it.',
    sources: ['GitHub Security Lab, "Preventing pwn requests"', 'Trail of Bits, "Agentic actions auditor", vector D'],
    severity: 'medium',
    confidence: 'high',
    tier: 'regular',
    family: 'GAT',
    fix: 'none',
    advice:
      'Use `pull_request`, give the run no secret but the model key, and let a second workflow apply its answer; or start the agent with `sallyport run`.',
    tags: ['CWE-829', 'CWE-250', 'OWASP-CICD-SEC-4'],
    attack: byCommand({ on: PULL_REQUEST_TARGET }),
    benign: byCommand({ on: '  pull_request:' }),
  },
  function* (run) {
    const trigger = run.triggers.find(
      ({ event, untrusted }) => untrusted && (event === 'pull_request_target' || event === 'workflow_run'),
    );
    if (!isOnGitHub(run) || trigger === undefined) return;
    yield {
      message: `${titleOf(run)} in job ${run.job.id} runs on ${trigger.event}, with the secrets of the repository for pull requests of strangers`,
      detail:
        run.tree.provenance === 'pull-request'
          ? 'The code of the pull request lies where the agent works, so its scripts, instructions and settings count too.'
          : 'Titles, branch names, diffs and logs are still written by strangers.',
      severity: unlessContained(run, severityOfTrigger(run)),
      place: trigger.place,
      about: trigger.event,
    };
  },
);

function severityOfTrigger(run: AgentRun): Severity {
  if (holdingGates(run).length > 0 || !meetsPrivileged(run)) return 'low';
  const whole = run.tree.provenance === 'pull-request' && run.capabilities.execute === 'any';
  return whole && isStartedByOutsiders(run) ? 'critical' : 'medium';
}

/** GAT015 */
const withoutBuiltInCheck = agentRule(
  {
    id: 'GAT015',
    name: 'no-built-in-check',
    title: 'A start without the check that the vendor’s action has',
    what: 'On an event that anybody can cause the agent is started by the base action or a plain command line, neither of which asks who caused it. The open start itself is GAT001; this names the check that went missing.',
    why: 'claude-code-action refuses people without write access. Whoever moves the same prompt to the base action or to `claude -p` loses this check, and nothing says so.',
    sources: [
      'claude-code-base-action, README, "Security"',
      'claude-code-action, docs/security.md',
      'codex-action, README',
    ],
    severity: 'low',
    confidence: 'high',
    tier: 'regular',
    family: 'GAT',
    fix: 'none',
    advice: 'Use the action that checks, or check the permission of the actor in a job before this one.',
    tags: ['CWE-862', 'OWASP-CICD-SEC-1'],
    attack: byCommand(),
    benign: byCommand({ job: job(MEMBERS) }),
  },
  function* (run) {
    const { invocation } = run;
    const trigger = openTrigger(run);
    const product = invocation.product === 'claude-code' || invocation.product === 'codex';
    if (!isOnGitHub(run) || trigger === undefined || !product || invocation.builtInGate.strength > 0) return;
    if (!isStartedByOutsiders(run) || run.gateStrength > 1 || invocation.via === 'http') return;
    yield {
      message: `${invocation.spelled} in job ${run.job.id} does not ask who caused ${trigger.event}, as the vendor's action would`,
      detail: 'The model key and the token are used for whoever comes.',
      about: 'no built-in check',
      related: [{ place: trigger.place, message: 'anybody can cause this event' }],
    };
  },
);

/** GAT002 */
const openedToEverybody = agentRule(
  {
    id: 'GAT002',
    name: 'gate-opened-to-everybody',
    title: 'The gate of the action is opened to everybody',
    what: "`allowed_non_write_users: '*'`, `allow-users: '*'` or their like switch off the action's own check of who may start it.",
    why: 'The check is the only thing that keeps strangers from the agent in most repositories. The vendor calls the input risky and means it for agents without any right.',
    sources: [
      'claude-code-action, docs/security.md',
      'codex-action, README',
      'Measured: 9 % of live agent pipelines',
      'Clinejection (February 2026)',
    ],
    severity: 'high',
    confidence: 'high',
    tier: 'regular',
    family: 'GAT',
    fix: 'unsafe',
    advice:
      'Remove the input, or name the people; if strangers must be served, let the agent hold no write right and start it with `sallyport run`.',
    tags: ['CWE-862', 'CWE-1188', 'OWASP-CICD-SEC-1'],
    attack: byAction(["allowed_non_write_users: '*'"]),
    benign: byAction(["allowed_non_write_users: 'octocat'"]),
  },
  function* (run, facts) {
    const opening = openingOf(run, false);
    if (!isOnGitHub(run) || opening === undefined) return;
    const others = holdingGates(run).filter(({ kind }) => kind !== 'built-in');
    const met = meetsPrivileged(run) && others.length === 0;
    yield {
      message: `\`${opening.what}\` lets anybody start ${titleOf(run)} in job ${run.job.id}`,
      detail: met
        ? 'No other condition of the job asks who it is.'
        : others.length > 0
          ? 'A condition of the job still asks; the day that it goes, everybody gets in.'
          : 'No event of strangers brings the secrets today; the next one that is added will.',
      severity: unlessContained(run, met ? 'high' : 'low'),
      place: opening.place,
      about: opening.what,
      fixes: inputFix(run, facts, opening.place, 'Leave the check of the action on', undefined),
    };
  },
);

/** GAT003 */
const openedToBots = agentRule(
  {
    id: 'GAT003',
    name: 'gate-opened-to-every-bot',
    title: 'Any bot may start the agent',
    what: "`allowed_bots: '*'` or `allow-bots: true` lets every GitHub App and every bot account start the agent.",
    why: 'Bots repeat what strangers give them: titles of dependency updates, quoted comments, translated issues. A bot of somebody else’s app is enough.',
    sources: ['claude-code-action, docs/security.md', 'codex-action, README'],
    severity: 'medium',
    confidence: 'high',
    tier: 'regular',
    family: 'GAT',
    fix: 'unsafe',
    advice: 'Name the bots: `allowed_bots: dependabot[bot]`.',
    tags: ['CWE-862', 'OWASP-CICD-SEC-1'],
    attack: byAction(["allowed_bots: '*'"]),
    benign: byAction(["allowed_bots: 'dependabot[bot]'"]),
  },
  function* (run, facts) {
    const opening = openingOf(run, true);
    if (!isOnGitHub(run) || opening === undefined) return;
    const others = holdingGates(run).filter(({ kind }) => kind !== 'built-in');
    yield {
      message: `\`${opening.what}\` lets any bot start ${titleOf(run)} in job ${run.job.id}`,
      detail: 'An app that strangers installed or feed acts under its own name, and the check lets it through.',
      severity: unlessContained(
        run,
        others.length > 0 || run.triggers.every(({ untrusted }) => !untrusted) ? milder('medium') : 'medium',
      ),
      place: opening.place,
      about: opening.what,
      fixes: inputFix(
        run,
        facts,
        opening.place,
        'Name the bots',
        opening.what.includes('true') ? "'false'" : "'dependabot[bot]'",
      ),
    };
  },
);

/** Empties the input at a place, or gives it another value. */
function inputFix(
  run: AgentRun,
  facts: Facts,
  place: RunFinding['place'],
  title: string,
  text: string | undefined,
): readonly Fix[] {
  const entry = run.stepPath
    .flatMap(({ inputs }) => inputs)
    .find(
      ({ keyPlace, value }) =>
        place !== undefined &&
        keyPlace.file === place.file &&
        (value.place.span.start === place.span.start || keyPlace.span.start === place.span.start),
    );
  const span = entry?.node?.span;
  if (entry === undefined || span === undefined || entry.node?.kind !== 'scalar') return [];
  const written = facts.source(entry.keyPlace.file)?.text.slice(span.start, span.end) ?? '';
  if (written.includes('\n')) return [];
  return [{ title, safety: 'unsafe', edits: [{ file: entry.keyPlace.file, span, text: text ?? "''" }], creates: [] }];
}

/** GAT013 */
const noConcurrency: Rule = agentRule(
  {
    id: 'GAT013',
    name: 'no-concurrency-group',
    title: 'Nothing keeps agents from running side by side',
    what: 'Neither pipeline nor job has a `concurrency` group (`resource_group` on GitLab).',
    why: 'Ten comments start ten agents, which edit the same branch, answer each other and cost ten times as much.',
    sources: [
      'GitHub documentation, "Control the concurrency of workflows and jobs"',
      'Measured: missing in 70 % of live agent pipelines',
    ],
    severity: 'low',
    confidence: 'high',
    tier: 'regular',
    family: 'GAT',
    // A group lets one run wait at most: of several comments in a row, those between are dropped.
    fix: 'unsafe',
    advice: 'Put a `concurrency` group with the number of the issue or pull request on the workflow.',
    tags: ['CWE-770', 'CWE-362'],
    attack: byCommand({ on: NIGHTLY }),
    benign: byCommand({ on: NIGHTLY, job: job('    concurrency: agent') }),
  },
  function* (run, facts) {
    const { pipeline, job: own } = run;
    const platform = pipeline.platform === 'github' || pipeline.platform === 'gitlab';
    if (
      !platform ||
      pipeline.role !== 'workflow' ||
      own.concurrency !== undefined ||
      pipeline.concurrency !== undefined
    )
      return;
    const first = facts.runs.find((other) => other.job === own);
    if (first !== run) return;
    yield {
      message: `Nothing keeps job ${own.id} from running several times at once with ${titleOf(run)}`,
      place: own.place,
      about: 'concurrency',
      fixes: pipeline.platform === 'github' ? concurrencyFix(run, facts) : [],
    };
  },
);

function concurrencyFix(run: AgentRun, facts: Facts): readonly Fix[] {
  const { body } = run.job;
  const numbers = run.triggers.some(({ untrusted }) => untrusted)
    ? 'github.event.issue.number || github.event.pull_request.number || github.ref'
    : 'github.ref';
  const edit = insertKey(facts.source(body.file), { file: body.file, span: bodyStart(run) }, [
    'concurrency:',
    `  group: \${{ github.workflow }}-${run.job.id}-\${{ ${numbers} }}`,
  ]);
  return edit === undefined
    ? []
    : [{ title: 'One run at a time for each issue or pull request', safety: 'unsafe', edits: [edit], creates: [] }];
}

export const OUTSIDER_RULES: readonly Rule[] = [
  startedByOutsiders,
  openedToEverybody,
  openedToBots,
  privilegedTrigger,
  noConcurrency,
  withoutBuiltInCheck,
];
