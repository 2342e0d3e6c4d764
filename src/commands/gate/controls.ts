import { type GrammarName, loadGrammars } from '../../code/index.ts';
import { type ControlDiff, compareControls } from '../../controls/index.ts';
import { loadReaders, type SourceTree } from '../../syntax/index.ts';

/** Endings by grammar; each grammar is a megabyte to compile. */
const ENDINGS: readonly (readonly [GrammarName, RegExp])[] = [
  ['python', /\.pyi?$/],
  ['javascript', /\.[cm]?jsx?$/],
  ['typescript', /\.[cm]?ts$/],
  ['tsx', /\.(?:tsx|[cm]?jsx?)$/],
  ['go', /\.go$/],
  ['java', /\.java$/],
];

/** What two trees do to each other's controls. */
export async function compareSides(base: SourceTree, head: SourceTree): Promise<ControlDiff> {
  const paths = changedPaths(base, head);
  const names = ENDINGS.filter(([, ending]) => paths.some((path) => ending.test(path))).map(([name]) => name);
  using grammars = await loadGrammars(names);
  return compareControls({ base, head, readers: await loadReaders(), grammars });
}

/** Where git's names differ. */
function changedPaths(base: SourceTree, head: SourceTree): readonly string[] {
  const before = new Map(base.entries.map((entry) => [entry.path, entry]));
  const after = new Map(head.entries.map((entry) => [entry.path, entry]));
  return [...new Set([...before.keys(), ...after.keys()])].filter((path) => {
    const [one, other] = [before.get(path), after.get(path)];
    return one?.kind !== 'file' || other?.kind !== 'file' || one.id === undefined || one.id !== other.id;
  });
}
