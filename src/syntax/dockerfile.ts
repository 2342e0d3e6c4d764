import { type DockerFlag, type DockerWord, readExecForm, readFlags } from './dockerfile-words.ts';
import { type MappedText, sliceMapped, TextAssembly } from './mapped-text.ts';
import type { Gap, SourceFile, Span } from './source.ts';

/** Caps of one Dockerfile; what lies behind them is a gap. */
export const DOCKERFILE_LIMITS = { length: 1024 * 1024, instructions: 2_000 } as const;

/** A here-document of RUN, COPY or ADD. */
export interface DockerHereDocument {
  readonly delimiter: string;
  /** Its delimiter is not quoted: variables in the body are put in. */
  readonly expands: boolean;
  /** The lines between, leading tabs removed where it was `<<-`. */
  readonly body: MappedText;
}

/** One instruction as the builder would read it. */
export interface DockerInstruction {
  /** In capitals: `RUN`. */
  readonly keyword: string;
  /** From the keyword (`ONBUILD` included) to the end of its last line, here-documents included. */
  readonly span: Span;
  /** Runs in the build of whoever uses the image as a base. */
  readonly onBuild: boolean;
  readonly flags: readonly DockerFlag[];
  /** What follows keyword and flags, with continuation lines joined and comment lines removed. */
  readonly body: MappedText;
  /** The words of a JSON array; `undefined` in shell form. A malformed array is shell form, as for the builder. */
  readonly exec: readonly DockerWord[] | undefined;
  readonly hereDocuments: readonly DockerHereDocument[];
}

export interface DockerfileReading {
  readonly instructions: readonly DockerInstruction[];
  readonly gaps: readonly Gap[];
}

interface Line {
  readonly start: number;
  /** Before the line break. */
  readonly end: number;
}

const WITH_HERE_DOCUMENTS: ReadonlySet<string> = new Set(['RUN', 'COPY', 'ADD']);
const WITH_EXEC_FORM: ReadonlySet<string> = new Set(['RUN', 'CMD', 'ENTRYPOINT', 'SHELL', 'VOLUME', 'COPY', 'ADD']);

/**
 * Read a Dockerfile by the rules of the Dockerfile reference: parser directives, continuation lines with their escape
 * character, comments between them, ONBUILD, flags, exec form and here-documents. Linear in the text; never throws.
 */
export function readDockerfile(file: SourceFile): DockerfileReading {
  const gaps: Gap[] = [];
  const text = file.text.slice(0, DOCKERFILE_LIMITS.length);
  const note = (kind: Gap['kind'], message: string, start: number, end: number): void => {
    gaps.push({ kind, message, place: { file: file.path, span: { start, end } } });
  };
  if (text.length < file.text.length)
    note('cap', 'longer than 1 MiB; the rest was not read', text.length, file.text.length);
  const lines = splitLines(text);
  const escapeMark = escapeCharacter(text, lines);
  const instructions: DockerInstruction[] = [];
  for (let next = 0; next < lines.length; ) {
    const line = lines[next];
    if (line === undefined || isSkipped(text, line)) {
      next++;
      continue;
    }
    if (instructions.length >= DOCKERFILE_LIMITS.instructions) {
      note('cap', `more than ${DOCKERFILE_LIMITS.instructions} instructions`, line.start, text.length);
      break;
    }
    const { instruction, behind } = readInstruction(text, lines, next, escapeMark, note);
    instructions.push(instruction);
    next = behind;
  }
  return { instructions, gaps };
}

function splitLines(text: string): readonly Line[] {
  const lines: Line[] = [];
  for (let start = text.startsWith('\ufeff') ? 1 : 0; start < text.length; ) {
    const feed = text.indexOf('\n', start);
    const behind = feed < 0 ? text.length : feed;
    lines.push({ start, end: behind > start && text[behind - 1] === '\r' ? behind - 1 : behind });
    start = behind + 1;
  }
  return lines;
}

/** `# escape=` counts only among the comment lines at the very top. */
function escapeCharacter(text: string, lines: readonly Line[]): string {
  for (const line of lines) {
    const content = text.slice(line.start, line.end).trim();
    if (!content.startsWith('#')) break;
    const [name, value] = content.slice(1).split('=', 2);
    if (value === undefined) break;
    if (name?.trim().toLowerCase() === 'escape' && value.trim() === '`') return '`';
  }
  return '\\';
}

function isSkipped(text: string, line: Line): boolean {
  const first = firstMark(text, line.start, line.end);
  return first >= line.end || text[first] === '#';
}

function isBlank(character: string | undefined): boolean {
  return character === ' ' || character === '\t';
}

function firstMark(text: string, start: number, end: number): number {
  let index = start;
  while (index < end && isBlank(text[index])) index++;
  return index;
}

type Note = (kind: Gap['kind'], message: string, start: number, end: number) => void;

function readInstruction(
  text: string,
  lines: readonly Line[],
  first: number,
  escapeMark: string,
  note: Note,
): { readonly instruction: DockerInstruction; readonly behind: number } {
  const start = firstMark(text, lines[first]?.start ?? 0, lines[first]?.end ?? 0);
  const logical = joinLines(text, lines, first, start, escapeMark);
  const outer = splitKeyword(logical.body);
  const inner = outer.keyword === 'ONBUILD' ? splitKeyword(outer.rest) : undefined;
  const { keyword, rest } = inner ?? outer;
  const { flags, body } = readFlags(keyword, rest);
  const documents = WITH_HERE_DOCUMENTS.has(keyword)
    ? readHereDocuments(text, lines, logical.behind, body.text, note)
    : { hereDocuments: [], behind: logical.behind };
  const last = lines[documents.behind - 1];
  return {
    behind: documents.behind,
    instruction: {
      keyword,
      span: { start, end: last?.end ?? text.length },
      onBuild: inner !== undefined,
      flags,
      body,
      exec: WITH_EXEC_FORM.has(keyword) || keyword === 'HEALTHCHECK' ? readExecForm(body) : undefined,
      hereDocuments: documents.hereDocuments,
    },
  };
}

/** One logical line: up to a line that does not end with the escape character. Comments and empty lines inside vanish. */
function joinLines(
  text: string,
  lines: readonly Line[],
  first: number,
  start: number,
  escapeMark: string,
): { readonly body: MappedText; readonly behind: number } {
  const assembly = new TextAssembly();
  let index = first;
  for (let continued = true; continued && index < lines.length; index++) {
    const line = lines[index];
    if (line === undefined) break;
    if (index > first && isSkipped(text, line)) continue;
    let end = line.end;
    while (end > line.start && isBlank(text[end - 1])) end--;
    continued = end > line.start && text[end - 1] === escapeMark;
    const from = index === first ? start : line.start;
    assembly.add(text.slice(from, continued ? end - 1 : end), from);
  }
  return { body: assembly.finish(start), behind: index };
}

function splitKeyword(whole: MappedText): { readonly keyword: string; readonly at: number; readonly rest: MappedText } {
  let end = 0;
  while (end < whole.text.length && !isBlank(whole.text[end])) end++;
  const behind = firstMark(whole.text, end, whole.text.length);
  return {
    keyword: whole.text.slice(0, end).toUpperCase(),
    at: whole.offsetOf(0),
    rest: sliceMapped(whole, behind, whole.text.length),
  };
}

function readHereDocuments(
  text: string,
  lines: readonly Line[],
  behind: number,
  body: string,
  note: Note,
): { readonly hereDocuments: readonly DockerHereDocument[]; readonly behind: number } {
  const hereDocuments: DockerHereDocument[] = [];
  let next = behind;
  for (const opening of findOpenings(body)) {
    const assembly = new TextAssembly();
    const start = lines[next]?.start ?? text.length;
    let closed = false;
    for (; next < lines.length && !closed; next++) {
      const line = lines[next];
      if (line === undefined) break;
      let from = line.start;
      while (opening.strips && text[from] === '\t' && from < line.end) from++;
      closed = text.slice(from, line.end) === opening.delimiter;
      if (!closed) assembly.add(text.slice(from, line.end + lineBreakAt(text, line.end)), from);
    }
    if (!closed) note('syntax', `the here-document '${opening.delimiter.slice(0, 40)}' never ends`, start, text.length);
    hereDocuments.push({ delimiter: opening.delimiter, expands: opening.expands, body: assembly.finish(start) });
  }
  return { hereDocuments, behind: next };
}

function lineBreakAt(text: string, end: number): number {
  return text[end] === '\r' && text[end + 1] === '\n' ? 2 : 1;
}

/** `<<EOF`, `<<-EOF`, `<<"EOF"`, `3<<EOF`, outside quotes. `<<<` is a here-string of the shell. */
function* findOpenings(
  body: string,
): Generator<{ readonly delimiter: string; readonly expands: boolean; readonly strips: boolean }> {
  let quote: string | undefined;
  for (let index = 0; index < body.length; index++) {
    const character = body[index];
    if (character === '\\') index++;
    else if (quote !== undefined) {
      if (character === quote) quote = undefined;
    } else if (character === '"' || character === "'") quote = character;
    else if (character === '<' && body[index + 1] === '<') {
      if (body[index + 2] === '<') {
        index += 2;
        continue;
      }
      const strips = body[index + 2] === '-';
      const opening = readDelimiter(body, index + (strips ? 3 : 2));
      if (opening.delimiter !== '') yield { ...opening, strips };
      index = opening.behind - 1;
    }
  }
}

function readDelimiter(
  body: string,
  start: number,
): { readonly delimiter: string; readonly expands: boolean; readonly behind: number } {
  const quote = body[start] === '"' || body[start] === "'" ? body[start] : undefined;
  let index = quote === undefined ? start : start + 1;
  const from = index;
  while (index < body.length && isDelimiterCharacter(body[index])) index++;
  const delimiter = body.slice(from, index);
  if (quote !== undefined && body[index] !== quote) return { delimiter: '', expands: true, behind: index };
  return { delimiter, expands: quote === undefined, behind: quote === undefined ? index : index + 1 };
}

function isDelimiterCharacter(character: string | undefined): boolean {
  return character !== undefined && /[A-Za-z0-9_.-]/.test(character);
}
