import { createHash } from 'node:crypto';
import type { Finding, FindingDraft } from './finding.ts';

/** Changes whenever the same finding would get another fingerprint: it is part of what is hashed. */
const SCHEME = 'sallyport/1';

/**
 * A finding with its fingerprint. `occurrence` tells findings of one rule with one subject in one file apart: 0 for the
 * first of them in the order of the file.
 *
 * @example completeFinding(draft).fingerprint // 64 hexadecimal digits
 */
export function completeFinding(draft: FindingDraft, occurrence = 0): Finding {
  return {
    ...draft,
    related: draft.related ?? [],
    flow: draft.flow ?? [],
    fixes: draft.fixes ?? [],
    fingerprint: fingerprintOf(draft, occurrence),
    suppression: undefined,
  };
}

/**
 * Findings with fingerprints, in the order given. What is reported twice alike (rule, file, subject, place, message) is
 * one finding: two ways to notice the same thing are no two things to mend.
 */
export function completeFindings(drafts: Iterable<FindingDraft>): readonly Finding[] {
  const distinct = new Map<string, FindingDraft>();
  for (const draft of drafts) {
    const { start, end } = draft.place.span;
    const key = JSON.stringify([identityOf(draft), start, end, draft.message]);
    if (!distinct.has(key)) distinct.set(key, draft);
  }
  const kept = [...distinct.values()];
  const occurrences = numberOccurrences(kept);
  return kept.map((draft) => completeFinding(draft, occurrences.get(draft)));
}

/** By position, not by order of discovery: a rule that walks another way must not change a fingerprint. */
function numberOccurrences(drafts: readonly FindingDraft[]): ReadonlyMap<FindingDraft, number> {
  const seen = new Map<string, number>();
  const numbers = new Map<FindingDraft, number>();
  for (const draft of drafts.toSorted((a, b) => a.place.span.start - b.place.span.start)) {
    const identity = identityOf(draft);
    const count = seen.get(identity) ?? 0;
    numbers.set(draft, count);
    seen.set(identity, count + 1);
  }
  return numbers;
}

/** As JSON, so that no name from outside can move the border between two parts. */
function fingerprintOf(draft: FindingDraft, occurrence: number): string {
  return createHash('sha256')
    .update(JSON.stringify([SCHEME, identityOf(draft), occurrence]))
    .digest('hex');
}

function identityOf({ rule, place, subject }: FindingDraft): string {
  return JSON.stringify([rule, place.file, normalise(subject)]);
}

/** Blanks and composed characters do not make another subject. */
function normalise(subject: string): string {
  return subject.normalize('NFC').replace(/\s+/g, ' ').trim();
}
