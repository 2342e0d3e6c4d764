/** A rule entry that cannot mean what it says; the reader adds where it stands. */
export class EntryError extends Error {
  readonly advice: string | undefined;

  constructor(message: string, advice: string | undefined) {
    super(message);
    this.advice = advice;
  }
}
