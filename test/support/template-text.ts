import type { TemplateText } from '../../src/pipelines/index.ts';

/**
 * The text of a step as it stands in a file behind `indent` characters, its `${{ … }}` put in before the shell sees it.
 */
export function templateText(text: string, start = 0, file = 'pipeline.yml'): TemplateText {
  const interpolations = [...text.matchAll(/\$\{\{([^{}]*)\}\}/g)].map(({ 0: spelled, 1: inner = '', index }) => ({
    place: { file, span: { start: start + index, end: start + index + spelled.length } },
    index,
    length: spelled.length,
    source: inner.trim(),
    expanded: 'before' as const,
    values: [{ name: inner.trim(), kind: 'text' as const, origin: 'outsider' as const }],
  }));
  const place = { file, span: { start, end: start + text.length } };
  return { text, place, interpolations, offsetOf: (index) => start + index };
}
