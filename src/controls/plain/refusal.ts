import type { Place, SourceFile } from '../../syntax/index.ts';
import { type CodeLine, readLines } from './languages.ts';

/** A check that refuses, as its words tell: a condition, and what is done where it fails. */
export interface Refusal {
  /** Of the program, one blank between words. */
  readonly condition: string;
  /** It refuses where the condition does not hold: `unless`, `guard`, `require(…)`, `… or die`. */
  readonly demands: boolean;
  /** The words of the condition. */
  readonly words: ReadonlySet<string>;
  /** What is done. */
  readonly says: string;
  /** The line that opens what the check stands in: a function, mostly. */
  readonly owner: string;
  /** The next line of code behind the check: what it protects. */
  readonly next: string;
  readonly place: Place;
}

/** What leaves with a no. */
const EXIT =
  /^(?:\(?(?:throw|raise|die|croak|confess|abort|panic|bail|revert|halt|reject|deny|fail|exit|_exit|goto|STOP|GO TO|SIGNAL|RAISERROR)\w*!?\b|\(?(?:\w+[.:]+)*(?:throw|raise|abort|deny|reject|refuse|fail)\w*[!?]?[ (]|(?:\w+[.:]+)*(?:Forbidden|Unauthori[sz]ed|AccessDenied|BadRequest|NotFound)\b|error[ (])/i;
/** What leaves: a no where what is returned says so, or where nothing is. */
const RETURN = /^(?:return|RETURN|ret|Exit (?:Sub|Function))\b[ (]*([^;]{0,200})/;
const RETURNED_NO =
  /^(?:$|Err\b|error|\.?failure|false\b|nil\b|null\b|NULL\b|None\b|undefined\b|-\s?[\dA-Z]|EXIT_FAILURE|[A-Z_]*(?:ERR|FAIL|DENIED|FORBID|INVALID)|.*(?:error|exception|forbid|unauthor|den(?:y|ied)|reject|refus|invalid|badrequest|notfound|redirect|login|halt|exit|\b40[0-9]\b|\bfail))/i;
/** A program that ends well refuses nobody. */
const SUCCESS = /^\w*exit\w*[ (]+(?:0\b|EXIT_SUCCESS|ExitSuccess)/i;
/** An answer that refuses. */
const ANSWER =
  /^(?:\w+[.:>-]+)*(?:render|head|redirect\w*|respond\w*|send\w*|http_response_code|status|json|MOVE|header|set_?status|write_?head\w*)\b.{0,120}(?:\b4(?:0[0-9]|2[29])\b|forbidden|unauthor|denied|login|bad_request)/i;

function isExit(statement: string): boolean {
  const line = statement.replace(/^(?:then|do|else|begin|\{)\s*/i, '');
  if (SUCCESS.test(line)) return false;
  if (EXIT.test(line) || ANSWER.test(line)) return true;
  const [, returned] = RETURN.exec(line) ?? [];
  return returned !== undefined && RETURNED_NO.test(returned.trim());
}

const HEAD =
  /^(?:\}\s*)?\(?(?:(?:else|els)\s*)?(?<word>if|elif|elsif|elseif|unless|guard|when-not|when|if-not|while not|with)\b(?<rest>.*)$/i;
/** A condition that must hold, as a call. `require("module")` loads a module. */
const DEMAND =
  /^(?:\w+(?:::|\.))*(?:require|requireNotNull|requireThat|check|checkNotNull|checkArgument|checkState|precondition|ensure|enforce)!?\s*\((?!\s*["'`])(?<rest>.*)$/;
const BEHIND = /^(?<says>.{3,300}?)\s+(?<word>if|unless)\s+(?<rest>.+)$/;
const EITHER = /^(?<rest>.{2,300}?)\s+(?<word>\|\||&&|or|and|\?:|-or)\s+(?<says>.+)$/i;
/** Words in whose case a check refuses when its condition does not hold. */
const DEMANDING: ReadonlySet<string> = new Set([
  'unless',
  'guard',
  'when-not',
  'if-not',
  '||',
  'or',
  '?:',
  '-or',
  'with',
]);

/** Lines that a condition or what it guards may take. */
const MOST_LINES = 6;
const MOST_REFUSALS = 5000;
const NO_STATEMENT = /^(?:[)}\]]+[;,]?|end|fi|done|esac|begin|\{|end[ -]if[.;]?|endif;?|end;)$/i;

/** Checks that refuse, in a program that no grammar reads here. Linear; by words and indentation alone. */
export function readRefusals(file: SourceFile): readonly Refusal[] {
  const lines = readLines(file);
  const refusals: Refusal[] = [];
  for (let at = 0; at < lines.length && refusals.length < MOST_REFUSALS; at += 1) {
    const line = lines[at];
    if (line === undefined || line.code === '') continue;
    const found = readHead(lines, at) ?? readLine(line);
    if (found === undefined) continue;
    const until = found.until ?? at;
    const condition = found.condition.trim().slice(0, 400);
    refusals.push({
      ...found,
      condition,
      words: new Set(condition.match(/[\p{L}\p{N}_]+/gu) ?? []),
      owner: ownerOf(lines, at),
      next: lines.slice(until + 1).find(({ code }) => code !== '' && !NO_STATEMENT.test(code))?.code ?? '',
      place: { file: file.path, span: { start: line.start, end: line.end } },
    });
  }
  return refusals;
}

interface Found {
  readonly condition: string;
  readonly demands: boolean;
  readonly says: string;
  /** Its last line, where that is another one. */
  readonly until?: number;
}

/** `x or refuse`, `refuse if x`, `require(x)`. */
function readLine({ code }: CodeLine): Found | undefined {
  const demand = DEMAND.exec(code)?.groups?.['rest'];
  if (demand !== undefined)
    return { condition: firstArgument(demand), demands: true, says: code.slice(0, code.indexOf('(')).trim() };
  for (const form of [BEHIND, EITHER]) {
    const { says = '', word = '', rest = '' } = form.exec(code)?.groups ?? {};
    if (says !== '' && isExit(says))
      return { condition: rest.replace(/;$/, ''), demands: DEMANDING.has(word.toLowerCase()), says };
  }
  return undefined;
}

/** Up to the comma or the parenthesis that ends it. */
function firstArgument(text: string): string {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] ?? '';
    if (depth === 0 && ',)'.includes(character)) return text.slice(0, at);
    depth += '([{'.includes(character) ? 1 : ')]}'.includes(character) ? -1 : 0;
  }
  return text;
}

/** `if x refuse`, on one line or over several. */
function readHead(lines: readonly CodeLine[], at: number): Found | undefined {
  const { word = '', rest = '' } = HEAD.exec(lines[at]?.code ?? '')?.groups ?? {};
  if (word === '') return undefined;
  let whole = rest.trim();
  let last = at;
  while (isOpen(whole) && last - at < MOST_LINES && last + 1 < lines.length) whole += ` ${lines[++last]?.code ?? ''}`;
  const [condition, behind] = divide(whole);
  const demands = DEMANDING.has(word.toLowerCase());
  if (behind !== '' && isExit(behind)) return { condition, demands, says: behind, until: last };
  const indent = lines[at]?.indent ?? 0;
  for (let below = last + 1; below <= last + MOST_LINES; below += 1) {
    const line = lines[below];
    if (line === undefined) break;
    if (line.code === '' || (line.code === '{' && line.indent === indent)) continue;
    if (line.indent <= indent) break;
    if (isExit(line.code)) return { condition, demands, says: line.code, until: endOf(lines, below, indent) };
  }
  // In Elixir a step that does not match leaves.
  if (word === 'with' && /<-/.test(condition)) return { condition, demands, says: 'with', until: last };
  return undefined;
}

function endOf(lines: readonly CodeLine[], from: number, indent: number): number {
  let at = from;
  while (at + 1 < lines.length && (lines[at + 1]?.code === '' || (lines[at + 1]?.indent ?? 0) > indent)) at += 1;
  return at;
}

function isOpen(text: string): boolean {
  let depth = 0;
  for (const character of text) depth += character === '(' ? 1 : character === ')' ? -1 : 0;
  return depth > 0 || /(?:&&|\|\||\band|\bor|\\)$/i.test(text);
}

/** The condition, and what stands behind it on the line. */
function divide(text: string): readonly [string, string] {
  if (text.startsWith('(')) {
    let depth = 0;
    for (let at = 0; at < text.length; at += 1) {
      depth += text[at] === '(' ? 1 : text[at] === ')' ? -1 : 0;
      if (depth > 0) continue;
      const behind = text.slice(at + 1).trim();
      if (/^(?:&&|\|\||and\b|or\b|[=!<>.?])/i.test(behind)) break;
      return [text.slice(1, at), behind.replace(/^[{$:]\s*/, '')];
    }
  }
  const match =
    /^(?<condition>.*?)(?:\s*(?:\bthen\b|\bdo\b|\{|\belse\b|:(?=\s*$)|\$(?=\s)|,\s*do:|;\s*then\b)\s*(?<behind>.*))?$/i.exec(
      text,
    );
  return [match?.groups?.['condition'] ?? text, (match?.groups?.['behind'] ?? '').replace(/^(?:else\s*)?\{?\s*/i, '')];
}

/** The nearest line above that stands further out and is no branch. */
function ownerOf(lines: readonly CodeLine[], at: number): string {
  let indent = lines[at]?.indent ?? 0;
  for (let above = at - 1; above >= 0 && at - above < 400 && indent > 0; above -= 1) {
    const line = lines[above];
    if (line === undefined || line.code === '' || line.indent >= indent || NO_STATEMENT.test(line.code)) continue;
    indent = line.indent;
    if (!/^(?:\}?\s*else|if|elif|elsif|unless|for|while|begin|try|do|loop|case|switch|match|when)\b/i.test(line.code))
      return line.code;
  }
  return '';
}
