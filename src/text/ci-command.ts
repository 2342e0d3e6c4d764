/** The first character of a command that is looked for anywhere in a line. */
export const CI_MARK = /#(?=#(?:\[|vso\[|teamcity\[))/gi;

/**
 * What CI systems read as a command in a step's output, and the same text without that power:
 * `::name::` after blanks at the start of a line (GitHub), `##[name]` (GitHub, Azure) and `##vso[` (Azure) anywhere in
 * a line, `##teamcity[` (TeamCity), `section_start:`/`section_end:` (GitLab, only together with an escape sequence).
 */
const COMMANDS: readonly (readonly [RegExp, string])[] = [
  // `^` stands behind any line terminator: a run of them must not be passed over from each of its members.
  [/^([^\S\n\r\u2028\u2029]*):(?=:)/gm, '$1: '],
  [CI_MARK, '# '],
  [/section_(?=(?:start|end):)/gi, 'section '],
];

const MARKS = ['##teamcity[', '##vso[', '##['];

/** Text from outside with CI command syntax made inert: a blank is put into its mark. Line breaks are `\n` only. */
export function escapeCiCommand(text: string): string {
  return COMMANDS.reduce((result, [pattern, inert]) => result.replace(pattern, inert), text);
}

/**
 * How many characters at the end of `line`, the text since the last line break, may begin a command that the next piece
 * completes. `fresh` says that nothing but blanks stands before them in the line.
 */
export function countUndecided(line: string, fresh: boolean): number {
  if (fresh && /^\s*:$/.test(line)) return 1;
  const tail = line.slice(-'##teamcity['.length).toLowerCase();
  const undecided = MARKS.map((mark) => {
    for (let length = Math.min(mark.length - 1, tail.length); length > 0; length--) {
      if (tail.endsWith(mark.slice(0, length))) return length;
    }
    return 0;
  });
  return Math.max(...undecided);
}
