import assert from 'node:assert/strict';
import { compareText, type Tools } from './trees.ts';

/** A change of one file, and what must be said about it. */
export interface Case {
  readonly name: string;
  readonly file: string;
  readonly before: string;
  readonly after: string;
  /** Class that must be reported; undefined: nothing may be weakened, changed or added. */
  readonly control: string | undefined;
  /** Text of the line on which it must be reported. */
  readonly line?: string;
}

/** The name of the test of a case. */
export function sentenceOf({ control, name }: Case): string {
  return `${control === undefined ? 'lets through' : 'reports'} ${name}`;
}

/** Compares, and asserts what the case demands. */
export function checkCase({ file, before, after, control, line }: Case, tools: Tools): void {
  const loud = compareText(tools, file, before, after).changes.filter(
    ({ direction }) => direction !== 'strengthened' && direction !== 'moved',
  );
  const seen = JSON.stringify(
    loud.map(({ control: id, direction, message }) => ({ id, direction, message })),
    null,
    1,
  );
  if (control === undefined) {
    assert.equal(loud.length, 0, seen);
    return;
  }
  const found = loud.find((change) => change.control === control);
  assert.ok(found, seen);
  if (line !== undefined) assert.ok(lineAt(after, found.after?.span.start ?? 0).includes(line), seen);
}

function lineAt(text: string, offset: number): string {
  const end = text.indexOf('\n', offset);
  return text.slice(text.lastIndexOf('\n', offset - 1) + 1, end < 0 ? undefined : end);
}
