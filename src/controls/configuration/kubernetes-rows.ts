import { entriesOf, itemsOf, type Node, nodeAt, type Place, scalarAt } from '../../syntax/index.ts';
import type { SheetBuilder } from './sheet.ts';

/** A field of one kind of resource; below 0 protects, above 0 opens. */
interface FieldRow {
  readonly control: string;
  readonly kind: RegExp;
  readonly route: readonly string[];
  readonly weigh: (node: Node) => number;
  /** Default: the text of the field. */
  readonly shown?: string;
}

const textOf = (node: Node): string => (node.kind === 'scalar' ? node.text : '');
const isFilled = (node: Node): number => (itemsOf(node).length > 0 ? -1 : 0);

const FIELDS: readonly FieldRow[] = [
  {
    control: 'port-published',
    kind: /^Service$/,
    route: ['spec', 'type'],
    weigh: (node) => ({ LoadBalancer: 2, NodePort: 1 })[textOf(node)] ?? 0,
  },
  {
    control: 'tls-check-off',
    kind: /^(?:Ingress|Gateway|Route|IngressRoute)$/,
    route: ['spec', 'tls'],
    weigh: isFilled,
    shown: 'tls',
  },
  {
    control: 'protective-setting-off',
    kind: /^(?:IngressRoute|HTTPProxy)$/,
    route: ['spec', 'middlewares'],
    weigh: isFilled,
    shown: 'middlewares',
  },
];

/** Fields that mean something in one kind of resource only. */
export function addFields(
  root: Node,
  { kind, scope }: { readonly kind: string; readonly scope: string },
  placeOf: (node: Pick<Place, 'span'>) => Place,
  sheet: SheetBuilder,
): void {
  for (const row of FIELDS) {
    const node = row.kind.test(kind) ? nodeAt(root, ...row.route) : undefined;
    const weight = node === undefined ? 0 : row.weigh(node);
    if (node === undefined || weight === 0) continue;
    sheet.add({
      control: row.control,
      scope,
      subject: row.route.join('.'),
      weight,
      shown: row.shown ?? textOf(node),
      value: '',
      place: placeOf(node),
    });
  }
  if (kind === 'AuthorizationPolicy' && /^(?:ALLOW)?$/.test(scalarAt(root, 'spec', 'action')?.text ?? ''))
    addGrants(root, scope, placeOf, sheet);
}

/** A rule of Istio lets in whoever meets each of its parts: with a part less it lets in more (Istio reference, AuthorizationPolicy). */
function addGrants(
  root: Node,
  scope: string,
  placeOf: (node: Pick<Place, 'span'>) => Place,
  sheet: SheetBuilder,
): void {
  for (const [index, rule] of itemsOf(nodeAt(root, 'spec', 'rules')).entries()) {
    const parts = new Set(entriesOf(rule).map(({ key }) => key.text));
    const missing = ['from', 'to'].filter((part) => !parts.has(part));
    const names = [...parts].sort().join(' and ');
    sheet.add({
      control: 'network-policy-widened',
      scope,
      subject: `rule ${index + 1}`,
      weight: 1 + missing.length + (parts.has('when') ? 0 : 1),
      shown: parts.size === 0 ? 'everybody' : `whoever meets ${names}`,
      value: '',
      place: placeOf(rule),
      severity: missing.includes('from') ? 'high' : 'medium',
    });
  }
}
