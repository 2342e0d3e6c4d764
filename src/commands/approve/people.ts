import { type CountInput, isKnownAs, REFUSALS } from '../../attest/index.ts';
import type { CommitList } from '../../workspace/index.ts';

/** What a person or the pipeline says of those around the change. */
export interface PeopleFlags {
  readonly requestedBy?: string;
  readonly author?: string;
  readonly lastPusher?: string;
  readonly agentAccount: readonly string[];
}

/** Those who can never approve this change: named by the caller, and written in its commits. */
export function peopleAround({ commits }: CommitList, flags: PeopleFlags): CountInput['people'] {
  const authors = commits.flatMap(({ author, committer }) => [author, committer]);
  return {
    requester: flags.requestedBy,
    author: flags.author,
    lastPusher: flags.lastPusher,
    authors: [...new Set(authors.map(({ name, email }) => `${name} <${email}>`))],
    agents: flags.agentAccount,
  };
}

/** What would keep an approval by this person from counting: better said before the signature than after. */
export function warningsFor(names: readonly string[], people: CountInput['people']): readonly string[] {
  const roles = [
    [[people.requester], 'requester'],
    [[people.author, ...(people.authors ?? [])], 'author'],
    [[people.lastPusher], 'last-pusher'],
    [people.agents ?? [], 'agent'],
  ] as const;
  return roles
    .filter(([those]) => those.some((person) => isKnownAs(names, person)))
    .map(([, code]) => `this will not count: ${REFUSALS[code]}`);
}
