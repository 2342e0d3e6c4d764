import type { Severity } from '../findings/index.ts';
import type { ControlGroup, Direction } from './model.ts';

/** A file of an example. `mode` tells what is no plain file; the text of a link is its target. */
export interface ExampleFile {
  readonly file: string;
  readonly text: string;
  readonly mode?: 'executable' | 'link' | 'submodule';
}

/** A small change, whole: the files before and after it. */
export interface ControlExample {
  readonly before: readonly ExampleFile[];
  readonly after: readonly ExampleFile[];
}

/** One row of the table of classes: what is compared, why it matters, an attack it reports and an honest twin it lets through. */
export interface ControlClass {
  /** Kebab case, stable: `ControlChange.control`. */
  readonly id: string;
  readonly group: ControlGroup;
  /** How the attack of the example is reported. */
  readonly direction: Direction;
  /** Of a weakening; a single place may be raised or lowered. */
  readonly severity: Severity;
  /** Disarms checks themselves; no model may lower it. */
  readonly meta: boolean;
  readonly title: string;
  /** Who gains what when it goes unnoticed. */
  readonly why: string;
  /** What a person does about it, in a sentence. */
  readonly advice: string;
  /** Public classes: `CWE-732`, `OWASP-CICD-SEC-4`. */
  readonly tags: readonly string[];
  readonly attack: ControlExample;
  /** Nothing of this class is reported as weakened, changed or added. */
  readonly benign: ControlExample;
}
