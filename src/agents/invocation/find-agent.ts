import { splitCommands } from './argument-text.ts';
import type { CommandWord, GivenEntry, GivenText } from './invocation.ts';
import { givenText, placedWord, slicePlaced } from './placed-text.ts';
import type { ProductRow } from './product.ts';
import { PRODUCTS } from './products/index.ts';
import type { Written } from './tag.ts';
import { NAMING_OPTIONS, SCRIPT_PROGRAMS, SHELL_PROGRAMS, WRAPPERS, type WrapperRow } from './wrappers.ts';

/** Wrappers inside wrappers: deeper than this nobody honest goes. */
const MOST_NESTED = 8;
/** Places in one command line at which an agent is looked for. */
const MOST_PLACES = 200;
/** Looks at one command line altogether: wrappers in wrappers would multiply. */
const MOST_LOOKS = 2_000;

/** A program of the recognition table in command position. */
export interface FoundAgent {
  readonly row: ProductRow;
  readonly program: CommandWord;
  /** Index of the program in the words, and what follows it. */
  readonly index: number;
  readonly words: readonly CommandWord[];
  readonly version: GivenText | undefined;
  /** What the wrappers around it say: in a sandbox, as root, detached. */
  readonly wrapped: readonly Written[];
  /** Variables set on the way (`env NAME=value`). */
  readonly assigned: readonly GivenEntry[];
}

interface Search {
  readonly words: readonly CommandWord[];
  readonly start: number;
  readonly depth: number;
  readonly wrapped: readonly Written[];
  readonly assigned: readonly GivenEntry[];
  /** Shared by the whole search. */
  readonly budget: { left: number };
}

/** The agent that these words start, through every known wrapper. A name that is only an argument is none. */
export function findAgent(words: readonly CommandWord[]): FoundAgent | undefined {
  return search({ words, start: 0, depth: 0, wrapped: [], assigned: [], budget: { left: MOST_LOOKS } });
}

function search(at: Search): FoundAgent | undefined {
  const word = at.words[at.start];
  at.budget.left -= 1;
  if (word === undefined || at.depth > MOST_NESTED || at.budget.left < 0) return undefined;
  return programAt(at) ?? packageScriptAt(at) ?? moduleAt(at) ?? shellTextAt(at) ?? wrappedAt(at) ?? signatureAt(at);
}

/** `claude`, `/usr/local/bin/claude`, `"$HOME/.local/bin/claude"`; a program of the repository itself is its own. */
function programAt(at: Search): FoundAgent | undefined {
  const word = at.words[at.start];
  if (word === undefined) return undefined;
  const name = programName(word.text);
  if (name === undefined) return undefined;
  const row = PRODUCTS.find(({ programs }) => programs.includes(name));
  return row && found(at, row, at.start, undefined);
}

/** Base name of a program that is installed; undefined for a path inside the repository. */
function programName(text: string): string | undefined {
  const slash = Math.max(text.lastIndexOf('/'), text.lastIndexOf('\\'));
  const name = text
    .slice(slash + 1)
    .replace(/\.(?:exe|cmd|ps1)$/i, '')
    .toLowerCase();
  if (slash < 0) return name;
  const folder = text.slice(0, slash + 1);
  const installed = /^[/~$%]|^[A-Za-z]:|(?:^|[/\\])(?:\.bin|bin)[/\\]$/.test(folder);
  return installed ? name : undefined;
}

/** `node node_modules/@anthropic-ai/claude-code/cli.js`. */
function packageScriptAt(at: Search): FoundAgent | undefined {
  const program = programName(at.words[at.start]?.text ?? '');
  if (program === undefined || !SCRIPT_PROGRAMS.has(program)) return undefined;
  const script = at.words.findIndex(({ text }, index) => index > at.start && !text.startsWith('-'));
  const text = at.words[script]?.text ?? '';
  const row = PRODUCTS.find(({ packages }) => packages.some((name) => text.includes(`/${name}/`)));
  return row && found(at, row, script, undefined);
}

/** `python -m aider`. */
function moduleAt(at: Search): FoundAgent | undefined {
  const [program, option, module] = at.words.slice(at.start);
  if (!/^python[\d.]*$/.test(programName(program?.text ?? '') ?? '') || option?.text !== '-m') return undefined;
  const row = PRODUCTS.find(({ modules }) => modules.includes(module?.text ?? ''));
  return row && found(at, row, at.start + 2, undefined);
}

/** `bash -c TEXT` behind a wrapper; at the front the script's reader lists the inner commands itself. */
function shellTextAt(at: Search): FoundAgent | undefined {
  const program = programName(at.words[at.start]?.text ?? '');
  if (at.depth === 0 || program === undefined || !SHELL_PROGRAMS.has(program)) return undefined;
  const option = at.words.findIndex(({ text }, index) => index > at.start && /^-[a-z]*c$/.test(text));
  return option < 0 ? undefined : textAt(at, option + 1);
}

/** A word that holds a command line of its own. */
function textAt(at: Search, index: number): FoundAgent | undefined {
  const word = at.words[index];
  if (word === undefined || at.budget.left < 0 || !/\s/.test(word.text)) return undefined;
  for (const words of splitCommands(placedWord(word, index))) {
    const inner = search({ ...at, words, start: 0, depth: at.depth + 1 });
    // The words are the inner ones; the index stays that of the word that holds them.
    if (inner) return { ...inner, index };
  }
  return undefined;
}

function wrappedAt(at: Search): FoundAgent | undefined {
  const name = programName(at.words[at.start]?.text ?? '');
  const rest = at.words.slice(at.start + 1);
  const row = name === undefined ? undefined : wrapperOf(name, rest);
  if (row === undefined) return undefined;
  const inside: Search = { ...at, wrapped: [...at.wrapped, ...wrapperWritten(row, at.words[at.start])] };
  if (row.behind) return behindOption(inside, row.behind);
  const runner = runnerOf(name ?? '');
  if (runner) return packageAt(inside, row);
  if (row.operands === 0 && row.tag !== 'sandbox' && row.tag !== 'container') return stepInside(inside, row);
  const separator = at.words.findIndex(({ text }, index) => index > at.start && text === '--');
  const behind = separator < 0 ? undefined : innerAt({ ...inside, start: separator + 1, depth: at.depth + 1 });
  return behind ?? scanInside(inside);
}

/** `find . -exec claude -p {} \;`: the first command that is an agent. */
function behindOption(at: Search, options: readonly string[]): FoundAgent | undefined {
  const last = Math.min(at.words.length, at.start + MOST_PLACES);
  for (let index = at.start + 1; index < last; index += 1) {
    if (!options.includes(at.words[index]?.text ?? '')) continue;
    const end = at.words.findIndex(({ text }, place) => place > index && /^\\?;$/.test(text));
    const words = end < 0 ? at.words : at.words.slice(0, end);
    const inner = search({ ...at, words, start: index + 1, depth: at.depth + 1 });
    if (inner) return inner;
  }
  return undefined;
}

/** One word behind `--` may be a whole command line: `awf … -- '/usr/local/bin/copilot --add-dir …'`. */
function innerAt(at: Search): FoundAgent | undefined {
  return textAt(at, at.start) ?? search(at);
}

function wrapperOf(name: string, rest: readonly CommandWord[]): WrapperRow | undefined {
  const first = rest.find(({ text }) => !text.startsWith('-'))?.text ?? '';
  return WRAPPERS.find(
    ({ names, subcommands }) => names.includes(name) && (subcommands === undefined || subcommands.includes(first)),
  );
}

function wrapperWritten({ tag }: WrapperRow, word: CommandWord | undefined): readonly Written[] {
  if (tag === undefined || word === undefined) return [];
  const entry: Written = { tag, spelled: word.text, keyPlace: word.place, value: undefined, builtIn: false };
  return tag === 'sandbox' ? [entry, { ...entry, tag: 'wrapper' }] : [entry];
}

/** Options and assignments are skipped by the wrapper's own table; the next word is the inner program. */
function stepInside(at: Search, row: WrapperRow): FoundAgent | undefined {
  const assigned = [...at.assigned];
  let index = at.start + 1;
  for (; index < at.words.length; index += 1) {
    const word = at.words[index];
    const text = word?.text ?? '';
    if (row.textOption === text) return textAt(at, index + 1);
    if (row.subcommands?.includes(text)) continue;
    const assignment = row.assigns ? /^([A-Za-z_]\w*)=([\s\S]*)$/.exec(text) : null;
    if (assignment && word) {
      const place = word.place;
      assigned.push({ name: assignment[1] ?? '', text: assignment[2] ?? '', keyPlace: place, place, node: undefined });
    } else if (row.valued.includes(text)) index += 1;
    else if (!text.startsWith('-')) break;
    // `command -v` only asks where a program is.
    else if (row.names.includes('command') && /^-[vV]$/.test(text)) return undefined;
  }
  const inner: Search = { ...at, start: index, depth: at.depth + 1, assigned };
  return innerAt(inner) ?? (row.tag === 'detached' ? scanInside(at) : undefined);
}

/** Options of these programs are too many to list: the first word that starts an agent is it. */
function scanInside(at: Search): FoundAgent | undefined {
  const last = Math.min(at.words.length, at.start + MOST_PLACES);
  for (let index = at.start + 1; index < last; index += 1) {
    const before = at.words[index - 1]?.text ?? '';
    if (NAMING_OPTIONS.has(before)) continue;
    const inner = innerAt({ ...at, start: index, depth: at.depth + 1 });
    if (inner) return inner;
  }
  return undefined;
}

/** Programs whose first operand is a package or the program that it carries. */
function runnerOf(name: string): boolean {
  return ['npx', 'bunx', 'pnpx', 'uvx', 'pipx', 'npm', 'pnpm', 'yarn', 'bun', 'uv'].includes(name);
}

function packageAt(at: Search, row: WrapperRow): FoundAgent | undefined {
  let version: GivenText | undefined;
  for (let index = at.start + 1; index < at.words.length; index += 1) {
    const word = at.words[index];
    const text = word?.text ?? '';
    if (word === undefined || row.subcommands?.includes(text) || text === '--' || text === 'run') continue;
    const valued = row.valued.includes(text);
    const attached = /^--(?:package|from|spec)=/.test(text);
    if (valued) version ??= versionOf(at, index + 1);
    if (attached) version ??= versionOf(at, index);
    if (valued) index += 1;
    if (valued || text.startsWith('-')) continue;
    const carried = PRODUCTS.find(({ packages }) => packages.includes(packageName(text)));
    if (carried) return found(at, carried, index, versionOf(at, index));
    const inner = search({ ...at, start: index, depth: at.depth + 1 });
    return inner && { ...inner, version: inner.version ?? version };
  }
  return undefined;
}

/** `@scope/name@1.2` and `name==1.2` without the version. */
function packageName(text: string): string {
  const at = text.indexOf('@', 1);
  const equals = text.indexOf('==');
  const end = at > 0 ? at : equals;
  return end > 0 ? text.slice(0, end) : text;
}

function versionOf(at: Search, index: number): GivenText | undefined {
  const word = at.words[index];
  if (word === undefined) return undefined;
  const start = word.text.startsWith('--') ? word.text.indexOf('=') + 1 : 0;
  const name = packageName(word.text.slice(start));
  const marker = word.text.slice(start + name.length).startsWith('==') ? 2 : 1;
  const first = start + name.length + marker;
  if (first >= word.text.length) return undefined;
  return givenText(slicePlaced(placedWord(word, index), first, word.text.length));
}

/** `"$CLAUDE" --dangerously-skip-permissions`: an option that only one product has. */
function signatureAt(at: Search): FoundAgent | undefined {
  const program = at.words[at.start];
  if (program === undefined || program.complete || !program.text.startsWith('$')) return undefined;
  const row = PRODUCTS.find(({ signatures }) =>
    at.words.some(({ text }, index) => index > at.start && signatures.includes(text.split('=', 1)[0] ?? '')),
  );
  return row && found(at, row, at.start, undefined);
}

function found(at: Search, row: ProductRow, index: number, version: GivenText | undefined): FoundAgent | undefined {
  const program = at.words[index];
  if (program === undefined) return undefined;
  const words = at.words.slice(index + 1);
  return { row, program, index, words, version, wrapped: at.wrapped, assigned: at.assigned };
}
