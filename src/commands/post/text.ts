import { jsonObject, renderJson } from '../../findings/index.ts';
import type { PostingBundle, PostingOutcome, previewBundle } from '../../forges/index.ts';
import type { JsonValue } from '../../system/index.ts';
import { escapeCiCommand, escapeTerminal } from '../../text/index.ts';
import type { PostingTarget } from './target.ts';

/** What was posted, for a person. */
export function formatOutcome(outcome: PostingOutcome, bundle: PostingBundle, target: PostingTarget): string {
  const { repository, number } = target;
  const where = number === undefined ? repository : `${repository} number ${number}`;
  const lines = [
    `Posted to ${where} at ${bundle.change.headCommit.slice(0, 12)}: ${bundle.producer.command} ${bundle.verdict}`,
    ...outcome.reports.map(({ part, report }) => {
      const { created, updated, resolved, unchanged } = report;
      return `  ${part}: ${created} new, ${updated} updated, ${resolved} settled, ${unchanged} unchanged`;
    }),
    ...outcome.reports.flatMap(({ report }) => report.refused.map((reason) => `  note: ${reason}`)),
    ...outcome.failed.map(({ part, error }) => `  ${part} was not posted: ${error.message}`),
  ];
  return escapeCiCommand(`${lines.map((line) => escapeTerminal(line)).join('\n')}\n`);
}

/** The same for a program. */
export function renderOutcome(
  outcome: PostingOutcome,
  bundle: PostingBundle,
  target: PostingTarget,
  exitCode: number,
): string {
  return renderJson(
    jsonObject({
      format: 'sallyport-post/1',
      repository: target.repository,
      number: target.number,
      headCommit: bundle.change.headCommit,
      verdict: bundle.verdict,
      exitCode,
      posted: outcome.reports.map(({ part, report }) => ({ part, ...report })),
      failed: outcome.failed.map(({ part, error }) => ({ part, code: error.code, message: error.message })),
    }),
  );
}

/** What would be sent. */
export function renderPreview(preview: ReturnType<typeof previewBundle>, target: PostingTarget): string {
  const value: JsonValue = JSON.parse(JSON.stringify({ format: 'sallyport-post-preview/1', ...target, ...preview }));
  return renderJson(value);
}
