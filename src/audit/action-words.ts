import type { Facts } from '../facts/index.ts';
import type { FindingDraft } from '../findings/index.ts';

/** An action has no job: its steps stand below the key `runs`, which is no name that a person would look for. */
export function nameActions(drafts: readonly FindingDraft[], { pipelines }: Facts): readonly FindingDraft[] {
  const actions = new Set(
    pipelines
      .filter(({ role }) => role === 'composite-action' || role === 'action')
      .filter(({ jobs }) => jobs.every(({ id }) => id === 'runs'))
      .map(({ file }) => file.path),
  );
  return drafts.map((draft) =>
    actions.has(draft.place.file)
      ? { ...draft, message: draft.message.replace(/\b([Jj])ob runs\b/g, sayAction) }
      : draft,
  );
}

function sayAction(_: string, initial: string): string {
  return initial === 'J' ? 'The action' : 'the action';
}
