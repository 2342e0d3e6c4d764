/** What a change or a repository is worth: findings, what was really looked at, and the verdict for a merge. */
export type { Calibration, Evidence } from './calibration/evidence.ts';
export { type CalibrationRow, fitRows } from './calibration/fit.ts';
export { type LabelledRecord, type RecordReading, readRecords } from './calibration/record.ts';
export { crossPredict, measureReliability, type Prediction, type Reliability } from './calibration/reliability.ts';
export { CALIBRATION_FILE, readTable, writeTable } from './calibration/table.ts';
export type { Coverage, HunkCoverage, ReviewState } from './coverage.ts';
export type { Decisions } from './decisions.ts';
export type { Engine } from './engine-stage.ts';
export { reviewExit } from './exit.ts';
export { anthropicClient } from './model/anthropic.ts';
export { type ClaudeCliOptions, type CliOutcome, claudeCliClient } from './model/claude-cli.ts';
export type { ModelAnswer, ModelClient, ModelRequest, ModelUsage } from './model/client.ts';
export type { HttpOptions } from './model/http.ts';
export { NO_JOURNAL, openJournal } from './model/journal.ts';
export { type ModelAccount, type ModelSettings, previewModel } from './model/model-stage.ts';
export { openaiClient } from './model/openai.ts';
export { fixOf, type Healing, type HealRequest, heal } from './patch/heal.ts';
export type {
  CompareControls,
  PatchCheck,
  PatchJudgement,
  PatchState,
  RunTests,
  SecondLook,
} from './patch/judgement.ts';
export { type PatchAccount, type PatchStageRequest, proposePatches } from './patch/patch-stage.ts';
export { type PatchReading, readPatch } from './patch/read-patch.ts';
export type { ReadCode } from './patch/residue.ts';
export { type PatchRequest, verifyPatch } from './patch/verify-patch.ts';
export { planReview } from './plan.ts';
export { renderReviewJson } from './report/review-json.ts';
export { reportReview } from './report/review-report.ts';
export { formatReviewEnding } from './report/review-text.ts';
export { type ReviewOutcome, type ReviewRequest, review } from './review.ts';
export type { ScanAccount, ScanFiles } from './scan-stage.ts';
export type { JudgedFinding, ReviewVerdict } from './verdict.ts';
