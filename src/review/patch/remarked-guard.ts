import type { Module } from '../../code/index.ts';
import type { FileChange, Finding } from '../../findings/index.ts';
import { createLineIndex } from '../../syntax/index.ts';
import { type Registration, registrationOf, standsBefore } from './registration.ts';
import type { ReadCode } from './residue.ts';
import { codeOf, type Placed, partsBelow, partsIn, plainCode } from './spot.ts';

/**
 * The line of the old text, from 1, of a guard that is only a remark (`// app.put('/items/:id', mayWrite)`), when a patch
 * for it registers nothing that a request to that address passes, and changes nothing else.
 */
export function remarkedGuard(target: Finding, files: readonly FileChange[], read: ReadCode): number | undefined {
  const [file] = files;
  if (files.length !== 1 || file?.before === undefined || file.path !== target.place.file) return undefined;
  const index = createLineIndex(file.before);
  const { line } = index.position(target.place.span.start);
  const guard = guardInRemark(file.path, file.before.split('\n')[line - 1] ?? '', read);
  const [old, now] = [file.before, file.after].map((text) => read({ path: file.path, text }));
  if (!guard || !old || !now || old.gaps.length + now.gaps.length > 0) return undefined;
  const [had, has] = [registeredIn(old), registeredIn(now)];
  const known = new Set(had.map(({ code }) => code));
  const kept = new Set(has.map(({ code }) => code));
  if (!had.every(({ code }) => kept.has(code)) || without(old, had) !== without(now, has)) return undefined;
  return has.some(({ code, registration }) => !known.has(code) && standsBefore(registration, guard)) ? undefined : line;
}

function guardInRemark(path: string, line: string, read: ReadCode): Registration | undefined {
  const text = /^\s*(?:\/\/|#)+\s*(\S.*)$/.exec(line)?.[1];
  const [statement] = text === undefined ? [] : (read({ path, text })?.body ?? []);
  return statement && registrationOf(statement);
}

interface Registered {
  readonly registration: Registration;
  readonly code: string;
  readonly part: Placed;
}

function registeredIn({ body, file }: Module): readonly Registered[] {
  return partsBelow(partsIn(body)).flatMap((part) => {
    const registration = part.kind === 'expression' ? registrationOf(part) : undefined;
    return registration ? [{ registration, code: codeOf(part, file), part }] : [];
  });
}

/** The code of a file without what it registers. */
function without({ file: { text } }: Module, registered: readonly Registered[]): string {
  const kept: string[] = [];
  let from = 0;
  for (const { start, end } of registered.map(({ part }) => part.place.span).toSorted((a, b) => a.start - b.start)) {
    if (start < from) continue;
    kept.push(text.slice(from, start));
    from = end;
  }
  return plainCode([...kept, text.slice(from)].join(''));
}
