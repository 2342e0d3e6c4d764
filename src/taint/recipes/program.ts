import type { ScriptWord } from '../../syntax/index.ts';
import type { RecipeWord } from './recipe.ts';

/** A program that starts another one: which of its options take a value, and how many operands come before the program. */
interface Wrapper {
  readonly name: string;
  readonly valued: string;
  readonly operands: number;
}

const WRAPPERS: ReadonlyMap<string, Wrapper> = new Map(
  [
    { name: 'sudo', valued: 'ughpCrtTD', operands: 0 },
    { name: 'doas', valued: 'uC', operands: 0 },
    { name: 'env', valued: 'uC', operands: 0 },
    { name: 'exec', valued: 'a', operands: 0 },
    { name: 'command', valued: '', operands: 0 },
    { name: 'builtin', valued: '', operands: 0 },
    { name: 'nohup', valued: '', operands: 0 },
    { name: 'time', valued: '', operands: 0 },
    { name: 'nice', valued: 'n', operands: 0 },
    { name: 'ionice', valued: 'cnp', operands: 0 },
    { name: 'setsid', valued: '', operands: 0 },
    { name: 'stdbuf', valued: 'ioe', operands: 0 },
    { name: 'timeout', valued: 'sk', operands: 1 },
    { name: 'chroot', valued: '', operands: 1 },
    { name: 'gosu', valued: '', operands: 1 },
    { name: 'su-exec', valued: '', operands: 1 },
    { name: 'retry', valued: '', operands: 0 },
    { name: 'xargs', valued: 'InPLdsaE', operands: 0 },
  ].map((wrapper) => [wrapper.name, wrapper]),
);

/** Wrappers around wrappers that are looked through. */
const MOST_WRAPPERS = 5;

/** The program that a command really starts, and its arguments. */
export function unwrap(words: readonly ScriptWord[]): {
  readonly program: string;
  readonly arguments: readonly RecipeWord[];
} {
  let rest = words;
  for (let seen = 0; seen < MOST_WRAPPERS; seen++) {
    const wrapper = WRAPPERS.get(nameOf(rest[0]));
    const inner = wrapper && behind(wrapper, rest.slice(1));
    if (inner === undefined || inner.length === 0) break;
    rest = inner;
  }
  return { program: nameOf(rest[0]), arguments: rest.slice(1).map(readWord) };
}

/** `/usr/bin/curl` is curl; a program in the script's own folder keeps its path. */
function nameOf(word: ScriptWord | undefined): string {
  const name = word?.literal ?? '';
  return /^\/(?:usr\/(?:local\/)?)?s?bin\/[^/]+$/.test(name) ? name.slice(name.lastIndexOf('/') + 1) : name;
}

function behind({ valued, operands }: Wrapper, words: readonly ScriptWord[]): readonly ScriptWord[] {
  let index = 0;
  let open = operands;
  for (; index < words.length; index++) {
    const text = words[index]?.literal ?? '';
    if (text === '--') return words.slice(index + 1);
    if (/^-[A-Za-z]$/.test(text) && valued.includes(text.charAt(1))) index++;
    else if (!text.startsWith('-') && !/^[A-Za-z_]\w*=/.test(text) && open-- <= 0) break;
  }
  return words.slice(index);
}

function readWord({ literal, pieces, expansions, source }: ScriptWord): RecipeWord {
  return { text: literal ?? source.replace(/["']/g, ''), literal, pieces, expansions, source };
}
