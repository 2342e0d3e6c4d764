import { hash } from 'node:crypto';
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
  return withFingerprint(draft, fingerprintOf(identityOf(draft), occurrence));
}

function withFingerprint(draft: FindingDraft, fingerprint: string): Finding {
  return {
    ...draft,
    related: draft.related ?? [],
    flow: draft.flow ?? [],
    fixes: draft.fixes ?? [],
    fingerprint,
    suppression: undefined,
  };
}

/**
 * Findings with fingerprints, in the order given. What is reported twice alike (rule, file, subject, place, message) is
 * one finding: two ways to notice the same thing are no two things to mend.
 */
export function completeFindings(drafts: Iterable<FindingDraft>): readonly Finding[] {
  const distinct = new Map<string, Identified>();
  for (const draft of drafts) {
    const { start, end } = draft.place.span;
    const identity = identityOf(draft);
    const key = JSON.stringify([identity, start, end, draft.message]);
    if (!distinct.has(key)) distinct.set(key, { draft, identity });
  }
  const kept = [...distinct.values()];
  const occurrences = numberOccurrences(kept);
  return kept.map((one) => withFingerprint(one.draft, fingerprintOf(one.identity, occurrences.get(one) ?? 0)));
}

interface Identified {
  readonly draft: FindingDraft;
  readonly identity: string;
}

/** By position, not by order of discovery: a rule that walks another way must not change a fingerprint. */
function numberOccurrences(all: readonly Identified[]): ReadonlyMap<Identified, number> {
  const seen = new Map<string, number>();
  const numbers = new Map<Identified, number>();
  for (const one of all.toSorted((a, b) => a.draft.place.span.start - b.draft.place.span.start)) {
    const count = seen.get(one.identity) ?? 0;
    numbers.set(one, count);
    seen.set(one.identity, count + 1);
  }
  return numbers;
}

/** As JSON, so that no name from outside can move the border between two parts. */
function fingerprintOf(identity: string, occurrence: number): string {
  return hash('sha256', JSON.stringify([SCHEME, identity, occurrence]));
}

function identityOf({ rule, place, subject }: FindingDraft): string {
  return JSON.stringify([rule, place.file, normalise(subject)]);
}

/** Blanks and composed characters do not make another subject. */
function normalise(subject: string): string {
  return subject.normalize('NFC').replace(/\s+/g, ' ').trim();
}
