import { type Grammars, loadGrammars } from '../../src/code/index.ts';
import type { FindingDraft } from '../../src/findings/index.ts';
import { createLineIndex, loadReaders } from '../../src/syntax/index.ts';
import {
  analyseTree,
  type Catalogue,
  ENGINE_LIMITS,
  type EngineLimits,
  type EngineResult,
  loadCatalogue,
} from '../../src/taint/index.ts';
import { memoryTree } from '../support/memory-tree.ts';

/** The engine with the catalogue that comes with the program. */
export interface Laboratory extends Disposable {
  readonly grammars: Grammars;
  readonly catalogue: Catalogue;
  analyse(files: { readonly [path: string]: string }, options?: AnalysisOptions): Promise<EngineResult>;
}

export interface AnalysisOptions {
  readonly library?: boolean;
  readonly only?: readonly string[];
  readonly limits?: Partial<EngineLimits>;
}

export async function openLaboratory(): Promise<Laboratory> {
  const grammars = await loadGrammars(['python', 'javascript', 'typescript', 'tsx', 'go', 'java']);
  const catalogue = await loadCatalogue(await loadReaders());
  return {
    grammars,
    catalogue,
    analyse: (files, { library = false, only, limits = {} } = {}) =>
      analyseTree(
        {
          tree: memoryTree(files),
          only: only && new Set(only),
          catalogue,
          threatModel: library ? 'library' : 'service',
          limits: { ...ENGINE_LIMITS, ...limits },
          clock: () => 0n,
        },
        grammars,
      ),
    [Symbol.dispose]: () => grammars[Symbol.dispose](),
  };
}

/** The CWE classes of each finding that is a flow, with its line: `89@7`. */
export function flowsOf(result: EngineResult, files: { readonly [path: string]: string }): readonly string[] {
  return result.findings.flatMap((finding) =>
    finding.flow ? [`${nameOf(finding, result)}@${lineOf(finding, files)}`] : [],
  );
}

function nameOf(finding: FindingDraft, result: EngineResult): string {
  return result.rules.find((rule) => rule.id === finding.rule)?.name ?? finding.rule;
}

function lineOf(finding: FindingDraft, files: { readonly [path: string]: string }): number {
  const text = files[finding.place.file] ?? '';
  return createLineIndex(text).position(finding.place.span.start).line;
}
