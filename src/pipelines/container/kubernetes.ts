import {
  entriesOf,
  entryOf,
  itemsOf,
  type Node,
  nodeAt,
  type Readers,
  type SourceFile,
  scalarAt,
} from '../../syntax/index.ts';
import type { ContainerFile } from '../container-file.ts';
import { type NetworkPolicy, readNetworkPolicy } from './network-policy.ts';
import { readPodContainers } from './pod.ts';

/** One row: a kind of object and the way from its root to the pod's template. An empty route: the object is the pod. */
interface PodKind {
  readonly kind: string;
  readonly template: readonly string[];
}

const POD_KINDS: readonly PodKind[] = [
  { kind: 'Pod', template: [] },
  { kind: 'PodTemplate', template: ['template'] },
  { kind: 'CronJob', template: ['spec', 'jobTemplate', 'spec', 'template'] },
  ...['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'ReplicationController', 'Job'].map((kind) => ({
    kind,
    template: ['spec', 'template'],
  })),
];

/** Objects of one YAML stream, `List` objects unpacked. */
export interface KubernetesFile {
  readonly file: SourceFile;
  readonly objects: readonly KubernetesObject[];
  readonly gaps: ContainerFile['gaps'];
}

export interface KubernetesObject {
  readonly kind: string;
  readonly name: string;
  readonly namespace: string | undefined;
  readonly node: Node;
}

/** What the objects of the whole repository say about pods elsewhere. */
export interface ClusterFacts {
  readonly policies: readonly NetworkPolicy[];
  /** Service accounts that switch the token off, by `namespace/name` and by name alone where no namespace is written. */
  readonly tokenless: ReadonlySet<string>;
}

/** Behind a byte order mark, a document mark or in quotes a key is the same key. */
const KEYS: readonly RegExp[] = [
  /(?:^|[\n\r\u{FEFF}])(?:--- )?["']?apiVersion["']?[ \t]?:/u,
  /(?:^|[\n\r\u{FEFF}])(?:--- )?["']?kind["']?[ \t]?:/u,
];

/** Whether a YAML text holds a Kubernetes object: both keys at the start of a line. */
export function looksLikeKubernetes(text: string): boolean {
  return KEYS.every((key) => key.test(text));
}

export function readKubernetesFile(file: SourceFile, readers: Readers): KubernetesFile {
  const documents = readers.yamlDocuments(file);
  const roots = documents.flatMap(({ root }) => (root === undefined ? [] : [root]));
  const objects = roots.flatMap((root) =>
    scalarAt(root, 'kind')?.text === 'List' ? itemsOf(nodeAt(root, 'items')) : [root],
  );
  return {
    file,
    objects: objects.flatMap((node) => {
      const kind = scalarAt(node, 'kind')?.text;
      if (kind === undefined || scalarAt(node, 'apiVersion') === undefined) return [];
      const name = scalarAt(node, 'metadata', 'name')?.text ?? '';
      return [{ kind, name, namespace: scalarAt(node, 'metadata', 'namespace')?.text, node }];
    }),
    gaps: documents.flatMap(({ gaps }) => gaps),
  };
}

/** Policies and service accounts of all files; pods are read against them. */
export function readClusterFacts(files: readonly KubernetesFile[]): ClusterFacts {
  const tokenless = new Set<string>();
  const policies: NetworkPolicy[] = [];
  for (const { file, objects } of files) {
    for (const object of objects) {
      const policy = readNetworkPolicy(file, object);
      if (policy !== undefined) policies.push(policy);
      const off = scalarAt(object.node, 'automountServiceAccountToken')?.value === false;
      if (object.kind === 'ServiceAccount' && off) tokenless.add(accountKey(object.namespace, object.name));
    }
  }
  return { policies, tokenless };
}

/** How `ClusterFacts.tokenless` names an account. */
export function accountKey(namespace: string | undefined, name: string): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}

export function readKubernetesContainers(from: KubernetesFile, cluster: ClusterFacts, readers: Readers): ContainerFile {
  const containers = from.objects.flatMap((object) => {
    const row = POD_KINDS.find(({ kind }) => kind === object.kind);
    const template = row && (row.template.length === 0 ? object.node : nodeAt(object.node, ...row.template));
    const specification = entryOf(template, 'spec');
    if (template === undefined || specification?.value.kind !== 'map') return [];
    const labels = entriesOf(nodeAt(template, 'metadata', 'labels')).flatMap(({ key, value }) =>
      value.kind === 'scalar' ? [{ name: key.text, value: value.text }] : [],
    );
    return readPodContainers(
      { file: from.file, readers },
      { object, labels, specification: specification.value },
      cluster,
    );
  });
  return { kind: 'kubernetes', file: from.file, containers, gaps: from.gaps };
}
