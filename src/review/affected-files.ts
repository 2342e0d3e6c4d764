import type { SourceTree } from '../syntax/index.ts';
import { fileKind } from './file-kind.ts';

/** As deep as the engine follows calls. */
const DEPTH = 5;
/** Names of files that are imported by the name of their folder. */
const FOLDER_FILES: ReadonlySet<string> = new Set(['index', '__init__', '__main__', 'mod']);
/** Below this many files of code it costs nothing to look at all of them. */
const FEW = 400;

/**
 * The files whose findings a change can alter: the changed ones, those that name them, those that name these, as deep
 * as calls are followed. A file names another when a word of it is the other's name without extension; that is more
 * than imports, and never less. `undefined`: all.
 */
export function affectedFiles(changed: ReadonlySet<string>, tree: SourceTree): ReadonlySet<string> | undefined {
  const code = tree.entries.filter(({ kind, path }) => kind === 'file' && fileKind(path) === 'analysed-code');
  if (code.length <= FEW) return undefined;
  const affected = new Set(changed);
  const rest = new Map<string, ReadonlySet<string>>();
  for (const { path } of code) if (!affected.has(path)) rest.set(path, wordsOf(path, tree));
  let names = new Set([...changed].filter((path) => fileKind(path) === 'analysed-code').map(importedName));
  for (let depth = 0; depth < DEPTH && names.size > 0; depth++) {
    const next = new Set<string>();
    for (const [path, words] of rest) {
      if (![...names].some((name) => words.has(name))) continue;
      affected.add(path);
      rest.delete(path);
      next.add(importedName(path));
    }
    names = next;
  }
  return affected;
}

function importedName(path: string): string {
  const segments = path.split('/');
  const stem = (segments.at(-1) ?? '').split('.')[0] ?? '';
  return FOLDER_FILES.has(stem) ? (segments.at(-2) ?? stem) : stem;
}

/** Where modules are named: lines that import, require or load. */
function wordsOf(path: string, tree: SourceTree): ReadonlySet<string> {
  const file = tree.read(path);
  const words = new Set<string>();
  if (!file || !('text' in file)) return words;
  for (const line of file.text.split('\n')) {
    if (!/\b(?:import|require|from|export)\b/.test(line)) continue;
    for (const word of line.split(/[^\w-]+/)) words.add(word);
  }
  return words;
}
