import type { ControlChange } from '../../controls/index.ts';
import { hidesSomething } from '../../findings/index.ts';
import { escapeMarkdown, revealHidden } from '../../text/index.ts';
import { type Comparison, sectionsOf, summarise } from './comparison.ts';
import type { Excerpt } from './excerpt.ts';
import { explainClass } from './text.ts';

const GAPS_SHOWN = 20;

/** For a pull request or a step summary. */
export function formatDiffMarkdown(comparison: Comparison): string {
  const { diff } = comparison;
  const parts = ['## What this change does to security controls', '', `${summarise(diff)}.`, ''];
  for (const { title, changes } of sectionsOf(diff)) {
    parts.push(`### ${title}`, '', '| severity | where | what |', '|---|---|---|');
    for (const change of changes) parts.push(formatRow(change, comparison));
    parts.push('', ...changes.flatMap((change) => formatDetail(change, comparison)));
  }
  const gaps = diff.gaps.filter(hidesSomething);
  if (gaps.length > 0)
    parts.push(
      '### Could not be compared',
      '',
      ...gaps.slice(0, GAPS_SHOWN).map(({ place, message }) => `- ${escapeMarkdown(`${place.file}: ${message}`)}`),
      '',
    );
  return `${parts.join('\n').trimEnd()}\n`;
}

function formatRow(change: ControlChange, { lines }: Comparison): string {
  const { file, line } = lines(change);
  const cell = (text: string): string => escapeMarkdown(text);
  return `| ${change.severity} | ${cell(`${file}:${line}`)} | ${cell(change.message)} (\`${change.control}\`) |`;
}

function formatDetail(change: ControlChange, { lines, explain }: Comparison): readonly string[] {
  const { old, new: now } = lines(change);
  const body = [...signed(old, '-'), ...signed(now, '+')];
  const explanation = explain ? explainClass(change.control).map((text) => escapeMarkdown(text)) : [];
  if (body.length === 0 && explanation.length === 0) return [];
  const title = escapeMarkdown(change.message);
  const fence = '`'.repeat(Math.max(3, longestRun(body) + 1));
  const block = body.length === 0 ? [] : [`${fence}diff`, ...body, fence];
  return [
    '<details><summary>',
    '',
    title,
    '',
    '</summary>',
    '',
    ...explanation.flatMap((text) => [text, '']),
    ...block,
    '',
    '</details>',
    '',
  ];
}

function signed(excerpt: Excerpt | undefined, sign: string): readonly string[] {
  return (excerpt?.lines ?? []).map((line) => `${sign} ${revealHidden(line).replace(/[\r\n]/g, ' ')}`);
}

function longestRun(lines: readonly string[]): number {
  return lines.reduce(
    (most, line) => [...line.matchAll(/`+/g)].reduce((longest, [run]) => Math.max(longest, run.length), most),
    2,
  );
}
