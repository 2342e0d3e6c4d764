/** What a change or a repository is worth: findings, what was really looked at, and the verdict for a merge. */
export type { Coverage, HunkCoverage, ReviewState } from './coverage.ts';
export type { Decisions } from './decisions.ts';
export type { Engine } from './engine-stage.ts';
export { reviewExit } from './exit.ts';
export { renderReviewJson } from './report/review-json.ts';
export { reportReview } from './report/review-report.ts';
export { formatReviewEnding } from './report/review-text.ts';
export { type ReviewOutcome, type ReviewRequest, review } from './review.ts';
export type { JudgedFinding, ReviewVerdict } from './verdict.ts';
