import type { Approval } from '../../model.ts';
import { namesOf } from '../person.ts';
import type { CodeOwners, OwnerSection } from './model.ts';

/** Owners who must look at some files. */
export interface OwnerDemand {
  /** Name of the section; empty where there is none. */
  readonly section: string;
  readonly owners: readonly string[];
  /** How many of them. */
  readonly approvals: number;
  readonly paths: readonly string[];
}

/** What is left to approve, and what the file did not say clearly. */
export interface OwnershipResult {
  readonly demands: readonly OwnerDemand[];
  /** Those of them that no approval meets yet. */
  readonly missing: readonly OwnerDemand[];
}

/**
 * Which owners must approve these paths: in every section the last rule that matches speaks. A rule without owners asks
 * nobody. Pass both paths of a renamed file: its old owners lose it, and its new ones get it.
 */
export function demandsOf(codeOwners: CodeOwners, paths: readonly string[]): readonly OwnerDemand[] {
  const demands = new Map<string, { readonly demand: Omit<OwnerDemand, 'paths'>; readonly paths: string[] }>();
  for (const section of codeOwners.sections) {
    if (section.optional) continue;
    for (const path of new Set(paths)) {
      const owners = ownersIn(section, path);
      if (owners.length === 0) continue;
      const key = JSON.stringify([section.name, [...owners].sort()]);
      const known = demands.get(key);
      if (known) known.paths.push(path);
      else demands.set(key, { demand: { section: section.name, owners, approvals: section.approvals }, paths: [path] });
    }
  }
  return [...demands.values()].map(({ demand, paths: of }) => ({ ...demand, paths: of }));
}

function ownersIn({ rules }: OwnerSection, path: string): readonly string[] {
  const matching = rules.filter(({ matches }) => matches(path));
  return matching.some(({ excludes }) => excludes) ? [] : (matching.at(-1)?.owners ?? []);
}

/**
 * Which demands the approvals meet. Only accounts, addresses and groups of the trust store are compared, never what a
 * forge says of its teams: that can be changed by whoever administers it.
 *
 * @param counted approvals that count, as `countApprovals` found them: one for each person
 */
export function judgeOwnership(
  codeOwners: CodeOwners,
  paths: readonly string[],
  counted: readonly Approval[],
): OwnershipResult {
  const demands = demandsOf(codeOwners, paths);
  const missing = demands.filter(
    ({ owners, approvals }) => counted.filter((approval) => isOwner(approval, owners)).length < approvals,
  );
  return { demands, missing };
}

/** Does this person stand behind one of these owners? */
export function isOwner({ names, roles }: Pick<Approval, 'names' | 'roles'>, owners: readonly string[]): boolean {
  const groups = roles.map((role) => role.toLowerCase());
  return owners.some((owner) => {
    if (owner.startsWith('@@')) return groups.includes(owner.slice(2).toLowerCase());
    const asked = namesOf(owner);
    return [...asked].some((name) => names.includes(name) || (owner.startsWith('@') && groups.includes(name)));
  });
}
