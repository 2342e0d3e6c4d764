import type { FileChange } from '../../findings/index.ts';
import { parsePatchPaths } from '../../workspace/index.ts';

/** A patch as whole files, or why it is none that is tried. */
export type PatchReading =
  | { readonly kind: 'read'; readonly files: readonly FileChange[] }
  | { readonly kind: 'refused'; readonly reason: string };

const MOST_BYTES = 1024 * 1024;
const MOST_FILES = 50;

/** What a patch that mends code has no need of. */
const REFUSED: readonly (readonly [RegExp, string])[] = [
  [/^(?:old|new) mode /m, 'it changes the mode of a file'],
  [/^(?:rename|copy) (?:from|to) /m, 'it renames or copies a file'],
  [/^new file mode (?!100644$)/m, 'it makes something other than a plain file'],
  [/^deleted file mode /m, 'it deletes a file'],
  [/^(?:GIT binary patch|Binary files )/m, 'it has binary parts'],
];

/**
 * A unified diff as git writes it, applied to the files of a tree in memory. Every line of context must stand where the
 * diff says: a patch that only fits somewhere near is another patch.
 *
 * @param source the text of a file; undefined when there is none
 */
export function readPatch(patch: string, source: (path: string) => string | undefined): PatchReading {
  if (Buffer.byteLength(patch) > MOST_BYTES) return refused(`it is longer than ${MOST_BYTES} bytes`);
  const named = parsePatchPaths(Buffer.from(patch));
  if (named.kind === 'refused') return refused(`line ${named.line}: ${named.reason}`);
  if (named.paths.length === 0) return refused('it changes nothing');
  if (named.paths.length > MOST_FILES) return refused(`it changes more than ${MOST_FILES} files`);
  const head = patch.split('\n').filter((line) => !/^[ +\-\\]/.test(line));
  const unwanted = REFUSED.find(([form]) => form.test(head.join('\n')));
  if (unwanted) return refused(unwanted[1]);
  const files: FileChange[] = [];
  for (const section of patch.split(/^(?=diff --git )/m).filter((text) => text !== '')) {
    const made = patchFile(section, source);
    if (typeof made === 'string') return refused(made);
    files.push(made);
  }
  return new Set(files.map(({ path }) => path)).size === files.length
    ? { kind: 'read', files }
    : refused('it names a file twice');
}

function refused(reason: string): PatchReading {
  return { kind: 'refused', reason };
}

function patchFile(section: string, source: (path: string) => string | undefined): FileChange | string {
  // Names with quotes are honest, and rare enough in code to be left to a person.
  const [head = ''] = section.split(/^@@ /m, 1);
  const path = /^\+\+\+ b\/([^\t\n"]+)\t?$/m.exec(head)?.[1];
  if (path === undefined) return 'it has a section without a plain name';
  const isNew = /^--- \/dev\/null$/m.test(head);
  const before = source(path);
  if (isNew !== (before === undefined)) return isNew ? `${path} exists already` : `${path} does not exist`;
  const after = applyHunks(section.split('\n'), before ?? '');
  return after === undefined ? `it does not fit ${path}` : { path, before, after };
}

interface Place {
  /** Index of the next line of the patch. */
  at: number;
  /** Index of the next line of the old text. */
  old: number;
}

/** The new text; undefined when a line does not fit. */
function applyHunks(lines: readonly string[], before: string): string | undefined {
  const old = before === '' ? [] : before.split(/(?<=\n)/);
  const now: string[] = [];
  const place: Place = { at: lines.findIndex((line) => line.startsWith('@@ ')), old: 0 };
  if (place.at < 0) return undefined;
  while (place.at < lines.length && (lines[place.at] ?? '') !== '') {
    const head = /^@@ -(\d{1,7})(?:,(\d{1,7}))? \+\d{1,7}(?:,(\d{1,7}))? @@/.exec(lines[place.at] ?? '');
    if (!head) return undefined;
    const removed = Number(head[2] ?? 1);
    const from = Number(head[1]) - (removed === 0 ? 0 : 1);
    if (from < place.old || from > old.length) return undefined;
    now.push(...old.slice(place.old, from));
    place.old = from;
    place.at++;
    if (!applyHunk(lines, old, now, place, { removed, added: Number(head[3] ?? 1) })) return undefined;
  }
  // Behind the last hunk there is nothing: another one after an empty line would be left out unseen.
  if (lines.slice(place.at).some((line) => line !== '')) return undefined;
  return [...now, ...old.slice(place.old)].join('');
}

function applyHunk(
  lines: readonly string[],
  old: readonly string[],
  now: string[],
  place: Place,
  { removed, added }: { readonly removed: number; readonly added: number },
): boolean {
  let toRemove = removed;
  let toAdd = added;
  while (toRemove > 0 || toAdd > 0) {
    const line = lines[place.at];
    const mark = line?.[0];
    if (line === undefined || (mark !== ' ' && mark !== '+' && mark !== '-')) return false;
    const isLast = lines[place.at + 1]?.startsWith('\\') === true;
    const text = `${line.slice(1)}${isLast ? '' : '\n'}`;
    if (mark !== '+') {
      if (old[place.old] !== text) return false;
      place.old++;
      toRemove--;
    }
    if (mark !== '-') {
      now.push(text);
      toAdd--;
    }
    place.at += isLast ? 2 : 1;
  }
  return toRemove === 0 && toAdd === 0;
}
