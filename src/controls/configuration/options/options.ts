import type { Node, Place, SourceFile } from '../../../syntax/index.ts';
import { listScalars, type NamedScalar, plainKey } from '../named-path.ts';
import type { SheetBuilder } from '../sheet.ts';
import { LIST_ROWS, OPTION_ROWS, type OptionRow } from './option-rows.ts';

/**
 * What the switches and lists of any structured file say.
 * @param scope the resource or document around it.
 * @param only the classes that count there; default all.
 */
export function addOptions(
  root: Node | undefined,
  file: SourceFile,
  scope: string,
  sheet: SheetBuilder,
  only?: ReadonlySet<string>,
): void {
  const { scalars, complete } = listScalars(root);
  if (!complete && root)
    sheet.gap({
      kind: 'cap',
      message: 'too large or too deep to compare whole',
      place: { file: file.path, span: root.span },
    });
  for (const scalar of scalars) {
    sheet.value({ scope, path: scalar.path, text: scalar.node.text });
    // A schema says what a value may be, not what it is.
    if (scalar.path.some((key) => SCHEMA.test(key))) continue;
    addSwitch(scalar, file, scope, sheet, only);
    if (only === undefined) addListItem(scalar, file, scope, sheet);
  }
}

/** Of a kind of resource, as clusters keep it. */
const SCHEMA = /^openAPIV3Schema$/;

/**
 * The row that says something of a key and its value. A key with dots in it (`security.enabled: true`) is its last part, too.
 * @param around the file and the whole way to the key.
 */
export function weighOption(
  key: string,
  around: string,
  value: string,
): { readonly row: OptionRow; readonly weight: number } | undefined {
  const last = key.includes('/') ? key : (key.split('.').at(-1) ?? key);
  for (const row of OPTION_ROWS) {
    if (!row.key.test(key) && !row.key.test(last)) continue;
    const weight = row.within === undefined || row.within.test(around) ? row.weigh(value) : 0;
    if (weight !== 0) return { row, weight };
  }
  return undefined;
}

function addSwitch(
  { path, key, node, entry }: NamedScalar,
  file: SourceFile,
  scope: string,
  sheet: SheetBuilder,
  only: ReadonlySet<string> | undefined,
): void {
  const way = path.join('.');
  const around = `${file.path} ${way}`;
  const option = weighOption(key, around, node.text);
  if (option === undefined || only?.has(option.row.control) === false) return;
  const { row, weight } = option;
  const place: Place = { file: file.path, span: entry?.span ?? node.span };
  sheet.add({
    control: row.control,
    scope,
    subject: way,
    path,
    weight,
    // Its own name alone (`enabled`) does not tell what it switches.
    shown: `${path.slice(-2).join('.')}: ${node.text}`,
    value: '',
    place,
    ...(row.severity ? { severity: row.severity } : {}),
  });
}

function addListItem({ path, node }: NamedScalar, file: SourceFile, scope: string, sheet: SheetBuilder): void {
  const around = `${file.path} ${path.join('.')}`;
  const place: Place = { file: file.path, span: node.span };
  // A named item or a key below the list's own key is an item, too.
  for (const depth of [1, 2]) {
    const key = plainKey(path.at(-depth) ?? '');
    const row = LIST_ROWS.find((one) => one.key.test(key) && (one.within === undefined || one.within.test(around)));
    if (row === undefined) continue;
    const list = path.slice(0, path.length - depth + 1).join('.');
    for (const item of node.text
      .split(/[,\s]+/)
      .filter((text) => text !== '')
      .slice(0, 500)) {
      const weight = row.kind === 'keeps-out' ? -1 : widthOf(item);
      sheet.add({
        control: row.control,
        scope,
        subject: `${list} ${item}`,
        path: path.slice(0, path.length - depth + 1),
        weight,
        shown: item,
        value: '',
        place,
        severity: row.severity ?? (weight > 1 ? 'high' : 'medium'),
      });
    }
    return;
  }
}

/** One more name is not everybody. */
function widthOf(item: string): number {
  if (/^(?:\*|0\.0\.0\.0\/0|::\/0|https?:\/\/\*|all|any|\.\*)$/i.test(item)) return 3;
  return item.includes('*') ? 2 : 1;
}
