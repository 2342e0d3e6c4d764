import {
  entryOf,
  type Gap,
  itemsOf,
  type MapEntry,
  type MapNode,
  type Node,
  nodeAt,
  type Readers,
  type ScalarNode,
  type SourceFile,
  type SourceTree,
  scalarsOf,
} from '../../syntax/index.ts';
import { placeIn } from '../text/template-text.ts';
import { localIncludesOf, matchLocalInclude } from './include.ts';

/** How far includes and `extends` are followed; GitLab itself allows 150 includes and 11 levels of `extends`. */
const LIMITS = { files: 150, depth: 12, layers: 200, references: 10, extends: 20_000, jobs: 2_000 } as const;

/** A file of a configuration: its content and, for a part with inputs, the header above it. */
export interface ConfigurationFile {
  readonly file: SourceFile;
  readonly root: MapNode;
  readonly header: Node | undefined;
}

/** A node together with the file in which it stands. */
export interface Written<T extends Node = Node> {
  readonly file: string;
  readonly node: T;
  /** The key it is the value of. */
  readonly key: ScalarNode | undefined;
}

/** A map that contributes to a job: its own, or one it extends. The first that has a key decides. */
export interface Layer {
  readonly file: string;
  readonly key: ScalarNode;
  readonly node: MapNode;
}

/** A configuration with its local includes, the strongest file first. */
export class Configuration {
  readonly files: readonly ConfigurationFile[];
  readonly gaps: Gap[];
  readonly #defaults: readonly Layer[];
  readonly #index: readonly { readonly path: string; readonly entries: ReadonlyMap<string, MapEntry> }[];
  /** How often `extends` was followed: many jobs with many bases must end. */
  #followed = 0;

  constructor(files: readonly ConfigurationFile[], gaps: Gap[]) {
    this.files = files;
    this.gaps = gaps;
    this.#index = files.map(({ file, root }) => ({
      path: file.path,
      entries: new Map(root.entries.map((entry) => [entry.key.text, entry])),
    }));
    this.#defaults = files.flatMap(({ file, root }) => defaultLayers(file.path, root));
  }

  /** Values of a top-level key in every file, the strongest first. */
  topLevel(key: string): readonly Written[] {
    return this.#index.flatMap(({ path, entries }) => {
      const entry = entries.get(key);
      return entry ? [{ file: path, node: entry.value, key: entry.key }] : [];
    });
  }

  /** What a job consists of: its own maps, what it extends, and the defaults. */
  layersOf(name: string): readonly Layer[] {
    const own = this.#extended(name, []);
    const inherit = findIn(own, 'inherit', 'default')?.node;
    if (inherit?.kind === 'scalar' && inherit.value === false) return own;
    return [...own, ...this.#defaults];
  }

  #extended(name: string, path: readonly string[]): readonly Layer[] {
    const own = this.#index.flatMap(({ path: file, entries }): readonly Layer[] => {
      const entry = entries.get(name);
      return entry?.value.kind === 'map' ? [{ file, key: entry.key, node: entry.value }] : [];
    });
    const layers: Layer[] = [...own];
    const extending = own.find((layer) => entryOf(layer.node, 'extends'));
    for (const base of scalarsOf(nodeAt(extending?.node, 'extends')).toReversed()) {
      if (path.includes(base.text) || base.text === name) {
        this.#gap('unresolved', `'${base.text}' extends itself`, extending, base);
      } else if (path.length >= LIMITS.depth || layers.length > LIMITS.layers || ++this.#followed > LIMITS.extends) {
        this.#gap('cap', 'extends is nested too deeply or used too often', extending, base);
      } else {
        const found = this.#extended(base.text, [...path, name]);
        if (found.length === 0)
          this.#gap('unresolved', `no job '${base.text}' in the files of this repository`, extending, base);
        layers.push(...found);
      }
    }
    return layers.slice(0, LIMITS.layers);
  }

  #gap(kind: Gap['kind'], message: string, layer: Layer | undefined, at: ScalarNode): void {
    const place = placeIn(layer?.file ?? '', at.span);
    if (this.gaps.some((gap) => gap.place.span.start === place.span.start && gap.message === message)) return;
    this.gaps.push({ kind, message, place });
  }

  /** The scalars of a list of commands, nested lists and `!reference` taken apart. */
  commandsOf(written: Written | undefined, depth = 0): readonly Written<ScalarNode>[] {
    if (written === undefined || depth > LIMITS.references) return [];
    const { node, file } = written;
    if (node.kind === 'scalar') return [{ file, node, key: written.key }];
    if (node.kind === 'map') return this.#splitCommand(node, written);
    if (node.tag === '!reference') {
      const route = scalarsOf(node).map((scalar) => scalar.text);
      return this.commandsOf(this.#referenced(route), depth + 1);
    }
    return itemsOf(node).flatMap((item) => this.commandsOf({ file, node: item, key: written.key }, depth + 1));
  }

  /** A command with `: ` that nobody quoted is a map for YAML; what its author meant is the line. */
  #splitCommand(node: MapNode, { file, key }: Written): readonly Written<ScalarNode>[] {
    const source = this.files.find((one) => one.file.path === file)?.file.text ?? '';
    const only = node.entries[0];
    if (only === undefined || node.entries.length > 1 || only.aliased || isFlow(source, only.value)) return [];
    const span = { start: only.key.span.start, end: only.value.span.end };
    const text = source.slice(span.start, span.end);
    const offsetOf = (index: number): number => span.start + index;
    return [{ file, key, node: { kind: 'scalar', span, value: text, text, style: 'plain', offsetOf } }];
  }

  #referenced([name = '', ...route]: readonly string[]): Written | undefined {
    return route.length === 0 ? this.topLevel(name)[0] : findIn(this.layersOf(name), ...route);
  }

  /** Every list item of a key such as `rules`, with `!reference` taken apart. */
  itemsAt(written: Written | undefined, depth = 0): readonly Written[] {
    if (written === undefined || depth > LIMITS.references) return [];
    const { node, file } = written;
    if (node.kind !== 'list') return [written];
    if (node.tag === '!reference') {
      return this.itemsAt(this.#referenced(scalarsOf(node).map((scalar) => scalar.text)), depth + 1);
    }
    return node.items.flatMap((item) => this.itemsAt({ file, node: item, key: written.key }, depth + 1));
  }

  /** Names of everything that may be a job, hidden ones left out. */
  jobNames(): readonly string[] {
    const names = new Set(this.files.flatMap(({ root }) => root.entries.map((entry) => entry.key.text)));
    const jobs = [...names].filter((name) => !name.startsWith('.') && !RESERVED.has(name));
    const first = this.files[0];
    if (jobs.length > LIMITS.jobs && first) {
      const place = placeIn(first.file.path, { start: first.root.span.start, end: first.root.span.start });
      this.gaps.push({ kind: 'cap', message: `more than ${LIMITS.jobs} jobs`, place });
    }
    return jobs.slice(0, LIMITS.jobs);
  }
}

/** A map or list in brackets is one that somebody meant; `a: b: c` in a line is not. */
function isFlow(source: string, { kind, span }: Node): boolean {
  return kind !== 'scalar' && /[[{]/.test(source[span.start] ?? '');
}

const RESERVED: ReadonlySet<string> = new Set([
  ...['default', 'include', 'stages', 'variables', 'workflow', 'image', 'services', 'cache', 'before_script'],
  ...['after_script', 'spec', 'types'],
]);

/** Top-level keys that stand for `default:` in older files. */
const OLD_DEFAULTS = ['image', 'services', 'cache', 'before_script', 'after_script'];

function defaultLayers(file: string, root: MapNode): readonly Layer[] {
  const entry = entryOf(root, 'default');
  const old = root.entries.filter(({ key }) => OLD_DEFAULTS.includes(key.text));
  const layers: Layer[] = entry?.value.kind === 'map' ? [{ file, key: entry.key, node: entry.value }] : [];
  const first = old[0];
  if (first) layers.push({ file, key: first.key, node: { ...root, entries: old } });
  return layers;
}

/** The value at a route in the first layer that has it. */
export function findIn(layers: readonly Layer[], ...route: readonly string[]): Written | undefined {
  for (const { file, node } of layers) {
    const parent = nodeAt(node, ...route.slice(0, -1));
    const entry = entryOf(parent, route.at(-1) ?? '');
    if (entry) return { file, node: entry.value, key: entry.key };
  }
  return undefined;
}

/** Read a configuration file with the local files that it includes. */
export function loadConfiguration(path: string, tree: SourceTree, readers: Readers): Configuration | undefined {
  const gaps: Gap[] = [];
  const files: ConfigurationFile[] = [];
  const load = (one: string, depth: number): void => {
    if (files.some(({ file }) => file.path === one)) return;
    const read = readConfigurationFile(one, tree, readers, gaps);
    if (read === undefined) return;
    files.push(read);
    for (const written of localIncludesOf(read.root).toReversed()) {
      const place = placeIn(one, written.span);
      const targets = matchLocalInclude(written.text, tree);
      if (targets.length === 0) gaps.push({ kind: 'unresolved', message: `no file '${written.text}'`, place });
      for (const target of targets) {
        if (files.length >= LIMITS.files || depth >= LIMITS.depth) {
          gaps.push({ kind: 'cap', message: `more than ${LIMITS.files} included files`, place });
          return;
        }
        load(target, depth + 1);
      }
    }
  };
  load(path, 0);
  return files.length === 0 ? undefined : new Configuration(files, gaps);
}

function readConfigurationFile(
  path: string,
  tree: SourceTree,
  readers: Readers,
  gaps: Gap[],
): ConfigurationFile | undefined {
  const file = tree.read(path);
  if (file === undefined) return undefined;
  if ('kind' in file) {
    gaps.push(file);
    return undefined;
  }
  const documents = readers.yamlDocuments(file);
  for (const document of documents) gaps.push(...document.gaps);
  const header = nodeAt(documents[0]?.root, 'spec');
  const root = (header !== undefined && documents.length > 1 ? documents[1] : documents[0])?.root;
  return root?.kind === 'map' ? { file, root, header } : undefined;
}
