/**
 * Characters on which a shell expands, joins, groups or redirects, with the look-alike that is a letter to it. Quotes,
 * backslashes and line breaks are not here: JSON must stay JSON, and a log must stay readable.
 */
const LOOK_ALIKES: ReadonlyMap<string, string> = new Map([
  ['$', '＄'],
  ['`', '｀'],
  [';', '；'],
  ['|', '｜'],
  ['&', '＆'],
  ['<', '＜'],
  ['>', '＞'],
  ['(', '（'],
  [')', '）'],
]);

/**
 * Text that a later step may paste into a command: nothing in it expands, and nothing joins a further command to the
 * line. A person reads the same (PromptPwnd: a label that an agent chose was executed).
 */
export function disarmShell(text: string): string {
  return text.replace(/[$`;|&<>()]/g, (character) => LOOK_ALIKES.get(character) ?? character);
}
