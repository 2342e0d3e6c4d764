/** What a person is told of one kind of error. */
export interface ErrorEntry {
  readonly title: string;
  readonly exit: 1 | 2 | 3 | 4 | 143;
  /** What to do about it, when the thrower has nothing more specific to say. */
  readonly advice: string;
}
