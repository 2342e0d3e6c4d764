import type { ShellWord } from '../../syntax/index.ts';
import { normalisePath } from '../glob.ts';
import { couldMatch, type Pieces } from '../wildcard.ts';
import { baseName } from './interpreter.ts';

/** `npm test *`: what a `Bash(…)` rule says, ready to be compared. */
export interface CommandPattern {
  readonly source: string;
  readonly tokens: readonly string[];
  /** The texts that deny and ask rules compare with, program as a base name or, with `isPath`, as a path. */
  readonly texts: readonly string[];
  /** The program is a path with a wildcard: no base name says what it is about. */
  readonly isPath: boolean;
}

/**
 * Compile a command pattern. `*` is the only wildcard; at the end after a blank it stands for any arguments, none
 * included (`npm test *` is `npm test` too); `:*` at the end is the same. Blanks separate words, however many.
 */
export function compileCommandPattern(source: string): CommandPattern {
  const plain = source.trim().replace(/:\*$/, ' *');
  const tokens = (plain.match(WORDS) ?? []).map(unquote);
  const [program = '', ...rest] = tokens;
  const isPath = program.includes('*') && program.includes('/');
  const name = program.includes('*') ? program.toLowerCase() : baseName(program);
  const programs = isPath ? pathSpellings(name) : [name];
  const texts = programs.flatMap((one) => {
    const words = [one, ...rest];
    const bare = words.at(-1) === '*' && words.length > 1 ? [words.slice(0, -1).join(' ')] : [];
    return [words.join(' '), ...bare];
  });
  return { source: plain, tokens, texts, isPath };
}

/** Words between blanks that are not quoted; a quote without an end is a character. */
const WORDS = /(?:[^\s"']|"[^"]*"|'[^']*'|["'])+/g;

function unquote(word: string): string {
  return word.replace(/"([^"]*)"|'([^']*)'/g, (_quoted, double: string | undefined, single: string | undefined) => {
    return double ?? single ?? '';
  });
}

/** A path from here, and the same below any other directory: `./scripts/*.sh` is about `/opt/app/scripts/a.sh` too. */
function pathSpellings(path: string): readonly string[] {
  const plain = normalisePath(path);
  return plain.startsWith('/') ? [plain] : [plain, `*/${plain}`];
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
      else if (word.literal !== undefined && coversWord(token, word.literal)) next.add(at + 1);
    }
    reached = next;
    if (reached.size === 0) return false;
  }
  const end = tokens.at(-1) === '*' ? tokens.length - 1 : tokens.length;
  return reached.has(tokens.length) || (tokens.length > 1 && reached.has(end));
}

/** A `*` inside of a word goes down a path, never up: `scripts/*` is not `scripts/../evil`. */
function coversWord(token: string, literal: string): boolean {
  if (!couldMatch(token, [literal])) return false;
  return !token.includes('*') || CLIMBS.test(token) || !CLIMBS.test(literal);
}

const CLIMBS = /(?:^|[/=:])\.\.(?:\/|$)/;

/**
 * Whether a deny or ask rule could be about these words: program by base name and without case, unknown words as
 * anything, options before the subcommand skipped (`git -C x push` is `git push`).
 * @throws RangeError when the words are too long to compare.
 */
export function couldBeAbout(pattern: CommandPattern, words: readonly ShellWord[]): boolean {
  return spellings(words, pattern.isPath ? pathPieces : programPieces).some((pieces) =>
    pattern.texts.some((text) => couldMatch(text, pieces)),
  );
}

type ProgramReading = (program: ShellWord) => Pieces;

function spellings(words: readonly ShellWord[], read: ProgramReading): readonly Pieces[] {
  const [program, ...rest] = words;
  if (program === undefined) return [];
  const name = read(program);
  // `$EMPTY git push` is `git push`, and a wrapper may take `CI=1 git push` for it.
  const begins = isUnknown(program) || /^[A-Za-z_]\w*=/.test(program.literal ?? '') ? spellings(rest, read) : [];
  const all = [join(name, rest), join(asWritten(program), rest), ...begins];
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

/** The program as it stands, detours and blanks included: `"git push"`, `./scripts/../other.sh`. */
function asWritten({ pieces }: ShellWord): Pieces {
  return pieces.map((piece, index) => (index === 0 ? piece?.replace(/^\.\//, '').toLowerCase() : piece?.toLowerCase()));
}

/** The whole path, without detours as far as it is known. */
function pathPieces({ literal, pieces }: ShellWord): Pieces {
  if (literal !== undefined) return [normalisePath(literal).toLowerCase()];
  return pieces.map((piece) => piece?.toLowerCase());
}

/** The part after the last known `/`; everything when the name itself is unknown. */
function programPieces(program: ShellWord): Pieces {
  const last = program.pieces.at(-1);
  if (last?.includes('/')) return [baseName(last)];
  return program.pieces.map((piece) => (piece === undefined ? undefined : baseName(piece)));
}

/** An unknown word may stand for no word at all, so the blank before it is part of what is unknown. */
function join(name: Pieces, rest: readonly ShellWord[]): Pieces {
  return [...name, ...rest.flatMap(({ pieces }) => (pieces[0] === undefined ? pieces : [' ', ...pieces]))];
}
