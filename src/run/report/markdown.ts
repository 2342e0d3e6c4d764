import { escapeMarkdown } from '../../text/index.ts';
import type { RunReport } from './run-report.ts';
import { type Section, sectionsOf } from './sections.ts';

/** The report for a job summary or a pull request. */
export function renderMarkdown(report: RunReport): string {
  return `${[`# Sallyport run ${escapeMarkdown(report.run)}`, ...sectionsOf(report).map(renderSection)].join('\n\n')}\n`;
}

function renderSection(section: Section): string {
  const parts = [`## ${section.title}`];
  if (section.sentences.length > 0) parts.push(section.sentences.map((sentence) => `- ${cell(sentence)}`).join('\n'));
  if (section.table && section.table.rows.length > 0) {
    const { columns, rows } = section.table;
    parts.push(
      [
        `| ${columns.join(' | ')} |`,
        `|${' --- |'.repeat(columns.length)}`,
        ...rows.map((row) => `| ${row.map(cell).join(' | ')} |`),
      ].join('\n'),
    );
  }
  return parts.join('\n\n');
}

/** One line: a line break from outside would end the table row and start text of the attacker's choice. */
function cell(text: string): string {
  return escapeMarkdown(text).replace(/\s*[\r\n]+\s*/g, ' ⏎ ');
}
