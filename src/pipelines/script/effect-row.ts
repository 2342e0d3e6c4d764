import type { Effect } from '../effect.ts';
import type { TemplateText } from '../value.ts';
import type { CommandLine } from './command-line.ts';
import type { ScriptLines } from './script-lines.ts';

/** An effect without its place and certainty. */
export type EffectBody = Effect extends infer One
  ? One extends Effect
    ? Omit<One, 'place' | 'certainty'>
    : never
  : never;

/** What a row needs to know to work out an effect. */
export interface RowInput {
  readonly line: CommandLine;
  /** Operands behind the sub-command that the row names. */
  readonly operands: CommandLine['operands'];
  readonly text: TemplateText;
  /** Every command of the script, for effects that depend on what happens later. */
  readonly lines: ScriptLines;
}

/** What a program does when it is called with a sub-command and options. */
export interface EffectRow {
  readonly program: string | readonly string[];
  /** Sub-command: these operands come first. `a|b` stands for either, `*` for anything. */
  readonly words?: string;
  /** At least one of these options is given. */
  readonly with?: readonly string[];
  /** None of these options is given. */
  readonly without?: readonly string[];
  /** `possible` where a file of the tree decides whether it happens. */
  readonly certainty?: 'possible';
  readonly gives: EffectBody | ((input: RowInput) => EffectBody | readonly EffectBody[] | undefined);
}
