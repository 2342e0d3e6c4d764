import {
  entryOf,
  itemsOf,
  type Node,
  nodeAt,
  type Place,
  type ScalarNode,
  type SourceTree,
  scalarAt,
  scalarsOf,
} from '../../syntax/index.ts';
import type { Reference } from '../model.ts';
import { refKindOf } from '../text/names.ts';
import { placeIn } from '../text/template-text.ts';

/** Scalars of `include:` that name files of this repository. */
export function localIncludesOf(root: Node): readonly ScalarNode[] {
  return itemsOf(entryOf(root, 'include')?.value).flatMap((item) => {
    if (item.kind === 'scalar') return isUrl(item.text) ? [] : [item];
    return scalarsOf(nodeAt(item, 'local'));
  });
}

/** Paths of the tree that an `include:local` means; `*` stands for part of a name, `**` for folders. */
export function matchLocalInclude(written: string, tree: SourceTree): readonly string[] {
  const wanted = written.replace(/^\/+/, '');
  if (!wanted.includes('*')) return tree.entries.some((entry) => entry.path === wanted) ? [wanted] : [];
  const parts = wanted.split('/');
  return tree.entries
    .filter((entry) => entry.kind === 'file' && matchPath(parts, entry.path.split('/')))
    .map(({ path }) => path);
}

function matchPath(pattern: readonly string[], path: readonly string[]): boolean {
  let states = new Set([0]);
  for (const segment of path) {
    const next = new Set<number>();
    for (const state of skipFolders(pattern, states)) {
      if (pattern[state] === '**') next.add(state);
      else if (matchSegment(pattern[state], segment)) next.add(state + 1);
    }
    states = next;
  }
  return skipFolders(pattern, states).has(pattern.length);
}

/** `**` may stand for nothing. */
function skipFolders(pattern: readonly string[], states: ReadonlySet<number>): Set<number> {
  const reached = new Set(states);
  for (const state of reached) if (pattern[state] === '**') reached.add(state + 1);
  return reached;
}

/** Greedy from the left, which suffices for a pattern of stars only. */
function matchSegment(pattern: string | undefined, segment: string): boolean {
  const pieces = pattern?.split('*') ?? [];
  const first = pieces[0];
  const last = pieces.at(-1);
  if (first === undefined || last === undefined) return false;
  if (pieces.length === 1) return first === segment;
  if (!segment.startsWith(first) || !segment.endsWith(last) || segment.length < first.length + last.length)
    return false;
  let at = first.length;
  for (const piece of pieces.slice(1, -1)) {
    const found = segment.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return at <= segment.length - last.length;
}

/** What `include:` and `trigger:include:` pull in from elsewhere; local files are followed instead. */
export function readIncludes(node: Node | undefined, file: string): readonly Reference[] {
  return itemsOf(node).flatMap((item) => readInclude(item, file));
}

function readInclude(item: Node, file: string): readonly Reference[] {
  if (item.kind === 'scalar') {
    if (!isUrl(item.text)) return [local(item, file)];
    return [url(item, undefined, file)];
  }
  const remote = scalarAt(item, 'remote');
  const component = scalarAt(item, 'component');
  const project = scalarAt(item, 'project');
  const template = scalarAt(item, 'template');
  if (remote) return [url(remote, scalarAt(item, 'integrity'), file)];
  if (component) return [readComponent(component, file)];
  if (project) return readProject(item, project, file);
  if (template) {
    // Templates ship with the server and change with its version only.
    return [reference('repository', `template:${template.text}`, placeIn(file, template.span), { refKind: 'tag' })];
  }
  return scalarsOf(nodeAt(item, 'local')).map((scalar) => local(scalar, file));
}

function reference(kind: Reference['kind'], name: string, place: Place, given: Partial<Reference>): Reference {
  return { kind, name, path: undefined, ref: undefined, refKind: 'none', comment: undefined, place, ...given };
}

function local(scalar: ScalarNode, file: string): Reference {
  return reference('local', scalar.text.replace(/^\/+/, ''), placeIn(file, scalar.span), {});
}

function url(scalar: ScalarNode, integrity: ScalarNode | undefined, file: string): Reference {
  const sealed = integrity?.text.startsWith('sha256-') === true;
  return reference('url', scalar.text, placeIn(file, scalar.span), { refKind: sealed ? 'digest' : 'none' });
}

function readProject(item: Node, project: ScalarNode, file: string): readonly Reference[] {
  const ref = scalarAt(item, 'ref');
  const place = placeIn(file, ref?.span ?? project.span);
  const paths = scalarsOf(nodeAt(item, 'file'));
  const given = { ref: ref?.text, refKind: refKindOf(ref?.text) };
  if (paths.length === 0) return [reference('repository', project.text, place, given)];
  return paths.map((path) => reference('repository', project.text, place, { ...given, path: path.text }));
}

/** `$CI_SERVER_FQDN/group/project/name@1.0.0`: the last part is the component, the first the server. */
function readComponent(scalar: ScalarNode, file: string): Reference {
  const at = scalar.text.lastIndexOf('@');
  const ref = at < 0 ? undefined : scalar.text.slice(at + 1);
  const parts = (at < 0 ? scalar.text : scalar.text.slice(0, at)).split('/');
  const project = parts.slice(1, -1).join('/');
  return reference('repository', project === '' ? parts.join('/') : project, placeIn(file, scalar.span), {
    path: parts.at(-1),
    ref,
    refKind: refKindOf(ref),
  });
}

function isUrl(text: string): boolean {
  return /^https?:\/\//i.test(text);
}
