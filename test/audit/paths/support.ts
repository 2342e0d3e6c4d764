import { type Audit, auditTree } from '../../../src/audit/index.ts';
import { loadReaders } from '../../../src/syntax/index.ts';
import { memoryTree } from '../../support/memory-tree.ts';

const readers = await loadReaders();

export type Files = Readonly<Record<string, string>>;

/** One workflow as a repository. */
export function workflow(name: string, text: string): Files {
  return { [`.github/workflows/${name}.yml`]: `name: ${name}\n${text}` };
}

export function auditOf(files: Files): Audit {
  return auditTree(memoryTree({ ...files }), readers, { today: '2026-11-21' });
}

export function pathsOf(files: Files): Audit['paths'] {
  return auditOf(files).paths;
}

/** The ids of the path rules that report, sorted, each once. */
export function rulesOf(files: Files): readonly string[] {
  return [...new Set(pathsOf(files).map(({ rule }) => rule))].sort();
}
