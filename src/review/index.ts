/** What a change or a repository is worth: findings, what was really looked at, and the verdict for a merge. */
export type { Coverage, HunkCoverage, ReviewState } from './coverage.ts';
export type { Decisions } from './decisions.ts';
export type { Engine } from './engine-stage.ts';
export { reviewExit } from './exit.ts';
export { anthropicClient } from './model/anthropic.ts';
export type { ModelAnswer, ModelClient, ModelRequest, ModelUsage } from './model/client.ts';
export type { HttpOptions } from './model/http.ts';
export { NO_JOURNAL, openJournal } from './model/journal.ts';
export { type ModelAccount, type ModelSettings, previewModel } from './model/model-stage.ts';
export { openaiClient } from './model/openai.ts';
export { planReview } from './plan.ts';
export { renderReviewJson } from './report/review-json.ts';
export { reportReview } from './report/review-report.ts';
export { formatReviewEnding } from './report/review-text.ts';
export { type ReviewOutcome, type ReviewRequest, review } from './review.ts';
export type { JudgedFinding, ReviewVerdict } from './verdict.ts';
