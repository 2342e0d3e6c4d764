import type { GrammarName } from '../code/index.ts';
import type { SourceTree } from '../syntax/index.ts';

const ENDINGS: readonly { readonly name: GrammarName; readonly files: RegExp }[] = [
  { name: 'python', files: /\.pyi?$/ },
  { name: 'javascript', files: /\.[cm]?jsx?$/ },
  // Scripts with Flow's types are read by it, too.
  { name: 'tsx', files: /\.(?:tsx|[cm]?jsx?)$/ },
  { name: 'typescript', files: /\.[cm]?ts$/ },
  { name: 'go', files: /\.go$/ },
  { name: 'java', files: /\.java$/ },
];

/** The grammars that a comparison of these trees needs; each takes time to load. */
export function grammarsFor(base: SourceTree, head: SourceTree): readonly GrammarName[] {
  const ids = new Map(base.entries.map((entry) => [entry.path, 'id' in entry ? entry.id : undefined]));
  const known = new Set(head.entries.map(({ path }) => path));
  const differing = [
    ...head.entries.filter((entry) => !('id' in entry) || entry.id === undefined || ids.get(entry.path) !== entry.id),
    ...base.entries.filter(({ path }) => !known.has(path)),
  ];
  return ENDINGS.filter(({ files }) => differing.some(({ path }) => files.test(path))).map(({ name }) => name);
}
