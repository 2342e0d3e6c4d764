/** Characters of texts that are remembered by one function; then it forgets them all and begins again. */
const MOST_KEPT = 1024 * 1024;

/**
 * A pure function of a text that remembers its answers: the same expression or permission rule stands in many jobs and
 * is looked at by many rules. What it returns must never be changed.
 *
 * @example const parse = rememberTexts(parseSlowly)
 */
export function rememberTexts<Result>(read: (text: string) => Result): (text: string) => Result {
  const known = new Map<string, { readonly result: Result }>();
  let kept = 0;
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before.result;
    const result = read(text);
    if (kept + text.length > MOST_KEPT) {
      known.clear();
      kept = 0;
    }
    if (text.length <= MOST_KEPT) known.set(text, { result });
    kept += text.length;
    return result;
  };
}
