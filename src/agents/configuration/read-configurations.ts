import { compileGlob, normalisePath, type PathMatcher } from '../../policy/index.ts';
import {
  entriesOf,
  type Gap,
  type Node,
  type Readers,
  type SourceFile,
  type SourceTree,
  type Span,
  type TreeEntry,
} from '../../syntax/index.ts';
import type { ProductId } from '../invocation/invocation.ts';
import { CommandReading } from './command-risks.ts';
import type { AgentConfiguration } from './configuration.ts';
import { readDotenv, readEnvironment } from './environment-entries.ts';
import { flattenKeys } from './flat-keys.ts';
import { readHelpers } from './helper-commands.ts';
import { readHooks } from './hook-commands.ts';
import { LONGEST_INSTRUCTIONS, readImports, readInlineCommands } from './instruction-text.ts';
import { readServers } from './mcp-servers.ts';
import { readPermissions } from './permission-lists.ts';
import { roleOf } from './role.ts';
import { SURFACE_DIRECTORIES, SURFACES, type Surface } from './surfaces.ts';

/** More configuration files than a repository has; the rest is a gap. */
const MOST_FILES = 4000;
const NO_SPAN: Span = { start: 0, end: 0 };

interface Matcher {
  readonly surface: Surface;
  readonly matches: PathMatcher;
}

const MATCHERS: readonly Matcher[] = SURFACES.map((surface) => ({
  surface,
  matches: compileGlob(surface.glob, { fold: false }),
}));

/**
 * Every file of the tree that configures a coding agent, whatever the product. Nothing is thrown: a file that cannot be
 * read, a link and a submodule in the place of a configuration file are entries with a gap.
 */
export function readConfigurations(tree: SourceTree, readers: Readers): readonly AgentConfiguration[] {
  const found: AgentConfiguration[] = [];
  for (const entry of tree.entries) {
    if (!mayConfigure(entry.path)) continue;
    const configuration =
      entry.kind === 'file'
        ? readFile(entry.path, tree, readers)
        : (followLink(entry, tree, readers) ?? readOpaque(entry));
    if (configuration !== undefined && configuration !== 'read anyway') found.push(configuration);
    if (found.length >= MOST_FILES) {
      found.push(
        unread(entry.path, SURFACES[0], 'cap', `more than ${MOST_FILES} configuration files; the rest is not read`),
      );
      break;
    }
  }
  return found;
}

/** The surface that a path is, when it is one. */
function surfaceOf(path: string): Surface | undefined {
  return MATCHERS.find((one) => one.matches(path))?.surface;
}

/** A cheap test before the patterns: most files of a repository are none of ours. */
function mayConfigure(path: string): boolean {
  return (
    path.startsWith('.') ||
    path.includes('/.') ||
    /(^|\/)[A-Z]+(\.[a-z]+)?\.md$/.test(path) ||
    /\.(jsonc?|ya?ml)$/.test(path) ||
    /(^|\/)(agents|commands)\//.test(path)
  );
}

function readFile(path: string, tree: SourceTree, readers: Readers): AgentConfiguration | undefined {
  const surface = surfaceOf(path);
  if (surface === undefined) return undefined;
  const file = tree.read(path);
  if (file === undefined) return unread(path, surface, 'unreadable', 'the file cannot be read');
  if ('kind' in file) return { ...unread(path, surface, file.kind, file.message), gaps: [file] };
  const read = normalise(file, surface, readers);
  const { holds } = surface;
  if (holds !== undefined && !entriesOf(read.root).some(({ key }) => holds.includes(key.text))) return undefined;
  return new CommandReading(tree, readers, path).assess(read);
}

/**
 * Instructions that link to another file of this tree are read there, unless that file is configuration of its own and
 * so read anyway.
 */
function followLink(
  entry: TreeEntry,
  tree: SourceTree,
  readers: Readers,
): AgentConfiguration | 'read anyway' | undefined {
  const surface = entry.kind === 'link' && !entry.leaves ? surfaceOf(entry.path) : undefined;
  if (entry.kind !== 'link' || surface?.kind !== 'instructions') return undefined;
  const folder = entry.path.includes('/') ? entry.path.slice(0, entry.path.lastIndexOf('/')) : '.';
  const target = normalisePath(`${folder}/${entry.target}`);
  const file = tree.read(target);
  if (file === undefined || 'kind' in file) return undefined;
  if (surfaceOf(target) !== undefined) return 'read anyway';
  return new CommandReading(tree, readers, target).assess(normalise(file, surface, readers));
}

/** A link or submodule where a configuration file or folder belongs: the product may follow it, we do not. */
function readOpaque(entry: Exclude<TreeEntry, { kind: 'file' }>): AgentConfiguration | undefined {
  const name = entry.path.slice(entry.path.lastIndexOf('/') + 1);
  const product = SURFACE_DIRECTORIES.get(name);
  const surface = surfaceOf(entry.path) ?? (product === undefined ? undefined : directorySurface(product, name));
  if (surface === undefined) return undefined;
  if (entry.kind === 'submodule') {
    return unread(entry.path, surface, 'unresolved', 'agent configuration inside a submodule is not read');
  }
  const where = entry.leaves ? `, which leads out of the repository` : '';
  return unread(
    entry.path,
    surface,
    'link',
    `agent configuration behind a link to ${entry.target}${where} is not read`,
  );
}

function directorySurface(product: ProductId | 'any', name: string): Surface {
  return { product, glob: `**/${name}`, kind: 'settings', grammar: 'plain', label: 'folder' };
}

function normalise(file: SourceFile, surface: Surface, readers: Readers): AgentConfiguration {
  const { root, gaps, body } = parse(file, surface, readers);
  const { keys, complete } = flattenKeys(root, file.path);
  const permissions = readPermissions(root, surface.product, surface.kind, file);
  const environment =
    surface.grammar === 'dotenv' ? readDotenv(file) : readEnvironment(root, surface.product, file.path);
  const tooLong = body !== undefined && body.end - body.start > LONGEST_INSTRUCTIONS;
  return {
    product: surface.product,
    label: surface.label,
    kind: surface.kind,
    role: roleOf(file.path, surface),
    file,
    root,
    ...permissions,
    keys,
    hooks: readHooks(root, file.path),
    servers: readServers(root, surface.kind, file.path),
    helpers: readHelpers(root, surface.product, file.path),
    environment,
    instructions: body === undefined ? undefined : { span: body },
    imports: body === undefined ? [] : readImports(file, body),
    inlineCommands: body !== undefined && carriesCommands(surface) ? readInlineCommands(file, body) : [],
    offeredScripts: [],
    gaps: [
      ...gaps,
      ...(complete ? [] : [gapOf(file.path, 'cap', 'more keys, or nested deeper, than is read')]),
      ...(tooLong ? [gapOf(file.path, 'cap', 'a text this long is searched only at its beginning')] : []),
    ],
  };
}

/** Only these run the commands that stand in their text. */
function carriesCommands(surface: Surface): boolean {
  return surface.kind === 'skill' || surface.kind === 'command';
}

function parse(
  file: SourceFile,
  surface: Surface,
  readers: Readers,
): { readonly root: Node | undefined; readonly gaps: readonly Gap[]; readonly body: Span | undefined } {
  const whole: Span = { start: 0, end: file.text.length };
  const isCommand = surface.kind === 'command';
  switch (surface.grammar) {
    case 'json':
      return { ...readers.json(file), body: undefined };
    case 'yaml':
      return { ...readers.yaml(file), body: isCommand ? whole : undefined };
    case 'toml':
      return { ...readers.toml(file), body: isCommand ? whole : undefined };
    case 'front-matter': {
      const { meta, body } = readers.frontMatter(file);
      return { root: meta.root, gaps: meta.gaps, body };
    }
    case 'plain':
      return { root: undefined, gaps: [], body: isCommand ? whole : undefined };
    case 'dotenv':
    case 'code':
      return { root: undefined, gaps: [], body: undefined };
  }
}

function unread(path: string, surface: Surface | undefined, kind: Gap['kind'], message: string): AgentConfiguration {
  const known = surface ?? { product: 'any', kind: 'settings', label: 'configuration', glob: path, grammar: 'plain' };
  return {
    product: known.product,
    label: known.label,
    kind: known.kind,
    role: roleOf(path, known),
    file: { path, text: '' },
    root: undefined,
    allow: [],
    deny: [],
    ask: [],
    keys: [],
    hooks: [],
    servers: [],
    helpers: [],
    environment: [],
    instructions: undefined,
    imports: [],
    inlineCommands: [],
    offeredScripts: [],
    gaps: [gapOf(path, kind, message)],
  };
}

function gapOf(file: string, kind: Gap['kind'], message: string): Gap {
  return { kind, message, place: { file, span: NO_SPAN } };
}
