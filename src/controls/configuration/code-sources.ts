import {
  entriesOf,
  type MapNode,
  type Node,
  type Place,
  type ScalarNode,
  type SourceFile,
} from '../../syntax/index.ts';
import type { SheetBuilder } from './sheet.ts';

const DEEPEST = 40;
const MOST_NODES = 100_000;

/** Keys that name a repository, and values that are the address of one. */
const ADDRESS_KEY = /^(?:repo|repository|repo_?url|git|git_?url|url|source|remote|project)$/i;
const ADDRESS = /^(?:(?:git\+)?(?:https?|ssh|git|file):\/\/|git@|(?:github|gitlab|bitbucket):)|^[\w.-]+\/[\w./-]+$/;
/** Keys whose value is a name that somebody can give to something else, and keys whose value is a commit or a hash. */
const NAME_KEY = /^(?:ref|branch|tag|version)$/i;
const COMMIT_KEY = /^(?:sha|sha256|commit|commit_?sha|rev|revision|digest|integrity|checksum)$/i;
/** Of these, the ones that take a name as well. */
const REVISION_KEY = /^(?:commit|rev|revision)$/i;
const WHOLE_HASH = /^(?:sha(?:256|384|512)[:-])?(?:[0-9a-f]{40}|[0-9a-f]{64}|[A-Za-z0-9+/]{43,88}={0,2})$/;
/** Six digits or more of a hash, and not a number or a word. */
const LIKE_HASH = /^(?=[0-9]*[a-f])(?=[a-f]*[0-9])[0-9a-f]{6,64}$|^[0-9]{40}$/i;
const RELEASE = /^v?\d+\.\d+/;
/** Where code that agents load is named, besides their own configuration. */
const FOR_AGENTS = /plugin|marketplace|extension|skill|\bmcp|agent/i;

interface Visit {
  readonly node: Node;
  readonly depth: number;
  /** Keys and names that lead here. */
  readonly path: string;
}

/**
 * Code of others that a structured file names by a repository and a ref beside it: plugins and marketplaces of agents,
 * hooks, templates. A `ref`, branch or tag of forty hexadecimal digits is a name that anybody with rights in that
 * repository can give to another commit (Plugin4Shell, September 2026); only a commit that git checks is a pin.
 */
export function addCodeSources(
  root: Node,
  { file, forAgents }: { readonly file: SourceFile; readonly forAgents: boolean },
  sheet: SheetBuilder,
): void {
  const open: Visit[] = [{ node: root, depth: 0, path: '' }];
  let count = 0;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, depth, path } = next;
    if (depth > DEEPEST || ++count > MOST_NODES) return;
    if (node.kind === 'list') for (const item of node.items) open.push({ node: item, depth: depth + 1, path });
    if (node.kind !== 'map') continue;
    const placeOf = ({ span }: ScalarNode): Place => ({ file: file.path, span });
    addSource(node, { isLoaded: forAgents || FOR_AGENTS.test(`${file.path} ${path}`), placeOf }, sheet);
    for (const { key, value } of node.entries)
      open.push({ node: value, depth: depth + 1, path: `${path}.${key.text}` });
  }
}

interface SourceContext {
  /** An agent loads what is named there. */
  readonly isLoaded: boolean;
  readonly placeOf: (node: ScalarNode) => Place;
}

function addSource(node: MapNode, { isLoaded, placeOf }: SourceContext, sheet: SheetBuilder): void {
  const scalars = entriesOf(node).flatMap(({ key, value }) =>
    value.kind === 'scalar' ? [{ key: key.text, value, text: value.text.trim() }] : [],
  );
  const address = scalars.find(({ key, text }) => ADDRESS_KEY.test(key) && ADDRESS.test(text));
  const commits = scalars.filter(({ key, text }) => COMMIT_KEY.test(key) && WHOLE_HASH.test(text));
  const names = scalars.filter(
    ({ key, text }) => NAME_KEY.test(key) || (REVISION_KEY.test(key) && !WHOLE_HASH.test(text)),
  );
  const pin = commits[0] ?? names[0];
  if (address === undefined || pin === undefined) return;
  const subject = address.text.slice(0, 200);
  sheet.add({
    control: 'code-source-unpinned',
    scope: '',
    subject,
    // Elsewhere git itself looks the name up, and takes forty digits for the commit.
    weight: commits.length > 0 || (!isLoaded && WHOLE_HASH.test(pin.text)) ? -3 : RELEASE.test(pin.text) ? -1 : 0,
    shown: `${pin.key} ${pin.text.slice(0, 80)}`,
    value: '',
    place: placeOf(pin.value),
    severity: isLoaded ? 'high' : 'low',
  });
  const look = names.find(({ text }) => LIKE_HASH.test(text));
  if (isLoaded && commits.length === 0 && look !== undefined)
    sheet.add({
      control: 'code-source-like-pin',
      scope: '',
      subject,
      weight: 1,
      shown: `${look.key} ${look.text}`,
      value: '',
      place: placeOf(look.value),
    });
}
