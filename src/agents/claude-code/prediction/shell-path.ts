import type { ShellWord } from '../../../syntax/index.ts';
import type { PredictionPlace } from './decision.ts';
import { absolutePath } from './place.ts';

/** What a word of a command names, as far as a path can be read off it. */
export interface NamedPath {
  readonly word: ShellWord;
  /** Absolute; for a glob the folder that it starts in; undefined when only the shell knows. */
  readonly path: string | undefined;
  readonly isGlob: boolean;
}

const HOME_WORD = /^(?:\$HOME|"\$HOME"|"\$HOME\/([^"$`\\*?[{]*)"|\$HOME\/([^"'$`\\*?[{]*))$/;
const TILDE_WORD = /^~(?:\/[^"'$`\\{*?[]*)?$/;
/** Bare characters with a wildcard among them. */
const GLOB_WORD = /^([^"'$`\\{*?[]*)[*?[][^"'$`\\{]*$/;

export function readPath(word: ShellWord, place: PredictionPlace): NamedPath {
  const { source, literal } = word;
  const glob = literal === undefined ? GLOB_WORD.exec(source) : null;
  const folder = glob?.[1]?.slice(0, glob[1].lastIndexOf('/') + 1);
  if (folder !== undefined) return { word, path: absolutePath(folder === '' ? '.' : folder, place), isGlob: true };
  const text = plainPath(word, place);
  return { word, path: text === undefined ? undefined : absolutePath(text, place), isGlob: false };
}

function plainPath({ source, literal }: ShellWord, { home }: PredictionPlace): string | undefined {
  // A tilde that survived the quotes is a character like any other.
  if (literal !== undefined) return literal.startsWith('~') ? `./${literal}` : literal;
  if (TILDE_WORD.test(source)) return source;
  const behindHome = HOME_WORD.exec(source);
  return behindHome ? `${home}/${behindHome[1] ?? behindHome[2] ?? ''}` : undefined;
}
