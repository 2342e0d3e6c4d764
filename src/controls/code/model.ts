import type { Gap, SourceFile } from '../../syntax/index.ts';
import type { ControlChange, ControlGroup } from '../model.ts';
import type { Trail } from './moves/index.ts';
import type { Turnover } from './turnover.ts';

/** One source file on both sides of a change. A side that does not exist is `undefined`. */
export interface CodePair {
  readonly path: string;
  /** Its path in the base when it was renamed. */
  readonly previousPath: string | undefined;
  readonly before: SourceFile | undefined;
  readonly after: SourceFile | undefined;
}

/** What a change of one file does to the controls in it. */
export interface CodeComparison {
  /** By place. */
  readonly changes: readonly ControlChange[];
  readonly gaps: readonly Gap[];
  /** What the file loses and gains by its words; `undefined` when it is gone or does not differ. */
  readonly turnover: Turnover | undefined;
  /** Where its checks went, and where others came; `undefined` when it does not differ. */
  readonly trail: Trail | undefined;
}

/** Languages whose controls are compared. */
export type ControlLanguage = 'javascript' | 'typescript' | 'python' | 'go' | 'java';

/** One text of a file and its successor, which shows a class of change or a harmless twin of it. */
export interface CodeExample {
  readonly language: ControlLanguage;
  readonly path: string;
  readonly before: string;
  /** The class must be reported, as weakened, changed or added. */
  readonly attack: string;
  /** Nothing weakened may be reported. */
  readonly benign: string;
}

/** One class of change to a control in code. The documentation and the first test of each class are made from it. */
export interface CodeControl {
  /** Value of `ControlChange.control`. */
  readonly id: string;
  readonly group: ControlGroup;
  readonly title: string;
  /** What is compared. */
  readonly meaning: string;
  /** What an attacker gains. */
  readonly why: string;
  readonly examples: readonly CodeExample[];
}
