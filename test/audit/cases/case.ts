import { type Files, severeRules } from '../whole-program.ts';

/** One control of a fixed twin: where it stands, and what stands there without it. */
export interface ControlEdit {
  readonly name: string;
  readonly file: string;
  readonly text: string;
  readonly without: string;
  /** Rules at medium or above that its removal brings, and no other. */
  readonly brings: readonly string[];
}

/** What was seen in the field, written anew with neutral names, as its fixed twin; the vulnerable twin has no control. */
export interface FixedTwin {
  readonly name: string;
  readonly files: Files;
  readonly controls: readonly ControlEdit[];
  /** Rules of the vulnerable twin that the case teaches. */
  readonly teaches: readonly string[];
}

/** The files without one control. The control's text must stand in its file exactly once. */
export function withoutControl(files: Files, { name, file, text, without }: ControlEdit): Files {
  const parts = (files[file] ?? '').split(text);
  if (parts.length !== 2) throw new Error(`${name}: found ${parts.length - 1} times in ${file}`);
  return { ...files, [file]: parts.join(without) };
}

/** The files without any control. */
export function vulnerable({ files, controls }: FixedTwin): Files {
  return controls.reduce(withoutControl, files);
}

/** Rules at medium or above that a removal adds and takes away. */
export function differenceOf(
  before: Files,
  after: Files,
): { readonly comes: readonly string[]; readonly goes: readonly string[] } {
  const [old, now] = [severeRules(before), severeRules(after)];
  return { comes: now.filter((rule) => !old.includes(rule)), goes: old.filter((rule) => !now.includes(rule)) };
}
