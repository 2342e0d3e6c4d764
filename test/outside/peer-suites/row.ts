/** One expectation of a peer's fixture suite. */
export interface Row {
  /** Name of the fixture; the halves are split by its hash. */
  readonly fixture: string;
  /** The repository that the fixture stands for: path to content. */
  readonly files: { readonly [path: string]: string };
  /** The file that the expectation is about; any file when absent. */
  readonly file: string | undefined;
  /** 1-based; any line when absent. */
  readonly line: number | undefined;
  /** Last line, where the suite means a whole block. */
  readonly until?: number;
  readonly rule: string;
  readonly expected: 'finding' | 'silence';
}

/** Reads the rows of a suite from a local checkout. */
export type SuiteReader = (directory: string) => readonly Row[];

/** The path under which a lone workflow or action file is audited. */
export function placeOf(name: string): string {
  const base = name.slice(name.lastIndexOf('/') + 1);
  if (/^action\.ya?ml$/.test(base)) return base;
  return `.github/workflows/${base}`;
}
