import type { Facts } from '../facts/index.ts';
import { type FindingDraft, SEVERITIES } from '../findings/index.ts';

/**
 * One line that several jobs share (an anchor, `extends`, a template, a composite action) is one thing to mend: findings
 * of one rule at one place that differ only in the name of the job become one, the most severe.
 */
export function mergeSharedLines(drafts: readonly FindingDraft[], facts: Facts): readonly FindingDraft[] {
  const names = new Map<string, readonly string[]>();
  for (const { file, jobs } of facts.pipelines) {
    names.set(file.path, [...(names.get(file.path) ?? []), ...jobs.map(({ id }) => id)]);
  }
  const groups = new Map<string, FindingDraft[]>();
  for (const draft of drafts) {
    const key = keyOf(draft, names.get(draft.place.file) ?? []);
    const group = groups.get(key);
    if (group) group.push(draft);
    else groups.set(key, [draft]);
  }
  return [...groups.values()].flatMap(merge);
}

function keyOf({ rule, place, message }: FindingDraft, jobs: readonly string[]): string {
  const words = new Set(jobs);
  const anyJob = message.replace(/[^\s,:;()`'"]+/g, (word) => (words.has(word) ? '*' : word));
  return JSON.stringify([rule, place.file, place.span.start, place.span.end, anyJob]);
}

function merge(group: readonly FindingDraft[]): readonly FindingDraft[] {
  const weight = ({ severity }: FindingDraft): number => SEVERITIES.indexOf(severity);
  const [worst] = [...group].sort((one, other) => weight(one) - weight(other));
  if (!worst || group.length === 1) return group;
  const others = group.length - 1;
  const note = `The same line serves ${others} more ${others === 1 ? 'job' : 'jobs'}.`;
  return [{ ...worst, detail: worst.detail ? `${worst.detail} ${note}` : note }];
}
