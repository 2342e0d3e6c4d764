import {
  entriesOf,
  entryOf,
  itemsOf,
  type MapEntry,
  type MapNode,
  type Node,
  type ScalarNode,
  scalarAt,
} from '../../syntax/index.ts';
import type { Reference } from '../model.ts';
import { refKindOf } from '../text/names.ts';
import { placeIn } from '../text/template-text.ts';

const DEEPEST = 20;

/** Items of a list, with those of `${{ if }}`, `${{ else }}` and `${{ each }}` in their place. */
export function listItems(node: Node | undefined, depth = 0): readonly Node[] {
  if (node === undefined || depth > DEEPEST) return [];
  return itemsOf(node).flatMap((item) => {
    const only =
      item.kind === 'map' && item.entries.length > 0 && item.entries.every(({ key }) => key.text.startsWith('${{'));
    if (!only) return [item];
    return entriesOf(item).flatMap(({ value }) => (value.kind === 'scalar' ? [] : listItems(value, depth + 1)));
  });
}

/** Entries of a map, with those of `${{ if }}` and `${{ insert }}` in their place. */
export function mapEntries(node: Node | undefined, depth = 0): readonly MapEntry[] {
  if (node?.kind !== 'map' || depth > DEEPEST) return [];
  return node.entries.flatMap((entry) =>
    entry.key.text.startsWith('${{') ? mapEntries(entry.value, depth + 1) : [entry],
  );
}

/** The value of a key, conditional parts of the map included. */
export function valueAt(node: Node | undefined, key: string): Node | undefined {
  return entryOf(node, key)?.value ?? mapEntries(node).findLast((entry) => entry.key.text === key)?.value;
}

/** Variables as names in lower case: a map, or a list of `name` and `value`. */
export function variablesIn(
  node: Node | undefined,
): ReadonlyMap<string, { readonly key: ScalarNode; readonly value: ScalarNode }> {
  const found = new Map<string, { key: ScalarNode; value: ScalarNode }>();
  for (const { key, value } of mapEntries(node))
    if (value.kind === 'scalar') found.set(key.text.toLowerCase(), { key, value });
  for (const item of node?.kind === 'list' ? listItems(node) : []) {
    const key = scalarAt(item, 'name');
    const value = scalarAt(item, 'value');
    if (key && value) found.set(key.text.toLowerCase(), { key, value });
  }
  return found;
}

/** Only the values, for looking names up. */
export function valuesByName(node: Node | undefined): ReadonlyMap<string, ScalarNode> {
  return new Map([...variablesIn(node)].map(([name, { value }]) => [name, value]));
}

/** A repository of `resources.repositories`. */
export interface RepositoryResource {
  readonly alias: string;
  readonly reference: Reference;
}

export function repositoriesIn(root: MapNode, file: string): readonly RepositoryResource[] {
  return listItems(valueAt(valueAt(root, 'resources'), 'repositories')).flatMap((item) => {
    const alias = scalarAt(item, 'repository');
    if (alias === undefined) return [];
    const name = scalarAt(item, 'name') ?? alias;
    const ref = scalarAt(item, 'ref');
    const reference: Reference = {
      kind: 'repository',
      name: name.text,
      path: undefined,
      ref: ref?.text,
      refKind: refKindOf(ref?.text),
      comment: undefined,
      place: placeIn(file, (ref ?? name).span),
    };
    return [{ alias: alias.text, reference }];
  });
}

/** `folder/steps.yml` from the file that names it; a leading slash means the root. */
export function resolveTemplate(written: string, from: string): string {
  const local = written.replace(/@self$/, '').replaceAll('\\', '/');
  const base = local.startsWith('/') ? [] : from.split('/').slice(0, -1);
  const parts = [...base];
  for (const part of local.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.join('/');
}
