import type { GrammarName, Grammars, SyntaxNode } from '../../../code/index.ts';
import type { Gap, SourceFile } from '../../../syntax/index.ts';
import type { ControlLanguage } from '../model.ts';
import { GO } from './go.ts';
import { JAVA } from './java.ts';
import { JAVASCRIPT } from './javascript.ts';
import { lowerNode } from './lower.ts';
import { PYTHON } from './python.ts';
import type { LanguageTable } from './table.ts';
import type { Term } from './term.ts';

/** A language, the grammars that read it in the order in which they are tried, and its table. */
interface Reader {
  readonly language: ControlLanguage;
  readonly grammars: readonly GrammarName[];
  readonly table: LanguageTable;
}

const SCRIPT: Reader = { language: 'javascript', grammars: ['tsx', 'javascript'], table: JAVASCRIPT };
const TYPED: Reader = { language: 'typescript', grammars: ['typescript', 'tsx'], table: JAVASCRIPT };

const READERS: { readonly [ending: string]: Reader } = {
  // Scripts with Flow's types are read by the grammar that knows types.
  js: SCRIPT,
  jsx: SCRIPT,
  mjs: SCRIPT,
  cjs: SCRIPT,
  ts: TYPED,
  mts: TYPED,
  cts: TYPED,
  tsx: { ...TYPED, grammars: ['tsx'] },
  py: { language: 'python', grammars: ['python'], table: PYTHON },
  go: { language: 'go', grammars: ['go'], table: GO },
  java: { language: 'java', grammars: ['java'], table: JAVA },
};

/** A source file as pieces, each of which is lowered when it is looked at. */
export interface SourcePieces {
  readonly language: ControlLanguage;
  readonly pieces: readonly Piece[];
  readonly gaps: readonly Gap[];
}

/** A statement at the top of a file, or a member of a class there. */
export interface Piece {
  /** The class around it. */
  readonly owner: string;
  readonly text: string;
  /** The class of which this is the head: its bases, decorators and modifiers. */
  readonly headOf: string | undefined;
  readonly lower: () => Term | undefined;
}

/** The language of a path, `undefined` for what is not compared as code. */
export function languageOf(path: string): ControlLanguage | undefined {
  return readerOf(path)?.language;
}

function readerOf(path: string): Reader | undefined {
  const ending = path.slice(path.lastIndexOf('.') + 1).toLowerCase();
  return Object.hasOwn(READERS, ending) ? READERS[ending] : undefined;
}

/** Parse a file with the grammar that understands most of it. */
export function readPieces(file: SourceFile, grammars: Grammars): SourcePieces | undefined {
  const reader = readerOf(file.path);
  if (reader === undefined) return undefined;
  let best: { root: SyntaxNode | undefined; gaps: readonly Gap[] } | undefined;
  for (const name of reader.grammars) {
    const parsed = grammars.parse(name, file);
    if (best === undefined || (parsed.root !== undefined && parsed.gaps.length < best.gaps.length)) best = parsed;
    if (best.gaps.length === 0) break;
  }
  const { table, language } = reader;
  const pieces = best?.root === undefined ? [] : splitPieces(best.root, file.text, table);
  return { language, pieces, gaps: best?.gaps ?? [] };
}

const CLASS_BODIES = new Set(['class_body', 'block', 'interface_body', 'enum_body']);

function splitPieces(root: SyntaxNode, text: string, table: LanguageTable): readonly Piece[] {
  const pieces: Piece[] = [];
  const push = (nodes: readonly SyntaxNode[], owner: string, headOf?: string): void => {
    const first = nodes[0];
    const last = nodes.at(-1);
    if (first === undefined || last === undefined) return;
    const own = text.slice(first.start, last.end);
    pieces.push({ owner, text: own, headOf, lower: () => lowerTogether(nodes, text, table) });
  };
  const split = (parent: SyntaxNode, owner: string): void => {
    let decorators: SyntaxNode[] = [];
    for (const node of parent.children) {
      if (!node.named || table.ignored.has(node.type)) continue;
      if (node.type === 'decorator') {
        decorators.push(node);
        continue;
      }
      const found = owner === '' ? classOf(node, table) : undefined;
      if (found === undefined) push([...decorators, node], owner);
      else {
        const name = found.owner.children.find((child) => child.field === 'name');
        const own = name === undefined ? '' : text.slice(name.start, name.end);
        push([...decorators, ...found.heads], '', own);
        split(found.body, own);
      }
      decorators = [];
    }
  };
  split(root, '');
  return pieces;
}

interface FoundClass {
  readonly owner: SyntaxNode;
  readonly body: SyntaxNode;
  /** Decorators, modifiers and bases. */
  readonly heads: readonly SyntaxNode[];
}

/** A class at the top of a file, also inside `export` and below decorators. */
function classOf(node: SyntaxNode, table: LanguageTable): FoundClass | undefined {
  const outer = node.children.filter(({ type }) => type === 'decorator');
  const inner = node.children.find(({ field }) => field === 'declaration' || field === 'definition');
  const owner = inner !== undefined && table.rows[inner.type]?.kind === 'class' ? inner : node;
  const body = owner.children.find(({ field, type }) => field === 'body' && CLASS_BODIES.has(type));
  if (table.rows[owner.type]?.kind !== 'class' || body === undefined) return undefined;
  const own = owner.children.filter((child) => child !== body && child.named && child.field !== 'name');
  return { owner, body, heads: owner === node ? own : [...outer, ...own] };
}

function lowerTogether(nodes: readonly SyntaxNode[], text: string, table: LanguageTable): Term | undefined {
  const terms = nodes.flatMap((node) => lowerNode(node, text, table) ?? []);
  const first = terms[0];
  if (first === undefined || terms.length === 1) return first;
  return {
    kind: 'block',
    role: undefined,
    text: '',
    parts: terms,
    start: first.start,
    end: terms.at(-1)?.end ?? first.end,
  };
}
