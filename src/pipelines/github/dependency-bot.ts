import type { MapEntry, Node, Place, Readers, SourceFile } from '../../syntax/index.ts';
import type { Pipeline, PlatformFacts } from '../model.ts';
import { NO_SPECIAL_FACTS } from './workflow.ts';

/** Files that tell a dependency bot what to do. */
const BOT_FILES: ReadonlySet<string> = new Set([
  ...['.github/dependabot.yml', '.github/dependabot.yaml', 'renovate.json', 'renovate.json5', '.renovaterc'],
  ...['.renovaterc.json', '.github/renovate.json', '.github/renovate.json5', '.gitlab/renovate.json'],
]);

export function isDependencyBotFile(path: string): boolean {
  return BOT_FILES.has(path);
}

const MOST_ENTRIES = 2000;
const MOST_LEVELS = 12;

/** Read the configuration of a dependency bot as flat facts: `updates.0.package-ecosystem`, `automerge`. */
export function readDependencyBot(file: SourceFile, readers: Readers): Pipeline {
  const { root, gaps } =
    file.path.endsWith('.yml') || file.path.endsWith('.yaml') ? readers.yaml(file) : readers.json(file);
  const product = file.path.includes('renovate') ? 'renovate' : 'dependabot';
  const whole: Place = { file: file.path, span: { start: 0, end: 0 } };
  const entries = root === undefined ? [] : flatten(root, file.path);
  return {
    platform: 'github',
    role: 'dependency-bot',
    file,
    name: { value: product, place: whole },
    triggers: [],
    permissions: undefined,
    environment: [],
    concurrency: undefined,
    jobs: [],
    inputs: [],
    outputs: [],
    includes: [],
    root,
    gaps,
    special: entries.length === 0 ? NO_SPECIAL_FACTS : { kind: 'dependency-bot', entries },
  };
}

type Fact = PlatformFacts['entries'][number];

/** Every scalar of a tree under its dotted path. */
export function flatten(root: Node, file: string): readonly Fact[] {
  const found: Fact[] = [];
  const walk = (node: Node, path: string, depth: number, entry: MapEntry | undefined): void => {
    if (found.length >= MOST_ENTRIES || depth > MOST_LEVELS) return;
    if (node.kind === 'scalar') {
      found.push({ key: path, value: node.text, place: { file, span: entry?.span ?? node.span } });
    } else if (node.kind === 'map') {
      for (const each of node.entries)
        walk(each.value, path === '' ? each.key.text : `${path}.${each.key.text}`, depth + 1, each);
    } else {
      for (const [index, item] of node.items.entries()) walk(item, `${path}.${index}`, depth + 1, undefined);
    }
  };
  walk(root, '', 0, undefined);
  return found;
}
