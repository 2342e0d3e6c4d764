import type { SourceFile } from '../../syntax/index.ts';

/** An expression of a template: Helm, Go, Jinja. Bounded, so that an open one does not cost the whole file each time. */
const EXPRESSION = /\{\{[^\n]{0,300}?\}\}|\{%[^\n]{0,300}?%\}/g;

/**
 * The file with its template expressions as plain words of the same length, so that the rest is YAML and every place
 * stays. A line that is nothing but an expression becomes a remark.
 */
export function maskTemplate(file: SourceFile): SourceFile {
  const lines = file.text.split('\n').map((line) => {
    if (!line.includes('{{') && !line.includes('{%')) return line;
    const masked = line.replace(EXPRESSION, (found) => found.replace(/[^\w.]/g, '_'));
    const bare = line.replace(EXPRESSION, '').trim();
    return bare === '' ? masked.replace(/\S/, '#') : masked;
  });
  return { path: file.path, text: lines.join('\n') };
}

export function isTemplate({ text }: SourceFile): boolean {
  return text.includes('{{') || text.includes('{%');
}
