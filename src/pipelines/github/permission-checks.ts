import { entriesOf, itemsOf, type Node, nodeAt, scalarAt } from '../../syntax/index.ts';

/** Which steps and jobs of a workflow ask the forge what somebody may do, and about whom. */
export interface PermissionChecks {
  /** Whom steps ask about, by job and id. */
  readonly steps: ReadonlyMap<string, ReadonlyMap<string, string>>;
  readonly jobs: ReadonlyMap<string, string>;
}

export const NO_CHECKS: PermissionChecks = { steps: new Map(), jobs: new Map() };

/** Names of calls and paths that ask about a person's rights. */
const CHECK_WORDS = [
  ...['getcollaboratorpermissionlevel', 'collaborators/', 'checkmembershipforuser', 'getmembershipforuser'],
  ...['getmembershipforuserinorg', 'memberships/', 'checkcollaborator', 'author_association', 'authorassociation'],
  ...['check_membership', 'check_permissions', 'permissionforuser'],
];

/** Actions that ask about a person's rights. */
export const CHECK_ACTIONS = [
  ...['actions-cool/check-user-permission', 'prince-chrismc/check-actor-permissions-action'],
  ...['lannonbr/repo-permission-check-action', 'sushichop/action-repository-permission'],
  ...['skjnldsv/check-actor-permission', 'tspascoal/get-user-teams-membership', '74th/workflow-permission-action'],
  ...['scherermichael-oss/action-has-permission', 'morfien101/actions-authorized-user'],
];

const ANY_CHECK = new RegExp(CHECK_WORDS.join('|'), 'i');

/** Whether a text, for instance a script, asks the forge about somebody's rights. */
export function asksForRights(text: string): boolean {
  return ANY_CHECK.test(text);
}

/** How the author of something is spelled in expressions, scripts of GitHub and `jq`. */
const AUTHORS: readonly (readonly [RegExp, principal: string])[] = [
  [/\bcomment\.user\b/, 'comment-author'],
  [/\breview\.user\b/, 'review-author'],
  [/\bissue\.user\b/, 'issue-author'],
  [/\bpull_request\.user\b/, 'pull-request-author'],
  [/\bdiscussion\.user\b/, 'discussion-author'],
];

const ACTOR = /\bactor\b|\bGITHUB_ACTOR\b|\bsender\b/;

/** Whom a check of rights asks about: the person who started the run, unless it speaks of an author alone. */
export function personAsked(text: string): string {
  if (ACTOR.test(text)) return 'actor';
  return AUTHORS.find(([pattern]) => pattern.test(text))?.[1] ?? 'actor';
}

/** Look through all jobs before their conditions are read, because a condition may name a later job's step. */
export function findPermissionChecks(root: Node | undefined): PermissionChecks {
  const steps = new Map<string, ReadonlyMap<string, string>>();
  const jobs = new Map<string, string>();
  for (const job of entriesOf(nodeAt(root, 'jobs'))) {
    const checking = itemsOf(nodeAt(job.value, 'steps')).filter(isCheck);
    if (checking.length === 0) continue;
    jobs.set(job.key.text, personAsked(checking.map(textOf).join('\n')));
    const named = checking.flatMap((step) => {
      const id = scalarAt(step, 'id')?.text;
      return id === undefined ? [] : [[id, personAsked(textOf(step))] as const];
    });
    steps.set(job.key.text, new Map(named));
  }
  return { steps, jobs };
}

function isCheck(step: Node): boolean {
  const action = scalarAt(step, 'uses')?.text.split('@')[0]?.toLowerCase() ?? '';
  if (CHECK_ACTIONS.includes(action)) return true;
  return asksForRights(`${scalarAt(step, 'run')?.text ?? ''}\n${scalarAt(step, 'with', 'script')?.text ?? ''}`);
}

/** Everything that a step says: its script, its variables and its inputs. */
function textOf(step: Node): string {
  const values = ['env', 'with'].flatMap((key) => entriesOf(nodeAt(step, key)).map(({ value }) => value));
  return [nodeAt(step, 'run'), ...values].map((node) => (node?.kind === 'scalar' ? node.text : '')).join('\n');
}
