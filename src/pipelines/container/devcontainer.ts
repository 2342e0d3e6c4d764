import {
  entriesOf,
  entryOf,
  type Node,
  type Readers,
  type SourceFile,
  scalarAt,
  scalarsOf,
} from '../../syntax/index.ts';
import type { CommandMoment, ContainerFile, ContainerMount, ContainerSetting } from '../container-file.ts';
import { type CommandSource, joinCommands, type ReadCommands } from './command-line.ts';
import { readImage } from './image-reference.ts';
import { placeOf, scalarTemplate } from './template-text.ts';
import {
  pairEntries,
  type Removable,
  readCommandNode,
  readSettings,
  removableItems,
  type SettingRow,
} from './yaml-values.ts';

/** Keys of a dev container (devcontainer.json reference). */
const DEVCONTAINER_SETTINGS: readonly SettingRow[] = [
  { route: ['privileged'], name: 'privileged' },
  { route: ['capAdd'], name: 'capability' },
  { route: ['securityOpt'], name: 'security-option' },
  { route: ['runArgs'], name: 'run-argument' },
];

/** Keys that run commands, and when: on the developer's machine, or in the container once the tree is mounted. */
const COMMAND_KEYS: readonly { readonly key: string; readonly moment: CommandMoment }[] = [
  { key: 'initializeCommand', moment: 'host' },
  { key: 'onCreateCommand', moment: 'create' },
  { key: 'updateContentCommand', moment: 'create' },
  { key: 'postCreateCommand', moment: 'create' },
  { key: 'postStartCommand', moment: 'start' },
  { key: 'postAttachCommand', moment: 'start' },
];

/** `devcontainer.json` as one container. */
export function readDevcontainer(file: SourceFile, readers: Readers): ContainerFile {
  const { root, gaps } = readers.json(file);
  if (root?.kind !== 'map') return { kind: 'devcontainer', file, containers: [], gaps };
  const image = scalarAt(root, 'image');
  const user = entryOf(root, 'containerUser') ?? entryOf(root, 'remoteUser');
  const settings = [...readSettings(file, root, DEVCONTAINER_SETTINGS), ...readFeatures(file, root)];
  const mountPoints = readMounts(file, root);
  const name = scalarAt(root, 'name');
  const container = {
    name: name && { value: name.text, place: placeOf(file, name.span) },
    image: image && readImage(scalarTemplate(file, image)),
    user: user?.value.kind === 'scalar' ? user.value.text : undefined,
    userPlace: user && placeOf(file, user.span),
    privileged: settings.find((setting) => setting.name === 'privileged' && setting.text === 'true')?.place,
    options: undefined,
    mounts: mountPoints.map(({ source, target, place }) => ({ value: `${source}:${target}`, place })),
    mountPoints,
    environment: ['containerEnv', 'remoteEnv'].flatMap((key) => pairEntries(file, entryOf(root, key)?.value)),
    buildArguments: pairEntries(file, entryOf(entryOf(root, 'build')?.value, 'args')?.value),
    labels: [],
    credentials: [],
    ...readCommands({ file, readers }, root),
    settings,
    imports: [],
    pod: undefined,
    place: placeOf(file, (name ?? image ?? root).span),
    body: placeOf(file, root.span),
    final: true,
    baseStage: undefined,
    buildFile: (scalarAt(root, 'build', 'dockerfile') ?? scalarAt(root, 'dockerFile'))?.text,
    node: root,
  };
  return { kind: 'devcontainer', file, containers: [container], gaps };
}

/** A text for a shell, a list of words, or a map of either that run side by side. */
function readCommands(source: CommandSource, root: Node): ReadCommands {
  return joinCommands(
    COMMAND_KEYS.flatMap(({ key, moment }) => {
      const value = entryOf(root, key)?.value;
      const parts = value?.kind === 'map' ? value.entries.map((entry) => entry.value) : [value];
      return parts.map((part) => readCommandNode(source, moment, part));
    }),
  );
}

function readFeatures(file: SourceFile, root: Node): readonly ContainerSetting[] {
  return entriesOf(entryOf(root, 'features')?.value).map(({ key, span }) => ({
    name: 'feature',
    text: key.text,
    place: placeOf(file, key.span),
    removal: placeOf(file, span),
  }));
}

function readMounts(file: SourceFile, root: Node): readonly ContainerMount[] {
  const listed = removableItems(file, entryOf(root, 'mounts')).map((item) => mountOf(file, item));
  const workspace = entryOf(root, 'workspaceMount');
  const own =
    workspace === undefined ? [] : [mountOf(file, { node: workspace.value, removal: placeOf(file, workspace.span) })];
  return [...listed, ...own, ...argumentMounts(file, root)];
}

/** `source=…,target=…,type=bind`, or a map with those keys. */
function mountOf(file: SourceFile, { node, removal }: Removable): ContainerMount {
  const field =
    node.kind === 'scalar'
      ? (names: readonly string[]) => fieldOf(node.text, names)
      : (names: readonly string[]) =>
          names.map((name) => scalarAt(node, name)?.text).find((found) => found !== undefined) ?? '';
  const kind = field(['type']) === 'bind' ? 'host' : field(['type']) === 'tmpfs' ? 'memory' : 'volume';
  return {
    kind,
    source: field(['source', 'src']),
    target: field(['target', 'dst', 'destination']),
    readOnly: node.kind === 'scalar' && /(?:^|,)(?:readonly|ro)(?:,|=true|$)/.test(node.text),
    place: placeOf(file, node.span),
    removal,
  };
}

function fieldOf(text: string, names: readonly string[]): string {
  for (const field of text.split(',')) {
    const equals = field.indexOf('=');
    if (equals > 0 && names.includes(field.slice(0, equals).trim())) return field.slice(equals + 1).trim();
  }
  return '';
}

/** `runArgs: ["-v", "a:b"]` and `["--mount=type=bind,…"]` mount as well. */
function argumentMounts(file: SourceFile, root: Node): readonly ContainerMount[] {
  const words = scalarsOf(entryOf(root, 'runArgs')?.value);
  return words.flatMap((word, index): readonly ContainerMount[] => {
    const joined = /^(?:--volume|-v|--mount)=/.test(word.text);
    const flag = joined ? word.text.slice(0, word.text.indexOf('=')) : words[index - 1]?.text;
    const value = joined ? word.text.slice(word.text.indexOf('=') + 1) : word.text;
    const place = placeOf(file, word.span);
    if (flag === '--mount')
      return [{ ...mountOf(file, { node: word, removal: place }), source: fieldOf(value, ['source', 'src']) }];
    if (flag !== '-v' && flag !== '--volume') return [];
    const [source = '', target = '', mode = ''] = value.split(':');
    const kind = /^[./~$]/.test(source) ? 'host' : 'volume';
    return [{ kind, source, target, readOnly: mode.includes('ro'), place, removal: place }];
  });
}
