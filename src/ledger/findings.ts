import type { CaptureGap, Check, FailedCheck } from './verdict.ts';

/** A hostile log can fail every check on every record; a report stays readable and memory constant. */
const MAX_LISTED = 100;

/** Gathers what a verification finds, in bounded memory. */
export class Findings {
  readonly failures: FailedCheck[] = [];
  readonly gaps: CaptureGap[] = [];
  readonly notes: string[] = [];
  failureCount = 0;
  gapCount = 0;
  invalid = false;
  diverged = false;
  unverifiable = false;

  /** A check failed. */
  fail(check: Check, message: string, record?: number): void {
    this.invalid = true;
    this.#list(check, message, record);
  }

  /** The log contradicts a head that was kept. */
  diverge(check: Check, message: string): void {
    this.diverged = true;
    this.#list(check, message);
  }

  /** Something that only a newer verifier understands. */
  defer(check: Check, message: string, record?: number): void {
    this.unverifiable = true;
    this.#list(check, message, record);
  }

  gap(record: number, kind: string): void {
    this.gapCount += 1;
    if (this.gaps.length < MAX_LISTED) this.gaps.push({ record, kind });
  }

  note(text: string): void {
    this.notes.push(text);
  }

  #list(check: Check, message: string, record?: number): void {
    this.failureCount += 1;
    if (this.failures.length >= MAX_LISTED) return;
    this.failures.push(record === undefined ? { check, message } : { check, record, message });
  }
}
