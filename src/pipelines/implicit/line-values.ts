import type { SourceFile } from '../../syntax/index.ts';
import type { ExecutionPower, ImplicitEntry, ImplicitKey } from './implicit-execution.ts';

/** Most lines of a file that are looked at. */
const MOST_LINES = 20_000;

interface Line {
  readonly text: string;
  readonly start: number;
}

function* linesOf(text: string): Generator<Line> {
  let start = 0;
  for (let count = 0; start < text.length && count < MOST_LINES; count++) {
    const feed = text.indexOf('\n', start);
    const end = feed < 0 ? text.length : feed;
    const line = text.slice(start, end);
    yield { text: line.endsWith('\r') ? line.slice(0, -1) : line, start };
    start = end + 1;
  }
}

function entryOf(
  file: SourceFile,
  written: { readonly key: string; readonly keyStart: number; readonly text: string; readonly start: number },
  power: ExecutionPower,
  automatic: boolean,
): ImplicitEntry {
  const { key, keyStart, text, start } = written;
  const place = { file: file.path, span: { start, end: start + text.length } };
  return {
    key,
    text,
    power,
    automatic,
    place,
    keyPlace: { file: file.path, span: { start: keyStart, end: keyStart + key.length } },
  };
}

/** `key = value`, `key value` and `export KEY=value` lines, with `#` and `;` comments. */
function splitAssignment(
  line: Line,
): { readonly key: string; readonly keyStart: number; readonly text: string; readonly start: number } | undefined {
  const indent = line.text.length - line.text.trimStart().length;
  let from = indent;
  if (line.text.startsWith('export ', from)) from += 'export '.length;
  const first = line.text[from];
  if (first === undefined || first === '#' || first === ';' || first === '[') return undefined;
  const equals = line.text.indexOf('=', from);
  const blank = line.text.indexOf(' ', from);
  const split = equals >= 0 ? equals : blank;
  if (split < 0) return undefined;
  const key = line.text.slice(from, split).trim();
  const value = line.text.slice(split + 1);
  const text = value.trim();
  const quoted = text.length >= 2 && (text[0] === '"' || text[0] === "'") && text.at(-1) === text[0];
  const start = line.start + split + 1 + (value.length - value.trimStart().length) + (quoted ? 1 : 0);
  return { key, keyStart: line.start + from, text: quoted ? text.slice(1, -1) : text, start };
}

export function readAssignments(file: SourceFile, keys: readonly ImplicitKey[]): readonly ImplicitEntry[] {
  return [...linesOf(file.text)].flatMap((line) => {
    const written = splitAssignment(line);
    const match = written && keys.find((row) => matchesKey(written.key, row.key));
    return written && match ? [entryOf(file, written, match.power, true)] : [];
  });
}

/** `*:registry` stands for any scope in front. */
function matchesKey(key: string, pattern: string): boolean {
  if (pattern.startsWith('*')) return key.endsWith(pattern.slice(1)) && key.length >= pattern.length;
  return key === pattern;
}

/** Lines of a git configuration file: the last part of the key decides, whatever its section, in any case. */
export function readSections(file: SourceFile, keys: readonly ImplicitKey[]): readonly ImplicitEntry[] {
  return [...linesOf(file.text)].flatMap((line) => {
    const written = splitAssignment(line);
    const match = written && keys.find((row) => row.key.toLowerCase() === written.key.toLowerCase());
    if (!(written && match)) return [];
    const runs = match.power !== 'runs-commands' || written.text.startsWith('!');
    return runs ? [entryOf(file, written, match.power, true)] : [];
  });
}

const HARMLESS_MERGE: ReadonlySet<string> = new Set(['text', 'binary', 'union', 'ours']);

/** Filters and merge drivers that `.gitattributes` assigns; a diff driver without configuration runs nothing. */
export function readAttributes(file: SourceFile): readonly ImplicitEntry[] {
  return [...linesOf(file.text)].flatMap(({ text, start }) => {
    if (text.trimStart().startsWith('#')) return [];
    const entries: ImplicitEntry[] = [];
    for (let at = 0; at < text.length; ) {
      const blank = text.slice(at).search(/[ \t]/);
      const end = blank < 0 ? text.length : at + blank;
      const word = text.slice(at, end);
      const driver = word.startsWith('filter=') ? 'filter' : word.startsWith('merge=') ? 'merge' : undefined;
      const name = driver === undefined ? '' : word.slice(driver.length + 1);
      if (driver !== undefined && !(driver === 'merge' && HARMLESS_MERGE.has(name))) {
        const written = { key: driver, keyStart: start + at, text: name, start: start + at + driver.length + 1 };
        entries.push(entryOf(file, written, 'runs-commands', true));
      }
      at = end + 1;
    }
    return entries;
  });
}

/** Lines that hold a marker; the value is what follows it. */
export function readMarkedLines(file: SourceFile, keys: readonly ImplicitKey[]): readonly ImplicitEntry[] {
  return [...linesOf(file.text)].flatMap(({ text, start }) =>
    keys.flatMap(({ key, power }) => {
      const at = text.indexOf(key);
      if (at < 0) return [];
      const written = { key, keyStart: start + at, text: text.slice(at + key.length), start: start + at + key.length };
      return [entryOf(file, written, power, true)];
    }),
  );
}

/**
 * Targets of a makefile with their recipes. Automatic is what runs without being named: the first target, and every
 * `$(shell …)` and `!=` outside a recipe.
 */
export function readMakeTargets(file: SourceFile): readonly ImplicitEntry[] {
  const entries: ImplicitEntry[] = [];
  let open:
    | { readonly name: string; readonly at: number; start: number; end: number; readonly first: boolean }
    | undefined;
  let seen = false;
  const close = (): void => {
    if (open !== undefined && open.end > open.start) {
      const written = {
        key: open.name,
        keyStart: open.at,
        text: file.text.slice(open.start, open.end),
        start: open.start,
      };
      entries.push(entryOf(file, written, 'runs-commands', open.first));
    }
    open = undefined;
  };
  for (const { text, start } of linesOf(file.text)) {
    if (text.startsWith('\t')) {
      if (open !== undefined) {
        if (open.end === open.start) open.start = start + 1;
        open.end = start + text.length;
      }
      continue;
    }
    if (text.trim() === '' || text.startsWith('#')) continue;
    const name = targetName(text);
    const shell = name === undefined ? shellCall(text) : undefined;
    if (shell !== undefined) {
      const written = { key: 'shell', keyStart: start, text: text.slice(shell), start: start + shell };
      entries.push(entryOf(file, written, 'runs-commands', true));
    }
    if (name === undefined) continue;
    close();
    const special = name.startsWith('.');
    open = { name, at: start, start: start + text.length, end: start + text.length, first: !seen && !special };
    seen ||= !special;
  }
  close();
  return entries;
}

/** The first name before a single colon; `:=` and `::=` are assignments. */
function targetName(text: string): string | undefined {
  const colon = text.indexOf(':');
  if (colon <= 0 || text[colon + 1] === '=' || text.startsWith('::=', colon) || text.slice(0, colon).includes('='))
    return undefined;
  const name = text.slice(0, colon).trim().split(/\s+/)[0];
  return name !== undefined && name !== '' && !name.startsWith('$') ? name : undefined;
}

function shellCall(text: string): number | undefined {
  const call = text.indexOf('$(shell ');
  if (call >= 0) return call + '$(shell '.length;
  const assigned = text.indexOf('!=');
  return assigned > 0 && /^\s*[A-Za-z0-9_.-]+\s*$/.test(text.slice(0, assigned)) ? assigned + 2 : undefined;
}
