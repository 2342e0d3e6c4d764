import { type BytePath, toText } from './byte-path.ts';
import { isTreePath } from './tracked-files.ts';

/** What a patch names, or why it is not a patch that we would hand to `git apply`. */
export type PatchReading = PatchNames<string>;

type PatchNames<Path> =
  | { readonly kind: 'paths'; readonly paths: readonly Path[] }
  | { readonly kind: 'refused'; readonly line: number; readonly reason: string };

interface Reader {
  readonly lines: readonly string[];
  readonly paths: Set<BytePath>;
  at: number;
}

class PatchFault extends Error {}

/**
 * Every path a git patch touches, old and new. Strict: a line that git does not write is a refusal, so that text made
 * to look like a header (`--- a/x` inside a hunk is the removal of `-- a/x`) cannot hide a path or invent one.
 */
export function parsePatchPaths(patch: Uint8Array): PatchReading {
  const names = readPatchNames(patch);
  return names.kind === 'paths' ? { kind: 'paths', paths: names.paths.map(toText) } : names;
}

/** The same, with every byte of the names. */
export function readPatchNames(patch: Uint8Array): PatchNames<BytePath> {
  const lines = Buffer.from(patch.buffer, patch.byteOffset, patch.byteLength).toString('latin1').split('\n');
  if (lines.at(-1) === '') lines.pop();
  const reader: Reader = { lines, paths: new Set(), at: 0 };
  try {
    while (reader.at < lines.length) readFile(reader);
    return { kind: 'paths', paths: [...reader.paths] };
  } catch (error) {
    if (error instanceof PatchFault) return { kind: 'refused', line: reader.at + 1, reason: error.message };
    throw error;
  }
}

/** Lines with a name: with the prefix `a/` or `b/`, and without. */
const PREFIXED = ['--- ', '+++ '];
const BARE = ['rename from ', 'rename to ', 'copy from ', 'copy to '];
const MODES = ['index ', 'old mode ', 'new mode ', 'deleted file mode ', 'new file mode '];
const SILENT = [...MODES, 'similarity index ', 'dissimilarity index ', 'Binary files '];

function peek(reader: Reader): string {
  return reader.lines[reader.at] ?? '';
}

/** One `diff --git` section. */
function readFile(reader: Reader): void {
  const header = peek(reader);
  if (!header.startsWith('diff --git ')) throw new PatchFault('expected `diff --git`');
  const named = readPair(header.slice('diff --git '.length));
  for (const path of named) addPath(reader, path);
  reader.at += 1;
  let found = named.length;
  while (reader.at < reader.lines.length && !peek(reader).startsWith('diff --git ')) {
    const line = peek(reader);
    const prefixed = PREFIXED.find((keyword) => line.startsWith(keyword));
    const keyword = prefixed ?? BARE.find((start) => line.startsWith(start));
    if (keyword) {
      found += 1;
      readName(reader, line.slice(keyword.length), prefixed !== undefined);
      reader.at += 1;
    } else if (line.startsWith('@@ ')) readHunk(reader);
    else if (line === 'GIT binary patch') readBinary(reader);
    else if (SILENT.some((prefix) => line.startsWith(prefix))) reader.at += 1;
    else throw new PatchFault('unexpected line');
  }
  if (found === 0) throw new PatchFault('a section names no file');
}

/** `a/NAME b/NAME`: without quotes only unambiguous when both names are the same; else other lines tell the names. */
function readPair(text: string): readonly BytePath[] {
  if (text.startsWith('"')) {
    const first = unquote(text);
    const rest = text.slice(first.end + 1);
    return [stripPrefix(first.value, 'a/'), stripPrefix(rest.startsWith('"') ? unquote(rest).value : rest, 'b/')];
  }
  const length = (text.length - 5) / 2;
  const name = text.slice(2, 2 + length);
  if (Number.isInteger(length) && text === `a/${name} b/${name}`) return [name];
  if (!text.startsWith('a/')) throw new PatchFault('a name lacks its prefix');
  return [];
}

function stripPrefix(name: string, prefix: string): BytePath {
  if (!name.startsWith(prefix)) throw new PatchFault('a name lacks its prefix');
  return name.slice(prefix.length);
}

function readName(reader: Reader, text: string, prefixed: boolean): void {
  const name = text.startsWith('"') ? unquote(text).value : text.replace(/\t$/, '');
  if (prefixed && name === '/dev/null') return;
  const prefix = /^[ab]\//.exec(name)?.[0];
  if (prefixed && prefix === undefined) throw new PatchFault('a name lacks its prefix');
  addPath(reader, prefixed ? name.slice(2) : name);
}

function addPath(reader: Reader, path: BytePath): void {
  if (!isTreePath(path) || path.includes('\0')) throw new PatchFault('a name leaves the tree or is one of git');
  reader.paths.add(path);
}

const ESCAPES: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  t: '\t',
  n: '\n',
  v: '\v',
  f: '\f',
  r: '\r',
  '"': '"',
  '\\': '\\',
};

/** A C-quoted name as git writes it; `end` is the index after the closing quote. */
function unquote(text: string): { readonly value: string; readonly end: number } {
  const parts: string[] = [];
  for (let at = 1; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === '"') return { value: parts.join(''), end: at + 1 };
    if (character !== '\\') {
      parts.push(character);
      continue;
    }
    const octal = /^[0-3][0-7]{2}/.exec(text.slice(at + 1, at + 4))?.[0];
    const plain = ESCAPES[text.charAt(at + 1)];
    if (octal === undefined && plain === undefined) throw new PatchFault('a quoted name has an unknown escape');
    parts.push(octal === undefined ? (plain ?? '') : String.fromCharCode(Number.parseInt(octal, 8)));
    at += octal === undefined ? 1 : 3;
  }
  throw new PatchFault('a quoted name does not end');
}

function readHunk(reader: Reader): void {
  const range = /^@@ -\d{1,9}(?:,(\d{1,9}))? \+\d{1,9}(?:,(\d{1,9}))? @@/.exec(peek(reader));
  if (!range) throw new PatchFault('a hunk has no range');
  let before = Number(range[1] ?? 1);
  let after = Number(range[2] ?? 1);
  reader.at += 1;
  while (before > 0 || after > 0) {
    const mark = peek(reader).charAt(0);
    if (reader.at >= reader.lines.length || !' +-\\'.includes(mark || 'x'))
      throw new PatchFault('a hunk ends too early');
    if (mark === ' ' || mark === '-') before -= 1;
    if (mark === ' ' || mark === '+') after -= 1;
    reader.at += 1;
  }
  if (before < 0 || after < 0) throw new PatchFault('a hunk has more lines than it says');
  if (peek(reader).startsWith('\\ ')) reader.at += 1;
}

/** Two blocks of base85 lines, each ended by an empty line. */
function readBinary(reader: Reader): void {
  reader.at += 1;
  for (let block = 0; block < 2; block += 1) {
    if (!/^(?:literal|delta) \d{1,12}$/.test(peek(reader))) {
      if (block === 1) return;
      throw new PatchFault('a binary section has no size');
    }
    reader.at += 1;
    while (reader.at < reader.lines.length && peek(reader) !== '') {
      if (!/^[A-Za-z][!-~]{1,66}$/.test(peek(reader))) throw new PatchFault('a binary line is malformed');
      reader.at += 1;
    }
    reader.at += 1;
  }
}
