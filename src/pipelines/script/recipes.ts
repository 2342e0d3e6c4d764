import type { SourceFile } from '../../syntax/index.ts';
import type { Interpolation, TemplateText } from '../value.ts';

/** A rule of a Makefile or a recipe of a justfile. */
export interface Recipe {
  readonly name: string;
  readonly prerequisites: readonly string[];
  /** The commands: line prefixes taken away, `$$` as one dollar sign. */
  readonly text: TemplateText;
}

interface RecipeHead {
  readonly names: readonly string[];
  readonly rest: string;
}

/** How a kind of file writes its recipes. */
export interface RecipeSyntax {
  /** The line that begins a recipe: its names, and what stands between them and the commands. */
  readonly head: (line: string) => RecipeHead | undefined;
  readonly isBody: (line: string) => boolean;
  readonly prefix: RegExp;
  /** Opening and closing of what is put in before the shell sees the text. */
  readonly expressions: readonly (readonly [string, string])[];
  readonly doubledDollar: boolean;
}

export const MAKE_SYNTAX: RecipeSyntax = {
  head: readRule,
  isBody: (line) => line.startsWith('\t'),
  prefix: /^\t\s*[@+-]*\s*/,
  expressions: [
    ['$(', ')'],
    ['${', '}'],
  ],
  doubledDollar: true,
};

export const JUST_SYNTAX: RecipeSyntax = {
  head: readJustHead,
  isBody: (line) => /^[ \t]+\S/.test(line),
  prefix: /^[ \t]+[@-]*\s*/,
  expressions: [['{{', '}}']],
  doubledDollar: false,
};

const MOST_RECIPES = 2_000;

/** Every recipe of a file, in its order. Lines are read one by one; what is no recipe is passed over. */
export function readRecipes(file: SourceFile, syntax: RecipeSyntax): readonly Recipe[] {
  const recipes: Recipe[] = [];
  const lines = splitLines(file.text);
  for (let index = 0; index < lines.length && recipes.length < MOST_RECIPES; index++) {
    const line = lines[index];
    const head = line && syntax.head(line.text);
    if (line === undefined || head === undefined) continue;
    const body: Line[] = [];
    const inline = syntax.doubledDollar ? line.text.indexOf(';') + 1 : 0;
    if (inline > 0) body.push({ text: line.text.slice(inline), start: line.start + inline });
    while (lines[index + 1] && (syntax.isBody(lines[index + 1]?.text ?? '') || lines[index + 1]?.text.trim() === '')) {
      const next = lines[++index];
      if (next && next.text.trim() !== '') body.push(next);
    }
    const text = textOfBody(file, body, syntax);
    const prerequisites = words(head.rest).filter((word) => word !== '|');
    for (const name of head.names) recipes.push({ name, prerequisites, text });
  }
  return recipes;
}

/** `target other: prerequisite`; not `NAME := value` nor `target: NAME = value`. */
function readRule(line: string): RecipeHead | undefined {
  const colon = line.indexOf(':');
  const before = line.slice(0, Math.max(colon, 0));
  const [rest = ''] = line.slice(colon + 1).split(/[;#]/, 1);
  if (before.trim() === '' || /^[\s#]/.test(before) || before.includes('=') || rest.includes('=')) return undefined;
  return { names: words(before), rest: rest.replace(/^:/, '') };
}

/** `name parameter='default': other`; not `name := value`. */
function readJustHead(line: string): RecipeHead | undefined {
  const colon = line.indexOf(':');
  if (colon <= 0 || line[colon + 1] === '=') return undefined;
  const name = /^@?([A-Za-z_][A-Za-z0-9_-]*)/.exec(line)?.[1];
  const [rest = ''] = line.slice(colon + 1).split('#', 1);
  return name === undefined || /^(set|alias|import|mod|export)$/.test(name) ? undefined : { names: [name], rest };
}

interface Line {
  readonly text: string;
  readonly start: number;
}

function splitLines(text: string): readonly Line[] {
  const lines: Line[] = [];
  for (let start = 0; start <= text.length; ) {
    const end = text.indexOf('\n', start);
    const stop = end < 0 ? text.length : end;
    lines.push({ text: text.slice(start, stop).replace(/\r$/, ''), start });
    start = stop + 1;
  }
  return lines;
}

function words(text: string): readonly string[] {
  return text.split(/[\s()]+/).filter((word) => word !== '');
}

function textOfBody(file: SourceFile, body: readonly Line[], syntax: RecipeSyntax): TemplateText {
  const out = new RecipeText(file.path);
  for (const { text, start } of body) {
    const skipped = syntax.prefix.exec(text)?.[0].length ?? 0;
    for (let index = skipped; index < text.length; ) {
      const opened = syntax.expressions.find(([open]) => text.startsWith(open, index));
      const close = opened ? text.indexOf(opened[1], index + opened[0].length) : -1;
      if (syntax.doubledDollar && text.startsWith('$$', index)) {
        out.add('$', start + index + 1);
        index += 2;
      } else if (opened && close >= 0) {
        out.addExpression(text.slice(index, close + opened[1].length), opened, start + index);
        index = close + opened[1].length;
      } else {
        out.add(text[index] ?? '', start + index);
        index++;
      }
    }
    out.add('\n', start + text.length);
  }
  const last = body.at(-1);
  return out.result({ start: body[0]?.start ?? 0, end: last ? last.start + last.text.length : 0 });
}

/** Collects a text together with where each of its characters stands. */
class RecipeText {
  readonly #file: string;
  #text = '';
  readonly #offsets: number[] = [];
  readonly #interpolations: Interpolation[] = [];

  constructor(file: string) {
    this.#file = file;
  }

  add(character: string, offset: number): void {
    this.#text += character;
    this.#offsets.push(offset);
  }

  /** `$(MAKE)` is the program that reads the file; everything else is not known here. */
  addExpression(spelled: string, [open, close]: readonly [string, string], offset: number): void {
    const source = spelled.slice(open.length, -close.length).trim();
    if (source === 'MAKE') {
      for (const [index, character] of [...'make'].entries()) this.add(character, offset + index);
      return;
    }
    this.#interpolations.push({
      place: { file: this.#file, span: { start: offset, end: offset + spelled.length } },
      index: this.#text.length,
      length: spelled.length,
      source,
      expanded: 'before',
      values: [{ name: source, kind: 'unknown', origin: 'configuration' }],
    });
    for (let index = 0; index < spelled.length; index++) this.add(spelled[index] ?? '', offset + index);
  }

  result(span: { readonly start: number; readonly end: number }): TemplateText {
    const offsets = this.#offsets;
    return {
      text: this.#text,
      place: { file: this.#file, span },
      interpolations: this.#interpolations,
      offsetOf: (index) => offsets[index] ?? span.end,
    };
  }
}
