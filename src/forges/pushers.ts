/** One push to a branch, as a forge recorded it. */
export interface Push {
  /** The account; `undefined` where it is gone or is not told. */
  readonly by: string | undefined;
  /** Where the branch was before; `undefined` when the push made it. */
  readonly before: string | undefined;
  /** Where the branch is after it; `undefined` where the forge does not tell which branch was pushed. */
  readonly after: string | undefined;
}

/** Who brought the commits of a change to its branch. */
export interface Pushers {
  readonly logins: readonly string[];
  /** Whether these are all of them: every push from the base to the head is known, with its account. */
  readonly complete: boolean;
}

/** Pages that are read of a list of pushes. */
export const PAGES_OF_PUSHES = 10;

/** What a forge writes where there is no commit. */
export function commitOf(id: string | null | undefined): string | undefined {
  return id === null || id === undefined || /^0*$/.test(id) ? undefined : id;
}

/**
 * Follows the pushes back from the head to where the branch left its base. Whoever wants to be forgotten lets somebody
 * else push last, moves the branch away and back, or has it deleted and restored: a commit that the branch was at on the
 * way is one of the change, whoever brought it there, and however often.
 *
 * @param pushes the newest first; those to other branches are not among them
 * @param mergeBase commit where the change begins; what was pushed up to it is not of the change
 */
export function tracePushers(pushes: readonly Push[], head: string, mergeBase: string | undefined): Pushers {
  const onTheWay = new Set([head]);
  // Commits of which it is not known yet who brought them.
  const open = new Set([head]);
  const [known, possible] = [new Set<string>(), new Set<string>()];
  let isNamed = true;
  for (const { by, before, after } of pushes) {
    if (after !== undefined && !onTheWay.has(after)) continue;
    if (after === undefined) {
      if (by !== undefined) possible.add(by);
      continue;
    }
    if (by === undefined) isNamed = false;
    else known.add(by);
    open.delete(after);
    if (before === undefined || before === mergeBase) continue;
    onTheWay.add(before);
    open.add(before);
  }
  const complete = isNamed && open.size === 0;
  // Where a push is missing, it may be one of those that could have been to any branch.
  return { logins: [...known, ...(complete ? [] : [...possible].filter((by) => !known.has(by)))], complete };
}

/** Adds accounts that are known from elsewhere to have pushed. */
export function withPushers({ logins, complete }: Pushers, more: readonly (string | undefined)[]): Pushers {
  return { logins: [...new Set([...logins, ...more.filter((login) => login !== undefined)])], complete };
}
