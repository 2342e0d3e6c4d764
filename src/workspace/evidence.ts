import { relative } from 'node:path';
import { type BytePath, fromText } from './byte-path.ts';

/** What the out directory of every finished run holds (docs/run.md, "What comes out"). */
const MARKS = ['.gitignore', 'dataflow.json', 'ledger', 'report.json'] as const;

/** Does a directory with these names hold the evidence of an earlier run? */
export function isEvidence(names: ReadonlySet<string>): boolean {
  return MARKS.every((name) => names.has(name));
}

/** The directory's path in the tree; undefined when it lies elsewhere. Both are absolute and without links. */
export function pathWithin(root: string, directory: string | undefined): BytePath | undefined {
  const path = directory === undefined ? '' : relative(root, directory);
  return path === '' || path === '..' || path.startsWith('../') ? undefined : fromText(path);
}
