/** Programs for rows whose form is more than one call: entry points, returns, attributes, parameters. */
export interface WrittenCase {
  readonly row: string;
  /** Path of both files; the ending says the language. */
  readonly path: string;
  readonly attack: string;
  readonly benign: string;
  /** What is reported, where the row does not say it and it is no code that is run. */
  readonly rule?: string;
}

/** A case whose twins differ in one word. */
export function swapped(row: string, path: string, attack: string, from: string, to: string): WrittenCase {
  if (!attack.includes(from)) throw new Error(`${row}: the attack does not hold ${from}`);
  return { row, path, attack, benign: attack.replace(from, to) };
}

export const py = (row: string, attack: string, from: string, to: string, path = 'app.py') =>
  swapped(row, path, attack, from, to);
export const js = (row: string, attack: string, from: string, to: string, path = 'server.js') =>
  swapped(row, path, attack, from, to);
