import type { JsonObject, JsonValue } from '../../system/index.ts';
import { asList, asObject, parseObject } from '../json-fields.ts';
import type { PromptMode, WrittenRule } from './invocation.ts';
import { type PlacedText, slicePlaced } from './placed-text.ts';
import type { ProductRow } from './product.ts';
import type { Written } from './tag.ts';

/** What a product's settings say when they stand in the command line, an input or a variable. */
export interface InlineSettings {
  readonly modes: readonly { readonly mode: PromptMode; readonly spelled: string; readonly place: PlacedText }[];
  readonly allow: readonly WrittenRule[];
  readonly deny: readonly WrittenRule[];
  readonly restrict: readonly WrittenRule[] | undefined;
  readonly sandbox: { readonly state: 'on' | 'off' | 'weakened'; readonly place: PlacedText } | undefined;
  readonly written: readonly Written[];
}

/** The text with template expressions replaced by characters that JSON takes inside and outside a string. */
export function maskExpressions(text: string): string {
  let masked = '';
  let at = 0;
  for (;;) {
    const start = text.indexOf('${{', at);
    const end = start < 0 ? -1 : text.indexOf('}}', start);
    if (end < 0) return masked + text.slice(at);
    masked += text.slice(at, start) + '1'.repeat(end + 2 - start);
    at = end + 2;
  }
}

/** Reads inline JSON; `undefined` for a file name, a variable, or text that does not parse. */
export function readInlineSettings(row: ProductRow, placed: PlacedText): InlineSettings | undefined {
  const keys = row.settings;
  const root = parseObject(maskExpressions(placed.text));
  if (root === undefined || keys === undefined) return undefined;
  const rulesAt = (paths: readonly string[]) =>
    paths.flatMap((path) => textsOf(valueAt(root, path))).map((text) => ruleIn(placed, text));
  const restricts = keys.restrict.filter((path) => valueAt(root, path) !== undefined);
  return {
    modes: keys.mode.flatMap((path) => {
      const value = valueAt(root, path);
      const mode = typeof value === 'string' ? row.modes[value] : undefined;
      return typeof value === 'string' && mode
        ? [{ mode, spelled: `${path}: ${value}`, place: find(placed, value) }]
        : [];
    }),
    allow: rulesAt(keys.allow),
    deny: rulesAt(keys.deny),
    restrict: restricts.length > 0 ? rulesAt(restricts) : undefined,
    sandbox: keys.sandbox
      .filter(({ path, value }) => valueAt(root, path) === value)
      .map(({ path, state }) => ({ state, place: find(placed, path.slice(path.lastIndexOf('.') + 1)) }))
      .at(-1),
    written: writtenIn(root, keys, placed),
  };
}

/** opencode's permission map: `"allow"`, or tool to answer, or tool to pattern to answer. */
export function readPermissionMap(placed: PlacedText): InlineSettings | undefined {
  const text = placed.text.trim();
  if (text === 'allow' || text === '"allow"')
    return mapSettings([{ mode: 'bypass', spelled: '*: allow', place: placed }]);
  const root = parseObject(maskExpressions(text));
  if (root === undefined) return undefined;
  const rules = Object.entries(root).flatMap(([tool, value]) => {
    const patterns = asObject(value);
    if (patterns === undefined) return [{ rule: tool, answer: value }];
    return Object.entries(patterns).map(([pattern, answer]) => ({ rule: `${tool}(${pattern})`, answer }));
  });
  const everything = rules.some(({ rule, answer }) => rule === '*' && answer === 'allow');
  const withAnswer = (wanted: string) =>
    rules.flatMap(({ rule, answer }) => (answer === wanted && rule !== '*' ? [ruleIn(placed, rule)] : []));
  return {
    ...mapSettings(everything ? [{ mode: 'bypass', spelled: '*: allow', place: find(placed, '*') }] : []),
    allow: withAnswer('allow'),
    deny: withAnswer('deny'),
  };
}

function mapSettings(modes: InlineSettings['modes']): InlineSettings {
  return { modes, allow: [], deny: [], restrict: undefined, sandbox: undefined, written: [] };
}

function writtenIn(
  root: JsonObject,
  keys: NonNullable<ProductRow['settings']>,
  placed: PlacedText,
): readonly Written[] {
  const rows = [
    ...keys.model.map((path) => ({ path, tag: 'model' as const })),
    ...keys.turns.map((path) => ({ path, tag: 'turns' as const })),
    ...keys.servers.map((path) => ({ path, tag: 'mcp' as const })),
  ];
  return rows.flatMap(({ path, tag }) => {
    const value = valueAt(root, path);
    if (value === undefined || (tag === 'model' && typeof value !== 'string')) return [];
    const place = find(placed, path.slice(path.lastIndexOf('.') + 1));
    const text = typeof value === 'string' ? find(placed, value) : tag === 'mcp' ? placed : place;
    return [{ tag, spelled: path, keyPlace: place.place, value: text, builtIn: false }];
  });
}

function valueAt(root: JsonObject, path: string): JsonValue | undefined {
  // A dotted key may also be written as one: older settings are flat.
  if (Object.hasOwn(root, path)) return root[path];
  let current: JsonValue | undefined = root;
  for (const key of path.split('.')) {
    const map: JsonObject | undefined = asObject(current);
    current = map !== undefined && Object.hasOwn(map, key) ? map[key] : undefined;
  }
  return current;
}

function textsOf(value: JsonValue | undefined): readonly string[] {
  return asList(value).filter((item) => typeof item === 'string');
}

function ruleIn(placed: PlacedText, text: string): WrittenRule {
  return { text, place: find(placed, text).place };
}

/** Where a key or value stands in the JSON text; the whole text when escapes hide it. */
function find(placed: PlacedText, wanted: string): PlacedText {
  const index = placed.text.indexOf(`"${wanted}"`);
  return index < 0 ? placed : slicePlaced(placed, index + 1, index + 1 + wanted.length);
}
