import { posix } from 'node:path';
import type { SourceTree } from '../../syntax/index.ts';

/** A name under which something of the tree is seen that does not stand there. */
export interface LinkedName {
  readonly name: string;
  /** The link or submodule through which it is seen. */
  readonly through: string;
}

/** As many links as Linux follows on the way to a file (path_resolution(7)). */
const MOST_HOPS = 40;

/**
 * The names that a change gives to content by links and submodules: what is behind those that it touches, and what it
 * touches behind those that were there. What a submodule holds is not known: it stands for any name below it.
 */
export function linkedNames(tree: SourceTree, touched: ReadonlySet<string>): readonly LinkedName[] {
  const links = new Map(tree.entries.flatMap((one) => (one.kind === 'link' ? [[one.path, one.target] as const] : [])));
  const files = tree.entries.filter(({ kind }) => kind === 'file').map(({ path }) => path);
  const touchedFiles = files.filter((path) => touched.has(path));
  const behind = (path: string): readonly LinkedName[] => {
    const end = endOf(path, links);
    return (touched.has(path) ? files : touchedFiles).flatMap((file) =>
      end !== undefined && file.startsWith(`${end}/`) ? [{ name: path + file.slice(end.length), through: path }] : [],
    );
  };
  return tree.entries.flatMap(({ kind, path }) => {
    if (kind === 'file') return [];
    const itself = touched.has(path) || touched.has(endOf(path, links) ?? path) ? [{ name: path, through: path }] : [];
    if (kind === 'link') return [...itself, ...behind(path)];
    return touched.has(path) ? [...itself, { name: `${path}/…`, through: path }] : [];
  });
}

/** Where a path ends when every link on it is followed; `undefined` outside of the tree, and in a circle. */
function endOf(path: string, links: ReadonlyMap<string, string>): string | undefined {
  let at = path;
  for (let hop = 0; hop < MOST_HOPS; hop++) {
    const parts = at.split('/');
    const length = parts.findIndex((_, index) => links.has(parts.slice(0, index + 1).join('/'))) + 1;
    if (length === 0) return at;
    const link = parts.slice(0, length).join('/');
    at = posix.join(posix.dirname(link), links.get(link) ?? '', ...parts.slice(length)).replace(/\/$/, '');
    if (at.startsWith('..') || posix.isAbsolute(links.get(link) ?? '')) return undefined;
  }
  return undefined;
}
