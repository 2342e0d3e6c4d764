import { endOfParentheses, isCallable, memberOf, membersBehind, printing } from './powershell-text.ts';
import type { Script, ScriptCommand, ScriptRedirect, ScriptWord } from './readers.ts';
import { SCRIPT_LIMITS } from './script-limits.ts';
import { type FlatCommand, flatCommand, WordBuilder } from './script-tokens.ts';

/**
 * Read a PowerShell script: a tolerant tokenizer, not a grammar. Commands are found wherever a statement can begin: at a
 * line's start, behind `;`, `|`, `{`, `(`, `&&`, `||`, `=` and `&`. Expressions become no commands.
 */
export function readPowershellScript(text: string): Omit<Script, 'language'> {
  const script = new PowershellReading({ text, at: 0, end: text.length, level: 0, pipelines: { next: 0 } }).read();
  const commands = withPipelineLengths(script.commands);
  return { ...script, commands: commands.toSorted((one, other) => one.span.start - other.span.start) };
}

/** The part of a text that one reading covers: the whole, or the inside of a `$(…)`. */
interface Part {
  readonly text: string;
  readonly at: number;
  readonly end: number;
  readonly level: number;
  readonly pipelines: { next: number };
}

/** `$(…)` inside `$(…)`: deeper is not read. */
const MOST_LEVELS = 20;
/** Characters of a list that is read as one: longer ones are read as statements. */
const LONGEST_LIST = 20_000;

const SEPARATORS: ReadonlySet<string> = new Set(['\n', '\r', ';', '|', '&', '{', '}', '(', ')', '=', ',']);
/** Words that a statement begins with, behind which another one begins. */
const KEYWORDS: ReadonlySet<string> = new Set([
  'if',
  'elseif',
  'else',
  'while',
  'for',
  'foreach',
  'switch',
  'do',
  'until',
  'try',
  'catch',
  'finally',
  'return',
  'throw',
  'param',
  'begin',
  'process',
  'end',
  'in',
  'trap',
]);

/** The left side of an assignment. */
interface Assigned {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly appends: boolean;
}

class PowershellReading {
  readonly #part: Part;
  readonly #text: string;
  readonly #end: number;
  readonly #commands: ScriptCommand[] = [];
  readonly #functions: string[] = [];
  readonly #unread: Script['unread'][number][] = [];
  #at: number;
  #isCall = false;
  #words: ScriptWord[] = [];
  #redirects: ScriptRedirect[] = [];
  #assigned: Assigned | undefined;
  #elements: readonly ScriptWord[] | undefined;
  #pipeline: number;
  #position = 0;

  constructor(part: Part) {
    this.#part = part;
    this.#text = part.text;
    this.#at = part.at;
    this.#end = part.end;
    this.#pipeline = part.pipelines.next++;
  }

  read(): Omit<Script, 'language'> {
    while (this.#at < this.#end) {
      if (this.#commands.length >= SCRIPT_LIMITS.commands) {
        const span = { start: this.#at, end: this.#end };
        this.#unread.push({ message: `more than ${SCRIPT_LIMITS.commands} commands`, span });
        break;
      }
      this.#step();
    }
    this.#finish(false);
    return { commands: this.#commands, functions: this.#functions, unread: this.#unread };
  }

  #step(): void {
    const character = this.#text[this.#at] ?? '';
    const next = this.#text[this.#at + 1];
    if (character === '`' && (next === '\n' || next === '\r')) this.#at += next === '\r' ? 3 : 2;
    else if (character === ' ' || character === '\t') this.#at++;
    else if (character === '#') this.#skipTo('\n', 0);
    else if (character === '<' && next === '#') this.#skipTo('#>', 2);
    else if (this.#isRedirect()) this.#readRedirect();
    else if (character === '@' && next === '(' && this.#readList()) return;
    else if (character === '(' && this.#isValue()) this.#words.push(this.#readParenthesised());
    else if (SEPARATORS.has(character)) this.#separate(character, next);
    else this.#readStatementWord();
  }

  #skipTo(end: string, length: number): void {
    const found = this.#text.indexOf(end, this.#at);
    this.#at = found < 0 ? this.#end : found + length;
  }

  #separate(character: string, next: string | undefined): void {
    const isPipe = character === '|' && next !== '|';
    const isCall = character === '&' && next !== '&' && this.#words.length === 0;
    if (character === ',' && this.#words.length > 0) {
      this.#at++;
      return;
    }
    if (character === '=' && this.#isTarget()) this.#beginAssignment();
    else if (isCall) this.#isCall = true;
    else this.#finish(isPipe);
    this.#at += (character === '|' || character === '&') && next === character ? 2 : 1;
  }

  #isTarget(): boolean {
    const [, plus, ...others] = this.#words;
    return (
      this.#assigned === undefined && this.#words.length > 0 && others.length === 0 && (plus?.source ?? '+') === '+'
    );
  }

  /** `$name = …`, `$name += …`: what follows is a statement whose output is the value. */
  #beginAssignment(): void {
    const [word, plus] = this.#words;
    const name = word?.expansions[0]?.name;
    this.#words = [];
    if (word && name !== undefined) this.#assigned = { name, ...word.span, appends: plus !== undefined };
  }

  #isValue(): boolean {
    return this.#assigned !== undefined && this.#words.length === 0;
  }

  /**
   * `@("-p", $prompt)`: the words of the list. In a command they are its arguments, since PowerShell hands a program each
   * element as a word of its own. False for a list that holds more than words, which is left to be read as statements.
   */
  #readList(): boolean {
    const start = this.#at;
    const close = endOfParentheses(this.#text, start + 1, Math.min(this.#end, start + LONGEST_LIST)) - 1;
    const found: ScriptWord[] = [];
    const isValue = this.#isValue();
    for (this.#at = start + 2; this.#at < close; ) {
      const character = this.#text[this.#at] ?? '';
      if (/[\s,]/.test(character)) this.#at++;
      else if (character === '#') this.#skipTo('\n', 0);
      else if (SEPARATORS.has(character) || found.length >= SCRIPT_LIMITS.words) break;
      else found.push(this.#readWord());
    }
    if (this.#at !== close || this.#text[close] !== ')') {
      this.#at = start;
      return false;
    }
    this.#at = close + 1;
    if (isValue) this.#elements = found;
    else this.#words.push(...found);
    return true;
  }

  /** `$x = (Invoke-RestMethod $uri).title`: the output of a command, and what is taken of it. */
  #readParenthesised(): ScriptWord {
    const start = this.#at;
    const word = new WordBuilder(start);
    const close = endOfParentheses(this.#text, start, this.#end);
    this.#readInside(start + 1, Math.max(start + 1, close - 1));
    this.#at = close + membersBehind(this.#text, close);
    word.addExpansion({ kind: 'command', name: undefined, span: { start, end: close }, quoted: false });
    return word.build(this.#text, this.#at);
  }

  #isRedirect(): boolean {
    const character = this.#text[this.#at];
    const before = this.#text[this.#at - 1] ?? ' ';
    if (character === '>') return true;
    return /[1-6*]/.test(character ?? '') && this.#text[this.#at + 1] === '>' && /\s/.test(before);
  }

  #readRedirect(): void {
    const start = this.#at;
    while (/[1-6*>&]/.test(this.#text[this.#at] ?? '')) this.#at++;
    const operator = this.#text.slice(start, this.#at).replace(/^[1-6*]/, '');
    while (this.#text[this.#at] === ' ') this.#at++;
    const target = operator.includes('&') ? undefined : this.#readWord();
    this.#redirects.push({ operator, target, hereDocument: undefined, span: { start, end: this.#at } });
  }

  #readStatementWord(): void {
    const word = this.#readWord();
    const text = word.literal?.toLowerCase();
    if (this.#words.length === 0 && text !== undefined && KEYWORDS.has(text)) return;
    const [first] = this.#words;
    if (first?.literal?.toLowerCase() === 'function') {
      this.#functions.push(word.literal ?? word.source);
      this.#words = [];
      return;
    }
    this.#words.push(word);
  }

  /** One word: bare text, quoted strings and expansions that touch. */
  #readWord(): ScriptWord {
    const start = this.#at;
    const word = new WordBuilder(start);
    while (this.#at < this.#end) {
      const character = this.#text[this.#at] ?? '';
      const next = this.#text[this.#at + 1];
      if (character === '@' && (next === '"' || next === "'") && this.#at === start) this.#readHereString(word, next);
      else if (character === "'") this.#readSingle(word);
      else if (character === '"') this.#readDouble(word);
      else if (character === '`' && next !== undefined) {
        if (next === '\n' || next === '\r') break;
        word.add(next);
        this.#at += 2;
      } else if (character === '$') this.#readVariable(word, false);
      else if (
        /\s/.test(character) ||
        (SEPARATORS.has(character) && !this.#isInsideWord(character)) ||
        character === '>'
      )
        break;
      else {
        word.add(character);
        this.#at++;
      }
    }
    if (this.#at === start) this.#at = Math.min(start + 1, this.#end);
    return word.build(this.#text, this.#at);
  }

  /** `--flag=value` and `a&b`: these separate only at the start of a word or before a blank. */
  #isInsideWord(character: string): boolean {
    return (
      character === '=' &&
      /[\w"'-]/.test(this.#text[this.#at - 1] ?? '') &&
      !this.#text[this.#at + 1]?.match(/\s/) &&
      this.#words.length > 0
    );
  }

  #readHereString(word: WordBuilder, quote: string): void {
    const end = this.#text.indexOf(`\n${quote}@`, this.#at);
    const stop = end < 0 ? this.#end : end;
    this.#at += 2;
    if (quote === "'") word.add(this.#text.slice(this.#at, stop));
    else this.#readExpandable(word, stop);
    this.#at = Math.min(end < 0 ? stop : end + 3, this.#end);
  }

  #readSingle(word: WordBuilder): void {
    this.#at++;
    word.add('');
    for (; this.#at < this.#end; this.#at++) {
      const character = this.#text[this.#at] ?? '';
      if (character === "'" && this.#text[this.#at + 1] === "'") this.#at++;
      else if (character === "'") break;
      word.add(character);
    }
    this.#at = Math.min(this.#at + 1, this.#end);
  }

  #readDouble(word: WordBuilder): void {
    this.#at++;
    word.add('');
    this.#readExpandable(word, this.#end, '"');
    this.#at = Math.min(this.#at + 1, this.#end);
  }

  /** Text in which variables and sub-expressions are replaced, up to `stop` or the closing quote. */
  #readExpandable(word: WordBuilder, stop: number, quote?: string): void {
    while (this.#at < stop) {
      const character = this.#text[this.#at] ?? '';
      const next = this.#text[this.#at + 1];
      if (character === quote && next === quote) this.#at++;
      else if (character === quote) return;
      if (character === '`' && next !== undefined) {
        word.add(ESCAPES[next] ?? next);
        this.#at += 2;
      } else if (character === '$') this.#readVariable(word, true);
      else {
        word.add(character);
        this.#at++;
      }
    }
  }

  /** `$name`, `$env:NAME`, `${name}`, `$(…)`. The commands of a sub-expression are read where it stands alone. */
  #readVariable(word: WordBuilder, quoted: boolean): void {
    const start = this.#at;
    const match = /^\$(?:\{([^}]*)\}|([A-Za-z_][\w]*(?::[A-Za-z_]\w*)?|[?$^]))/.exec(
      this.#text.slice(start, start + 200),
    );
    const name = match?.[1] ?? match?.[2];
    if (match && name !== undefined) {
      this.#at += match[0].length;
      const plain = name.replace(/^(env|script|global|local|using):/i, '');
      word.addExpansion({ kind: 'variable', name: plain, span: { start, end: this.#at }, quoted });
    } else if (this.#text[start + 1] === '(') {
      this.#at = endOfParentheses(this.#text, start + 1, this.#end);
      this.#readInside(start + 2, this.#at - 1);
      // `$($issue.title)` is what the variable holds.
      const member = memberOf(this.#text.slice(start + 2, this.#at - 1));
      const kind = member === undefined ? 'command' : 'variable';
      word.addExpansion({ kind, name: member, span: { start, end: this.#at }, quoted });
    } else {
      word.add('$');
      this.#at++;
    }
  }

  #readInside(at: number, end: number): void {
    const level = this.#part.level + 1;
    if (level > MOST_LEVELS) {
      this.#unread.push({ message: 'nested too deeply', span: { start: at, end } });
      return;
    }
    const inner = new PowershellReading({ ...this.#part, at, end, level }).read();
    this.#functions.push(...inner.functions);
    this.#unread.push(...inner.unread);
    for (const command of inner.commands) {
      this.#commands.push({ ...command, nesting: ['substitution', ...command.nesting] });
    }
  }

  #finish(pipes: boolean): void {
    const [first] = this.#words;
    const isString = first !== undefined && /^["'@]/.test(first.source);
    const isCommand = first !== undefined && (this.#isCall || isCallable(first));
    const isPrinted = isString || pipes || this.#redirects.length > 0;
    if (this.#assigned) this.#addAssignment(this.#assigned, isCommand);
    else if (isCommand) this.#add({ words: this.#words });
    else if (first && isPrinted) this.#add({ words: [printing(first), ...this.#words] });
    this.#words = [];
    this.#redirects = [];
    this.#assigned = undefined;
    this.#elements = undefined;
    this.#isCall = false;
    if (pipes) this.#position++;
    else {
      this.#pipeline = this.#part.pipelines.next++;
      this.#position = 0;
    }
  }

  #addAssignment({ name, start, end, appends }: Assigned, isCommand: boolean): void {
    const words = this.#words;
    // `$x = "a", "b"` is a list without parentheses.
    const elements = this.#elements ?? (!isCommand && words.length > 1 ? words : undefined);
    const span = { start, end: (elements ?? words).at(-1)?.span.end ?? end };
    const value = !isCommand && words.length === 1 ? words[0] : undefined;
    const assignment = { name, value, span, ...(elements ? { elements } : {}), ...(appends ? { appends } : {}) };
    this.#add({ assignments: [assignment], words: isCommand ? words : [] });
  }

  #add(parts: Pick<FlatCommand, 'words' | 'assignments'>): void {
    const pipeline = { id: this.#pipeline, position: this.#position, length: 1 };
    const words = parts.words.slice(0, SCRIPT_LIMITS.words);
    const redirects = this.#redirects.slice(0, SCRIPT_LIMITS.redirects);
    const command = flatCommand({ ...parts, words, redirects, pipeline });
    if (words.length < parts.words.length || redirects.length < this.#redirects.length) {
      const span = { start: command.span.end, end: this.#at };
      this.#unread.push({ message: 'a command with more words or redirects than are read', span });
    }
    this.#commands.push(command);
  }
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '0': '\0' };

function withPipelineLengths(commands: readonly ScriptCommand[]): readonly ScriptCommand[] {
  const lengths = new Map<number, number>();
  for (const { pipeline } of commands) {
    lengths.set(pipeline.id, Math.max(lengths.get(pipeline.id) ?? 0, pipeline.position + 1));
  }
  return commands.map((command) => ({
    ...command,
    pipeline: { ...command.pipeline, length: lengths.get(command.pipeline.id) ?? 1 },
  }));
}
