import type { RecipeCommand } from './recipe.ts';

/** What fetches from the network. */
export const DOWNLOADERS: ReadonlySet<string> = new Set(['curl', 'wget', 'wget2', 'fetch', 'aria2c', 'http', 'https']);

export const SHELLS: ReadonlySet<string> = new Set(['sh', 'bash', 'dash', 'zsh', 'ksh', 'ash']);

/** Programs that run what they are given as code, and the options by which the code is an argument. */
const OTHER_INTERPRETERS: readonly { readonly name: RegExp; readonly asArgument: RegExp }[] = [
  { name: /^python[\d.]*$/, asArgument: /^-[a-zA-Z]*[cm]/ },
  { name: /^(?:perl|ruby)$/, asArgument: /^-[a-zA-Z]*[enp]/ },
  { name: /^(?:node|nodejs|bun|deno)$/, asArgument: /^(?:-[a-z]*[ep]|--eval|--print)/ },
  { name: /^php$/, asArgument: /^-r/ },
];

export function isInterpreter(program: string): boolean {
  return SHELLS.has(program) || OTHER_INTERPRETERS.some(({ name }) => name.test(program));
}

/** Whether it runs what comes on its standard input: without a script of its own, by name or as an argument. */
export function runsInput({ program, arguments: words }: RecipeCommand): boolean {
  if (!isInterpreter(program)) return false;
  const other = OTHER_INTERPRETERS.find(({ name }) => name.test(program));
  const asArgument = other?.asArgument ?? /^-[a-zA-Z]*c$/;
  for (const { text } of words) {
    if (text === '-' || text === '/dev/stdin' || text === '--' || (!other && /^-[a-zA-Z]*s[a-zA-Z]*$/.test(text)))
      return true;
    if (asArgument.test(text)) return false;
    if (!text.startsWith('-')) return false;
  }
  return true;
}

/** The words that it runs as code: all of `eval`, the text behind `-c`, the file of `source`. */
export function codeWords({ program, arguments: words }: RecipeCommand): RecipeCommand['arguments'] {
  if (program === 'eval') return words;
  if (program === 'source' || program === '.') return words.slice(0, 1);
  if (!isInterpreter(program)) return [];
  const flag = words.findIndex(
    ({ text }) => /^-[a-zA-Z]*[ce]$/.test(text) && (!SHELLS.has(program) || text.endsWith('c')),
  );
  if (flag >= 0) return words.slice(flag + 1, flag + 2);
  const script = words.find(({ text }) => !text.startsWith('-'));
  return script?.expansions.some(({ kind }) => kind === 'process') ? [script] : [];
}
