import type { Node } from 'web-tree-sitter';
import type { ShellAssignment, ShellCommand } from './shell-script.ts';

/** What one place of a script evaluates: variables that it sets, and those whose values it evaluates in turn. */
interface Evaluation {
  readonly sets: readonly string[];
  readonly reads: readonly string[];
  /** Whether what they are set to is text, not a number. */
  readonly isText?: boolean;
}

/** Any variable: which one, only the running shell knows. */
const ANY = '';
const ASSIGN = '(?:[-+*/%&|^]|<<|>>)?=(?!=)';
const NAME = '[A-Za-z_]\\w*';
/** Operators of `[[` whose operands are arithmetic, and the one of `[` and `[[` that evaluates a subscript. */
const COMPARISON = /^\[\[.*\s-(?:eq|ne|lt|le|gt|ge)\s|\s-v\s/s;
/** Arithmetic in text that the grammar leaves whole: in a regular expression, in a default. */
const UNREAD = /\$\[|\$\(\(|\$\{!?#?\w+\[(?!(?:\d+|@|\*)\])/;
/** Leaves in which nothing is expanded. */
const PLAIN_LEAVES: ReadonlySet<string> = new Set(['raw_string', 'ansi_c_string', 'comment']);
/** The last word of the command before, whatever that was. */
const LAST_WORD = '_';

/**
 * Variables that a script sets in other places than assignments: by arithmetic (`((PATH=1))`, `$((X++))`, a subscript, a
 * comparison of numbers in `[[`), by a default (`${X:=…}`), by a redirection (`{X}>file`). Arithmetic evaluates the text
 * in a variable like its own (Bash manual, 6.5), so one that holds no plain number may set any other.
 */
export class SetVariables {
  readonly #names = new Set<string>();
  readonly #reads = new Set<string>();
  readonly #texts = new Set<string>([LAST_WORD]);

  visit(node: Node): void {
    const evaluation = readEvaluation(node);
    for (const name of evaluation?.sets ?? []) {
      this.#names.add(name);
      if (evaluation?.isText) this.#texts.add(name);
    }
    for (const name of evaluation?.reads ?? []) this.#reads.add(name);
  }

  /** @param commands of the same script, for what they assign */
  finish(commands: readonly ShellCommand[]): readonly ShellAssignment[] {
    for (const { name, value } of commands.flatMap(({ assignments }) => assignments))
      if (!isNumber(value?.source)) this.#texts.add(name);
    if (!this.#texts.isDisjointFrom(this.#reads)) this.#names.add(ANY);
    return [...this.#names].map((name) => ({ name, value: undefined }));
  }
}

function isNumber(source: string | undefined): boolean {
  // Arithmetic gives a number; what it evaluates for that is looked at where it stands.
  return source !== undefined && /^(?:-?\d+|"?\$\(\([^"]*\)\)"?)$/.test(source);
}

function readEvaluation(node: Node): Evaluation | undefined {
  const arithmetic = arithmeticOf(node);
  if (arithmetic !== undefined) return evaluate(arithmetic);
  if (node.childCount === 0 && !PLAIN_LEAVES.has(node.type) && UNREAD.test(node.text))
    return { sets: [ANY], reads: [] };
  const defaulted = defaultedOf(node);
  if (defaulted !== undefined) return { sets: [defaulted], reads: [], isText: true };
  const descriptor = descriptorOf(node);
  return descriptor === undefined ? undefined : { sets: [descriptor], reads: [] };
}

/** The text that this node has evaluated as arithmetic. */
function arithmeticOf(node: Node): string | undefined {
  const { type, text } = node;
  if (type === 'arithmetic_expansion') return text.replace(/^\$(?:\(\(|\[)|(?:\)\)|\])$/g, '');
  if (type === 'compound_statement') return text.startsWith('((') ? text.slice(2, -2) : undefined;
  if (type === 'test_command') return COMPARISON.test(text) ? text : undefined;
  if (type === 'expansion') return /^\$\{!?\w+(?:\[.*?\])?:(?![-=+?])(.*)\}$/s.exec(text)?.[1];
  if (type === 'subscript') return subscriptOf(node.childForFieldName('index')?.text);
  if (type === 'array') return [...text.matchAll(/\[([^\]]*)\]\+?=/g)].map(([, index]) => index).join(' ') || undefined;
  if (type !== 'c_style_for_statement') return undefined;
  const body = node.childForFieldName('body');
  return text.slice(text.indexOf('((') + 2, body === null ? text.length : body.startIndex - node.startIndex);
}

/** `@` and `*` stand for all elements. */
function subscriptOf(index: string | undefined): string | undefined {
  return index === '@' || index === '*' ? undefined : index;
}

function evaluate(text: string): Evaluation {
  // Numbers of elements, characters, arguments, and of the last result are numbers.
  const plain = text.replace(/\$(?:[#?$!]|\{#\w+(?:\[[@*]\])?\})/g, '0').replace(/["']/g, '');
  const expansion = new RegExp(`\\$(?:(${NAME})|\\{(${NAME})\\})(?!\\s*(?:${ASSIGN}|\\+\\+|--))`, 'g');
  const reads = [...plain.matchAll(expansion)].map(([, bare = '', braced = '']) => bare + braced);
  const rest = plain.replace(expansion, ' 0 ');
  const sets = [
    ...rest.matchAll(new RegExp(`(?<![\\w$])(${NAME})(?:\\[[^\\]]*\\])?\\s*(?:${ASSIGN}|\\+\\+|--)`, 'g')),
    ...rest.matchAll(new RegExp(`(?:\\+\\+|--)\\s*(${NAME})`, 'g')),
  ].map(([, name = '']) => name);
  const names = [...rest.matchAll(new RegExp(`(?<!\\w)${NAME}`, 'g'))].map(([name]) => name);
  return { sets: /[$`\\]/.test(rest) ? [...sets, ANY] : sets, reads: [...reads, ...names] };
}

/** `${X:=text}`, `${X=text}`: X; of `${!X:=text}` whatever X names. */
function defaultedOf(node: Node): string | undefined {
  if (node.type !== 'expansion') return undefined;
  const [, bang, name] = /^\$\{(!?)(\w+)(?:\[.*?\])?:?=/s.exec(node.text) ?? [];
  return bang === '!' ? ANY : name;
}

/** `{X}>file` sets X to the number of the descriptor; the grammar takes it for the end of the word before. */
function descriptorOf(node: Node): string | undefined {
  if (node.type !== 'file_redirect') return undefined;
  const before = node.previousSibling;
  return before?.endIndex === node.startIndex ? /\{(\w+)\}$/.exec(before.text)?.[1] : undefined;
}
