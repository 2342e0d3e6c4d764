import {
  entriesOf,
  itemsOf,
  type Node,
  nodeAt,
  type Place,
  type SourceFile,
  scalarAt,
  scalarsOf,
} from '../../syntax/index.ts';
import { addFields } from './kubernetes-rows.ts';
import type { SheetBuilder } from './sheet.ts';

/** Kinds whose mere existence protects. */
const PROTECTING: ReadonlySet<string> = new Set([
  ...[
    'NetworkPolicy',
    'CiliumNetworkPolicy',
    'CiliumClusterwideNetworkPolicy',
    'GlobalNetworkPolicy',
    'AuthorizationPolicy',
  ],
  ...['PeerAuthentication', 'RequestAuthentication', 'ValidatingWebhookConfiguration', 'ValidatingAdmissionPolicy'],
  ...[
    'ValidatingAdmissionPolicyBinding',
    'ClusterPolicy',
    'Policy',
    'PodSecurityPolicy',
    'ConstraintTemplate',
    'Constraint',
  ],
  ...['ResourceQuota', 'LimitRange', 'PodDisruptionBudget'],
]);

/** Gatekeeper makes a kind of its own of every template. */
const CONSTRAINT = /^constraints\.gatekeeper\.sh\//;
/** Kinds whose mere existence opens. */
const OPENING: ReadonlySet<string> = new Set(['PolicyException', 'ClusterPolicyException', 'ClusterReportException']);

/** The name of a Kubernetes document's resource; undefined for anything else. */
export function resourceOf(root: Node | undefined): { readonly kind: string; readonly scope: string } | undefined {
  const kind = scalarAt(root, 'kind')?.text;
  if (kind === undefined || scalarAt(root, 'apiVersion') === undefined) return undefined;
  const name = scalarAt(root, 'metadata', 'name')?.text ?? '';
  return { kind, scope: `${kind}/${name}` };
}

/** Rights, network rules and mounts of one Kubernetes resource; its switches are options like those of any file. */
export function addResource(root: Node, file: SourceFile, sheet: SheetBuilder): void {
  const resource = resourceOf(root);
  if (resource === undefined) return;
  const { kind, scope } = resource;
  const placeOf = ({ span }: Pick<Place, 'span'>): Place => ({ file: file.path, span });
  const name = nodeAt(root, 'metadata', 'name') ?? root;
  sheet.scope(scope, placeOf(name));
  if (PROTECTING.has(kind) || CONSTRAINT.test(scalarAt(root, 'apiVersion')?.text ?? ''))
    sheet.add({
      control: 'admission-removed',
      scope,
      subject: scope,
      weight: -1,
      shown: scope,
      place: placeOf(name),
      standing: true,
    });
  if (OPENING.has(kind))
    sheet.add({
      control: 'admission-loosened',
      scope,
      subject: scope,
      weight: 1,
      shown: scope,
      place: placeOf(name),
      severity: 'critical',
    });
  for (const rule of itemsOf(nodeAt(root, 'rules'))) addRights(rule, scope, placeOf, sheet);
  for (const subject of itemsOf(nodeAt(root, 'subjects'))) {
    const who = `${scalarAt(subject, 'kind')?.text ?? ''} ${scalarAt(subject, 'name')?.text ?? ''}`;
    const everybody = /system:(?:anonymous|unauthenticated|authenticated|masters)/.test(who);
    sheet.add({
      control: 'rbac-widened',
      scope,
      subject: who,
      weight: 1,
      shown: who,
      place: placeOf(subject),
      severity: everybody ? 'critical' : 'medium',
    });
  }
  const role = scalarAt(root, 'roleRef', 'name');
  if (role && /^(?:cluster-admin|admin)$/.test(role.text))
    sheet.add({ control: 'rbac-widened', scope, subject: 'role', weight: 2, shown: role.text, place: placeOf(role) });
  addFields(root, resource, placeOf, sheet);
  if (kind === 'NetworkPolicy') addNetworkRules(root, scope, placeOf, sheet);
  for (const volume of hostPaths(root))
    sheet.add({
      control: 'container-opened',
      scope,
      subject: `hostPath ${volume.text}`,
      weight: 1,
      shown: `hostPath ${volume.text}`,
      place: placeOf(volume),
    });
}

type PlaceOf = (node: Pick<Place, 'span'>) => Place;

function addRights(rule: Node, scope: string, placeOf: PlaceOf, sheet: SheetBuilder): void {
  const resources = scalarsOf(nodeAt(rule, 'resources')).map(({ text }) => text);
  const what = resources.sort().join(',').slice(0, 100);
  for (const verb of scalarsOf(nodeAt(rule, 'verbs')))
    sheet.add({
      control: 'rbac-widened',
      scope,
      subject: `${verb.text} ${what}`,
      weight: verb.text === '*' ? 2 : 1,
      shown: `${verb.text} ${what}`,
      place: placeOf(verb),
      severity: verb.text === '*' || resources.includes('*') || /secrets|pods\/exec/.test(what) ? 'high' : 'medium',
    });
  const names = nodeAt(rule, 'resourceNames');
  const shown = scalarsOf(names)
    .map(({ text }) => text)
    .sort()
    .join(', ');
  if (names && shown !== '')
    sheet.add({ control: 'rbac-scope-removed', scope, subject: what, weight: -1, shown, place: placeOf(names) });
}

/** An entry without peers lets everybody in; a side that is not named is not refused, nor is a pod that is not selected. */
function addNetworkRules(root: Node, scope: string, placeOf: PlaceOf, sheet: SheetBuilder): void {
  const widened = { control: 'network-policy-widened', scope, value: '' } as const;
  for (const type of scalarsOf(nodeAt(root, 'spec', 'policyTypes')))
    sheet.add({
      ...widened,
      subject: `side ${type.text}`,
      weight: -1,
      shown: `refuses ${type.text}`,
      place: placeOf(type),
      severity: 'high',
    });
  for (const { key, value, span } of entriesOf(nodeAt(root, 'spec', 'podSelector', 'matchLabels')))
    sheet.add({
      ...widened,
      subject: 'selected pods',
      weight: 1,
      shown: `only pods with ${key.text}: ${value.kind === 'scalar' ? value.text : ''}`,
      place: placeOf({ span }),
      severity: 'medium',
    });
  for (const [side, peers] of [
    ['ingress', 'from'],
    ['egress', 'to'],
  ] as const)
    for (const rule of itemsOf(nodeAt(root, 'spec', side))) {
      const list = itemsOf(nodeAt(rule, peers));
      const open =
        list.length === 0 || list.some((peer) => entriesOf(peer).every(({ value }) => entriesOf(value).length === 0));
      sheet.add({
        control: 'network-policy-widened',
        scope,
        subject: open ? `${side} everybody` : `${side} ${describe(rule)}`,
        weight: open ? 3 : 1,
        shown: open ? `${side} for everybody` : side,
        value: '',
        place: placeOf(rule),
        severity: open ? 'high' : 'medium',
      });
    }
}

function describe(node: Node): string {
  if (node.kind === 'scalar') return node.text;
  const parts =
    node.kind === 'list'
      ? node.items.map(describe)
      : node.entries.map(({ key, value }) => `${key.text}=${describe(value)}`);
  return parts.sort().join(';').slice(0, 200);
}

function hostPaths(root: Node) {
  const pod =
    nodeAt(root, 'spec', 'template', 'spec') ??
    nodeAt(root, 'spec', 'jobTemplate', 'spec', 'template', 'spec') ??
    nodeAt(root, 'spec');
  return itemsOf(nodeAt(pod, 'volumes')).flatMap((volume) => scalarAt(volume, 'hostPath', 'path') ?? []);
}
