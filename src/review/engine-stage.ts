import type { FindingDraft, RuleDescriptor } from '../findings/index.ts';
import type { Gap, SourceTree } from '../syntax/index.ts';
import type { EngineRequest, EngineResult, TreesRequest } from '../taint/index.ts';

/** The deterministic engine, as the caller set it up: catalogue of the base, limits, clock. */
export type Engine = (request: TreesRequest) => Promise<readonly EngineResult[]>;

/** What the engine says about both sides of a change. */
export interface EngineSides {
  readonly base: readonly FindingDraft[];
  readonly head: readonly FindingDraft[];
  readonly rules: readonly RuleDescriptor[];
  readonly gaps: { readonly base: readonly Gap[]; readonly head: readonly Gap[] };
  /** Files that it read; it says nothing about others. */
  readonly analysed: { readonly base: ReadonlySet<string>; readonly head: ReadonlySet<string> };
  /** Why there is no answer at all; `undefined` when there is one. */
  readonly failure: string | undefined;
  readonly filesRead: number;
  /** Sanitizers of the repository's own catalogue that the head relies on. */
  readonly believed: readonly string[];
}

/** No file was read, so no file counts as analysed. */
export const NOTHING_ANALYSED: EngineSides = {
  base: [],
  head: [],
  rules: [],
  gaps: { base: [], head: [] },
  analysed: { base: new Set(), head: new Set() },
  failure: undefined,
  filesRead: 0,
  believed: [],
};

export interface EngineStageRequest {
  readonly engine: Engine;
  readonly base: SourceTree;
  readonly head: SourceTree;
  /** The same on both sides, so that what was always there is found on both. */
  readonly only: ReadonlySet<string> | undefined;
  readonly threatModel: EngineRequest['threatModel'];
}

/** The same engine on base and head. That it fails is an answer, too: then nothing counts as analysed. */
export async function analyseSides({
  engine,
  base,
  head,
  only,
  threatModel,
}: EngineStageRequest): Promise<EngineSides> {
  try {
    const trees = base.entries.length === 0 ? [head] : [head, base];
    const [after, before] = await engine({ trees, only, threatModel });
    if (!after) return { ...NOTHING_ANALYSED, failure: 'the engine gave no answer' };
    return {
      base: before?.findings ?? [],
      head: after.findings,
      rules: after.rules,
      gaps: { base: before?.gaps ?? [], head: after.gaps },
      analysed: { base: before?.analysed ?? new Set(), head: after.analysed ?? new Set() },
      failure: undefined,
      filesRead: after.filesRead,
      believed: after.believed ?? [],
    };
  } catch (error) {
    const failure = `the engine failed: ${error instanceof Error ? error.message : String(error)}`;
    return { ...NOTHING_ANALYSED, failure };
  }
}
