import {
  entriesOf,
  entryOf,
  itemsOf,
  type MapEntry,
  type Node,
  type Place,
  type ScalarNode,
  type SourceFile,
} from '../../syntax/index.ts';
import type { ContainerSetting } from '../container-file.ts';
import type { Entry } from '../model.ts';
import type { CommandSource, ExecWord, ReadCommands } from './command-line.ts';
import { NO_COMMANDS, readExecWords, readShellForm } from './command-line.ts';
import { placeOf, scalarTemplate, scalarText, templateText } from './template-text.ts';

/** A list item, or a key's one value, together with what goes when it goes. */
export interface Removable {
  readonly node: Node;
  readonly removal: Place;
}

/** Items of the list at a key. The only item takes its key with it. */
export function removableItems(file: SourceFile, entry: MapEntry | undefined): readonly Removable[] {
  const items = itemsOf(entry?.value);
  const alone = items.length === 1 && entry !== undefined;
  return items.map((node) => ({ node, removal: placeOf(file, alone ? entry.span : node.span) }));
}

/** `NAME: value` maps and `- NAME=value` lists, as compose and dev containers write environments and labels. */
export function pairEntries(file: SourceFile, node: Node | undefined): readonly Entry[] {
  if (node?.kind === 'map') return node.entries.flatMap((entry) => mapPair(file, entry));
  return itemsOf(node).flatMap((item) => (item.kind === 'scalar' ? [listPair(file, item)] : []));
}

function mapPair(file: SourceFile, { key, value }: MapEntry): readonly Entry[] {
  if (value.kind !== 'scalar') return [];
  return [{ name: key.text, keyPlace: placeOf(file, key.span), value: scalarTemplate(file, value), node: value }];
}

function listPair(file: SourceFile, item: ScalarNode): Entry {
  const equals = item.text.indexOf('=');
  const name = equals < 0 ? item.text : item.text.slice(0, equals);
  const from = equals < 0 ? item.text.length : equals + 1;
  const text = item.text.slice(from);
  const mapped = { text, offsetOf: (index: number) => item.offsetOf(from + index) };
  return {
    name,
    keyPlace: placeOf(file, { start: item.offsetOf(0), end: item.offsetOf(Math.max(equals, 0)) }),
    value: templateText(file, mapped),
    node: item,
  };
}

/** The words of a list of scalars. */
export function execWords(node: Node | undefined): readonly ExecWord[] {
  return itemsOf(node).flatMap((item) =>
    item.kind === 'scalar' ? [{ value: scalarText(item), span: item.span }] : [],
  );
}

/** A command that is either one text for a shell or a list of words. */
export function readCommandNode(
  source: CommandSource,
  moment: Parameters<typeof readShellForm>[1],
  node: Node | undefined,
): ReadCommands {
  if (node?.kind === 'scalar') return readShellForm(source, moment, scalarText(node), node.span);
  if (node?.kind === 'list' && node.items.length > 0) return readExecWords(source, moment, execWords(node), node.span);
  return NO_COMMANDS;
}

/** One row: a key that is a setting, in the words of the model. */
export interface SettingRow {
  readonly route: readonly string[];
  readonly name: ContainerSetting['name'];
}

/** Settings at the routes of a table; a list gives one setting an item. */
export function readSettings(
  file: SourceFile,
  node: Node | undefined,
  rows: readonly SettingRow[],
): readonly ContainerSetting[] {
  return rows.flatMap(({ route, name }) => {
    let current: Node | undefined = node;
    let entry: MapEntry | undefined;
    for (const step of route) {
      entry = entryOf(current, step);
      current = entry?.value;
    }
    return removableItems(file, entry).flatMap((item) => settingOf(file, name, item));
  });
}

function settingOf(
  file: SourceFile,
  name: ContainerSetting['name'],
  { node, removal }: Removable,
): readonly ContainerSetting[] {
  const place = placeOf(file, node.span);
  if (node.kind === 'scalar') return [{ name, text: node.text, place, removal }];
  const type = entriesOf(node).find(({ key }) => key.text === 'type')?.value;
  return [{ name, text: type?.kind === 'scalar' ? type.text : '', place, removal }];
}
