import {
  entriesOf,
  entryOf,
  type MapEntry,
  type Node,
  type Readers,
  type SourceFile,
  scalarAt,
} from '../../syntax/index.ts';
import type {
  ContainerFile,
  ContainerMount,
  ContainerSetting,
  DeclaredContainer,
  SecretImport,
} from '../container-file.ts';
import { type CommandSource, joinCommands, NO_COMMANDS, type ReadCommands, readExecWords } from './command-line.ts';
import { readImage } from './image-reference.ts';
import { placeOf, scalarTemplate } from './template-text.ts';
import {
  execWords,
  pairEntries,
  type Removable,
  readCommandNode,
  readSettings,
  removableItems,
  type SettingRow,
} from './yaml-values.ts';

/** Keys of a service that decide how well it is closed (Compose specification, `services`). */
const SERVICE_SETTINGS: readonly SettingRow[] = [
  { route: ['privileged'], name: 'privileged' },
  { route: ['cap_add'], name: 'capability' },
  { route: ['cap_drop'], name: 'dropped-capability' },
  { route: ['network_mode'], name: 'network' },
  { route: ['pid'], name: 'host-pid' },
  { route: ['ipc'], name: 'host-ipc' },
  { route: ['userns_mode'], name: 'host-user' },
  { route: ['security_opt'], name: 'security-option' },
  { route: ['devices'], name: 'device' },
  { route: ['read_only'], name: 'read-only-root' },
  { route: ['mem_limit'], name: 'memory-limit' },
  { route: ['deploy', 'resources', 'limits', 'memory'], name: 'memory-limit' },
  { route: ['cpus'], name: 'cpu-limit' },
  { route: ['deploy', 'resources', 'limits', 'cpus'], name: 'cpu-limit' },
  { route: ['pids_limit'], name: 'process-limit' },
  { route: ['deploy', 'resources', 'limits', 'pids'], name: 'process-limit' },
];

/** A compose file as one container a service. */
export function readComposeContainers(file: SourceFile, readers: Readers): ContainerFile {
  const { root, gaps } = readers.yaml(file);
  const source = { file, readers };
  const networks = entryOf(root, 'networks');
  return {
    kind: 'compose',
    file,
    containers: entriesOf(entryOf(root, 'services')?.value)
      .filter(({ value }) => value.kind === 'map')
      .map((service) => readService(source, service, networks)),
    gaps,
  };
}

function readService(source: CommandSource, service: MapEntry, networks: MapEntry | undefined): DeclaredContainer {
  const { file } = source;
  const { key, value: node } = service;
  const image = scalarAt(node, 'image');
  const user = entryOf(node, 'user');
  const settings = readSettings(file, node, SERVICE_SETTINGS);
  const privileged = settings.find(({ name, text }) => name === 'privileged' && text === 'true');
  const mountPoints = removableItems(file, entryOf(node, 'volumes')).flatMap((item) => mountOf(file, item));
  return {
    name: { value: key.text, place: placeOf(file, key.span) },
    image: image && readImage(scalarTemplate(file, image)),
    user: user?.value.kind === 'scalar' ? user.value.text : undefined,
    userPlace: user && placeOf(file, user.span),
    privileged: privileged?.place,
    options: undefined,
    mounts: mountPoints.map(({ source: from, target, place }) => ({ value: `${from}:${target}`, place })),
    mountPoints,
    environment: pairEntries(file, entryOf(node, 'environment')?.value),
    buildArguments: pairEntries(file, entryOf(entryOf(node, 'build')?.value, 'args')?.value),
    labels: pairEntries(file, entryOf(node, 'labels')?.value),
    credentials: [],
    ...readServiceCommands(source, node),
    settings: [...settings.map(nameNamespace), ...joinedNetworks(source, node, networks)],
    imports: readFiles(source, node),
    pod: undefined,
    place: placeOf(file, key.span),
    body: placeOf(file, service.span),
    final: true,
    baseStage: undefined,
    buildFile: buildFileOf(node),
    node,
  };
}

function readServiceCommands(source: CommandSource, node: Node): ReadCommands {
  const entrypoint = entryOf(node, 'entrypoint')?.value;
  const command = entryOf(node, 'command')?.value;
  const health = entryOf(entryOf(node, 'healthcheck')?.value, 'test')?.value;
  const start =
    entrypoint?.kind === 'list' && command?.kind === 'list'
      ? readExecWords(source, 'start', [...execWords(entrypoint), ...execWords(command)], entrypoint.span)
      : joinCommands([readCommandNode(source, 'start', entrypoint), readCommandNode(source, 'start', command)]);
  return joinCommands([start, health === undefined ? NO_COMMANDS : readHealth(source, health)]);
}

/** `["CMD", "curl", …]` and `["CMD-SHELL", "…"]`: the first word says how the rest is read. */
function readHealth(source: CommandSource, node: Node): ReadCommands {
  if (node.kind !== 'list') return readCommandNode(source, 'health', node);
  const [form, ...rest] = execWords(node);
  if (form?.value.text === 'CMD-SHELL') return readCommandNode(source, 'health', node.items[1]);
  return form?.value.text === 'CMD' && rest.length > 0 ? readExecWords(source, 'health', rest, node.span) : NO_COMMANDS;
}

/** `source:target:mode`, or a map. A source that starts with a path mark is a path of the host. */
function mountOf(file: SourceFile, { node, removal }: Removable): readonly ContainerMount[] {
  const place = placeOf(file, node.span);
  if (node.kind === 'scalar') {
    const [source, target, mode] = splitMount(node.text);
    if (target === undefined) return [];
    const kind = isHostPath(source) ? 'host' : 'volume';
    return [{ kind, source, target, readOnly: (mode ?? '').split(',').includes('ro'), place, removal }];
  }
  const text = (name: string): string => scalarAt(node, name)?.text ?? '';
  const type = text('type');
  const kind = type === 'bind' ? 'host' : type === 'tmpfs' ? 'memory' : 'volume';
  return [
    { kind, source: text('source'), target: text('target'), readOnly: text('read_only') === 'true', place, removal },
  ];
}

/** Splits at colons outside `${…}`; the colon of a drive letter stays with its path. */
function splitMount(text: string): readonly [string, string | undefined, string | undefined] {
  const parts: string[] = [''];
  let depth = 0;
  for (let index = 0; index < text.length; index++) {
    const character = text.charAt(index);
    if (character === '{') depth++;
    else if (character === '}') depth--;
    const drive = index === 1 && text[2] === '\\';
    if (character === ':' && depth <= 0 && !drive) parts.push('');
    else parts[parts.length - 1] += character;
  }
  return [parts[0] ?? '', parts[1], parts[2]];
}

function isHostPath(source: string): boolean {
  return /^[./~$\\]|^[A-Za-z]:\\/.test(source);
}

/** `pid: host` and its kin are told by their value; the key alone says nothing. */
function nameNamespace(setting: ContainerSetting): ContainerSetting {
  return setting.name === 'network' && setting.text === 'host' ? { ...setting, name: 'host-network' } : setting;
}

/** The networks a service joins; one declared `internal: true` is marked so: nothing leaves it. */
function joinedNetworks(
  source: CommandSource,
  node: Node,
  networks: MapEntry | undefined,
): readonly ContainerSetting[] {
  const joined = entryOf(node, 'networks');
  const names =
    joined?.value.kind === 'map'
      ? joined.value.entries.map(({ key }) => key)
      : removableItems(source.file, joined).flatMap((item) => (item.node.kind === 'scalar' ? [item.node] : []));
  return names.map((name) => {
    const internal = scalarAt(networks?.value, name.text, 'internal')?.value === true;
    const place = placeOf(source.file, name.span);
    return { name: 'network', text: internal ? `internal ${name.text}` : name.text, place, removal: place };
  });
}

function readFiles({ file }: CommandSource, node: Node): readonly SecretImport[] {
  return removableItems(file, entryOf(node, 'env_file')).flatMap(({ node: item }) => {
    const path = item.kind === 'scalar' ? item : scalarAt(item, 'path');
    return path === undefined ? [] : [{ kind: 'file' as const, name: path.text, place: placeOf(file, item.span) }];
  });
}

function buildFileOf(node: Node): string | undefined {
  const build = entryOf(node, 'build')?.value;
  if (build === undefined) return undefined;
  const context = build.kind === 'scalar' ? build.text : (scalarAt(build, 'context')?.text ?? '.');
  return `${context.replace(/\/+$/, '')}/${scalarAt(build, 'dockerfile')?.text ?? 'Dockerfile'}`;
}
