import { differenceOf } from '../../../src/text/index.ts';

/** Lines of the file that players do not see, and so no fix has; before the line of this index that they do see. */
export interface HiddenLines {
  readonly at: number;
  readonly lines: readonly string[];
}

/** The lines of a snippet that players see, marks included, and the others. */
export function hide(lines: readonly string[]): {
  readonly shown: readonly string[];
  readonly hidden: readonly HiddenLines[];
} {
  const shown: string[] = [];
  const hidden: HiddenLines[] = [];
  let inside = false;
  for (const line of lines) {
    if (line.includes('vuln-code-snippet hide-start')) inside = true;
    if (inside || line.includes('vuln-code-snippet hide-line'))
      hidden.push({ at: shown.length, lines: [withoutMarks(line)] });
    else shown.push(line);
    if (line.includes('vuln-code-snippet hide-end')) inside = false;
  }
  return { shown, hidden };
}

/**
 * Another text in the place of the lines that are shown, with the hidden ones at their place: who fixes the file keeps
 * them. `places` says where each line of the text went.
 */
export function withHidden(
  snippet: { readonly lines: readonly string[]; readonly hidden: readonly HiddenLines[] },
  text: readonly string[],
): { readonly lines: readonly string[]; readonly places: readonly number[] } {
  const changes = differenceOf(snippet.lines.map(trim), text.map(trim));
  const moved = (at: number): number => {
    const change = changes.findLast(({ from }) => from < at);
    if (!change) return at;
    const { from, removed, to, added } = change;
    return at < from + removed ? to + Math.min(at - from, added) : at - from - removed + to + added;
  };
  const rest = snippet.hidden.map(({ at, lines }) => ({ at: moved(at), lines }));
  const lines: string[] = [];
  const places: number[] = [];
  for (let index = 0; index <= text.length; index += 1) {
    for (const block of rest) if (block.at === index) lines.push(...block.lines);
    const line = text[index];
    if (line === undefined) continue;
    places.push(lines.length);
    lines.push(line);
  }
  return { lines, places };
}

const trim = (line: string): string => line.trim();

/** A text without the shop's own marks. */
export function withoutMarks(text: string): string {
  return text.replace(/\s?[/#]{0,2} vuln-code-snippet .*/g, '');
}
