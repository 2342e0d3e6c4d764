import { entriesOf, itemsOf, type Node, nodeAt, scalarAt } from '../../syntax/index.ts';

/** Which steps and jobs of a workflow ask the forge what the person who started it may do. */
export interface PermissionChecks {
  /** Ids of steps, by job. */
  readonly steps: ReadonlyMap<string, ReadonlySet<string>>;
  readonly jobs: ReadonlySet<string>;
}

export const NO_CHECKS: PermissionChecks = { steps: new Map(), jobs: new Set() };

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

/** Look through all jobs before their conditions are read, because a condition may name a later job's step. */
export function findPermissionChecks(root: Node | undefined): PermissionChecks {
  const steps = new Map<string, ReadonlySet<string>>();
  const jobs = new Set<string>();
  for (const job of entriesOf(nodeAt(root, 'jobs'))) {
    const checking = itemsOf(nodeAt(job.value, 'steps')).filter(isCheck);
    if (checking.length === 0) continue;
    jobs.add(job.key.text);
    steps.set(job.key.text, new Set(checking.flatMap((step) => scalarAt(step, 'id')?.text ?? [])));
  }
  return { steps, jobs };
}

function isCheck(step: Node): boolean {
  const action = scalarAt(step, 'uses')?.text.split('@')[0]?.toLowerCase() ?? '';
  if (CHECK_ACTIONS.includes(action)) return true;
  return asksForRights(`${scalarAt(step, 'run')?.text ?? ''}\n${scalarAt(step, 'with', 'script')?.text ?? ''}`);
}
