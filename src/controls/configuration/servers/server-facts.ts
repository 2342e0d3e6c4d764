import type { SourceFile } from '../../../syntax/index.ts';
import type { SheetBuilder } from '../sheet.ts';
import { type Dialect, readDirectives } from './directive.ts';
import { DIRECTIVE_ROWS, SERVER_FILES } from './directive-rows.ts';

export function isServerFile(path: string): boolean {
  return SERVER_FILES.some(({ files }) => files.test(path));
}

/** What a web server, a proxy or a login server lets in, by its settings; each block is a scope of its own. */
export function addServerSettings(file: SourceFile, sheet: SheetBuilder): void {
  const dialect = dialectOf(file);
  if (dialect === undefined) return;
  const { directives, complete } = readDirectives(file.text, dialect);
  if (!complete)
    sheet.gap({
      kind: 'cap',
      message: 'too many settings, or nested too deeply: the rest is not compared',
      place: { file: file.path, span: { start: 0, end: 0 } },
    });
  for (const { blocks, name, value, span } of directives) {
    const scope = blocks.filter(isScope).join(' > ').slice(0, 300);
    const place = { file: file.path, span };
    sheet.scope(scope, place);
    const row = DIRECTIVE_ROWS.find((one) => one.name.test(name));
    const weight = row?.weigh(value) ?? 0;
    if (row === undefined || weight === 0) continue;
    sheet.add({
      control: row.control,
      scope,
      subject: [...blocks.filter((block, depth) => !isScope(block, depth)), row.subject?.(value) ?? name].join(' > '),
      weight,
      shown: `${name} ${value}`.trim(),
      value: '',
      place,
      ...(row.standing ? { standing: true } : {}),
      ...(row.severity ? { severity: row.severity } : {}),
    });
  }
}

/** A server or a part of its addresses. Any other block belongs to the one around it: new in there is not new by itself. */
function isScope(block: string, depth: number): boolean {
  return depth === 0 || PARTS.test(block);
}

const PARTS = /^(?:server|location|upstream|virtualhost|directory|files|proxy|handle|route|match)/i;

function dialectOf({ path, text }: SourceFile): Dialect | undefined {
  return SERVER_FILES.find(({ files, marks }) => files.test(path) && marks.test(text))?.dialect;
}
