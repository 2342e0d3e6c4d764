import { z } from 'zod';
import type { JsonObject } from '../../system/index.ts';
import type { AssertedReview } from '../approval/index.ts';
import { type ChangeIdentity, REVIEW_FORGES, type ReviewForge, type Statement } from '../model.ts';
import { PREDICATES } from '../predicate-roles.ts';
import { count, gitId, moment, text } from './schema-parts.ts';
import { statementOf } from './subject.ts';

const review = z.strictObject({
  login: text.min(1),
  /** Statements from before the field was there do not have it. */
  accountId: text.min(1).nullable().optional(),
  state: z.enum(['approved', 'changes-requested', 'commented', 'dismissed']),
  commit: gitId.nullable(),
  at: text,
  bot: z.boolean(),
});

/** The predicate `forge-review` v0.1 (docs/formats/forge-review.md). Every field must be there. */
export const forgeReview = z.strictObject({
  forge: z.enum(REVIEW_FORGES),
  repository: text.min(1),
  number: count,
  headCommit: gitId,
  author: text.min(1),
  lastPusher: text.nullable(),
  /** Statements from before these two were there do not have them. */
  pushers: z.array(text.min(1)).max(10_000).optional(),
  pushersComplete: z.boolean().optional(),
  readAt: moment,
  reviews: z.array(review).max(10_000),
});

/** What a forge said of a request at one moment. */
export interface ForgeReviewRecord {
  readonly forge: ReviewForge;
  /** `owner/name`, or as the forge names it. */
  readonly repository: string;
  /** Of the pull or merge request. */
  readonly number: number;
  /** What the request was at. */
  readonly headCommit: string;
  readonly author: string;
  /** `null` where the forge does not tell. */
  readonly lastPusher: string | null;
  /** Everybody who is known to have pushed a part of it; absent in statements from before. */
  readonly pushers?: readonly string[] | undefined;
  /** Whether these are all; absent: it is not known. */
  readonly pushersComplete?: boolean | undefined;
  /** RFC 3339, UTC. */
  readonly readAt: string;
  readonly reviews: readonly AssertedReview[];
}

/** What a value of that form says; `undefined` when it is none. For a report and for a verified predicate. */
export function readForgeReview(value: unknown): ForgeReviewRecord | undefined {
  const parsed = forgeReview.safeParse(value);
  return parsed.success ? parsed.data : undefined;
}

/** The statement of the gate: so the forge spoke when it was asked. Later the forge may say otherwise. */
export function forgeReviewStatement(change: ChangeIdentity, record: ForgeReviewRecord): Statement {
  // Sound: every field of the schema is JSON, and the parse leaves no other.
  return statementOf(change, PREDICATES.forgeReview, forgeReview.parse(record) as JsonObject);
}
