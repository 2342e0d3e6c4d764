import type { Edit } from '../../../findings/index.ts';
import { entryOf, type Node, type SourceFile } from '../../../syntax/index.ts';
import { columnIndent } from '../line-removal.ts';

/**
 * An edit that puts `key: text` into a section (`env`, `with`) of a step, which it adds when there is none.
 * `undefined` where the step is written in a way that has no obvious place for it.
 */
export function addToSection(
  file: SourceFile,
  step: Node | undefined,
  section: 'env' | 'with',
  entry: { readonly key: string; readonly text: string },
): Edit | undefined {
  if (step?.kind !== 'map' || file.text[step.span.start] === '{') return undefined;
  const written = `${entry.key}: ${entry.text}`;
  const present = entryOf(step, section);
  if (present?.value.kind === 'map') {
    const { start } = present.value.span;
    if (file.text[start] === '{') return insertion(file, start + 1, ` ${written},`);
    return insertion(file, start, `${written}${lineBreak(file)}${columnIndent(file, start)}`);
  }
  if (present !== undefined) return undefined;
  const indent = columnIndent(file, step.span.start);
  const uses = entryOf(step, 'uses');
  if (uses !== undefined) {
    const text = `${lineBreak(file)}${indent}${section}:${lineBreak(file)}${indent}  ${written}`;
    return insertion(file, endOfLine(file, uses.span.end), text);
  }
  const run = entryOf(step, 'run');
  if (run === undefined) return undefined;
  const text = `${section}:${lineBreak(file)}${indent}  ${written}${lineBreak(file)}${indent}`;
  return insertion(file, run.span.start, text);
}

function insertion(file: SourceFile, at: number, text: string): Edit {
  return { file: file.path, span: { start: at, end: at }, text };
}

function lineBreak(file: SourceFile): string {
  return file.text.includes('\r\n') ? '\r\n' : '\n';
}

function endOfLine(file: SourceFile, from: number): number {
  const feed = file.text.indexOf('\n', from);
  if (feed < 0) return file.text.length;
  return file.text[feed - 1] === '\r' ? feed - 1 : feed;
}
