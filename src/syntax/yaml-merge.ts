import type { MapEntry, Node } from './node.ts';

/** `<<` is a merge key where its value can be merged; anywhere else it is a key like others. */
export function isMergeKey(key: string, value: Node): boolean {
  return (
    key === '<<' &&
    (value.kind === 'map' || (value.kind === 'list' && value.items.every((item) => item.kind === 'map')))
  );
}

/**
 * The entries that merge keys bring in (https://yaml.org/type/merge.html): a key of the map itself wins, then the
 * earlier source. They come first, so that whoever takes the last entry of a key is right.
 */
export function mergeEntries(sources: readonly Node[], own: readonly MapEntry[]): readonly MapEntry[] {
  if (sources.length === 0) return own;
  const seen = new Set(own.map((entry) => entry.key.text));
  const merged: MapEntry[] = [];
  for (const source of sources.flatMap((node) => (node.kind === 'list' ? node.items : [node]))) {
    if (source.kind !== 'map') continue;
    const names = new Set<string>();
    for (const entry of source.entries) {
      if (seen.has(entry.key.text)) continue;
      names.add(entry.key.text);
      merged.push({ ...entry, aliased: true });
    }
    for (const name of names) seen.add(name);
  }
  return [...merged, ...own];
}
