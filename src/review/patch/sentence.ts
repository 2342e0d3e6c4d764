const FEWEST_WORDS = 4;
/** Words that bind others: commands, paths and lists of values have none. */
const BINDING = new Set(
  `a an the any all each every no not never only your you my our their his her its this that these those is are was were
   be do does did has have had can must may should will when where while if unless until for from of to with without in
   on at as by and or but who what which why how please`.split(/\s+/),
);
/** Sentences of other languages than English look like these at first. */
const STATEMENTS = /^\W*(?:select|insert|update|delete|create|drop|alter|grant|revoke|merge|with|call|exec|explain)\b/i;

/** Several plain words of which some bind the others; no query, address, markup or pattern. */
export function isSentence(text: string): boolean {
  if (STATEMENTS.test(text) || /[<>{}|\\^$]|:\/\//.test(text)) return false;
  const words = text
    .replace(/^["'`]|["'`,;]+$/g, '')
    .split(/\s+/)
    .filter((word) => word !== '');
  const plain = words.filter((word) => /^["'(]*\p{L}[\p{L}'’-]*[.,:;!?)"']*$/u.test(word));
  const binding = plain.filter((word) => BINDING.has(word.toLowerCase().replace(/[^\p{L}]/gu, '')));
  return words.length >= FEWEST_WORDS && plain.length * 5 >= words.length * 4 && binding.length > 0;
}
