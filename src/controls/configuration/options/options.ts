import type { Node, Place, SourceFile } from '../../../syntax/index.ts';
import { listScalars, type NamedScalar, plainKey } from '../named-path.ts';
import type { SheetBuilder } from '../sheet.ts';
import { LIST_ROWS, OPTION_ROWS } from './option-rows.ts';

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
    addSwitch(scalar, file, scope, sheet, only);
    if (only === undefined) addListItem(scalar, file, scope, sheet);
  }
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
  const row = OPTION_ROWS.find((one) => one.key.test(key) && (one.within === undefined || one.within.test(around)));
  const weight = row?.weigh(node.text) ?? 0;
  if (row === undefined || weight === 0 || only?.has(row.control) === false) return;
  const place: Place = { file: file.path, span: entry?.span ?? node.span };
  sheet.add({
    control: row.control,
    scope,
    subject: way,
    weight,
    shown: `${path.at(-1) ?? ''}: ${node.text}`,
    value: '',
    place,
    ...(row.severity ? { severity: row.severity } : {}),
  });
}

function addListItem({ path, node }: NamedScalar, file: SourceFile, scope: string, sheet: SheetBuilder): void {
  const way = path.join('.');
  const place: Place = { file: file.path, span: node.span };
  // A named item or a key below the list's own key is an item, too.
  for (const depth of [1, 2]) {
    const key = plainKey(path.at(-depth) ?? '');
    const row = LIST_ROWS.find((one) => one.key.test(key) && (one.within === undefined || one.within.test(way)));
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
