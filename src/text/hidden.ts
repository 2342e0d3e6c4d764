/**
 * Characters that are there and cannot be seen, or that change the order in which others are seen (CVE-2021-42574,
 * "Trojan Source"): formats and bidirectional controls, separators that break lines for some readers only, fillers,
 * variation selectors, private use, tags, code points that are reserved to be shown as nothing, and controls other than
 * line feed and tab.
 */
export const HIDDEN =
  /[\p{Cf}\p{Default_Ignorable_Code_Point}\p{Co}\p{Cs}\p{Zl}\p{Zp}\u115f\u1160\u2800\u3164\uffa0]|[\u17b4\u17b5]|[\u180b-\u180f]|\u034f|\p{Variation_Selector}|(?![\n\t])\p{Cc}/gu;

/** Every hidden character shown by its code. Line feed and tab stay. */
export function revealHidden(text: string): string {
  return text.replace(HIDDEN, nameCharacter);
}

/**
 * `<U+202E>`. ASCII, because whoever reads a log as single bytes sees C1 controls in the UTF-8 of nicer brackets: the
 * pictures of the controls (U+241B) and mathematical brackets contain the bytes 0x9b and 0x9f.
 */
export function nameCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`;
}
