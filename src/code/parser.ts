import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { Parser } from 'web-tree-sitter';
import { SallyportError } from '../errors/index.ts';
import type { Gap, SourceFile } from '../syntax/index.ts';
import { threadTime } from '../system/index.ts';
import { GRAMMAR_HASHES, type GrammarName } from './grammar-files.ts';
import { brokenParts, copyTree, type SyntaxNode } from './syntax-tree.ts';

/** Caps of one parse. What exceeds them is a gap, never a slow run. */
export const PARSE_LIMITS = {
  bytes: 2_000_000,
  nodes: 1_500_000,
  depth: 160,
  /** Time of this thread on a processor. An honest file of the largest size needs a tenth; what cannot be read can need hours. */
  milliseconds: 5_000,
  /** For all files that are given up together; when it is used up, each further one gets a little and no more. */
  patience: 20_000,
  little: 250,
  /** Regions that could not be read, each of which is a gap of its own. */
  broken: 5,
} as const;

/** The parser asks thousands of times in a file, and to read the clock of a thread is a system call. */
const QUESTIONS_BETWEEN_CLOCKS = 16;

/** In a millisecond. */
const NANOSECONDS = 1_000_000n;

/** What the parser made of a file: a tree with gaps for what it could not read, or only gaps. */
export interface Parsed {
  readonly root: SyntaxNode | undefined;
  readonly gaps: readonly Gap[];
}

/** The loaded grammars. Dispose them when the last file is parsed. */
export interface Grammars extends Disposable {
  parse(grammar: GrammarName, file: SourceFile): Parsed;
}

/**
 * Load the grammars, each verified by its SHA-256.
 * @param clock nanoseconds; by default those of this thread, so that a busy machine changes nothing
 * @throws SallyportError SP1805 when a file is missing, SP1806 when it is not the one that was tested.
 */
export async function loadGrammars(names: readonly GrammarName[], clock: () => bigint = threadTime): Promise<Grammars> {
  const { Parser } = await loadLibrary();
  const parsers = new Map<GrammarName, Parser>();
  const patience = new Patience(clock);
  for (const name of names) {
    const parser = new Parser();
    parser.setLanguage(await loadLanguage(name));
    parsers.set(name, parser);
  }
  return {
    parse: (name, file) => {
      const parser = parsers.get(name);
      return parser
        ? parseFile(parser, file, patience)
        : failed(file, 'unreadable', `the grammar '${name}' was not loaded`);
    },
    [Symbol.dispose]: () => {
      for (const parser of parsers.values()) parser.delete();
    },
  };
}

async function loadLibrary() {
  try {
    const library = await import('web-tree-sitter');
    await library.Parser.init();
    return library;
  } catch (cause) {
    throw new SallyportError('SP1805', 'the parser cannot be started', { cause });
  }
}

async function loadLanguage(name: GrammarName) {
  const bytes = await readGrammar(name);
  const digest = createHash('sha256').update(bytes).digest('hex');
  if (digest !== GRAMMAR_HASHES[name])
    throw new SallyportError('SP1806', `the grammar '${name}' has the digest ${digest}`);
  try {
    const { Language } = await import('web-tree-sitter');
    return await Language.load(bytes);
  } catch (cause) {
    throw new SallyportError('SP1805', `the grammar '${name}' cannot be loaded`, { cause });
  }
}

/** Next to the bundle, as the build ships it, or in the package. */
async function readGrammar(name: GrammarName): Promise<Uint8Array> {
  const file = `tree-sitter-${name}.wasm`;
  const shipped = fileURLToPath(new URL(file, import.meta.url));
  try {
    const path = existsSync(shipped)
      ? shipped
      : createRequire(import.meta.url).resolve(`@vscode/tree-sitter-wasm/wasm/${file}`);
    return await readFile(path);
  } catch (cause) {
    throw new SallyportError('SP1805', `the grammar '${name}' is missing`, { cause });
  }
}

function parseFile(parser: Parser, file: SourceFile, patience: Patience): Parsed {
  if (Buffer.byteLength(file.text) > PARSE_LIMITS.bytes)
    return failed(file, 'cap', `longer than ${PARSE_LIMITS.bytes} bytes`);
  const isOver = patience.start();
  try {
    const tree = parser.parse(file.text, null, { progressCallback: isOver });
    if (tree === null) {
      parser.reset();
      patience.lose();
      return failed(file, 'cap', 'it takes too long to parse');
    }
    try {
      const root = copyTree(tree, PARSE_LIMITS);
      if (root === 'nodes') return failed(file, 'cap', `more than ${PARSE_LIMITS.nodes} syntax nodes`);
      if (root === 'depth') return failed(file, 'cap', `nested deeper than ${PARSE_LIMITS.depth} levels`);
      return { root, gaps: tree.rootNode.hasError ? brokenGaps(root, file) : [] };
    } finally {
      tree.delete();
    }
  } catch (cause) {
    parser.reset();
    return failed(file, 'unreadable', cause instanceof Error ? `the parser failed: ${cause.message}` : 'parser failed');
  }
}

/** The time that files may take which lead to nothing: a repository full of them must not take hours. */
class Patience {
  readonly #clock: () => bigint;
  #left = BigInt(PARSE_LIMITS.patience) * NANOSECONDS;
  #given = 0n;

  constructor(clock: () => bigint) {
    this.#clock = clock;
  }

  /** Begins with a file; the result says whether its time is over. */
  start(): () => boolean {
    const most = BigInt(PARSE_LIMITS.milliseconds) * NANOSECONDS;
    const least = BigInt(PARSE_LIMITS.little) * NANOSECONDS;
    this.#given = this.#left > most ? most : this.#left < least ? least : this.#left;
    const deadline = this.#clock() + this.#given;
    let asked = 0;
    return () => ++asked % QUESTIONS_BETWEEN_CLOCKS === 0 && this.#clock() > deadline;
  }

  /** The file was given up. */
  lose(): void {
    this.#left -= this.#given;
  }
}

function brokenGaps(root: SyntaxNode, file: SourceFile): readonly Gap[] {
  return brokenParts(root, PARSE_LIMITS.broken).map((node) => ({
    kind: 'syntax',
    message: 'this part is not understood; the rest of the file is analysed',
    place: { file: file.path, span: { start: node.start, end: node.end } },
  }));
}

function failed(file: SourceFile, kind: Gap['kind'], message: string): Parsed {
  const place = { file: file.path, span: { start: 0, end: Math.min(file.text.length, 1) } };
  return { root: undefined, gaps: [{ kind, message: `not analysed: ${message}`, place }] };
}
