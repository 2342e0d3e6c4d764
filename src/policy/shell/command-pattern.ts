import type { ShellWord } from '../../syntax/index.ts';
import { couldMatch } from '../wildcard.ts';
import { baseName } from './interpreter.ts';

/** `npm test *`: what a `Bash(…)` rule says, ready to be compared. */
export interface CommandPattern {
  readonly source: string;
  readonly tokens: readonly string[];
  /** The texts that deny and ask rules compare with, program as a base name. */
  readonly texts: readonly string[];
}

/**
 * Compile a command pattern. `*` is the only wildcard; at the end after a blank it stands for any arguments, none
 * included (`npm test *` is `npm test` too); `:*` at the end is the same. Blanks separate words, however many.
 */
export function compileCommandPattern(source: string): CommandPattern {
  const plain = source.trim().replace(/:\*$/, ' *');
  const tokens = plain.split(/\s+/);
  const [program = '', ...rest] = tokens;
  const folded = [program.includes('*') ? program.toLowerCase() : baseName(program), ...rest];
  const text = folded.join(' ');
  const bare = folded.at(-1) === '*' && folded.length > 1 ? [folded.slice(0, -1).join(' ')] : [];
  return { source: plain, tokens, texts: [text, ...bare] };
}

/**
 * Whether an allow rule covers these words. Word by word, so that an argument with a blank is not taken for two; the
 * program must be spelled as in the rule. `*` as a word of its own covers any words; a word that is not known now is
 * covered by nothing else.
 */
export function coversWords(pattern: CommandPattern, words: readonly ShellWord[]): boolean {
  const { tokens } = pattern;
  let reached = new Set([0]);
  for (const word of words) {
    const next = new Set<number>();
    for (const at of reached) {
      const token = tokens[at];
      if (token === undefined) continue;
      if (token === '*' && at > 0) next.add(at).add(at + 1);
      else if (word.literal !== undefined && couldMatch(token, [word.literal])) next.add(at + 1);
    }
    reached = next;
    if (reached.size === 0) return false;
  }
  const end = tokens.at(-1) === '*' ? tokens.length - 1 : tokens.length;
  return reached.has(tokens.length) || (tokens.length > 1 && reached.has(end));
}

/**
 * Whether a deny or ask rule could be about these words: program by base name and without case, unknown words as
 * anything, options before the subcommand skipped (`git -C x push` is `git push`).
 * @throws RangeError when the words are too long to compare.
 */
export function couldBeAbout(pattern: CommandPattern, words: readonly ShellWord[]): boolean {
  return spellings(words).some((pieces) => pattern.texts.some((text) => couldMatch(text, pieces)));
}

function spellings(words: readonly ShellWord[]): readonly (readonly (string | undefined)[])[] {
  const [program, ...rest] = words;
  if (program === undefined) return [];
  const name = programPieces(program);
  // `$EMPTY git push` is `git push`.
  const all = [join(name, rest), ...(isUnknown(program) ? spellings(rest) : [])];
  for (let index = 0; index < rest.length; index++) {
    const skipped = rest[index]?.literal;
    const before = rest[index - 1]?.literal;
    if (skipped === undefined) break;
    if (!skipped.startsWith('-') && !(before?.startsWith('-') === true)) break;
    all.push(join(name, rest.slice(index + 1)));
  }
  return all;
}

function isUnknown({ pieces }: ShellWord): boolean {
  return pieces.every((piece) => piece === undefined);
}

/** The part after the last known `/`; everything when the name itself is unknown. */
function programPieces(program: ShellWord): readonly (string | undefined)[] {
  const last = program.pieces.at(-1);
  if (last?.includes('/')) return [baseName(last)];
  return program.pieces.map((piece) => (piece === undefined ? undefined : baseName(piece)));
}

/** An unknown word may stand for no word at all, so the blank before it is part of what is unknown. */
function join(name: readonly (string | undefined)[], rest: readonly ShellWord[]): readonly (string | undefined)[] {
  return [...name, ...rest.flatMap(({ pieces }) => (pieces[0] === undefined ? pieces : [' ', ...pieces]))];
}
