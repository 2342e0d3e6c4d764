import type { AgentRun, Facts } from '../../../facts/index.ts';
import type { Edit, Fix } from '../../../findings/index.ts';
import type { Gate } from '../../../pipelines/index.ts';
import type { Place } from '../../../syntax/index.ts';
import type { Rule } from '../../rule.ts';
import { agentRule } from '../agent-rule.ts';
import { expression } from '../example.ts';
import { removeLines } from '../line-removal.ts';
import { isOpen, unlessContained } from '../run-weight.ts';
import { byCommand, job } from './examples.ts';
import { holdingGates, isOnGitHub, meetsPrivileged } from './start-questions.ts';

/** GAT006 */
const changeAfterApproval = agentRule(
  {
    id: 'GAT006',
    name: 'change-after-approval',
    title: 'What was approved can change before the agent sees it',
    what: 'A label, a comment or an approval lets the agent run on a pull request, and the checkout then takes the branch or the pull request by its name or number.',
    why: 'The author pushes between the approval and the checkout, or, where the label stays on, at any time later. What the member looked at is not what runs.',
    sources: [
      'CodeQL actions/untrusted-checkout-toctou',
      'Gato-X, TOCTOU',
      'GitHub Security Lab, "Preventing pwn requests", part 4',
    ],
    severity: 'high',
    confidence: 'medium',
    tier: 'regular',
    family: 'GAT',
    fix: 'safe',
    advice:
      'Check out the commit of the event (`github.event.pull_request.head.sha`), and take the label off on every push.',
    tags: ['CWE-367', 'OWASP-CICD-SEC-4'],
    attack: byCommand({
      on: '  pull_request_target:\n    types: [labeled]',
      job: job("    if: github.event.label.name == 'review'"),
      checkout: expression('github.event.pull_request.head.ref'),
    }),
    benign: byCommand({
      on: '  pull_request_target:\n    types: [labeled]',
      job: job("    if: github.event.label.name == 'review'"),
      checkout: expression('github.event.pull_request.head.sha'),
    }),
  },
  function* (run, facts) {
    if (!isOnGitHub(run) || run.tree.provenance !== 'pull-request' || !meetsPrivileged(run) || isOpen(run)) return;
    const approval =
      run.gates.find(({ kind }) => kind === 'label') ??
      run.gates.find(
        ({ strength, kind }) => strength >= 3 && kind !== 'same-repository' && kind !== 'branch-protection',
      );
    if (
      approval === undefined ||
      holdingGates(run).some(({ kind, principal }) => kind === 'same-repository' || principal === 'pull-request-author')
    )
      return;
    const mutable = mutableCheckout(run, facts);
    if (mutable !== undefined) {
      yield {
        message: `After the ${approval.kind === 'label' ? 'label' : 'approval'} job ${run.job.id} checks out what the pull request is by then (${mutable.what})`,
        detail: 'Between the act of the member and this step lie seconds to minutes, and the author can push in them.',
        severity: unlessContained(run, 'high'),
        place: mutable.place,
        about: 'change after approval',
        related: [{ place: approval.place, message: 'this is the approval' }],
        fixes: mutable.fixes,
      };
    }
    const trigger = run.triggers.find(({ event }) => event === 'pull_request_target');
    const later = trigger?.types.find(({ value }) => value === 'synchronize');
    const everyPush = trigger !== undefined && (trigger.types.length === 0 || later !== undefined);
    if (approval.kind === 'label' && everyPush && mutable === undefined && isListed(approval, facts)) {
      yield {
        message: `The label stays on: every later push to the pull request starts the agent of job ${run.job.id} again`,
        detail: 'The condition asks whether the label is there, not whether somebody has just set it.',
        severity: unlessContained(run, 'high'),
        place: later?.place ?? trigger.place,
        about: 'label stays on',
        related: [{ place: approval.place, message: 'this is the approval' }],
      };
    }
  },
);

/** `pull_request.labels.*.name`, not the label of the event. */
function isListed({ place }: Gate, facts: Facts): boolean {
  return /\.labels\b/.test(facts.source(place.file)?.text.slice(place.span.start, place.span.end) ?? '');
}

interface MutableCheckout {
  readonly place: Place;
  readonly what: string;
  readonly fixes: readonly Fix[];
}

const BRANCH = /github\.(?:event\.pull_request\.head\.ref|head_ref)\b/;

function mutableCheckout(run: AgentRun, facts: Facts): MutableCheckout | undefined {
  for (const effect of run.effectsBefore) {
    if (effect.kind !== 'checkout' || effect.tree !== 'pull-request') continue;
    const { ref } = effect;
    const command = facts.source(effect.place.file)?.text.slice(effect.place.span.start, effect.place.span.end) ?? '';
    if (/\bgh\s{1,3}pr\s{1,3}checkout\b|\bgit\s{1,3}fetch\b/.test(command))
      return { place: effect.place, what: command.split('\n', 1)[0]?.slice(0, 60) ?? '', fixes: [] };
    if (ref === undefined) continue;
    const text = ref.text.trim();
    const branch = ref.interpolations.find(({ source }) => BRANCH.test(source));
    if (branch !== undefined) return { place: ref.place, what: text, fixes: shaFix(run, branch.place, branch.source) };
    if (/^refs\/(?:remotes\/)?pull\//.test(text)) return { place: ref.place, what: text, fixes: [] };
  }
  return undefined;
}

/** Only events of a pull request carry the commit. */
function shaFix({ triggers }: AgentRun, place: Place, source: string): readonly Fix[] {
  if (
    !triggers.every(({ event }) => /^pull_request(?:_target)?$/.test(event)) ||
    !/^\s*github\.[\w.]+\s*$/.test(source)
  )
    return [];
  const text = expression('github.event.pull_request.head.sha');
  return [
    {
      title: 'Check out the commit that was approved',
      safety: 'safe',
      edits: [{ file: place.file, span: place.span, text }],
      creates: [],
    },
  ];
}

/** GAT017 */
const editedAgain = agentRule(
  {
    id: 'GAT017',
    name: 'started-again-by-edits',
    title: 'An edit starts the agent again',
    what: 'The trigger lists `edited`, and a label, a word or an approval stands before the agent.',
    why: 'Once the issue or comment has passed, its author edits the text, and the agent runs on words that nobody approved.',
    sources: ['GitHub documentation, "Events that trigger workflows", activity type edited'],
    severity: 'low',
    confidence: 'medium',
    tier: 'regular',
    family: 'GAT',
    fix: 'safe',
    advice: 'Leave `edited` out of the types.',
    tags: ['CWE-367', 'OWASP-CICD-SEC-1'],
    attack: byCommand({
      on: '  issue_comment:\n    types: [created, edited]',
      job: job("    if: contains(github.event.comment.body, '/agent')"),
    }),
    benign: byCommand({
      on: '  issue_comment:\n    types: [created]',
      job: job("    if: contains(github.event.comment.body, '/agent')"),
    }),
  },
  function* (run, facts) {
    if (!isOnGitHub(run) || !run.gates.some(({ strength, kind }) => strength >= 1 && kind !== 'environment')) return;
    for (const { event, types, untrusted } of run.triggers) {
      const edited = types.find(({ value }) => value === 'edited');
      if (edited === undefined || !untrusted) continue;
      yield {
        message: `An edited ${event.replaceAll('_', ' ')} starts the agent of job ${run.job.id} again`,
        detail: 'The check before it looked at the text as it was.',
        severity: 'low',
        place: edited.place,
        about: `edited ${event}`,
        fixes: types.length > 1 ? typeFix(edited.place, facts) : [],
      };
    }
  },
);

function typeFix(place: Place, facts: Facts): readonly Fix[] {
  const source = facts.source(place.file);
  if (source === undefined) return [];
  const line = removeLines(source, place);
  const edit = line ?? withComma(source.text, place);
  return edit === undefined ? [] : [{ title: 'Leave edits out', safety: 'safe', edits: [edit], creates: [] }];
}

/** One item of a flow list with the comma that joins it. */
function withComma(text: string, { file, span }: Place): Edit | undefined {
  const before = /,\s{0,20}$/.exec(text.slice(Math.max(0, span.start - 21), span.start));
  if (before !== null) return { file, span: { start: span.start - before[0].length, end: span.end }, text: '' };
  const behind = /^\s{0,20},\s{0,20}/.exec(text.slice(span.end, span.end + 41));
  return behind === null
    ? undefined
    : { file, span: { start: span.start, end: span.end + behind[0].length }, text: '' };
}

export const APPROVAL_RULES: readonly Rule[] = [changeAfterApproval, editedAgain];
