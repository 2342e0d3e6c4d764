import { entriesOf, itemsOf, type Node, nodeAt, type SourceFile, scalarAt } from '../../syntax/index.ts';
import type { SheetBuilder } from './sheet.ts';

const METHODS = /^(?:get|put|post|delete|options|head|patch|trace|query)$/;
const MOST = 5_000;

/** What each operation of an OpenAPI document demands of who calls it (OpenAPI 3.1, Security Requirement Object). */
export function addOperations(root: Node, file: SourceFile, sheet: SheetBuilder): void {
  if (scalarAt(root, 'openapi') === undefined && scalarAt(root, 'swagger') === undefined) return;
  const placeOf = (node: Pick<Node, 'span'>) => ({ file: file.path, span: node.span });
  const everywhere = nodeAt(root, 'security');
  let count = 0;
  for (const path of entriesOf(nodeAt(root, 'paths')))
    for (const { key, value } of entriesOf(path.value)) {
      if (!METHODS.test(key.text) || ++count > MOST) continue;
      const scope = `${key.text.toUpperCase()} ${path.key.text}`;
      sheet.scope(scope, placeOf(key));
      const own = nodeAt(value, 'security');
      const demands = demandsOf(own ?? everywhere);
      for (const demand of demands)
        sheet.add({
          control: 'protective-setting-off',
          scope,
          subject: 'security',
          weight: -1 / demands.length,
          shown: demand,
          value: '',
          place: placeOf(own ?? key),
        });
      for (const scopeName of demands.flatMap((demand) => demand.split(' ').slice(1)))
        sheet.add({
          control: 'protective-setting-off',
          scope,
          subject: `right ${scopeName}`,
          weight: -1,
          shown: scopeName,
          value: '',
          place: placeOf(own ?? key),
        });
    }
}

/** One of them is enough; an empty one asks for nothing, and then nobody is asked for anything. */
function demandsOf(node: Node | undefined): readonly string[] {
  const all = itemsOf(node).map((item) =>
    entriesOf(item)
      .map(({ key, value }) =>
        [key.text, ...itemsOf(value).map((one) => (one.kind === 'scalar' ? one.text : ''))].join(' '),
      )
      .join(' '),
  );
  return all.includes('') ? [] : all;
}
