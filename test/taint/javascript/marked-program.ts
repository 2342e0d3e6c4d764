/** A program whose lines say what is expected of them: `// BAD` a flow ends here, `// GOOD` none does. */
export interface MarkedProgram {
  readonly title: string;
  readonly path: string;
  readonly library: boolean;
  readonly lines: readonly string[];
}
