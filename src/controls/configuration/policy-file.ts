import {
  entriesOf,
  itemsOf,
  type MapEntry,
  type Node,
  nodeAt,
  type Place,
  type SourceFile,
  scalarAt,
  scalarsOf,
} from '../../syntax/index.ts';
import type { SheetBuilder } from './sheet.ts';

type PlaceOf = (node: Pick<Place, 'span'>) => Place;

/** What our own policy allows, refuses and demands. Anything that opens is a loosening, whatever the reason beside it. */
export function addPolicyFile(root: Node | undefined, file: SourceFile, sheet: SheetBuilder): void {
  const placeOf: PlaceOf = ({ span }) => ({ file: file.path, span });
  for (const plane of ['tool', 'network', 'model', 'merge']) addVerdicts(nodeAt(root, plane), plane, placeOf, sheet);
  for (const operation of ['read', 'write', 'delete'])
    addVerdicts(nodeAt(root, 'file', operation), `file.${operation}`, placeOf, sheet);
  addVerdicts(nodeAt(root, 'file'), 'file', placeOf, sheet);
  for (const [route, what] of EXPOSING)
    for (const node of itemsOf(nodeAt(root, ...route))) addItem(node, what, 1, placeOf, sheet);
  for (const [route, what] of PROTECTING)
    for (const node of itemsOf(nodeAt(root, ...route))) addItem(node, what, -1, placeOf, sheet);
  for (const route of [['limits'], ['model', 'budget']])
    for (const entry of entriesOf(nodeAt(root, ...route))) addLimit(entry, route.join('.'), placeOf, sheet);
  for (const section of ['audit', 'review']) {
    const level = scalarAt(root, section, 'failOn');
    if (level)
      sheet.add({
        control: 'policy-loosened',
        standing: true,
        scope: '',
        subject: `${section}.failOn`,
        weight: LEVELS.indexOf(level.text) - LEVELS.length,
        shown: `${section}.failOn: ${level.text}`,
        place: placeOf(level),
      });
  }
}

/** From the strictest to the one that never fails. */
const LEVELS = ['info', 'low', 'medium', 'high', 'critical', 'never'];

const EXPOSING: readonly (readonly [route: readonly string[], what: string])[] = [
  [['disable'], 'protection off'],
  [['audit', 'ignore'], 'finding accepted'],
  [['review', 'exclude'], 'left out of the review'],
  [['review', 'decisions'], 'finding decided'],
  [['secrets'], 'secret given'],
];
const PROTECTING: readonly (readonly [route: readonly string[], what: string])[] = [
  [['workspace', 'hide'], 'hidden from the agent'],
  [['workspace', 'readOnly'], 'read only'],
  [['audit', 'require', 'none'], 'demanded of the audit'],
  [['tests'], 'test of the policy'],
];

function addVerdicts(node: Node | undefined, plane: string, placeOf: PlaceOf, sheet: SheetBuilder): void {
  for (const [verdict, weight] of [
    ['allow', 1],
    ['ask', -1],
    ['deny', -2],
    ['require', -2],
  ] as const) {
    for (const item of itemsOf(nodeAt(node, verdict))) addItem(item, `${plane}.${verdict}`, weight, placeOf, sheet);
    // A list that is there, even empty, is stricter than the built-in default.
    const list = nodeAt(node, verdict);
    if (verdict === 'allow' && list)
      sheet.add({
        control: 'policy-loosened',
        standing: true,
        scope: '',
        subject: `${plane}.allow is written`,
        weight: -1,
        shown: `an allow list for ${plane}`,
        value: '',
        place: placeOf(list),
      });
  }
}

function addItem(node: Node, what: string, weight: number, placeOf: PlaceOf, sheet: SheetBuilder): void {
  const id = scalarAt(node, 'id')?.text ?? scalarAt(node, 'name')?.text ?? scalarAt(node, 'fingerprint')?.text;
  const text = node.kind === 'scalar' ? node.text : describe(node);
  sheet.add({
    control: 'policy-loosened',
    standing: true,
    scope: '',
    subject: `${what} ${id ?? text}`,
    weight,
    shown: `${what}: ${text}`,
    value: text,
    place: placeOf(node),
  });
  if (node.kind !== 'map') return;
  const observed = scalarAt(node, 'observe');
  if (observed?.value === true && weight < 0)
    sheet.add({
      control: 'policy-loosened',
      standing: true,
      scope: '',
      subject: `${what} ${id ?? ''} observe`,
      weight: 1,
      shown: 'observe: true',
      place: placeOf(observed),
    });
}

function describe(node: Node): string {
  if (node.kind === 'scalar') return node.text;
  const parts =
    node.kind === 'list'
      ? node.items.map(describe)
      : node.entries
          .filter(({ key }) => key.text !== 'reason')
          .map(({ key, value }) => `${key.text} ${describe(value)}`);
  return parts.sort().join(' ').slice(0, 300);
}

const UNITS: Readonly<Record<string, number>> = { kib: 2 ** 10, mib: 2 ** 20, gib: 2 ** 30, kb: 1e3, mb: 1e6, gb: 1e9 };

/** A limit protects the more the smaller it is. */
function addLimit({ key, value, span }: MapEntry, route: string, placeOf: PlaceOf, sheet: SheetBuilder): void {
  const text = scalarsOf(value)[0]?.text ?? '';
  const [, digits = '', unit = ''] = /^([\d.]{1,15})\s*([A-Za-z]{0,5})$/.exec(text) ?? [];
  const amount = Number(digits) * (UNITS[unit.toLowerCase()] ?? 1);
  if (!(amount > 0)) return;
  sheet.add({
    control: 'policy-loosened',
    standing: true,
    scope: '',
    subject: `${route}.${key.text}`,
    weight: -1 / (1 + amount),
    shown: `${route}.${key.text}: ${text}`,
    place: placeOf({ span }),
    severity: 'medium',
  });
}
