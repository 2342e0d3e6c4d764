import type { FindingDraft, RuleDescriptor } from '../findings/index.ts';
import type { Gap, Readers, SourceTree } from '../syntax/index.ts';
import type { Catalogue } from './catalogue.ts';

/** Steps of the abstract machine, memory of values, and time; a limit that is hit is a gap of kind `cap`. */
export interface EngineLimits {
  readonly stepsPerFunction: number;
  readonly stepsPerFile: number;
  readonly callDepth: number;
  readonly millisecondsPerFile: number;
}

export interface EngineRequest {
  readonly tree: SourceTree;
  /** Files to report on; others are read for their functions only. Undefined: all. */
  readonly only: ReadonlySet<string> | undefined;
  readonly catalogue: Catalogue;
  /** `library`: parameters of exported functions are outsiders' data too. */
  readonly threatModel: 'service' | 'library';
  readonly limits: EngineLimits;
  /** Nanoseconds that do not go back; those of this thread, where a busy machine must not matter. */
  readonly clock: () => bigint;
  /** Read shell scripts and the commands of Dockerfiles; without them those files are not analysed. */
  readonly readers?: Pick<Readers, 'script'>;
}

export interface EngineResult {
  /** Each with its flow as checkable steps; the rule id names category and language: `taint/sql`. */
  readonly findings: readonly FindingDraft[];
  readonly rules: readonly RuleDescriptor[];
  readonly gaps: readonly Gap[];
  readonly filesRead: number;
  readonly functionsAnalysed: number;
  /** Files that a front end read: what is not among them was not analysed, whatever its name. */
  readonly analysed?: ReadonlySet<string>;
  /** Ids of sanitizers that a repository added and that made data of outsiders harmless. */
  readonly believed?: readonly string[];
}
