/** Shorter texts cost little, whoever wrote them. */
const SHORTEST = 8_000;

/** Characters of a line, taken over the whole file, that no person writes. */
const LONG_LINES = 300;

/** Whether a minifier or bundler wrote a file, by the length of its lines alone: no mark in it says so, or can hide it. */
export function isWrittenByMachine(text: string): boolean {
  if (text.length < SHORTEST) return false;
  const most = text.length / LONG_LINES;
  let lines = 1;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) if (++lines > most) return false;
  return true;
}
