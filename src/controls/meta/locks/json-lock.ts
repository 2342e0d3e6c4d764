import {
  entriesOf,
  itemsOf,
  type Node,
  nodeAt,
  type Readers,
  type ScalarNode,
  type SourceFile,
  scalarAt,
  scalarsOf,
} from '../../../syntax/index.ts';
import type { LockEntry } from './lock-entry.ts';

/** `package-lock.json`, `npm-shrinkwrap.json`, `Pipfile.lock`, `composer.lock`. */
export function readJsonLock(file: SourceFile, readers: Readers): readonly LockEntry[] {
  const { root } = readers.json(file);
  return [
    ...entriesOf(nodeAt(root, 'packages')).flatMap(({ key, value }) =>
      key.text === '' ? [] : entry(file, key.text, key, value),
    ),
    ...oldDependencies(nodeAt(root, 'dependencies'), file),
    ...['default', 'develop'].flatMap((section) =>
      entriesOf(nodeAt(root, section)).flatMap(({ key, value }) => entry(file, key.text, key, value)),
    ),
    ...['packages', 'packages-dev'].flatMap((section) =>
      (nodeAt(root, section)?.kind === 'list' ? itemsOf(nodeAt(root, section)) : []).flatMap((item) => {
        const name = scalarAt(item, 'name');
        return name ? entry(file, name.text, name, item) : [];
      }),
    ),
  ];
}

/** The nested form of lock file version 1. Iterative: depth costs no stack. */
function oldDependencies(root: Node | undefined, file: SourceFile): readonly LockEntry[] {
  const found: LockEntry[] = [];
  const open = root ? [{ node: root, path: '' }] : [];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const { key, value } of entriesOf(next.node)) {
      const name = `${next.path}${key.text}`;
      found.push(...entry(file, name, key, value));
      const inner = nodeAt(value, 'dependencies');
      if (inner && name.length < 1000) open.push({ node: inner, path: `${name}/` });
    }
  }
  return found;
}

const URLS: readonly (readonly string[])[] = [
  ['resolved'],
  ['dist', 'url'],
  ['source', 'url'],
  ['git'],
  ['file'],
  ['path'],
  ['url'],
];
const HASHES: readonly (readonly string[])[] = [
  ['integrity'],
  ['hashes'],
  ['dist', 'shasum'],
  ['dist', 'reference'],
  ['source', 'reference'],
];

function entry(file: SourceFile, name: string, key: ScalarNode, value: Node): readonly LockEntry[] {
  if (value.kind !== 'map') return [];
  const urls = URLS.flatMap((route) => scalarsOf(nodeAt(value, ...route)));
  const hashes = HASHES.flatMap((route) => scalarsOf(nodeAt(value, ...route))).filter(({ text }) => text !== '');
  const version = scalarAt(value, 'version')?.text ?? '';
  const placeOf = (node: ScalarNode | undefined) => node && { file: file.path, span: node.span };
  return [
    {
      name,
      // Versions of lock file version 1 may be addresses.
      version: /^[\w+]{2,10}:/.test(version) ? '' : version,
      urls: [...urls.map(({ text }) => text), ...(/^[\w+]{2,10}:/.test(version) ? [version] : [])],
      hashes: hashes.map(({ text }) => text),
      place: { file: file.path, span: key.span },
      urlPlace: placeOf(urls[0]),
      hashPlace: placeOf(hashes[0]),
    },
  ];
}
