import {
  entriesOf,
  entryOf,
  itemsOf,
  type MapEntry,
  type Node,
  type SourceFile,
  scalarAt,
} from '../../syntax/index.ts';
import type { ContainerMount, ContainerSetting, DeclaredContainer, PodFacts, SecretImport } from '../container-file.ts';
import type { Entry } from '../model.ts';
import { type CommandSource, joinCommands, type ReadCommands, readExecWords } from './command-line.ts';
import { readImage } from './image-reference.ts';
import { accountKey, type ClusterFacts, type KubernetesObject } from './kubernetes.ts';
import { selectsPod } from './network-policy.ts';
import { placeOf, scalarTemplate, secretEntry } from './template-text.ts';
import { execWords, readCommandNode, readSettings, removableItems, type SettingRow } from './yaml-values.ts';

/** The template of a pod, wherever in an object it stands. */
export interface PodTemplate {
  readonly object: KubernetesObject;
  readonly labels: PodFacts['labels'];
  readonly specification: Node;
}

/** Keys of the pod that hold for each of its containers (Kubernetes API, PodSpec and PodSecurityContext). */
const POD_SETTINGS: readonly SettingRow[] = [
  { route: ['hostNetwork'], name: 'host-network' },
  { route: ['hostPID'], name: 'host-pid' },
  { route: ['hostIPC'], name: 'host-ipc' },
  { route: ['securityContext', 'runAsUser'], name: 'run-as-user' },
  { route: ['securityContext', 'runAsNonRoot'], name: 'run-as-non-root' },
  { route: ['securityContext', 'seccompProfile'], name: 'seccomp' },
];

/** Keys of a container (Kubernetes API, SecurityContext and ResourceRequirements). */
const CONTAINER_SETTINGS: readonly SettingRow[] = [
  { route: ['securityContext', 'privileged'], name: 'privileged' },
  { route: ['securityContext', 'allowPrivilegeEscalation'], name: 'allow-privilege-escalation' },
  { route: ['securityContext', 'capabilities', 'add'], name: 'capability' },
  { route: ['securityContext', 'capabilities', 'drop'], name: 'dropped-capability' },
  { route: ['securityContext', 'seccompProfile'], name: 'seccomp' },
  { route: ['securityContext', 'readOnlyRootFilesystem'], name: 'read-only-root' },
  { route: ['securityContext', 'runAsUser'], name: 'run-as-user' },
  { route: ['securityContext', 'runAsNonRoot'], name: 'run-as-non-root' },
  { route: ['resources', 'limits', 'memory'], name: 'memory-limit' },
  { route: ['resources', 'limits', 'cpu'], name: 'cpu-limit' },
];

const CONTAINER_LISTS = ['initContainers', 'containers', 'ephemeralContainers'] as const;

export function readPodContainers(
  source: CommandSource,
  template: PodTemplate,
  cluster: ClusterFacts,
): readonly DeclaredContainer[] {
  const { specification } = template;
  const pod = readPod(source.file, template, cluster);
  const shared = readSettings(source.file, specification, POD_SETTINGS);
  const volumes = entryOf(specification, 'volumes');
  return CONTAINER_LISTS.flatMap((list) => itemsOf(entryOf(specification, list)?.value))
    .filter((node) => node.kind === 'map')
    .map((node) => readContainer(source, node, pod, shared, volumes));
}

function readPod(file: SourceFile, { object, labels, specification }: PodTemplate, cluster: ClusterFacts): PodFacts {
  const { kind, name, namespace } = object;
  const serviceAccount =
    scalarAt(specification, 'serviceAccountName')?.text ?? scalarAt(specification, 'serviceAccount')?.text;
  const account = serviceAccount ?? 'default';
  const written = scalarAt(specification, 'automountServiceAccountToken');
  const off = cluster.tokenless.has(accountKey(namespace, account)) || cluster.tokenless.has(account);
  const state = written === undefined ? (off ? 'off' : 'default') : written.value === false ? 'off' : 'on';
  return {
    kind,
    name,
    namespace,
    labels,
    specification: placeOf(file, specification.span),
    serviceAccount,
    automount: { state, place: written && placeOf(file, written.span) },
    egressPolicies: cluster.policies
      .filter((policy) => selectsPod(policy, { namespace, labels }))
      .map((policy) => ({ value: policy.name, place: policy.place })),
  };
}

function readContainer(
  source: CommandSource,
  node: Node,
  pod: PodFacts,
  shared: readonly ContainerSetting[],
  volumes: MapEntry | undefined,
): DeclaredContainer {
  const { file } = source;
  const name = scalarAt(node, 'name');
  const image = scalarAt(node, 'image');
  const own = readSettings(file, node, CONTAINER_SETTINGS);
  const settings = [...own, ...shared.filter((setting) => !own.some((other) => other.name === setting.name))];
  const user = settings.find((setting) => setting.name === 'run-as-user');
  const mountPoints = readMounts(file, node, volumes);
  const privileged = settings.find((setting) => setting.name === 'privileged' && setting.text === 'true');
  const place = placeOf(file, (name ?? node).span);
  return {
    name: name && { value: name.text, place },
    image: image && readImage(scalarTemplate(file, image)),
    user: user?.text,
    userPlace: user?.place,
    privileged: privileged?.place,
    options: undefined,
    mounts: mountPoints.map(({ source: from, target, place: at }) => ({ value: `${from}:${target}`, place: at })),
    mountPoints,
    environment: readEnvironment(file, node),
    buildArguments: [],
    labels: [],
    credentials: [],
    ...readPodCommands(source, node),
    settings,
    imports: readImports(file, node),
    pod,
    place,
    body: placeOf(file, node.span),
    final: true,
    baseStage: undefined,
    buildFile: undefined,
    node,
  };
}

/** `command` replaces the image's entrypoint, `args` its arguments; together they are one command line. */
function readPodCommands(source: CommandSource, node: Node): ReadCommands {
  const command = entryOf(node, 'command')?.value;
  const args = entryOf(node, 'args')?.value;
  const words = [...execWords(command), ...execWords(args)];
  const span = (command ?? args)?.span;
  const start = span === undefined || words.length === 0 ? undefined : readExecWords(source, 'start', words, span);
  const lifecycle = ['postStart', 'preStop'].map((hook) =>
    readCommandNode(
      source,
      'start',
      entryOf(entryOf(entryOf(entryOf(node, 'lifecycle')?.value, hook)?.value, 'exec')?.value, 'command')?.value,
    ),
  );
  return joinCommands(start === undefined ? lifecycle : [start, ...lifecycle]);
}

function readEnvironment(file: SourceFile, node: Node): readonly Entry[] {
  return itemsOf(entryOf(node, 'env')?.value).flatMap((item): readonly Entry[] => {
    const name = scalarAt(item, 'name');
    const value = scalarAt(item, 'value');
    if (name === undefined) return [];
    if (value !== undefined)
      return [{ name: name.text, keyPlace: placeOf(file, name.span), value: scalarTemplate(file, value), node: value }];
    const secret = scalarAt(item, 'valueFrom', 'secretKeyRef', 'name');
    return secret === undefined ? [] : [secretEntry(file, name, `secrets.${secret.text}`, secret)];
  });
}

function readImports(file: SourceFile, node: Node): readonly SecretImport[] {
  return itemsOf(entryOf(node, 'envFrom')?.value).flatMap((item): readonly SecretImport[] => {
    const secret = scalarAt(item, 'secretRef', 'name');
    const map = scalarAt(item, 'configMapRef', 'name');
    const place = placeOf(file, item.span);
    if (secret !== undefined) return [{ kind: 'secret', name: secret.text, place }];
    return map === undefined ? [] : [{ kind: 'config-map', name: map.text, place }];
  });
}

/** One row: a source of a volume, what it is, and where it names what it mounts. */
const VOLUME_SOURCES: readonly {
  readonly key: string;
  readonly kind: ContainerMount['kind'];
  readonly name: string;
}[] = [
  { key: 'hostPath', kind: 'host', name: 'path' },
  { key: 'secret', kind: 'secret', name: 'secretName' },
  { key: 'configMap', kind: 'config-map', name: 'name' },
  { key: 'emptyDir', kind: 'memory', name: 'medium' },
  { key: 'persistentVolumeClaim', kind: 'volume', name: 'claimName' },
  { key: 'nfs', kind: 'volume', name: 'path' },
];

/** The volumes of the pod that this container mounts; the mount is where it is mended, the volume where it is named. */
function readMounts(file: SourceFile, node: Node, volumes: MapEntry | undefined): readonly ContainerMount[] {
  const declared = removableItems(file, volumes);
  return removableItems(file, entryOf(node, 'volumeMounts')).flatMap(
    ({ node: mount, removal }): readonly ContainerMount[] => {
      const name = scalarAt(mount, 'name')?.text;
      const volume = declared.find((item) => scalarAt(item.node, 'name')?.text === name)?.node;
      const target = scalarAt(mount, 'mountPath')?.text ?? '';
      const readOnly = scalarAt(mount, 'readOnly')?.value === true;
      const place = placeOf(file, mount.span);
      if (volume === undefined) return [{ kind: 'other', source: name ?? '', target, readOnly, place, removal }];
      return [{ ...sourceOf(volume), target, readOnly, place, removal }];
    },
  );
}

function sourceOf(volume: Node): { readonly kind: ContainerMount['kind']; readonly source: string } {
  for (const { key, kind, name } of VOLUME_SOURCES) {
    const entry = entryOf(volume, key);
    if (entry !== undefined) return { kind, source: scalarAt(entry.value, name)?.text ?? '' };
  }
  const projected = itemsOf(entryOf(entryOf(volume, 'projected')?.value, 'sources')?.value);
  const keys = new Set(projected.flatMap((item) => entriesOf(item).map(({ key }) => key.text)));
  const kind = keys.has('serviceAccountToken') ? 'service-account-token' : keys.has('secret') ? 'secret' : 'other';
  return { kind, source: scalarAt(volume, 'name')?.text ?? '' };
}
