import type { Expression } from '../../code/index.ts';
import { type Call, calledName, literalText } from './added-code.ts';

/** A character that a call puts another text in the place of. */
export interface Escape {
  readonly call: Call;
  /** What is put there: `&lt;`. */
  readonly entity: string;
}

/** The references that a call of `replace` or `replaceAll` writes for single characters. */
export function escapesInPart(call: Call): readonly Escape[] {
  if (!/^replace(?:All)?$/.test(calledName(call) ?? '')) return [];
  const entity = literalText(call.arguments[1]?.value);
  return entity !== undefined && /^&#?\w+;$/.test(entity) ? [{ call, entity }] : [];
}

/**
 * A filter of marks (quotes, brackets, dots) that stops after the first: `replace` of JavaScript with a text, or with a
 * pattern that is neither global nor bound to an end (CWE-116). What takes away a word may well mean the first.
 */
export function isPartialReplacement({ callee, arguments: given }: Call): boolean {
  if (callee.kind !== 'member' || callee.name !== 'replace' || given.length !== 2) return false;
  const [pattern, by] = given.map(({ value }) => value);
  const put = literalText(by);
  if (!pattern || put === undefined || !isEscape(put)) return false;
  if (pattern.kind === 'regex')
    return !pattern.flags.includes('g') && !/^\^|\$$/.test(pattern.pattern) && namesMarks(pattern.pattern);
  return isMarks(pattern);
}

/** Nothing, a reference, or the mark doubled or with a stroke before it. */
function isEscape(put: string): boolean {
  return put === '' || /^&#?\w+;$/.test(put) || /^\\/.test(put) || /^(['"])\1$/.test(put);
}

function isMarks(pattern: Expression): boolean {
  const text = literalText(pattern);
  return text !== undefined && text !== '' && /^[^\p{L}\p{N}\s]+$/u.test(text);
}

/** A pattern that looks for one of the marks that end a text, a path or a tag. */
function namesMarks(pattern: string): boolean {
  return /['"<>;`]|\\?\.\\?\.|\\\\/.test(pattern);
}

/** Sequences of several characters that mean something to whoever reads the text. */
const SEQUENCE =
  /^(?:(?:\\?\.){2}(?:\\?\/|\\\\|\[[^\]]{1,6}\])|<\\?\/?(?:script|iframe|img)|javascript:|vbscript:|\\bon\\w|<!--)/i;

/**
 * Takes a sequence out of a text, once: of `....//` the middle goes and `../` is left, of `<scr<script>ipt>` a tag
 * (CWE-182, CWE-184). Not what stands at the beginning, and not of a path that was made plain before.
 */
export function isRejoining({ callee, arguments: given }: Call): boolean {
  if (callee.kind !== 'member' || !/^(?:replace|replaceAll|ReplaceAll|sub)$/.test(callee.name)) return false;
  const texts = given.map(({ value }) => (value.kind === 'regex' ? value.pattern : literalText(value)));
  const [pattern, put] = callee.name === 'sub' ? texts : texts.slice(0, 2);
  if (pattern === undefined || put !== '' || pattern.startsWith('^')) return false;
  return SEQUENCE.test(pattern) && !isPlainPath(callee.object);
}

const PLAIN_PATH = /^(?:normalize|normpath|resolve|realpath|basename|abspath|Clean)$/;

function isPlainPath(object: Expression): boolean {
  return object.kind === 'call' && PLAIN_PATH.test(calledName(object) ?? '');
}
