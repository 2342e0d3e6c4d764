import type { PlacedCommand, ShellForm, ShellGrammar, ShellRedirect, ShellWord } from '../../../syntax/index.ts';

/** A command as far as it could be read. */
export interface ReadCommand {
  readonly text: string;
  readonly commands: readonly PlacedCommand[];
  readonly forms: readonly ShellForm[];
  /** It holds blanks or invisible characters that are not ASCII: parts of words to the shell, a reason to ask. */
  readonly strange: boolean;
  /** Why it could not be read; the lists are empty then. */
  readonly unreadable: string | undefined;
}

const STRANGE_BLANKS = /[\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/g;
const STRANGE_MARKS = /[\u200b-\u200f\u2060-\u206f\ufeff]/g;
/** Marks that turn the direction of text: the CLI takes them for letters. */
const DIRECTION = /[\u202a-\u202e]/g;

/** Longer commands are not modelled (reference: agents §2.5). */
const MOST_CHARACTERS = 16_384;

export function readCommandText(raw: string, grammar: ShellGrammar): ReadCommand {
  const text = raw.trim();
  const plain = text.replace(STRANGE_BLANKS, '_').replace(STRANGE_MARKS, '_');
  const strange = plain !== text;
  const isLong = text.length > MOST_CHARACTERS;
  const script = isLong ? { unparsable: 'it is too long' } : grammar.parse(plain.replace(DIRECTION, '_'));
  if ('unparsable' in script) return { text, commands: [], forms: [], strange, unreadable: script.unparsable };
  return { text, commands: script.commands, forms: script.forms, strange, unreadable: undefined };
}

/** The same as rules that refuse may see it: foreign blanks as blanks, invisible marks as nothing. */
export function readSuspiciously(
  { text, strange, commands }: ReadCommand,
  grammar: ShellGrammar,
): readonly PlacedCommand[] {
  if (!strange) return commands;
  const script = grammar.parse(text.replace(STRANGE_BLANKS, ' ').replace(STRANGE_MARKS, '').replace(DIRECTION, '_'));
  return 'unparsable' in script ? commands : [...commands, ...script.commands];
}

/** Commands with the variables replaced that the text itself sets to one known value. */
export function withKnownVariables(commands: readonly PlacedCommand[]): readonly PlacedCommand[] {
  const values = new Map<string, ShellWord | undefined>();
  for (const { name, value } of commands.flatMap(({ assignments }) => assignments)) {
    values.set(name, values.has(name) || value?.literal === undefined ? undefined : value);
  }
  if (values.size === 0) return commands;
  const replace = (word: ShellWord) =>
    values.get(/^"?\$(?:(\w+)|\{(\w+)\})"?$/.exec(word.source)?.slice(1).find(Boolean) ?? '') ?? word;
  return commands.map((command) => ({ ...command, words: command.words.map(replace) }));
}

/** Output to a file, as opposed to a copy of a descriptor and to `/dev/null`. */
export function isOutput({ operator, target }: ShellRedirect): boolean {
  if (!/^(?:>|>>|>\||&>|&>>|<>|>&)$/.test(operator)) return false;
  if (operator === '>&' && /^(?:\d+-?|-)$/.test(target?.literal ?? '')) return false;
  return target?.literal !== '/dev/null';
}

export function isInput({ operator }: ShellRedirect): boolean {
  return operator === '<' || operator === '<>';
}
