import type { Facts } from '../facts/index.ts';
import { type FindingDraft, type Fix, SEVERITIES } from '../findings/index.ts';

/**
 * One line that several jobs share (an anchor, `extends`, a template, a composite action), or that says the same thing
 * several times, is one thing to mend: findings of one rule on one line that differ only in the name of the job become
 * one, the most severe.
 */
export function mergeSharedLines(drafts: readonly FindingDraft[], facts: Facts): readonly FindingDraft[] {
  const names = new Map<string, ReadonlySet<string>>();
  for (const { file, jobs } of facts.pipelines) {
    names.set(file.path, new Set([...(names.get(file.path) ?? []), ...jobs.map(({ id }) => id)]));
  }
  const all = new Set([...names.values()].flatMap((jobs) => [...jobs]));
  // A settings file or a script serves jobs of any pipeline.
  const jobsOf = ({ place }: FindingDraft): ReadonlySet<string> => names.get(place.file) ?? all;
  const groups = Map.groupBy(drafts, (draft) => keyOf(draft, jobsOf(draft), lineOf(draft, facts)));
  return [...groups.values()].flatMap((group) => merge(group, jobsOf));
}

function keyOf({ rule, place, message }: FindingDraft, jobs: ReadonlySet<string>, line: number): string {
  return JSON.stringify([rule, place.file, line, forAnyJob(message, jobs)]);
}

/** Where the line begins. */
function lineOf({ place }: FindingDraft, facts: Facts): number {
  const { start } = place.span;
  return start === 0 ? 0 : (facts.source(place.file)?.text.lastIndexOf('\n', start - 1) ?? start - 1) + 1;
}

function forAnyJob(text: string, jobs: ReadonlySet<string>): string {
  return text.replace(/[^\s,:;()`'"]+/g, (word) => (jobs.has(word) ? '*' : word));
}

/** Its name is that of no single job, so that the order of the jobs does not matter. */
function merge(
  group: readonly FindingDraft[],
  jobsOf: (draft: FindingDraft) => ReadonlySet<string>,
): readonly FindingDraft[] {
  const weight = ({ severity }: FindingDraft): number => SEVERITIES.indexOf(severity);
  const [worst] = [...group].sort((one, other) => weight(one) - weight(other));
  if (!worst || group.length === 1) return group;
  const others = new Set(group.map(({ subject }) => subject)).size - 1;
  const note =
    others === 0
      ? 'The line says it more than once.'
      : `The same line serves ${others} more ${others === 1 ? 'job' : 'jobs'}.`;
  return [
    {
      ...worst,
      subject: forAnyJob(worst.subject, jobsOf(worst)),
      detail: worst.detail ? `${worst.detail} ${note}` : note,
      fixes: fixesOfAll(worst, group),
    },
  ];
}

/** What mends one of the jobs leaves the finding to the others: a fix has to be made in each. */
function fixesOfAll(worst: FindingDraft, group: readonly FindingDraft[]): readonly Fix[] {
  return (worst.fixes ?? []).flatMap((fix) => {
    const same = group.flatMap(({ fixes = [] }) => fixes.find(({ title }) => title === fix.title) ?? []);
    if (same.length < group.length) return [];
    const edits = new Map(same.flatMap((one) => one.edits).map((edit) => [JSON.stringify(edit), edit]));
    const creates = new Map(same.flatMap((one) => one.creates).map((file) => [file.file, file]));
    const safety = same.every((one) => one.safety === 'safe') ? 'safe' : 'unsafe';
    return [{ ...fix, safety, edits: [...edits.values()], creates: [...creates.values()] }];
  });
}
