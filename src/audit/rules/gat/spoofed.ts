import type { AgentRun, Facts } from '../../../facts/index.ts';
import type { Edit, Fix } from '../../../findings/index.ts';
import type { Gate } from '../../../pipelines/index.ts';
import type { Place } from '../../../syntax/index.ts';
import type { Rule } from '../../rule.ts';
import { agentRule } from '../agent-rule.ts';
import { PULL_REQUEST_TARGET } from '../example.ts';
import { unlessContained } from '../run-weight.ts';
import { byCommand, job, MEMBERS } from './examples.ts';
import { holdingGates, isOnGitHub, meetsPrivileged } from './start-questions.ts';

/** The part of a condition that a pattern finds, else the whole. */
function partOf({ place }: Pick<Gate, 'place'>, facts: Facts, pattern: RegExp): Place {
  const text = facts.source(place.file)?.text.slice(place.span.start, place.span.end) ?? '';
  const match = pattern.exec(text);
  if (match === null) return place;
  const start = place.span.start + match.index;
  return { file: place.file, span: { start, end: start + match[0].length } };
}

const PARTS: { readonly [kind: string]: RegExp } = {
  'bot-name':
    /(?:[\w.]{1,80}\s{0,3}==\s{0,3}['"][\w-]{1,60}\[bot\]['"]|['"][\w-]{1,60}\[bot\]['"]\s{0,3}==\s{0,3}[\w.]{1,80}|endsWith\([^()]{1,120}\)|contains\([^()]{1,200}\[bot\][^()]{0,200}\))/i,
  login: /contains\(\s{0,3}['"][^'"]{0,400}['"]\s{0,3},[^()]{1,120}\)/,
  association:
    /(?:contains\([^&|]{1,300}author_association\s{0,3}\)|[\w.]{1,80}author_association\s{0,3}==\s{0,3}['"]\w{1,30}['"])/,
};

/** GAT004 */
const spoofableGate = agentRule(
  {
    id: 'GAT004',
    name: 'gate-can-be-spoofed',
    title: 'The gate can be got round',
    what: 'The condition that decides who starts the agent compares a bot’s name with `github.actor`, looks for a login as a part of a text, counts past contributors as trusted, or asks for a label that an issue form of the repository sets for everybody.',
    why: 'The condition looks like a check, so nobody builds another one. `github.actor` is whoever acted last, not whose content it is; `contains` on a text accepts every part of every name.',
    sources: [
      'zizmor bot-conditions and unsound-contains',
      'GitHub documentation, "contains"',
      'Synacktiv, "GitHub Actions exploitation: Dependabot" (2024)',
    ],
    severity: 'high',
    confidence: 'high',
    tier: 'regular',
    family: 'GAT',
    fix: 'safe',
    advice: `Ask for the author of the content: \`github.event.pull_request.user.login\`, \`author_association\`, or the permission of the actor; make lists real lists with \`fromJSON('["…"]')\`.`,
    tags: ['CWE-290', 'CWE-863', 'OWASP-CICD-SEC-1'],
    attack: byCommand({ on: PULL_REQUEST_TARGET, job: job("    if: github.actor == 'dependabot[bot]'") }),
    benign: byCommand({ job: job(MEMBERS) }),
  },
  function* (run, facts) {
    if (!isOnGitHub(run) || !meetsPrivileged(run) || holdingGates(run).length > 0) return;
    for (const gate of run.gates) {
      const pattern = PARTS[gate.kind];
      if (gate.spoofable === undefined || pattern === undefined || gate.kind === 'built-in') continue;
      const place = partOf(gate, facts, pattern);
      yield {
        message: `The check of ${describe(gate)} before the agent of job ${run.job.id} can be got round: ${gate.spoofable}`,
        detail: 'No other gate on the way asks for rights, so this one decides alone.',
        severity: unlessContained(run, gate.kind === 'association' ? 'medium' : 'high'),
        place,
        about: `${gate.kind} ${gate.principal ?? ''}`.trim(),
        fixes: gate.kind === 'login' ? listFix(place, facts) : [],
      };
    }
    yield* outsidersLabel(run, facts);
  },
);

function describe({ kind, principal }: Gate): string {
  if (kind === 'bot-name') return `a bot's name (${principal ?? 'actor'})`;
  if (kind === 'association') return 'the association of the author';
  return `the login (${principal ?? 'actor'})`;
}

/** `contains('a,b', x)` becomes `contains(fromJSON('["a","b"]'), x)`. */
function listFix(place: Place, facts: Facts): readonly Fix[] {
  const text = facts.source(place.file)?.text ?? '';
  const match = /^contains\(\s{0,3}'([^']{0,400})'\s{0,3},\s{0,3}([\w.]{1,120})\s{0,3}\)$/.exec(
    text.slice(place.span.start, place.span.end),
  );
  const line = text.slice(text.lastIndexOf('\n', place.span.start - 1) + 1, place.span.start);
  // Inside a quoted scalar the new quotes would end it.
  if (match === null || line.includes('"')) return [];
  const names = (match[1] ?? '').split(/[\s,;|[\]"]+/).filter((name) => name !== '');
  if (names.length === 0) return [];
  const edit: Edit = {
    file: place.file,
    span: place.span,
    text: `contains(fromJSON('${JSON.stringify(names)}'), ${match[2] ?? ''})`,
  };
  return [{ title: 'Compare with whole names', safety: 'safe', edits: [edit], creates: [] }];
}

const FORM = /^\.github\/ISSUE_TEMPLATE\/[^/]+\.(?:md|ya?ml)$/i;

/** Whoever opens an issue from the form gets its labels: the gate is then open to everybody. */
function* outsidersLabel(run: AgentRun, facts: Facts) {
  const gate = run.gates.find(({ kind }) => kind === 'label');
  if (gate === undefined || !run.triggers.some(({ event }) => event === 'issues')) return;
  const condition = facts.source(gate.place.file)?.text.slice(gate.place.span.start, gate.place.span.end) ?? '';
  const names = [...condition.matchAll(/'([^'\n]{1,80})'/g)].map((match) => match[1] ?? '');
  for (const { path, kind } of facts.tree.entries) {
    if (kind !== 'file' || !FORM.test(path)) continue;
    const source = facts.source(path);
    const labels = /^labels:[^\n]{0,400}(?:\n\s{0,8}-[^\n]{0,120}){0,20}/m.exec(source?.text ?? '');
    const name = names.find((each) => labels?.[0].includes(each));
    if (name === undefined || labels === null) continue;
    yield {
      message: `The label "${name}" before the agent of job ${run.job.id} is set for everybody who opens an issue with ${path}`,
      detail: 'The label looks like an act of a member. The form sets it for strangers.',
      severity: unlessContained(run, 'high'),
      place: partOf(gate, facts, new RegExp(`'${name.replace(/[.*+?^$(){}|[\]\\]/g, '\\$&')}'`)),
      about: `label ${name}`,
      related: [
        {
          place: { file: path, span: { start: labels.index, end: labels.index + labels[0].length } },
          message: 'this form sets the label',
        },
      ],
    };
  }
}

const COMMENTS: ReadonlySet<string> = new Set([
  'issue_comment',
  'pull_request_review',
  'pull_request_review_comment',
  'discussion_comment',
]);
const COMMENTERS: ReadonlySet<string> = new Set([
  'comment-author',
  'review-author',
  'actor',
  'sender',
  'triggering-actor',
  'repository-reader',
]);

/** GAT005 */
const wrongPrincipal = agentRule(
  {
    id: 'GAT005',
    name: 'wrong-person-checked',
    title: 'The check asks about the wrong person',
    what: 'On a comment the condition asks who wrote the issue or pull request instead of who commented; or an agent is started by `workflow_run` or `repository_dispatch`, and nothing asks who caused that.',
    why: 'Anybody comments on a member’s pull request and passes as its author. In the second case the event carries the rights of the repository for whoever started the first run.',
    sources: ['Seen in live pipelines', 'GitHub documentation, "Webhook events and payloads"', 'CWE-863'],
    severity: 'high',
    confidence: 'high',
    tier: 'regular',
    family: 'GAT',
    fix: 'unsafe',
    advice:
      'Ask for `github.event.comment.author_association`; on `workflow_run` for `head_repository.full_name == github.repository`; let the sender of a dispatch check its user.',
    tags: ['CWE-863', 'CWE-639', 'OWASP-CICD-SEC-1'],
    attack: byCommand({ job: job("    if: github.event.issue.author_association == 'MEMBER'") }),
    benign: byCommand({ job: job("    if: github.event.comment.author_association == 'MEMBER'") }),
  },
  function* (run, facts) {
    if (!isOnGitHub(run)) return;
    const holding = holdingGates(run);
    const comment = run.triggers.find(({ event }) => COMMENTS.has(event));
    const wrong = holding.find(
      ({ principal }) =>
        principal === 'issue-author' || principal === 'pull-request-author' || principal === 'discussion-author',
    );
    const right = holding.some(
      ({ kind, principal }) => kind === 'built-in' || (principal !== undefined && COMMENTERS.has(principal)),
    );
    if (comment !== undefined && wrong !== undefined && wrong.kind !== 'same-repository' && !right) {
      const part = partOf(wrong, facts, /github\.event\.(?:issue|pull_request|discussion)\.[\w.]{1,60}/);
      const text = facts.source(part.file)?.text.slice(part.span.start, part.span.end) ?? '';
      yield {
        message: `On ${comment.event} the condition of job ${run.job.id} asks who wrote the ${(wrong.principal ?? '').replace('-author', '').replace('-', ' ')}, not who commented`,
        detail: 'Anybody may comment there, and the comment starts the agent.',
        severity: unlessContained(run, 'high'),
        place: part,
        about: `principal ${wrong.principal ?? ''}`,
        fixes: commenterFix(part, text, comment.event),
      };
    }
    const relayed = run.triggers.find(
      ({ event, untrusted }) => untrusted && (event === 'workflow_run' || event === 'repository_dispatch'),
    );
    if (relayed !== undefined && holding.length === 0) {
      yield {
        message: `Nothing asks who caused the ${relayed.event} that starts the agent of job ${run.job.id}`,
        detail:
          relayed.event === 'workflow_run'
            ? 'The run before may be that of a fork; this one has the secrets of the repository.'
            : 'Whoever sends the event holds a token, but the person behind it (a customer, a commenter) is not known here.',
        severity: unlessContained(run, relayed.event === 'workflow_run' && bringsContent(run) ? 'high' : 'medium'),
        confidence: 'medium',
        place: relayed.place,
        about: `no principal ${relayed.event}`,
      };
    }
  },
);

function bringsContent(run: AgentRun): boolean {
  return (
    run.tree.provenance === 'pull-request' ||
    run.sources.some(({ channel }) => channel === 'log' || channel === 'artifact')
  );
}

function commenterFix(place: Place, text: string, event: string): readonly Fix[] {
  const object = event === 'pull_request_review' ? 'review' : 'comment';
  const path = text.replace(/^github\.event\.(?:issue|pull_request|discussion)\./, `github.event.${object}.`);
  if (path === text || !/^[\w.]+$/.test(path)) return [];
  return [
    {
      title: 'Ask about the commenter',
      safety: 'unsafe',
      edits: [{ file: place.file, span: place.span, text: path }],
      creates: [],
    },
  ];
}

export const SPOOFED_RULES: readonly Rule[] = [spoofableGate, wrongPrincipal];
