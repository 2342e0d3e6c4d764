import type { Expression } from '../../code/index.ts';
import type { FileChange } from '../../findings/index.ts';
import { callsOf } from '../code-walk.ts';
import { addedCode, type Call, calledName, literalText } from './added-code.ts';
import type { ReadCode } from './residue.ts';

/** A setting of whoever runs the program: what it says is his choice. */
const SETTING = /env|config|setting|option|flag|argv|getenv/i;

/**
 * The line of the new text, from 1, where a switch of a call that was written out is worked out instead, and not from a
 * setting: `verify=bool(0)` for `verify=False`. What it gives is not known here.
 */
export function computedSwitch(files: readonly FileChange[], read: ReadCode): number | undefined {
  for (const { before, after, calls, lineOf } of addedCode(files, read)) {
    const old = callsOf(before).flatMap((call) => switchesOf(call).filter(({ value }) => isWrittenOut(value)));
    const found = calls.find((call) =>
      switchesOf(call).some(
        ({ of, name, value }) =>
          isWorkedOut(value) &&
          !SETTING.test(after.file.text.slice(value.place.span.start, value.place.span.end)) &&
          old.some((one) => one.of === of && one.name === name),
      ),
    );
    if (found) return lineOf(found.place);
  }
  return undefined;
}

interface Switch {
  readonly of: string | undefined;
  readonly name: string;
  readonly value: Expression;
}

/** Keyword arguments, and entries of maps among the others. */
function switchesOf(call: Call): readonly Switch[] {
  const of = calledName(call);
  return call.arguments.flatMap(({ name, value }): readonly Switch[] => {
    if (name !== undefined) return [{ of, name, value }];
    const entries = value.kind === 'map' ? value.entries : [];
    return entries.flatMap((entry) => {
      const key = entry.kind === 'entry' ? literalText(entry.key) : undefined;
      return key === undefined ? [] : [{ of, name: key, value: entry.value }];
    });
  });
}

function isWrittenOut(value: Expression): boolean {
  return value.kind === 'literal' && typeof value.value === 'boolean';
}

function isWorkedOut({ kind }: Expression): boolean {
  return kind === 'call' || kind === 'binary' || kind === 'unary' || kind === 'logical' || kind === 'conditional';
}
