import type { ForgeName } from './model.ts';

/** What a forge takes at most. Lengths are counted in bytes, which are never fewer than its characters. */
export interface ForgeLimits {
  readonly comment: number;
  /** Of a check run or commit status, beside its title. */
  readonly checkSummary: number;
  readonly checkTitle: number;
  readonly annotationsPerRequest: number;
  /** Of all requests together. */
  readonly annotations: number;
}

/**
 * GitHub: 65,536 characters a comment, 65,535 a check run's summary, 50 annotations a request. GitLab: 1,000,000
 * characters a note, 255 a status description. Gitea and Forgejo keep comments as long as their database lets them. Azure: 150,000
 * characters a comment.
 */
export const FORGE_LIMITS: Readonly<Record<ForgeName, ForgeLimits>> = {
  github: { comment: 65_536, checkSummary: 65_535, checkTitle: 255, annotationsPerRequest: 50, annotations: 250 },
  gitlab: { comment: 1_000_000, checkSummary: 0, checkTitle: 255, annotationsPerRequest: 0, annotations: 0 },
  gitea: { comment: 65_536, checkSummary: 0, checkTitle: 255, annotationsPerRequest: 0, annotations: 0 },
  azure: { comment: 150_000, checkSummary: 0, checkTitle: 255, annotationsPerRequest: 0, annotations: 0 },
};

/** GitHub takes as much as the description of a commit status. */
export const STATUS_DESCRIPTION = 140;

export const DEFAULT_REMARKS = { limit: 20, complete: true } as const;

/** A text cut to a number of bytes of UTF-8, never within a character; an ellipsis stands where something is left out. */
export function cutBytes(text: string, bytes: number): string {
  if (Buffer.byteLength(text) <= bytes) return text;
  const kept = Buffer.from(text).subarray(0, Math.max(0, bytes - 3));
  // A character that was cut in two decodes to replacement characters at the end.
  return `${kept.toString('utf8').replace(/\ufffd+$/, '')}…`;
}
