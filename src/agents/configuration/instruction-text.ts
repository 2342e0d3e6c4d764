import type { Place, SourceFile, Span } from '../../syntax/index.ts';
import type { AgentConfiguration } from './configuration.ts';

/** A longer instruction file is no instruction file; what lies behind is not searched, and the caller records a gap. */
export const LONGEST_INSTRUCTIONS = 512 * 1024;
const MOST_IMPORTS = 500;

/** Files whose content no reviewer reads as text. */
const OPAQUE =
  /\.(png|jpe?g|gif|webp|bmp|tiff?|pdf|zip|tar|tgz|gz|xz|7z|bin|exe|dll|so|wasm|pyc|docx?|xlsx?|pptx?|mp[34])$/i;
const OPENS = /\b(?:read|follow|open|load|fetch|download|see|view|apply|execute|run|obey)\b/i;

/**
 * What a text pulls in: `@path` imports (outside code), links to images and other opaque files, names of such files,
 * and addresses on a line that orders to open something.
 */
export function readImports(file: SourceFile, body: Span): AgentConfiguration['imports'] {
  const found: { target: string; place: Place }[] = [];
  let fenced = false;
  let start = body.start;
  const last = Math.min(body.end, body.start + LONGEST_INSTRUCTIONS);
  while (start < last && found.length < MOST_IMPORTS) {
    const newline = file.text.indexOf('\n', start);
    const end = newline < 0 || newline > last ? last : newline;
    const line = file.text.slice(start, end);
    if (/^\s{0,12}(```|~~~)/.test(line)) fenced = !fenced;
    for (const item of importsOf(line, fenced)) {
      const from = start + item.start;
      found.push({
        target: item.target,
        place: { file: file.path, span: { start: from, end: from + item.target.length } },
      });
    }
    start = end + 1;
  }
  return found;
}

function importsOf(line: string, fenced: boolean): readonly { readonly target: string; readonly start: number }[] {
  const items: { target: string; start: number }[] = [];
  const orders = OPENS.test(line);
  let index = 0;
  let code = false;
  while (index < line.length) {
    const end = tokenEnd(line, index);
    const token = line.slice(index, end);
    if (token === '`') code = !code;
    else if (token.length > 1) {
      const imported = token.startsWith('@') && !code && !fenced && isImport(token.slice(1), line[index - 1]);
      const target = trimEndMarks(imported ? token.slice(1) : token);
      const isAddress = orders && !fenced && /^https?:\/\//i.test(target);
      if (imported || isAddress || (OPAQUE.test(target) && !target.startsWith('*'))) {
        items.push({ target, start: index + (imported ? 1 : 0) });
      }
    }
    index = end;
  }
  return items;
}

/** A token is one backtick, one separator, or a run of characters that a path or address can have. */
function tokenEnd(line: string, from: number): number {
  let end = from;
  while (end < line.length && !/[\s`()[\]<>"'|,;]/.test(line[end] ?? '')) end++;
  return end === from ? from + 1 : end;
}

function isImport(target: string, before: string | undefined): boolean {
  if (before !== undefined && !/[\s([]/.test(before)) return false;
  // `@user` and `@scope/package` are no files; a path has a dot or begins at home, here, or the root.
  return (
    /^(~\/|\.{0,2}\/|\.)/.test(target) || /^[\w.-]{1,100}(\/[\w.-]{1,100}){0,20}\.[A-Za-z0-9]{1,8}[.,:]?$/.test(target)
  );
}

function trimEndMarks(target: string): string {
  let end = target.length;
  while (end > 1 && /[.,:!?*_]/.test(target[end - 1] ?? '')) end--;
  return target.slice(0, end);
}

/** Commands that run while the text is loaded: `` !`git status` `` (Claude Code), `!{git status}` (Gemini). */
export function readInlineCommands(file: SourceFile, body: Span): AgentConfiguration['inlineCommands'] {
  const found: AgentConfiguration['inlineCommands'][number][] = [];
  const last = Math.min(body.end, body.start + LONGEST_INSTRUCTIONS);
  for (let at = file.text.indexOf('!', body.start); at >= 0 && at < last; at = file.text.indexOf('!', at + 1)) {
    const open = file.text[at + 1];
    if (open !== '`' && open !== '{') continue;
    const lineEnd = file.text.indexOf('\n', at);
    const close = file.text.indexOf(open === '`' ? '`' : '}', at + 2);
    if (close < 0 || close >= last || (lineEnd >= 0 && close > lineEnd) || close === at + 2) continue;
    const span = { start: at + 2, end: close };
    found.push({ command: file.text.slice(span.start, span.end), place: { file: file.path, span }, risks: [] });
    if (found.length >= MOST_IMPORTS) break;
  }
  return found;
}
