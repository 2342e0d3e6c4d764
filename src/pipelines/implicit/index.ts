import type { Gap, Node, Readers, Reading, SourceFile, SourceTree } from '../../syntax/index.ts';
import { EDITOR_ROWS } from './editor-rows.ts';
import { ENVIRONMENT_ROWS } from './environment-rows.ts';
import type { ImplicitEntry, ImplicitExecution, ImplicitRow, ValueReader } from './implicit-execution.ts';
import { JAVASCRIPT_ROWS } from './javascript-rows.ts';
import { LANGUAGE_ROWS } from './language-rows.ts';
import { readAssignments, readAttributes, readMakeTargets, readMarkedLines, readSections } from './line-values.ts';
import { RowIndex } from './row-index.ts';
import {
  readComposerScripts,
  readDenoTasks,
  readEditorTasks,
  readKeys,
  readPackageScripts,
} from './structured-values.ts';

/** Every kind of file that makes a tool run commands without being asked. */
export const IMPLICIT_ROWS: readonly ImplicitRow[] = [
  ...JAVASCRIPT_ROWS,
  ...LANGUAGE_ROWS,
  ...EDITOR_ROWS,
  ...ENVIRONMENT_ROWS,
];

/** Caps: files larger than this, and files beyond this number, are named but not read. */
export const IMPLICIT_LIMITS = { bytes: 1024 * 1024, files: 5_000 } as const;

type Read = (
  file: SourceFile,
  row: ImplicitRow,
  readers: Readers,
) => { readonly entries: readonly ImplicitEntry[]; readonly gaps: readonly Gap[] };

function lines(read: (file: SourceFile, row: ImplicitRow) => readonly ImplicitEntry[]): Read {
  return (file, row) => ({ entries: read(file, row), gaps: [] });
}

function structured(
  parse: (readers: Readers, file: SourceFile) => Reading,
  read: (file: SourceFile, root: Node | undefined, row: ImplicitRow) => readonly ImplicitEntry[],
): Read {
  return (file, row, readers) => {
    const { root, gaps } = parse(readers, file);
    return { entries: read(file, root, row), gaps };
  };
}

const READS: Readonly<Record<ValueReader, Read>> = {
  none: () => ({ entries: [], gaps: [] }),
  'package-scripts': structured((readers, file) => readers.json(file), readPackageScripts),
  'composer-scripts': structured((readers, file) => readers.json(file), readComposerScripts),
  'deno-tasks': structured((readers, file) => readers.json(file), readDenoTasks),
  'editor-tasks': structured((readers, file) => readers.json(file), readEditorTasks),
  'settings-keys': structured(
    (readers, file) => readers.json(file),
    (file, root, row) => readKeys(file, root, row.keys ?? []),
  ),
  'toml-keys': structured(
    (readers, file) => readers.toml(file),
    (file, root, row) => readKeys(file, root, row.keys ?? []),
  ),
  'yaml-keys': structured(
    (readers, file) => readers.yaml(file),
    (file, root, row) => readKeys(file, root, row.keys ?? []),
  ),
  assignments: lines((file, row) => readAssignments(file, row.keys ?? [])),
  sections: lines((file, row) => readSections(file, row.keys ?? [])),
  attributes: lines((file) => readAttributes(file)),
  'marked-lines': lines((file, row) => readMarkedLines(file, row.keys ?? [])),
  'make-targets': lines((file) => readMakeTargets(file)),
};

const INDEX = new RowIndex(IMPLICIT_ROWS);

/** The row of a path, by its name alone; `undefined` for a file that nothing obeys. Vendored packages count too. */
export function implicitRowOf(path: string): ImplicitRow | undefined {
  return INDEX.find(path);
}

/**
 * Every file of a tree that makes a tool run something without being asked, with the values that matter and where they
 * stand. Never throws on content. Files below `node_modules` are left out: the manifest that put them there is in.
 */
export function readImplicitFiles(tree: SourceTree, readers: Readers): readonly ImplicitExecution[] {
  const found: ImplicitExecution[] = [];
  let opened = 0;
  for (const entry of tree.entries) {
    if (entry.kind === 'submodule' || isInstalled(entry.path)) continue;
    const row = implicitRowOf(entry.path);
    if (row === undefined) continue;
    const unread = entry.kind === 'link' || row.reader === 'none' || entry.size > IMPLICIT_LIMITS.bytes;
    if (unread || ++opened > IMPLICIT_LIMITS.files) {
      if (row.holds === undefined) found.push({ row, file: entry.path, entries: [], gaps: unreadGaps(entry, row) });
      continue;
    }
    const execution = readOne(tree, entry.path, row, readers);
    if (execution !== undefined) found.push(execution);
  }
  return found;
}

function isInstalled(path: string): boolean {
  return path.startsWith('node_modules/') || path.includes('/node_modules/');
}

function readOne(tree: SourceTree, path: string, row: ImplicitRow, readers: Readers): ImplicitExecution | undefined {
  const file = tree.read(path);
  if (file === undefined) return undefined;
  if ('kind' in file) return { row, file: path, entries: [], gaps: [file] };
  if (row.holds !== undefined && !file.text.includes(row.holds)) return undefined;
  return { row, file: path, ...READS[row.reader](file, row, readers) };
}

function unreadGaps(entry: SourceTree['entries'][number], row: ImplicitRow): readonly Gap[] {
  if (row.reader === 'none') return [];
  const place = { file: entry.path, span: { start: 0, end: 0 } };
  if (entry.kind === 'link') return [{ kind: 'link', message: 'a link; what it names was not read', place }];
  return [{ kind: 'cap', message: `larger than ${IMPLICIT_LIMITS.bytes} bytes, or one file too many`, place }];
}
