import { GRAMMARS, type Grammars, loadGrammars } from '../../src/code/index.ts';
import { type ControlDiff, compareControls, type ExampleFile } from '../../src/controls/index.ts';
import { loadReaders, type Readers, type SourceTree, type TreeEntry } from '../../src/syntax/index.ts';

export interface Tools {
  readonly readers: Readers;
  readonly grammars: Grammars;
}

/** Everything a comparison reads with; dispose the grammars when the last test is done. */
export async function loadTools(): Promise<Tools> {
  return { readers: await loadReaders(), grammars: await loadGrammars(GRAMMARS) };
}

/** A tree of an example's files. */
export function treeOf(files: readonly ExampleFile[]): SourceTree {
  const texts = new Map(files.map(({ file, text }) => [file, text]));
  return {
    revision: 'worktree',
    entries: files.map(entryOf).sort((a, b) => (a.path < b.path ? -1 : 1)),
    gaps: [],
    read: (path) => {
      const text = texts.get(path);
      if (text === undefined) return undefined;
      const place = { file: path, span: { start: 0, end: 0 } };
      return text.includes('\0') ? { kind: 'encoding', message: 'it is not text', place } : { path, text };
    },
  };
}

function entryOf({ file: path, text, mode }: ExampleFile): TreeEntry {
  if (mode === 'link')
    return { kind: 'link', path, target: text, leaves: text.startsWith('../..') || text.startsWith('/') };
  if (mode === 'submodule') return { kind: 'submodule', path, id: text };
  return { kind: 'file', path, size: Buffer.byteLength(text), executable: mode === 'executable' };
}

/** What a change of these files does. */
export function compare(tools: Tools, before: readonly ExampleFile[], after: readonly ExampleFile[]): ControlDiff {
  return compareControls({ base: treeOf(before), head: treeOf(after), ...tools });
}

/** The same for one file. */
export function compareText(
  tools: Tools,
  file: string,
  before: string | undefined,
  after: string | undefined,
): ControlDiff {
  const side = (text: string | undefined): readonly ExampleFile[] => (text === undefined ? [] : [{ file, text }]);
  return compare(tools, side(before), side(after));
}
