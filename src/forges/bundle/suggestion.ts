import { applyEdits, createLocator, type Finding, type Report } from '../../findings/index.ts';
import { BUNDLE_LIMITS, type PostingSuggestion } from './model.ts';

/**
 * The first safe fix of a finding as whole lines of its file; `undefined` when it changes another file, creates one, does
 * not touch the line of the finding, has line ends of Windows, or leaves an empty line at its end, which forges take for
 * none: a suggestion is accepted without seeing anything else.
 */
export function suggestionFor(finding: Finding, report: Pick<Report, 'source'>): PostingSuggestion | undefined {
  const fix = finding.fixes.find(({ safety, creates, edits }) => {
    const here = edits.length > 0 && edits.every(({ file }) => file === finding.place.file);
    return safety === 'safe' && creates.length === 0 && here;
  });
  const source = report.source(finding.place.file);
  if (fix === undefined || source === undefined) return undefined;
  const from = Math.min(...fix.edits.map(({ span }) => span.start));
  const to = Math.max(...fix.edits.map(({ span }) => span.end));
  const edited = applyEdits(source.text, fix.edits);
  if (edited.kind === 'rejected') return undefined;
  // Before the first character there is no line break, though a search from there would look at it.
  const start = from === 0 ? 0 : source.text.lastIndexOf('\n', from - 1) + 1;
  const next = source.text.indexOf('\n', to);
  const end = next < 0 ? source.text.length : next;
  const grown = edited.text.length - source.text.length;
  const text = edited.text.slice(start, end + grown);
  // A forge writes its own line ends: the lines would not be what the fix says.
  if (`${text}${source.text.slice(start, end)}`.includes('\r') || /(?:^|\n)$/.test(text)) return undefined;
  const lines = createLocator(report);
  const region = lines.region({ file: finding.place.file, span: { start, end } });
  const found = lines.region(finding.place);
  if (region === undefined || found === undefined || text.length > BUNDLE_LIMITS.text) return undefined;
  const touches = region.startLine <= found.startLine && found.startLine <= region.endLine;
  return touches ? { startLine: region.startLine, endLine: region.endLine, text } : undefined;
}
