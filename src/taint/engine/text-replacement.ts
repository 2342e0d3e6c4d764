import { type Builtin, callBack } from './builtin.ts';
import { EVERYTHING, maskOf } from './category-mask.ts';
import { clearLabels, DOTS, type Label, neutraliseQuote } from './label.ts';
import { matchedParts } from './match-result.ts';
import { clearedByRemoval, removesAllButPlain, soughtCharacters } from './pattern-strength.ts';
import { replacesAll } from './regex-value.ts';
import { folded, isContainer } from './text-call.ts';
import { taintedValue, UNKNOWN, type Value } from './value.ts';

const PATH = maskOf(['path']);
const ALL_BUT_SESSION = EVERYTHING & ~maskOf(['session']);
const QUOTES = new Set(["'", '"', '`']);

/** Removing a quotation mark makes a text harmless between two of them; removing all but letters, nearly everywhere. */
export const replace: Builtin = (call) => {
  const computed = folded(call);
  if (computed || isContainer(call)) return computed;
  const { receiver, given, machine } = call;
  const [from = UNKNOWN, to = UNKNOWN] = given.positional;
  const result = replaced(receiver, from, call.name.endsWith('All') || machine.language(call.frame) === 'python', to);
  const inserted = to.callables.length > 0 ? callBack(to, replacedParts(from, receiver.taint), call) : to;
  // Something else in the place of something makes no `..`.
  const normalised = receiver.normalised && typeof to.constant === 'string' && /^[^./\\]+$/.test(to.constant);
  const prefix = replacedBeginning(receiver, from, to);
  return {
    ...result,
    taint: [...result.taint, ...machine.taintOf(inserted)],
    normalised,
    prefix,
    name: `${call.name}()`,
  };
};

/** `'#…'.replace('#', '#tab-')`: where it begins is known as before. */
function replacedBeginning({ prefix }: Value, from: Value, to: Value): string | undefined {
  const [sought, written] = [from.constant, to.constant];
  if (typeof sought !== 'string' || typeof written !== 'string' || from.name === 'RegExp' || sought === '')
    return undefined;
  return prefix?.startsWith(sought) ? written + prefix.slice(sought.length) : undefined;
}

/** What a function that makes the replacement is given: the match and its groups. */
function replacedParts(from: Value, taint: readonly Label[]): readonly Value[] {
  return (from.name === 'RegExp' ? matchedParts(from, taint) : undefined) ?? [taintedValue(taint)];
}

/** The receiver without what matched. `all`: a text to be replaced is replaced everywhere. */
export function replaced(receiver: Value, from: Value, all: boolean, to: Value = UNKNOWN): Value {
  const pattern = from.constant;
  if (typeof pattern !== 'string') return { ...UNKNOWN, taint: receiver.taint };
  const expression = from.name === 'RegExp' || from.name === 're.compile()';
  if (from.name === 'RegExp') return replacedByScript(receiver, from, to);
  if (expression && removesAllButPlain(pattern))
    return { ...UNKNOWN, taint: clearLabels(receiver.taint, ALL_BUT_SESSION) };
  if (!expression && all && pattern.length === 1 && '<./'.includes(pattern))
    return withoutCharacter(receiver, pattern, to);
  const quote = pattern.replace(/^[[(\\]*(['"`])[\])]*$/, '$1');
  const taint = QUOTES.has(quote) && (all || expression) ? neutraliseQuote(receiver.taint, quote) : receiver.taint;
  return { ...UNKNOWN, taint };
}

/** `text.replaceAll('<', '&lt;')`. */
function withoutCharacter(receiver: Value, character: string, to: Value): Value {
  const again = typeof to.constant === 'string' && to.constant.includes(character);
  const clears = again ? 0 : character === '<' ? MARKUP : PATH;
  return { ...UNKNOWN, taint: clearLabels(receiver.taint, clears) };
}

const MARKUP = maskOf(['xss']);

/** Without these a shell starts nothing else. */
const SHELL_SIGNS = [...';|&$`'];

const COMMAND = maskOf(['command']);

/** With a backslash before each of these an expression finds only the text itself. */
const REGEX_SIGNS = [...'\\^$*+?.()|[]{}'];

const REGEX = maskOf(['regex']);

/** What finds the prototype is called `__proto__`: without one of its characters a text is another key. */
const PROTOTYPE = maskOf(['prototype']);

const LINES = maskOf(['log', 'header', 'email']);

/** How a quotation mark is written inside single quotes of a shell: close, escaped mark, open. */
const SHELL_QUOTE = "'\\''";

/** `text.replace(/…/g, …)`: what cannot be in the text any more decides. */
function replacedByScript(receiver: Value, from: Value, to: Value): Value {
  const pattern = from.constant;
  const { taint } = receiver;
  if (typeof pattern !== 'string' || !replacesAll(from)) return climbsOut(receiver, from);
  if (removesAllButPlain(pattern)) return { ...UNKNOWN, taint: clearLabels(taint, ALL_BUT_SESSION) };
  const plain = clearedByRemoval(pattern, typeof to.constant === 'string' ? to.constant : '');
  const sought = soughtCharacters(pattern) ?? (/^(?:\\\.){2}(?:\||$)/.test(pattern) ? '' : undefined);
  if (sought === undefined) return climbsOut({ ...receiver, taint: clearLabels(taint, plain) }, from);
  const written = typeof to.constant === 'string' ? to.constant : '&';
  const escapes = written === '' || /^[&%]/.test(written);
  const markup = sought.includes('<') || (escapes && sought.includes('"')) ? MARKUP : 0;
  const climbing = sought.includes('/') || sought.includes('.') || /^(?:\\\.){2}(?:\||$)/.test(pattern);
  const stays = climbing && !/[/.]/.test(written);
  const path = stays && sought.includes('/') ? PATH : 0;
  const command = sought.includes("'") && written === SHELL_QUOTE ? COMMAND : 0;
  const whole = written === '\\$&' || (written === '\\$1' && pattern.startsWith('('));
  const expression = whole && REGEX_SIGNS.every((sign) => sought.includes(sign)) ? REGEX : 0;
  const lines = sought.includes('\n') || sought.includes('\\n') ? LINES : 0;
  const inKey = [...'_prot'].some((character) => sought.includes(character) && !written.includes(character));
  const key = inKey && typeof to.constant === 'string' ? PROTOTYPE : 0;
  let result = clearLabels(taint, plain | markup | path | command | lines | expression | key);
  if (stays) result = neutraliseQuote(result, DOTS);
  for (const sign of [...QUOTES, ...SHELL_SIGNS])
    if (sought.includes(sign) && !written.includes(sign)) result = neutraliseQuote(result, sign);
  const harmless = result.flatMap((label) =>
    SHELL_SIGNS.every((sign) => label.quotes.includes(sign)) ? clearLabels([label], COMMAND) : [label],
  );
  return { ...UNKNOWN, taint: harmless };
}

/** `normalize(path).replace(/^(\.\.[\/\\])+/, '')`: a normalised path climbs out at its beginning only. */
function climbsOut(receiver: Value, from: Value): Value {
  const beginning = receiver.normalised && typeof from.constant === 'string' && from.constant.includes('\\.\\.');
  return { ...UNKNOWN, taint: beginning ? neutraliseQuote(receiver.taint, DOTS) : receiver.taint };
}
