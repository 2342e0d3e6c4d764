import { entriesOf, type Node, nodeAt, type Place, type SourceFile, scalarAt, scalarsOf } from '../../syntax/index.ts';
import type { SheetBuilder } from './sheet.ts';

const DEEPEST = 40;
const MOST_NODES = 100_000;

/** Policies of AWS's form (`Effect`, `Action`, `Resource`, `Principal`, `Condition`), wherever they stand in a file. */
export function addPolicies(root: Node | undefined, file: SourceFile, sheet: SheetBuilder): void {
  const open: { readonly node: Node; readonly depth: number }[] = root ? [{ node: root, depth: 0 }] : [];
  let count = 0;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, depth } = next;
    if (depth > DEEPEST || ++count > MOST_NODES) return;
    if (node.kind === 'list') open.push(...node.items.map((item) => ({ node: item, depth: depth + 1 })));
    else if (node.kind === 'map') {
      if (isStatement(node)) addStatement(node, file, sheet);
      open.push(...node.entries.map(({ value }) => ({ node: value, depth: depth + 1 })));
    }
  }
}

function isStatement(node: Node): boolean {
  const effect = scalarAt(node, 'Effect')?.text ?? scalarAt(node, 'effect')?.text;
  return effect === 'Allow' || effect === 'Deny';
}

/** Both spellings: policies as documents, and as data sources of Terraform. */
const PARTS = [
  { keys: ['Action', 'Actions', 'actions', 'NotAction', 'not_actions'], what: 'action' },
  { keys: ['Resource', 'Resources', 'resources', 'NotResource'], what: 'resource' },
] as const;

function addStatement(node: Node, file: SourceFile, sheet: SheetBuilder): void {
  const isDeny = (scalarAt(node, 'Effect') ?? scalarAt(node, 'effect'))?.text === 'Deny';
  const sid = (scalarAt(node, 'Sid') ?? scalarAt(node, 'sid'))?.text;
  const scope = sid === undefined ? '' : `statement ${sid}`;
  const placeOf = ({ span }: Pick<Place, 'span'>): Place => ({ file: file.path, span });
  if (sid !== undefined) sheet.scope(scope, placeOf(node));
  const control = isDeny ? 'iam-deny-removed' : 'iam-widened';
  for (const { keys, what } of PARTS)
    for (const key of keys)
      for (const one of scalarsOf(nodeAt(node, key))) {
        const width = widthOf(one.text) + (key.startsWith('Not') || key.startsWith('not') ? 2 : 0);
        const weight = isDeny ? (what === 'action' ? -1 : 0) : width;
        if (weight !== 0)
          sheet.add({
            control,
            scope,
            subject: `${isDeny ? 'deny ' : ''}${what} ${one.text}`,
            weight,
            shown: one.text,
            place: placeOf(one),
            standing: isDeny,
            severity: isDeny || width > 1 ? 'high' : 'medium',
          });
      }
  for (const one of principalsOf(node))
    if (!isDeny)
      sheet.add({
        control,
        scope,
        subject: `principal ${one.text}`,
        weight: one.text === '*' ? 3 : 1,
        shown: `principal ${one.text}`,
        place: placeOf(one),
        severity: one.text === '*' ? 'critical' : 'medium',
      });
  for (const condition of entriesOf(nodeAt(node, 'Condition') ?? nodeAt(node, 'condition')))
    for (const one of entriesOf(condition.value))
      if (!isDeny)
        sheet.add({
          control: 'iam-condition-removed',
          scope,
          subject: `${condition.key.text} ${one.key.text}`,
          weight: -1,
          shown: scalarsOf(one.value)
            .map(({ text }) => text)
            .sort()
            .join(', '),
          place: placeOf(one),
        });
}

function principalsOf(node: Node) {
  const principal = nodeAt(node, 'Principal');
  return principal?.kind === 'map'
    ? principal.entries.flatMap(({ value }) => [...scalarsOf(value)])
    : scalarsOf(principal);
}

function widthOf(text: string): number {
  if (text === '*' || text === '*:*') return 3;
  return /:\*$|^[\w-]+:\*|\*/.test(text) ? 2 : 1;
}
