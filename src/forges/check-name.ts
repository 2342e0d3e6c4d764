import type { CheckPost } from './model.ts';

/**
 * The name of a check that belongs to a commit: `sallyport/ci (main)`. One commit can be the head of several requests, and
 * what lets it into one branch must not let it into another: whoever may open a request against a branch of his own would
 * have a green check for every other. Without a target the name alone, which no branch requires.
 */
export function sharedCheckName({ name, targetBranch }: Pick<CheckPost, 'name' | 'targetBranch'>): string {
  return targetBranch === undefined ? name : `${name} (${targetBranch})`;
}
