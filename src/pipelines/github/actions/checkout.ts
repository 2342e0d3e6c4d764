import type { TreeProvenance } from '../../effect.ts';
import type { ValueReference } from '../../value.ts';
import {
  type ActionRow,
  type ActionUse,
  type EffectBody,
  inputEntry,
  inputText,
  isOff,
  isOn,
  secretIn,
} from './action-use.ts';

/** Events whose own ref is the merge of a pull request. */
const PULL_REQUEST_EVENTS: ReadonlySet<string> = new Set([
  ...['pull_request', 'pull_request_review', 'pull_request_review_comment'],
]);

/** Paths that name what somebody proposes: heads of pull requests and of the runs they caused. */
const HEAD =
  /(?:^github\.head_ref$|\.head\.(?:ref|sha|label)$|\.head_(?:sha|branch|ref)$|\.head_commit\.id$|\.merge_commit_sha$|\.commit_id$|\.head_repository\.|\.head\.repo\.|^github\.event\.review\.commit_id)/;
/** Heads of events that only somebody with write access can cause. */
const OWN_HEAD = /^github\.event\.(?:merge_group|check_suite\.app)\b/;
const BASE = /(?:\.base\.(?:ref|sha)$|^github\.(?:base_ref|ref_name|ref)$|\.default_branch$)/;

function provenanceOf(values: readonly ValueReference[], text: string): TreeProvenance | undefined {
  if (/^refs\/(?:remotes\/)?pull\//.test(text.trim())) return 'pull-request';
  const names = values.map((value) => value.name.toLowerCase());
  if (names.some((name) => HEAD.test(name) && !OWN_HEAD.test(name))) return 'pull-request';
  if (values.some((value) => value.origin === 'outsider' && value.kind !== 'sha')) return 'pull-request';
  if (
    values.some(
      (value) =>
        ['output', 'input', 'unknown', 'environment', 'matrix'].includes(value.origin) && value.kind !== 'constant',
    )
  ) {
    return 'unknown';
  }
  return names.length === 0 || names.some((name) => BASE.test(name)) ? 'base' : undefined;
}

/** Events of the workflow whose own ref is a change. */
function changeEvents(use: ActionUse): readonly string[] {
  return use.triggers.map(({ event }) => event).filter((event) => PULL_REQUEST_EVENTS.has(event));
}

function defaultTree(use: ActionUse): TreeProvenance {
  if (changeEvents(use).length > 0) return 'pull-request';
  const events = use.triggers.map((trigger) => trigger.event);
  return events.length === 0 || events.every((event) => event === 'workflow_call') ? 'unknown' : 'base';
}

/** Events for which version 7 and later refuse the head of a fork, unless an input allows it. */
const REFUSED_EVENTS: ReadonlySet<string> = new Set(['pull_request_target', 'workflow_run']);

function refusesForks(use: ActionUse): boolean {
  const untrusted = use.triggers.filter((trigger) => trigger.untrusted);
  return (
    (use.major ?? 0) >= 7 &&
    !isOn(use, 'allow-unsafe-pr-checkout') &&
    untrusted.length > 0 &&
    untrusted.every(({ event }) => REFUSED_EVENTS.has(event))
  );
}

/** The tree that lands on disk. What remains where forks are refused are branches of the repository itself. */
function checkedOut(use: ActionUse): TreeProvenance {
  const tree = treeOf(use);
  return tree === 'pull-request' && refusesForks(use) ? 'base' : tree;
}

function treeOf(use: ActionUse): TreeProvenance {
  const ref = inputEntry(use, 'ref');
  const repository = inputEntry(use, 'repository');
  const fromRef =
    ref === undefined || ref.value.text.trim() === ''
      ? undefined
      : provenanceOf(use.resolve(ref.value), ref.value.text);
  if (fromRef === 'pull-request') return fromRef;
  if (repository !== undefined && repository.value.text.trim() !== '') {
    const values = use.resolve(repository.value);
    if (values.some((value) => HEAD.test(value.name.toLowerCase()))) return 'pull-request';
    const own = values.some((value) => value.name.toLowerCase() === 'github.repository');
    if (!own) return values.every((value) => value.kind === 'constant') ? 'other-repository' : 'unknown';
  }
  return fromRef ?? defaultTree(use);
}

/** Variables that hold the name of the branch of a change, without the repository that it is in. */
const BRANCH_NAME = /(?:^|\.)(?:head_ref|head_branch|pull_request\.head\.ref)$/;

function namesOwnBranch(use: ActionUse): boolean {
  const ref = inputEntry(use, 'ref');
  if (ref === undefined || inputEntry(use, 'repository') !== undefined) return false;
  const outside = use.resolve(ref.value).filter(({ kind }) => kind !== 'constant');
  return outside.length > 0 && outside.every(({ name }) => BRANCH_NAME.test(name.toLowerCase()));
}

function namesNothing(use: ActionUse): boolean {
  return ['ref', 'repository'].every((name) => (inputText(use, name) ?? '').trim() === '');
}

function checkout(use: ActionUse): readonly EffectBody[] {
  const submodules = inputText(use, 'submodules')?.trim().toLowerCase();
  return [
    {
      kind: 'checkout',
      tree: checkedOut(use),
      ref: inputEntry(use, 'ref')?.value,
      ...(namesNothing(use) ? { changeOn: changeEvents(use) } : {}),
      ownBranch: namesOwnBranch(use),
      // The default is true in every version so far; later ones keep the token outside `.git/config`, still readable.
      persistsCredentials: !isOff(use, 'persist-credentials'),
      submodules: submodules === 'true' || submodules === 'recursive',
      token: secretIn(use, 'token') ?? secretIn(use, 'ssh-key'),
      path: inputText(use, 'path'),
    },
  ];
}

/** Inputs and defaults were read in the action's `action.yml` and changelog of version 7.0.1 on 2026-11-21. */
export const CHECKOUT_ACTIONS: readonly ActionRow[] = [{ actions: ['actions/checkout'], effects: checkout }];
