import {
  entriesOf,
  entryOf,
  itemsOf,
  type MapEntry,
  type Node,
  nodeAt,
  type Place,
  type SourceFile,
  scalarAt,
  scalarsOf,
} from '../../syntax/index.ts';
import { placeOf } from './template-text.ts';

/** A policy that says what may leave the pods it selects. */
export interface NetworkPolicy {
  readonly name: string;
  readonly namespace: string | undefined;
  readonly selector: Node | undefined;
  /** It applies in every namespace. */
  readonly clusterWide: boolean;
  readonly place: Place;
}

/** One row: a kind of policy, where it selects pods, and how it says that it limits egress. */
interface PolicyKind {
  readonly kind: string;
  readonly selector: readonly string[];
  readonly clusterWide: boolean;
}

const POLICY_KINDS: readonly PolicyKind[] = [
  { kind: 'NetworkPolicy', selector: ['spec', 'podSelector'], clusterWide: false },
  { kind: 'CiliumNetworkPolicy', selector: ['spec', 'endpointSelector'], clusterWide: false },
  { kind: 'CiliumClusterwideNetworkPolicy', selector: ['spec', 'endpointSelector'], clusterWide: true },
];

/** The object as a policy on egress; `undefined` for anything else, and for one that lets everything out. */
export function readNetworkPolicy(
  file: SourceFile,
  object: { readonly kind: string; readonly name: string; readonly namespace: string | undefined; readonly node: Node },
): NetworkPolicy | undefined {
  const row = POLICY_KINDS.find(({ kind }) => kind === object.kind);
  if (row === undefined || !limitsEgress(object.node)) return undefined;
  const { name, namespace } = object;
  const selector = nodeAt(object.node, ...row.selector);
  return { name, namespace, selector, clusterWide: row.clusterWide, place: placeOf(file, object.node.span) };
}

/**
 * Egress is limited when the policy speaks of it and no rule lets everything out: a rule without a destination does
 * (Kubernetes API, NetworkPolicyEgressRule), whatever ports it names is still any host.
 */
function limitsEgress(node: Node): boolean {
  const egress = entryOf(nodeAt(node, 'spec'), 'egress') ?? entryOf(nodeAt(node, 'spec'), 'egressDeny');
  const types = scalarsOf(nodeAt(node, 'spec', 'policyTypes')).map(({ text }) => text);
  if (egress === undefined) return types.includes('Egress');
  if (types.length > 0 && !types.includes('Egress')) return false;
  return !itemsOf(egress.value).some(letsEverythingOut);
}

function letsEverythingOut(rule: Node): boolean {
  const destinations = entriesOf(rule).filter(({ key }) => key.text.startsWith('to'));
  const named = destinations.filter(({ key }) => key.text !== 'toPorts');
  if (named.length === 0) return true;
  return named.some(({ value }) => itemsOf(value).some(isAnywhere));
}

function isAnywhere(destination: Node): boolean {
  if (destination.kind === 'scalar')
    return destination.text === 'world' || destination.text === 'all' || destination.text === '0.0.0.0/0';
  const block = scalarAt(destination, 'ipBlock', 'cidr') ?? scalarAt(destination, 'cidr');
  return block?.text === '0.0.0.0/0' || block?.text === '::/0';
}

/** Whether a policy selects a pod. An unwritten namespace may be any, so it counts as the same. */
export function selectsPod(
  policy: NetworkPolicy,
  pod: {
    readonly namespace: string | undefined;
    readonly labels: readonly { readonly name: string; readonly value: string }[];
  },
): boolean {
  const elsewhere = policy.namespace !== undefined && pod.namespace !== undefined && policy.namespace !== pod.namespace;
  if (elsewhere && !policy.clusterWide) return false;
  const labels = new Map(pod.labels.map(({ name, value }) => [name, value]));
  const wanted = entriesOf(nodeAt(policy.selector, 'matchLabels'));
  return (
    wanted.every((entry) => matchesLabel(entry, labels)) &&
    itemsOf(nodeAt(policy.selector, 'matchExpressions')).every((item) => matchesExpression(item, labels))
  );
}

function matchesLabel({ key, value }: MapEntry, labels: ReadonlyMap<string, string>): boolean {
  return value.kind === 'scalar' && labels.get(key.text) === value.text;
}

function matchesExpression(node: Node, labels: ReadonlyMap<string, string>): boolean {
  const label = labels.get(scalarAt(node, 'key')?.text ?? '');
  const values = scalarsOf(nodeAt(node, 'values')).map(({ text }) => text);
  switch (scalarAt(node, 'operator')?.text) {
    case 'In':
      return label !== undefined && values.includes(label);
    case 'NotIn':
      return label === undefined || !values.includes(label);
    case 'Exists':
      return label !== undefined;
    case 'DoesNotExist':
      return label === undefined;
    default:
      return false;
  }
}
