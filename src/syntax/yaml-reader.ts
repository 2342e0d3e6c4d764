import { Composer, type CST, type Document } from 'yaml';
import { createGapList, exceedsBytes } from './gap-list.ts';
import type { Reading } from './node.ts';
import type { SourceFile } from './source.ts';
import { readTokens } from './yaml-tokens.ts';
import { YamlTreeBuilder } from './yaml-tree.ts';

/** The schema is fixed: a `%YAML 1.1` line must not turn `on` into a boolean for us. */
const COMPOSING = {
  version: '1.2',
  schema: 'core',
  merge: false,
  resolveKnownTags: false,
  uniqueKeys: false,
  strict: false,
  keepSourceTokens: true,
  logLevel: 'silent',
} as const;

/**
 * Every document of a YAML stream (YAML 1.2 core schema). Never throws: faults of syntax, caps that were reached,
 * aliases without an anchor and keys that are written twice are gaps of the reading.
 */
export function readYamlDocuments(file: SourceFile): readonly Reading[] {
  const early = createGapList(file);
  if (exceedsBytes(file, early)) return [{ root: undefined, gaps: early.gaps }];
  // The library breaks lines at LF and CR LF only, YAML 1.2.2 §5.4 also at a lone CR.
  // And it counts a byte order mark as a column, which moves the indentation of the first line.
  const text = file.text.replace(/\r(?!\n)/g, '\n').replace(/^\ufeff/, '\n');
  const tokens = readTokens(text, early);
  const readings: Reading[] = [];
  for (const document of composeDocuments(tokens)) {
    const gaps = createGapList(file);
    for (const { code, message, pos } of document.errors) {
      gaps.note(code === 'RESOURCE_EXHAUSTION' ? 'cap' : 'syntax', message, pos[0], pos[1]);
    }
    const contents = document.contents;
    const root = contents === null ? undefined : new YamlTreeBuilder(text, gaps).build(contents, 1);
    readings.push({ root, gaps: gaps.gaps });
  }
  const [first = { root: undefined, gaps: [] }, ...others] = readings;
  return [{ ...first, gaps: [...early.gaps, ...first.gaps] }, ...others];
}

/** The library makes an `Error` of each fault; a file of half a million faults must not cost as many stack traces. */
function composeDocuments(tokens: readonly CST.Token[]): readonly Document.Parsed[] {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return [...new Composer(COMPOSING).compose(tokens)];
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** The first document of a YAML file; further ones are a gap. */
export function readYaml(file: SourceFile): Reading {
  const [first, second] = readYamlDocuments(file);
  if (first === undefined) return { root: undefined, gaps: [] };
  if (second === undefined) return first;
  const start = second.root?.span.start ?? file.text.length;
  const place = { file: file.path, span: { start, end: second.root?.span.end ?? start } };
  return { ...first, gaps: [...first.gaps, { kind: 'syntax', message: 'only the first document was read', place }] };
}
