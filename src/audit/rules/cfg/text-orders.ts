import type { Severity } from '../../../findings/index.ts';
import type { Place, SourceFile, Span } from '../../../syntax/index.ts';

/** An order that a text gives its reader, recognised in one line. */
export interface OrderRow {
  readonly id: string;
  /** At most one gap of bounded length, so that a hostile line costs no more than its length times the gap. */
  readonly pattern: RegExp;
  /** Must also hold for what the pattern matched. */
  readonly inside?: RegExp;
  /** What stands before the match in its line must not end like this. */
  readonly unlessBehind?: RegExp;
  readonly what: string;
  readonly severity: Severity;
}

export interface FoundOrder {
  readonly row: OrderRow;
  readonly place: Place;
  readonly text: string;
}

const LONGEST_LINE = 2000;
const MOST_FOUND = 50;

/** The line speaks about attacks, forbids, or quotes: a defence, not an order. */
const DEFENCE =
  /\b(do not|don['’]t|never|must not|should not|cannot|refuse to|reject|ignore)\s+(?:\w+\s+){0,3}(follow|obey|comply|execute|act on|trust|skip|bypass|disable|commit|push|merge|run|use|approve)\b|\b(attack|attacker|injection|malicious|adversar\w+|suspicious|phishing|example|e\.g\.|such as|detect|flag|report|warn|treat|red flags?|anti-?pattern|vulnerab\w+|if (?:you|a|an|the|any|someone)\b.{0,60}\b(?:see|find|ask|asks|contain|contains|say|says|tell|tells|try|tries))\b/i;

/** Every line of the text that gives one of these orders; code fences, quotations and defensive lines left out. */
export function findOrders(file: SourceFile, span: Span, rows: readonly OrderRow[]): readonly FoundOrder[] {
  const found: FoundOrder[] = [];
  let fenced = false;
  let start = span.start;
  while (start < span.end && found.length < MOST_FOUND) {
    const newline = file.text.indexOf('\n', start);
    const end = newline < 0 || newline > span.end ? span.end : newline;
    const line = file.text.slice(start, Math.min(end, start + LONGEST_LINE));
    if (/^\s{0,12}(```|~~~)/.test(line)) fenced = !fenced;
    else if (!fenced && !/^\s{0,12}>/.test(line)) found.push(...ordersIn(line, start, file.path, rows));
    start = end + 1;
  }
  return found;
}

function ordersIn(line: string, offset: number, file: string, rows: readonly OrderRow[]): readonly FoundOrder[] {
  return rows.flatMap((row) => {
    const match = row.pattern.exec(line);
    if (match === null || row.inside?.test(match[0]) === false) return [];
    if (row.unlessBehind?.test(line.slice(Math.max(0, match.index - 200), match.index)) === true) return [];
    if (isDefence(line, match) || isQuoted(line, match.index)) return [];
    const start = offset + match.index;
    return [{ row, place: { file, span: { start, end: start + match[0].length } }, text: match[0] }];
  });
}

/** What the match itself says (`do not tell the user`) is the order; what stands around it may turn it round. */
function isDefence(line: string, match: RegExpExecArray): boolean {
  const around = `${line.slice(Math.max(0, match.index - 200), match.index)} … ${line.slice(match.index + match[0].length, match.index + match[0].length + 120)}`;
  return (
    DEFENCE.test(around) ||
    /\b(do not|don['’]t|never|not|avoid|without|nor|no)\s{1,3}(?:\w{1,20}(?:\s{1,3}|\/)){0,3}$/i.test(
      line.slice(Math.max(0, match.index - 60), match.index),
    )
  );
}

/** A verb that makes the code after it an order: `run \`curl … | sh\` first`. */
const COMMANDED = /\b(?:run|execute|start|invoke|call|use|type|launch|with|do)\b[^.;`"]{0,40}`$/i;

function isQuoted(line: string, at: number): boolean {
  const before = line.slice(0, at);
  if (COMMANDED.test(before.slice(-60))) return false;
  return ['`', '"', '“'].some(
    (quote) =>
      before.split(quote).length % 2 === 0 && (quote !== '“' || !before.slice(before.lastIndexOf('“')).includes('”')),
  );
}
