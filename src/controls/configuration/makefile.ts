import type { Readers, SourceFile } from '../../syntax/index.ts';
import { addCommands } from './scripts.ts';
import type { SheetBuilder } from './sheet.ts';

const FILES = /(?:^|\/)(?:GNUm|M|m)akefile$|\.mk$/;
/** A recipe line: a tab, and marks for "do not show", "go on after a failure", "run always". */
const RECIPE = /^\t\s*([-@+]{0,3})(.*)$/;
const MOST_LINES = 2_000;

export function isMakefile(path: string): boolean {
  return FILES.test(path);
}

/** Checks and forgiven failures in the recipes of a Makefile. */
export function addMakefile(file: SourceFile, readers: Readers, sheet: SheetBuilder): void {
  let start = 0;
  for (const [index, line] of file.text.split('\n').entries()) {
    const [, marks = '', text = ''] = RECIPE.exec(line) ?? [];
    const place = { file: file.path, span: { start, end: start + line.length } };
    start += line.length + 1;
    if (index === MOST_LINES) {
      sheet.gap({ kind: 'cap', message: `more than ${MOST_LINES} lines: the rest is not compared`, place });
      return;
    }
    if (text.trim() !== '') addCommands(readers.script(text, 'sh'), () => place, marks.includes('-'), sheet);
  }
}
