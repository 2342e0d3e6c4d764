import type { Report, ReportFormat } from '../report.ts';
import { renderAnnotations } from './annotations.ts';
import { renderGitlabQuality } from './gitlab-quality.ts';
import { renderGitlabSast } from './gitlab-sast.ts';
import { renderHtml } from './html.ts';
import { renderFindingsJson } from './json.ts';
import { renderJunit } from './junit.ts';
import { renderMarkdown } from './markdown.ts';
import type { RenderOptions } from './options.ts';
import { renderSarif } from './sarif.ts';
import { renderText } from './text.ts';

const RENDERERS: Readonly<Record<ReportFormat, (report: Report, options: RenderOptions) => string>> = {
  text: renderText,
  json: renderFindingsJson,
  sarif: renderSarif,
  markdown: renderMarkdown,
  html: renderHtml,
  github: renderAnnotations,
  gitlab: renderGitlabQuality,
  'gitlab-sast': renderGitlabSast,
  junit: renderJunit,
};

/** The report in a format; ends with a line break. The same report and options give the same bytes. */
export function renderReport(report: Report, format: ReportFormat, options: RenderOptions = {}): string {
  return RENDERERS[format](report, options);
}
