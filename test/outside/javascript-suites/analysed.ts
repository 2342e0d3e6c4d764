import { type Grammars, loadGrammars, lowerJavaScript } from '../../../src/code/index.ts';
import { createLineIndex, loadReaders } from '../../../src/syntax/index.ts';
import { CATEGORIES, categoryRule, loadCatalogue } from '../../../src/taint/catalogue/index.ts';
import type { Catalogue, TaintCategory } from '../../../src/taint/catalogue.ts';
import { analyse } from '../../../src/taint/engine/analyse.ts';
import type { EngineLimits } from '../../../src/taint/engine-types.ts';
import { memoryTree } from '../../support/memory-tree.ts';

const LIMITS: EngineLimits = {
  stepsPerFunction: 150_000,
  stepsPerFile: 1_500_000,
  callDepth: 5,
  millisecondsPerFile: 10_000,
};

const SCRIPT = /\.(?:[cm]?[jt]sx?)$/;

/** A finding by the line of its sink. */
export interface Hit {
  readonly file: string;
  readonly line: number;
  readonly rule: string;
  /** Of a flow. */
  readonly category: TaintCategory | undefined;
  readonly message: string;
}

export interface Analyser extends Disposable {
  hits(files: { readonly [path: string]: string }, threatModel: 'service' | 'library'): readonly Hit[];
}

/** The engine with grammars and catalogue loaded once. */
export async function createAnalyser(): Promise<Analyser> {
  const grammars = await loadGrammars(['javascript', 'typescript', 'tsx']);
  const catalogue = await loadCatalogue(await loadReaders());
  return {
    hits: (files, threatModel) => hitsOf(files, threatModel, catalogue, grammars),
    [Symbol.dispose]: () => grammars[Symbol.dispose](),
  };
}

function hitsOf(
  files: { readonly [path: string]: string },
  threatModel: 'service' | 'library',
  catalogue: Catalogue,
  grammars: Grammars,
): readonly Hit[] {
  const modules = Object.entries(files)
    .filter(([path]) => SCRIPT.test(path))
    .map(([path, text]) => lowerJavaScript({ path, text }, grammars));
  const request = {
    tree: memoryTree(files),
    only: undefined,
    catalogue,
    threatModel,
    limits: LIMITS,
    clock: () => process.hrtime.bigint(),
  };
  const result = analyse(request, modules);
  const categories = new Map(CATEGORIES.map((category) => [categoryRule(category).id, category]));
  const tiers = new Map(result.rules.map(({ id, tier }) => [id, tier]));
  const shown = result.findings.filter(({ rule, tier = tiers.get(rule) }) => tier !== 'pedantic');
  return shown.map(({ place, rule, message, flow }) => {
    const sink = flow?.at(-1)?.place ?? place;
    const { line } = createLineIndex(files[sink.file] ?? '').position(sink.span.start);
    return { file: sink.file, line, rule, category: flow ? categories.get(rule) : undefined, message };
  });
}
