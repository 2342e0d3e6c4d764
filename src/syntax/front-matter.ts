import type { FrontMatter } from './readers.ts';
import type { SourceFile } from './source.ts';
import { readYaml } from './yaml-reader.ts';

/** Opening and closing line; the block may be empty. A byte order mark may stand before it. */
const BLOCK = /^\ufeff?---[ \t]*(?:\r\n|\r|\n)/;
const CLOSING = /(?:^|\r\n|\r|\n)(?:---|\.\.\.)[ \t]*(?=\r|\n|$)/;

/** The YAML block at the top of a Markdown file. Without a closing line there is none. */
export function readFrontMatter(file: SourceFile): FrontMatter {
  const whole = { start: 0, end: file.text.length };
  const none: FrontMatter = { meta: { root: undefined, gaps: [] }, body: whole };
  const opening = BLOCK.exec(file.text)?.[0];
  if (opening === undefined) return none;
  const rest = file.text.slice(opening.length);
  const closing = CLOSING.exec(rest);
  if (closing === null) return none;
  const end = opening.length + closing.index;
  // As many line breaks as the opening has characters, so that every place stays that of the file.
  const text = '\n'.repeat(opening.length) + file.text.slice(opening.length, end);
  const behind = opening.length + closing.index + closing[0].length;
  const after = /^(?:\r\n|\r|\n)/.exec(file.text.slice(behind, behind + 2))?.[0].length ?? 0;
  return { meta: readYaml({ path: file.path, text }), body: { start: behind + after, end: whole.end } };
}
