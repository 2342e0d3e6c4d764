import {
  entriesOf,
  entryOf,
  itemsOf,
  type Node,
  type ScalarNode,
  type SourceFile,
  scalarAt,
} from '../../syntax/index.ts';
import type { ExecutionPower, ImplicitEntry, ImplicitKey } from './implicit-execution.ts';

/** Caps on a structured file that is searched for keys. */
const LIMITS = { leaves: 5_000, depth: 16 } as const;

interface Leaf {
  /** Keys joined by dots; a key may hold dots itself. */
  readonly path: string;
  readonly key: ScalarNode | undefined;
  readonly value: ScalarNode;
}

/** Every scalar of a tree with its route, breadth first and without recursion. */
function leavesOf(root: Node | undefined): readonly Leaf[] {
  const leaves: Leaf[] = [];
  const queue: { node: Node; path: string; key: ScalarNode | undefined; depth: number }[] = [];
  if (root !== undefined) queue.push({ node: root, path: '', key: undefined, depth: 0 });
  for (let at = 0; at < queue.length && leaves.length < LIMITS.leaves; at++) {
    const next = queue[at];
    if (next === undefined || next.depth > LIMITS.depth || queue.length > 4 * LIMITS.leaves) continue;
    const { node, path, key, depth } = next;
    const route = (step: string): string => (path === '' ? step : `${path}.${step}`);
    if (node.kind === 'scalar') leaves.push({ path, key, value: node });
    else if (node.kind === 'list') {
      for (const [index, item] of node.items.entries())
        queue.push({ node: item, path: route(`${index}`), key, depth: depth + 1 });
    } else {
      for (const entry of node.entries) {
        queue.push({ node: entry.value, path: route(entry.key.text), key: entry.key, depth: depth + 1 });
      }
    }
  }
  return leaves;
}

/** Whether a route lies at or beneath a pattern, in which `*` stands for one step. */
export function liesBeneath(path: string, pattern: string): boolean {
  const steps = path.split('.');
  return pattern
    .split('.')
    .every((wanted, index) => steps[index] !== undefined && (wanted === '*' || wanted === steps[index]));
}

/** The values at the keys of a row. */
export function readKeys(
  file: SourceFile,
  root: Node | undefined,
  keys: readonly ImplicitKey[],
): readonly ImplicitEntry[] {
  return leavesOf(root).flatMap(({ path, key, value }) => {
    const match = keys.find((row) => liesBeneath(path, row.key));
    return match === undefined ? [] : [entryAt(file, path, match.power, key ?? value, value, true)];
  });
}

function entryAt(
  file: SourceFile,
  key: string,
  power: ExecutionPower,
  keyNode: ScalarNode,
  value: ScalarNode,
  automatic: boolean,
): ImplicitEntry {
  const place = { file: file.path, span: value.span };
  return { key, text: value.text, power, automatic, place, keyPlace: { file: file.path, span: keyNode.span } };
}

/** Scripts that npm runs at installation without being asked (npm documentation, "Life Cycle Scripts"). */
const LIFECYCLE: ReadonlySet<string> = new Set([
  ...['preinstall', 'install', 'postinstall', 'preprepare', 'prepare', 'postprepare', 'prepublish', 'dependencies'],
]);

/** Keys of package.json besides `scripts` that name commands or code. */
const PACKAGE_KEYS: readonly ImplicitKey[] = [
  { key: 'husky.hooks', power: 'runs-commands' },
  { key: 'simple-git-hooks', power: 'runs-commands' },
  { key: 'lint-staged', power: 'runs-commands' },
  { key: 'gitHooks', power: 'runs-commands' },
  { key: 'packageManager', power: 'fetches-code' },
  { key: 'jest.globalSetup', power: 'is-code' },
  { key: 'jest.setupFiles', power: 'is-code' },
  { key: 'publishConfig.registry', power: 'redirects-registry' },
];

export function readPackageScripts(file: SourceFile, root: Node | undefined): readonly ImplicitEntry[] {
  const scripts = readCommands(file, root, 'scripts', (name) => LIFECYCLE.has(name));
  return [
    ...scripts,
    ...readKeys(file, root, PACKAGE_KEYS).map((entry) => ({ ...entry, automatic: entry.key !== 'packageManager' })),
  ];
}

/** Composer events that fire at installation and update (Composer documentation, "Scripts"). */
function isComposerEvent(name: string): boolean {
  return (
    /^(?:pre|post)-(?:install|update|status|autoload|root-package|create-project|package|pool|operations|file|dependencies)/.test(
      name,
    ) || name === 'command'
  );
}

export function readComposerScripts(file: SourceFile, root: Node | undefined): readonly ImplicitEntry[] {
  return [
    ...readCommands(file, root, 'scripts', isComposerEvent),
    ...readKeys(file, root, [{ key: 'repositories.*.url', power: 'redirects-registry' }]),
  ];
}

export function readDenoTasks(file: SourceFile, root: Node | undefined): readonly ImplicitEntry[] {
  return [
    ...readCommands(file, root, 'tasks', () => false),
    ...readKeys(file, root, [{ key: 'imports', power: 'fetches-code' }]),
  ];
}

function readCommands(
  file: SourceFile,
  root: Node | undefined,
  route: string,
  isAutomatic: (name: string) => boolean,
): readonly ImplicitEntry[] {
  return entriesOf(entryOf(root, route)?.value).flatMap(({ key, value }) => {
    const command = value.kind === 'map' ? entryOf(value, 'command')?.value : value;
    return itemsOf(command).flatMap((item) =>
      item.kind === 'scalar'
        ? [entryAt(file, `${route}.${key.text}`, 'runs-commands', key, item, isAutomatic(key.text))]
        : [],
    );
  });
}

/** Tasks of `.vscode/tasks.json`; automatic where they run when the folder is opened. */
export function readEditorTasks(file: SourceFile, root: Node | undefined): readonly ImplicitEntry[] {
  return itemsOf(entryOf(root, 'tasks')?.value).flatMap((task, index) => {
    const command = scalarAt(task, 'command') ?? scalarAt(task, 'linux', 'command') ?? scalarAt(task, 'script');
    if (command === undefined) return [];
    const args = itemsOf(entryOf(task, 'args')?.value).flatMap((item) => (item.kind === 'scalar' ? [item.text] : []));
    const automatic = scalarAt(task, 'runOptions', 'runOn')?.text === 'folderOpen';
    const entry = entryAt(file, `tasks.${index}.command`, 'runs-commands', command, command, automatic);
    return [{ ...entry, text: [command.text, ...args].join(' ') }];
  });
}
