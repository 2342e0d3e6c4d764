import { CONTROL_CLASSES, type ControlChange, type Direction } from '../../controls/index.ts';
import { createLocator, hidesSomething } from '../../findings/index.ts';
import { escapeTerminal } from '../../text/index.ts';
import { type Comparison, sectionsOf, summarise } from './comparison.ts';
import type { Excerpt } from './excerpt.ts';

const COLOURS: Readonly<Record<Direction, number>> = {
  weakened: 31,
  changed: 33,
  'added-capability': 35,
  moved: 36,
  strengthened: 32,
};
const GAPS_SHOWN = 20;

/** For a terminal. */
export function formatDiffText(comparison: Comparison, colour: boolean): string {
  const paint = (code: number, text: string): string => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);
  const lines: string[] = [];
  for (const { direction, title, changes } of sectionsOf(comparison.diff)) {
    lines.push(paint(1, paint(COLOURS[direction], title)), '');
    for (const change of changes) lines.push(...formatChange(change, comparison, paint), '');
  }
  lines.push(...formatGaps(comparison), summarise(comparison.diff));
  return `${lines.join('\n')}\n`;
}

type Paint = (code: number, text: string) => string;

function formatChange(change: ControlChange, { lines: read, explain }: Comparison, paint: Paint): readonly string[] {
  const { severity, control, message, direction, meta } = change;
  const { file, line, old, new: now } = read(change);
  const where = escapeTerminal(`${file}:${line}`);
  const explanation = explain ? explainClass(control) : [];
  return [
    `  ${paint(COLOURS[direction], severity.padEnd(8))} ${paint(1, where)}  ${paint(2, `${control}${meta ? ', meta' : ''}`)}`,
    `    ${escapeTerminal(message)}`,
    ...formatLines(old, '-', 31, paint),
    ...formatLines(now, '+', 32, paint),
    ...explanation.map((text) => `    ${escapeTerminal(text)}`),
  ];
}

function formatLines(excerpt: Excerpt | undefined, sign: string, colour: number, paint: Paint): readonly string[] {
  if (excerpt === undefined) return [];
  const shown = excerpt.lines.map((line, at) =>
    paint(colour, `    ${sign} ${String(excerpt.first + at).padStart(4)} │ ${escapeTerminal(line)}`),
  );
  return excerpt.cut ? [...shown, `    ${sign}      │ …`] : shown;
}

/** Why the class matters and what to do. */
export function explainClass(control: string): readonly string[] {
  const row = CONTROL_CLASSES.find(({ id }) => id === control);
  return row === undefined ? [] : [`Why: ${row.why}`, `Do: ${row.advice}`];
}

function formatGaps({ diff, head, base }: Comparison): readonly string[] {
  const gaps = diff.gaps.filter(hidesSomething);
  if (gaps.length === 0) return [];
  const locator = createLocator({
    source: (path) => {
      const file = head.read(path) ?? base.read(path);
      return file && 'text' in file ? file : undefined;
    },
  });
  const shown = gaps.slice(0, GAPS_SHOWN).map(({ place, message }) => {
    const region = locator.region(place);
    return `  ${escapeTerminal(`${place.file}${region ? `:${region.startLine}` : ''}: ${message}`)}`;
  });
  return [
    'Could not be compared',
    '',
    ...shown,
    ...(gaps.length > GAPS_SHOWN ? [`  and ${gaps.length - GAPS_SHOWN} more`] : []),
    '',
  ];
}
