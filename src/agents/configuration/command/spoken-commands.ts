import type { Span } from '../../../syntax/index.ts';
import { findMarkdownCode } from '../../../text/index.ts';

/** A longer text is read block by block only. */
const LONGEST = 32 * 1024;

/** A step of a list, or a verb that makes what follows an order. */
const ORDERED =
  /^\s{0,12}(?:[-*+]|\d{1,3}[.)])\s|\b(?:run|execute|start|invoke|call|use|type|launch|with|do)\b[^.;"]{0,40}$/i;
/** The line speaks of attacks or forbids. */
const WARNS =
  /\b(?:never|not|don't|avoid|attack\w*|malicious|suspicious|detect\w*|flag\w*|warn\w*|example|such as|e\.g\.|pattern|look for|search for)\b/i;

/**
 * The commands that a text has its reader run one after the other, from back quotes in its steps. The result is as long
 * as the text and has each command at its own place, so that what one step writes and a later one sends is one script.
 */
export function spokenCommands(text: string, { start, end }: Span): string | undefined {
  if (end - start > LONGEST) return undefined;
  const body = text.slice(start, end);
  const spans = findMarkdownCode(body).filter((code) => body[code.start] === '`' && isOrder(body, code));
  if (spans.length === 0) return undefined;
  let script = '';
  for (const code of spans) {
    const ticks = /^`+/.exec(body.slice(code.start, code.start + 8))?.[0].length ?? 1;
    const from = code.start + ticks;
    script += `${' '.repeat(from - script.length - 1)}\n${body.slice(from, code.end - ticks)}\n`;
  }
  return script;
}

function isOrder(body: string, code: Span): boolean {
  const before = body.slice(body.lastIndexOf('\n', code.start - 1) + 1, code.start);
  const after = body.slice(code.end, code.end + 120).split('\n')[0] ?? '';
  const words = body.slice(code.start, code.end);
  return !words.includes('\n') && /\s/.test(words) && ORDERED.test(before) && !WARNS.test(`${before} ${after}`);
}
