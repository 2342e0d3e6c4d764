import type { Tampering } from '../../audit/index.ts';
import { type Locator, renderJson } from '../../findings/index.ts';
import type { Place } from '../../syntax/index.ts';
import type { JsonValue } from '../../system/index.ts';
import { escapeMarkdown, escapeTerminal } from '../../text/index.ts';

export const TAMPERING_FORMATS = ['text', 'json', 'markdown'] as const;
export type TamperingFormat = (typeof TAMPERING_FORMATS)[number];

/** What changed since a moment, and who claims to have changed it. */
export interface TamperingReport {
  readonly tampering: Tampering;
  readonly authors: ReadonlyMap<string, readonly string[]>;
  readonly since: string;
  /** Places in files as they are now. */
  readonly head: Locator;
  /** Places of what was taken away, in files as they were. */
  readonly base: Locator;
}

/** Every file that gives other orders or other power since a moment. */
export function formatTampering(report: TamperingReport, format: TamperingFormat): string {
  return FORMATS[format](report);
}

const FORMATS: Readonly<Record<TamperingFormat, (report: TamperingReport) => string>> = { text, json, markdown };

function text({ tampering: { files, runs }, authors, since }: TamperingReport): string {
  if (files.length === 0 && runs.length === 0)
    return `${escapeTerminal(`Nothing that gives orders changed since ${since}.`)}\n`;
  const changed = files.flatMap(({ path, change, class: kind, effects }) => [
    `${change.padEnd(8)}${path} (${kind}), ${whoChanged(authors.get(path))}`,
    ...effects.map(({ direction, message }) => `        ${direction} ${message}`),
  ]);
  const agents = runs.map(({ id, message }) => `agent   ${id}: ${message}`);
  return `${[...changed, ...agents].map((line) => escapeTerminal(line)).join('\n')}\n`;
}

function json({ tampering: { files, runs }, authors, since, head, base }: TamperingReport): string {
  return renderJson({
    format: 'sallyport-changes/1',
    since,
    files: files.map(({ path, change, class: kind, effects }) => ({
      path,
      change,
      class: kind,
      authors: [...(authors.get(path) ?? [])],
      effects: effects.map(({ direction, message, place }) => {
        return { direction, message, place: placeValue(place, direction === 'adds' ? head : base) };
      }),
    })),
    agents: runs.map(({ id, message, place }) => ({ id, message, place: placeValue(place, head) })),
  });
}

function markdown({ tampering: { files, runs }, authors, since }: TamperingReport): string {
  const line = (depth: number, value: string) => `${'  '.repeat(depth)}- ${escapeMarkdown(value)}`;
  const changed = files.flatMap(({ path, change, class: kind, effects }) => [
    line(0, `${change}: ${path} (${kind}), ${whoChanged(authors.get(path))}`),
    ...effects.map(({ direction, message }) => line(1, `${direction} ${message}`)),
  ]);
  const agents = runs.map(({ id, message }) => line(0, `${id}: ${message}`));
  const section = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : [`### ${title}`, '', ...lines, ''];
  return [
    `## What gives orders and changed since ${escapeMarkdown(since)}`,
    '',
    ...(changed.length + agents.length === 0 ? ['Nothing.', ''] : []),
    ...section('Files', changed),
    ...section('Agents', agents),
  ].join('\n');
}

function placeValue(place: Place, locator: Locator): JsonValue {
  return { file: place.file, ...locator.region(place) };
}

function whoChanged(authors: readonly string[] | undefined): string {
  return authors === undefined || authors.length === 0 ? 'not committed' : `by ${authors.join(', ')}`;
}
