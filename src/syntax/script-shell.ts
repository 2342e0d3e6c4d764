import type {
  AndOr,
  ArithmeticCommandExpansion,
  Assignment,
  Command,
  CommandExpansionPart,
  ParsedScript,
  Pipeline,
  PipelineNode,
  ProcessSubstitutionPart,
  Redirection,
  SyntaxNode,
  TestCommand,
  Word,
} from 'unbash';
import { forEachChild, parse } from 'unbash';
import type { FunctionBody, Script, ScriptCommand, ScriptNesting, ScriptRedirect, ScriptWord } from './readers.ts';
import { SCRIPT_LIMITS } from './script-limits.ts';
import { backtickOffsets, type Offsets, ownOffsets } from './script-offsets.ts';
import { expansionsIn, readScriptWord } from './script-word.ts';
import type { Span } from './source.ts';

type ScriptAssignment = ScriptCommand['assignments'][number];
type Substitution = CommandExpansionPart | ArithmeticCommandExpansion | ProcessSubstitutionPart;

interface CommandParts {
  readonly assignments?: readonly ScriptAssignment[];
  readonly words?: readonly ScriptWord[];
  readonly redirects?: readonly Redirection[];
}

/** What surrounds a node. */
interface Surroundings {
  readonly offsets: Offsets;
  readonly nesting: readonly ScriptNesting[];
  readonly background: boolean;
  readonly exitIgnored: boolean;
  readonly pipeline: ScriptCommand['pipeline'] | undefined;
  readonly depth: number;
}

const OUTERMOST: Omit<Surroundings, 'offsets'> = {
  nesting: [],
  background: false,
  exitIgnored: false,
  pipeline: undefined,
  depth: 0,
};

const TOO_MANY = `more than ${SCRIPT_LIMITS.commands} commands`;

const NESTING: { readonly [type in SyntaxNode['type']]?: ScriptNesting } = {
  Function: 'function',
  Subshell: 'subshell',
  BraceGroup: 'body',
  If: 'condition',
  Elif: 'condition',
  CaseItem: 'condition',
};
const LOOPS: ReadonlySet<string> = new Set(['For', 'Select', 'While', 'ArithmeticFor']);

/** Commands that succeed whatever happened before them. */
const SUCCEEDING = new Set(['true', ':', '/bin/true', 'echo', 'printf']);

/** Read a Bash or POSIX shell script. */
export function readShellScript(text: string): Omit<Script, 'language'> {
  return new ShellReading(text).read();
}

/** Walks the parser's tree once. The tree resolves substitutions when they are visited, so the depth cap bounds it. */
class ShellReading {
  readonly #text: string;
  readonly #commands: ScriptCommand[] = [];
  readonly #functions: string[] = [];
  readonly #bodies: FunctionBody[] = [];
  readonly #unread: Script['unread'][number][] = [];
  #pipelines = 0;

  constructor(text: string) {
    this.#text = text;
  }

  read(): Omit<Script, 'language'> {
    const excess = excessOf(this.#text);
    if (excess !== undefined) this.#skip('more nested constructs than are read', excess, this.#text.length);
    try {
      const script = parse(excess === undefined ? this.#text : this.#text.slice(0, excess));
      this.#visitScript(script, { ...OUTERMOST, offsets: ownOffsets(this.#text.length) });
    } catch (cause) {
      // The parser recurses; text that nests without end exhausts its stack.
      if (!(cause instanceof RangeError)) throw cause;
      this.#skip('nested too deeply', 0, this.#text.length);
    }
    this.#commands.sort((one, other) => one.span.start - other.span.start);
    return { commands: this.#commands, functions: this.#functions, bodies: this.#bodies, unread: this.#unread };
  }

  #skip(message: string, start: number, end: number): void {
    this.#unread.push({ message, span: { start, end } });
  }

  #visitScript(script: ParsedScript, around: Surroundings): void {
    for (const error of script.errors ?? []) {
      const { start, end } = around.offsets.span(error.pos, error.pos);
      this.#skip(error.message, start, end);
    }
    for (const statement of script.commands) this.#visit(statement, around);
  }

  #visit(node: SyntaxNode, around: Surroundings): void {
    if (!this.#isWithinCaps(node, around)) return;
    this.#record(node, around);
    const inside = enter(node, around);
    if (node.type === 'AndOr') this.#visitList(node, inside);
    else if (node.type === 'Pipeline') this.#visitPipeline(node, inside);
    else if (LOOPS.has(node.type)) this.#visitLoop(node, inside);
    else if (isSubstitution(node)) this.#visitSubstitution(node, inside);
    else this.#visitChildren(node, inside);
  }

  #isWithinCaps(node: SyntaxNode, around: Surroundings): boolean {
    const { start, end } = around.offsets.span(node.pos, node.end);
    if (around.depth > SCRIPT_LIMITS.depth) {
      this.#skip('nested too deeply', start, end);
      return false;
    }
    if (this.#commands.length < SCRIPT_LIMITS.commands) return true;
    if (this.#unread.at(-1)?.message !== TOO_MANY) this.#skip(TOO_MANY, start, this.#text.length);
    return false;
  }

  #record(node: SyntaxNode, around: Surroundings): void {
    const span = () => around.offsets.span(node.pos, node.end);
    if (node.type === 'Command') this.#addCommand(node, around);
    else if (node.type === 'Redirected') this.#add(around, span(), { redirects: node.redirects });
    else if (node.type === 'TestCommand') this.#addTest(node, span(), around);
    else if (node.type === 'For' || node.type === 'Select') this.#addLoopVariable(node.name, around);
    else if (node.type === 'Function') this.#addFunction(node.name.value, span());
  }

  #visitChildren(node: SyntaxNode, around: Surroundings): void {
    forEachChild(node, (child) => this.#visit(child, around));
  }

  /** Everything before a last `|| true` may fail unnoticed. */
  #visitList(list: AndOr, around: Surroundings): void {
    const last = list.commands.at(-1);
    const ignored = list.operators.at(-1) === '||' && last !== undefined && alwaysSucceeds(last);
    for (const command of list.commands) {
      this.#visit(command, { ...around, exitIgnored: around.exitIgnored || (ignored && command !== last) });
    }
  }

  #visitPipeline(node: Pipeline, around: Surroundings): void {
    const length = node.commands.length;
    const id = this.#pipelines++;
    node.commands.forEach((command, position) => {
      this.#visit(command, length === 1 ? around : { ...around, pipeline: { id, position, length } });
    });
  }

  #addCommand(node: Command, around: Surroundings): void {
    const words = node.name ? [this.#readWord(node.name, around)] : [];
    const assignments: ScriptAssignment[] = [];
    for (const part of [...node.prefix, ...node.suffix]) {
      if (part.type === 'Assignment') assignments.push(this.#readAssignment(part, around));
      else if (part.type === 'Word') words.push(this.#readWord(part, around));
    }
    const span = around.offsets.span(node.pos, node.end);
    this.#add(around, span, { assignments, words, redirects: node.redirects });
  }

  #addFunction(name: string, span: Span): void {
    this.#functions.push(name);
    this.#bodies.push({ name, span });
  }

  /** `[[ … ]]` with its operands. */
  #addTest(node: TestCommand, span: Span, around: Surroundings): void {
    const opening = { start: span.start, end: span.start + 2 };
    const bracket = { span: opening, source: '[[', literal: '[[', pieces: ['[['], expansions: [] };
    const words = operandsOf(node.expression).map((word) => this.#readWord(word, around));
    this.#add(around, span, { words: [bracket, ...words] });
  }

  #addLoopVariable(name: Word, around: Surroundings): void {
    const span = around.offsets.span(name.pos, name.end);
    this.#add(around, span, { assignments: [{ name: name.value, value: undefined, span }] });
  }

  /** What a loop runs over is evaluated once, its body often. */
  #visitLoop(node: SyntaxNode, around: Surroundings): void {
    forEachChild(node, (child) => this.#visit(child, child.type === 'CompoundList' ? nest(around, 'loop') : around));
  }

  #visitSubstitution(node: Substitution, around: Surroundings): void {
    const script = node.script;
    if (!script) return;
    const inside = { ...nest(around, 'substitution'), pipeline: undefined };
    const { source } = script;
    const { offsets } = around;
    const raw = node.text.slice(1, -1);
    const inner = source === undefined ? offsets : backtickOffsets(source, raw, node.pos + 1, offsets);
    this.#visitScript(script, { ...inside, offsets: inner });
  }

  #add(around: Surroundings, span: Span, parts: CommandParts): void {
    const { offsets, nesting, background, exitIgnored } = around;
    const words = parts.words ?? [];
    const redirects = parts.redirects ?? [];
    const isOver = words.length > SCRIPT_LIMITS.words || redirects.length > SCRIPT_LIMITS.redirects;
    if (isOver) this.#skip('a command with more words or redirects than are read', span.start, span.end);
    this.#commands.push({
      span,
      assignments: parts.assignments ?? [],
      words: words.slice(0, SCRIPT_LIMITS.words),
      redirects: redirects
        .slice(0, SCRIPT_LIMITS.redirects)
        .map((redirect) => readRedirect(redirect, this.#text, offsets)),
      background,
      pipeline: around.pipeline ?? { id: this.#pipelines++, position: 0, length: 1 },
      nesting,
      exitIgnored,
    });
  }

  #readWord(word: Word, { offsets }: Surroundings): ScriptWord {
    return readScriptWord(word, this.#text, offsets);
  }

  #readAssignment(assignment: Assignment, around: Surroundings): ScriptAssignment {
    const span = around.offsets.span(assignment.pos, assignment.end);
    const { name, value } = assignment;
    const appends = assignment.append === true ? { appends: true } : {};
    if (value.type === 'Word') return { name, value: this.#readWord(value, around), ...appends, span };
    const elements = value.elements.slice(0, SCRIPT_LIMITS.words).map((word) => this.#readWord(word, around));
    return { name, value: undefined, elements, ...appends, span };
  }
}

function readRedirect(redirect: Redirection, text: string, offsets: Offsets): ScriptRedirect {
  const span = offsets.span(redirect.pos, redirect.end);
  if (redirect.type !== 'HereDoc') {
    const target = redirect.target && readScriptWord(redirect.target, text, offsets);
    return { operator: redirect.operator, target, hereDocument: undefined, span };
  }
  const { body, delimiter } = redirect;
  const hereDocument = {
    span: offsets.span(body.pos, body.end),
    expands: delimiter?.quoted !== true,
    expansions: expansionsIn(body.parts ?? [], offsets, true),
  };
  return { operator: redirect.operator, target: undefined, hereDocument, span };
}

function operandsOf(node: SyntaxNode): readonly Word[] {
  if (node.type === 'Word') return [node];
  const operands: Word[] = [];
  forEachChild(node, (child) => operands.push(...operandsOf(child)));
  return operands;
}

function isSubstitution(node: SyntaxNode): node is Substitution {
  return (
    node.type === 'CommandExpansion' ||
    node.type === 'ArithmeticCommandExpansion' ||
    node.type === 'ProcessSubstitution'
  );
}

function enter(node: SyntaxNode, around: Surroundings): Surroundings {
  const kind = NESTING[node.type];
  const inside = { ...(kind ? nest(around, kind) : around), depth: around.depth + 1 };
  return node.type === 'Statement' && node.background === true ? { ...inside, background: true } : inside;
}

function nest(around: Surroundings, kind: ScriptNesting): Surroundings {
  return { ...around, nesting: [...around.nesting, kind], ...(kind === 'function' ? { pipeline: undefined } : {}) };
}

function alwaysSucceeds(node: PipelineNode): boolean {
  if (node.type !== 'Command') return false;
  const name = node.name?.value ?? '';
  const [first] = node.args;
  return SUCCEEDING.has(name) || (name === 'exit' && first?.type === 'Word' && first.value === '0');
}

/** Constructs for which the parser looks ahead to the end of the text: many of them cost the square of its length. */
const COSTLY: readonly (readonly [opening: string, most: number])[] = [
  ['<<', SCRIPT_LIMITS.hereDocuments],
  ['((', SCRIPT_LIMITS.arithmetic],
  ['$(', SCRIPT_LIMITS.substitutions],
];

/** Where a text holds more costly constructs than are read. */
function excessOf(text: string): number | undefined {
  const found = COSTLY.flatMap(([opening, most]) => offsetOfMatch(text, opening, most) ?? []);
  return found.length > 0 ? Math.min(...found) : undefined;
}

function offsetOfMatch(text: string, needle: string, count: number): number | undefined {
  let seen = 0;
  for (let at = text.indexOf(needle); at >= 0; at = text.indexOf(needle, at + needle.length)) {
    if (++seen > count) return at;
  }
  return undefined;
}
