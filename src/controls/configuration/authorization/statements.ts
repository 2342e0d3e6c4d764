import type { SourceFile, Span } from '../../../syntax/index.ts';
import type { SheetBuilder } from '../sheet.ts';
import { type AuthorizationRule, addRules } from './rule.ts';

const MOST = 2_000;
const LONGEST = 8_000;

/** Cedar: `permit (principal, action, resource) when { … };`. Each part of the head that names something is a condition. */
export function addCedar(file: SourceFile, sheet: SheetBuilder): void {
  const rules = statementsOf(file.text).flatMap(({ text, span }): readonly AuthorizationRule[] => {
    const [, effect, head = '', rest = ''] = /\b(permit|forbid)\s{0,20}\(([^()]{0,2000})\)(.*)$/.exec(text) ?? [];
    if (effect === undefined) return [];
    const scopes = head
      .split(',')
      .map((part) => part.trim())
      .filter((part) => !/^(?:principal|action|resource)?$/.test(part));
    const clauses = [...rest.matchAll(/\b(when|unless)\s{0,20}\{([^{}]{0,2000})\}/g)].flatMap(([, word, body = '']) =>
      splitAnd(body).map((part) => (word === 'unless' ? `unless ${part}` : part)),
    );
    const conditions = [...scopes, ...clauses].map((condition) => ({ text: condition, span }));
    return [{ effect: effect === 'permit' ? 'allow' : 'deny', name: '', conditions, span }];
  });
  addRules(rules, file, sheet);
}

/** Firebase: `match /path { allow read, write: if … ; }`. */
export function addFirebaseRules(file: SourceFile, sheet: SheetBuilder): void {
  const ways: string[] = [];
  const rules: AuthorizationRule[] = [];
  for (const { text, span, end } of statementsOf(file.text)) {
    for (const [, way] of text.matchAll(/\bmatch\s{1,20}(\S{1,300})\s{0,20}\{/g)) ways.push(way ?? '');
    const [, methods = '', condition] =
      /\ballow\s{1,20}([a-z, ]{1,100}?)\s{0,20}(?::\s{0,20}if\s(.*))?$/.exec(text) ?? [];
    for (const method of methods
      .split(',')
      .map((one) => one.trim())
      .filter((one) => one !== '')) {
      const conditions = splitAnd(condition ?? '')
        .filter((part) => part !== 'true')
        .map((part) => ({ text: part, span }));
      rules.push({ effect: 'allow', name: `${method} ${ways.join('')}`.slice(0, 200), conditions, span });
    }
    if (end === '}') ways.pop();
  }
  addRules(rules.slice(0, MOST), file, sheet);
}

/** Parts of a condition that all have to hold; what stands in brackets stays together. */
function splitAnd(text: string): readonly string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? '';
    if ('([{'.includes(character)) depth++;
    else if (')]}'.includes(character)) depth--;
    else if (depth === 0 && character === '&' && text[at + 1] === '&') {
      parts.push(text.slice(from, at));
      from = at + 2;
    }
  }
  return [...parts, text.slice(from)].map((part) => part.trim().replace(/\s+/g, ' ')).filter((part) => part !== '');
}

interface Statement {
  readonly text: string;
  readonly span: Span;
  readonly end: string;
}

/** Text between `;` outside quotes and, where nothing of a clause is open, `}`; without remarks. */
function statementsOf(text: string): readonly Statement[] {
  const statements: Statement[] = [];
  let words = '';
  let start = 0;
  for (let at = 0; at < text.length && statements.length < MOST; at++) {
    const character = text[at] ?? '';
    if (character === '/' && text[at + 1] === '/') {
      const end = text.indexOf('\n', at);
      at = (end < 0 ? text.length : end) - 1;
      continue;
    }
    if (words.trim() === '') start = at;
    const isEnd = character === ';' || (character === '}' && words.trim() === '');
    if (isEnd) {
      statements.push({ text: words.replace(/\s+/g, ' ').trim(), span: { start, end: at + 1 }, end: character });
      words = '';
    } else if (words.length < LONGEST) words += character;
  }
  return statements;
}
