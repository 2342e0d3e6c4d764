import type { SourceTree, TreeEntry } from '../../syntax/index.ts';
import { type BytePath, comparePaths, fromText, toText } from '../byte-path.ts';
import { followPath, type LinkRequest } from '../links.ts';
import { decodeText } from './decode.ts';
import type { TreeLimits } from './limits.ts';
import { createTreeGap, type TreeGaps } from './tree-gaps.ts';

/** Why the bytes of a listed file cannot be had. */
export interface Unloaded {
  readonly kind: 'unreadable' | 'cap';
  readonly message: string;
}

/** `id` is git's name of the content; a directory has none. */
export interface ListedFile {
  readonly size: number;
  readonly executable: boolean;
  readonly id?: string;
}

/** What a directory or a commit lists, before it is a tree. */
export interface FileTable {
  readonly revision: string;
  readonly files: ReadonlyMap<BytePath, ListedFile>;
  readonly links: ReadonlyMap<BytePath, BytePath>;
  /** With the commit that each stands at, where it is known. */
  readonly submodules: ReadonlyMap<BytePath, string | undefined>;
  /** Absolute path of the tree, for links that name it; empty for a commit. */
  readonly root: BytePath;
  readonly gaps: TreeGaps;
  /** The bytes of a listed file, or why they cannot be had. */
  load(path: BytePath): Buffer | Unloaded;
}

/** A tree over a table. Links that stay inside are followed on reading; the answer then names the file they end in. */
export function createSourceTree(table: FileTable, limits: TreeLimits): SourceTree {
  const request: LinkRequest = { links: table.links, root: table.root };
  const entries = listEntries(table, request);
  const spelled = new Map<string, BytePath>();
  for (const path of [...table.files.keys(), ...table.links.keys()]) {
    if (fromText(toText(path)) === path) continue;
    table.gaps.note('encoding', toText(path), 'its name is not UTF-8');
    spelled.set(toText(path), path);
  }
  return {
    revision: table.revision,
    entries,
    gaps: table.gaps.gaps,
    read(path) {
      const verdict = followPath(spelled.get(path) ?? fromText(path), request);
      if (verdict.kind === 'refused') {
        return table.links.has(fromText(path)) ? createTreeGap('link', path, `the link ${verdict.reason}`) : undefined;
      }
      return readFile(table, verdict.target, limits);
    },
  };
}

function listEntries(table: FileTable, request: LinkRequest): readonly TreeEntry[] {
  const entries: [BytePath, TreeEntry][] = [];
  for (const [path, file] of table.files) entries.push([path, { kind: 'file', path: toText(path), ...file }]);
  for (const [path, target] of table.links) {
    const verdict = followPath(path, request);
    const leaves = verdict.kind === 'refused' && !verdict.reason.includes('loop');
    entries.push([path, { kind: 'link', path: toText(path), target: toText(target), leaves }]);
  }
  for (const [path, id] of table.submodules)
    entries.push([path, { kind: 'submodule', path: toText(path), ...(id === undefined ? {} : { id }) }]);
  return entries.sort(([left], [right]) => comparePaths(left, right)).map(([, entry]) => entry);
}

/** A gap that is returned is not listed as well; a text that lost bytes is returned, so its gap is listed, once. */
function readFile(table: FileTable, path: BytePath, limits: TreeLimits): ReturnType<SourceTree['read']> {
  const file = table.files.get(path);
  if (file === undefined) return undefined;
  const name = toText(path);
  if (file.size > limits.fileBytes) return createTreeGap('cap', name, `larger than ${limits.fileBytes} bytes`);
  const bytes = table.load(path);
  if (!Buffer.isBuffer(bytes)) return createTreeGap(bytes.kind, name, bytes.message);
  const decoded = decodeText(bytes);
  if (decoded.text === undefined) return createTreeGap('encoding', name, decoded.problem);
  if (decoded.problem !== undefined) table.gaps.note('encoding', name, decoded.problem);
  return { path: name, text: decoded.text };
}
