import { loadGrammars, type Module } from '../../code/index.ts';
import type { Engine } from '../../review/index.ts';
import { loadReaders, type SourceTree } from '../../syntax/index.ts';
import { systemClock } from '../../system/index.ts';
import { analyseTree, ENGINE_LIMITS, loadCatalogue } from '../../taint/index.ts';

/** Loaded when the first tree comes: many changes hold no code. What base and head share is read once. */
export function createEngine(): Engine {
  const cache = new Map<string, Module>();
  let catalogue: ReturnType<typeof loadCatalogue> | undefined;
  return async (request) => {
    catalogue ??= loadReaders().then(loadCatalogue);
    const settings = { catalogue: await catalogue, limits: ENGINE_LIMITS, clock: () => systemClock.monotonic() };
    return analyseTree({ ...request, ...settings }, await loadGrammars(grammarsFor(request.tree)), cache);
  };
}

const GRAMMARS = [
  { name: 'python', endings: /\.pyi?$/ },
  { name: 'javascript', endings: /\.[cm]?jsx?$/ },
  { name: 'typescript', endings: /\.[cm]?ts$/ },
  // Scripts with Flow's types are read by it, too.
  { name: 'tsx', endings: /\.(?:tsx|[cm]?jsx?)$/ },
] as const;

/** Each is a megabyte to compile. */
function grammarsFor({ entries }: SourceTree): readonly (typeof GRAMMARS)[number]['name'][] {
  return GRAMMARS.filter(({ endings }) => entries.some(({ path }) => endings.test(path))).map(({ name }) => name);
}
