import type { PlacedCommand, ShellForm, ShellWord } from '../../../syntax/index.ts';
import type { Behaviour } from './behaviour.ts';
import type { ReadCommand } from './read-command.ts';

/** `for x in *.ts`, `for x; do`, `select`: all but a list of plain words. */
const OPEN_LOOP = /^(?:select\b|for\s+\w+\s*(?:;|\n|do\b|in\s[^;\n]*[*?[{~$`]))/;
/** `$[…]`, and a name in `$((…))`: its value is evaluated again. */
const EVALUATED_NUMBER = /\$\[|\$\(\([^)]*[A-Za-z_]/;
const KNOWN_VARIABLES = /^\$HOME$/;
/** A word that another shell replaces by the path of a program; in quotes too, behind a blank. */
const PROGRAM_PATH = /^=[^=]/;
const PROGRAM_PATH_INSIDE = /\s=[A-Za-z_"']/;
/** What the CLI's own reader of the shell makes something else of. */
const MISREAD = /(?:\|\||&&|\||!)\s*#/;
/** With a pipe inside, the CLI cuts it in two. */
const BLOCK = /(?:^|[\s;({])(?:if|while|until|for|select)\s/;

/** A form of the shell that the CLI does not look through when it approves (reference: agents §2.4.3). */
export function unclearForm({ forms, commands, strange, text }: ReadCommand, behaviour: Behaviour): string | undefined {
  if (strange) return 'blanks that are not ASCII';
  if (EVALUATED_NUMBER.test(text)) return 'arithmetic with names';
  if (BLOCK.test(text) && /(?<!\|)\|(?!\|)/.test(text)) return 'a pipe in a block';
  if (MISREAD.test(text) || (text.includes(';;') && !/\bcase\b/.test(text)))
    return 'a form that is read in more ways than one';
  if (commands.some(({ background }) => background)) return 'a command in the background';
  if (/(?:^|[^\\])\$"/.test(text)) return 'translated text';
  if (commands.some(({ source, words }) => words.length === 0 && OPEN_LOOP.test(source)))
    return 'a loop over what is not known';
  if (commands.some(redirectsNoCommand)) return 'output of a whole block, or of nothing';
  const isOpen = (form: ShellForm) => !passes(form, commands, behaviour.followsVariables);
  const form = forms.find(isOpen);
  if (form) return `${form.kind} in the command`;
  const words = commands.flatMap((command) => [
    ...command.words,
    ...command.redirects.flatMap(({ target }) => target ?? []),
  ]);
  if (PROGRAM_PATH_INSIDE.test(text) || words.some(({ source }) => PROGRAM_PATH.test(source)))
    return 'a word that begins with `=`';
  return words.some(hasBraces) ? 'braces in the command' : undefined;
}

/** `while …; done > FILE` and `; > FILE`: the redirection is a command of its own, without words. */
function redirectsNoCommand({ words, assignments, redirects, source }: PlacedCommand): boolean {
  const isAlone = words.length + assignments.length === 0 && redirects.length > 0;
  return isAlone && /^\s*(?:(?:while|until|if|for|select|case)\b|\d*[&<>])/.test(source);
}

function passes(form: ShellForm, commands: readonly PlacedCommand[], followsVariables: boolean): boolean {
  if (form.kind === 'value') return true;
  if (form.kind !== 'variable') return false;
  if (KNOWN_VARIABLES.test(form.text)) return true;
  const name = form.text.slice(1);
  const values = commands.flatMap(({ assignments }) => assignments.filter((one) => one.name === name));
  return followsVariables && values.length > 0 && values.every(({ value }) => value?.literal !== undefined);
}

/** `{a,b}` and `{1..3}` outside of quotes. */
function hasBraces({ source }: ShellWord): boolean {
  const bare = source.replace(/'[^']*'|"[^"]*"|\\./g, '');
  const open = bare.indexOf('{');
  return open >= 0 && /,|\.\./.test(bare.slice(open)) && bare.includes('}', open);
}
