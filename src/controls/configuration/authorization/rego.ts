import type { SourceFile, Span } from '../../../syntax/index.ts';
import type { SheetBuilder } from '../sheet.ts';
import { type AuthorizationRule, addRules } from './rule.ts';

const REFUSES = /^(?:deny|denied|violation|warn|block|blocked|reject|forbid|not_allowed)/;
const HEAD = /^(default\s+)?([a-z_][\w.]{0,100})(.*)$/;
/** Says why, not whether. */
const WORDS = /^(?:msg|message|reason|details|result|obj|metadata)\s*:?=/;
const MOST_RULES = 2_000;

/** Rules of Open Policy Agent: heads stand at the margin, bodies in brackets or behind `if`. */
export function addRego(file: SourceFile, sheet: SheetBuilder): void {
  const rules: AuthorizationRule[] = [];
  let open:
    | { readonly rule: Omit<AuthorizationRule, 'conditions'>; readonly conditions: { text: string; span: Span }[] }
    | undefined;
  const finish = (): void => {
    if (open && rules.length < MOST_RULES) rules.push({ ...open.rule, conditions: open.conditions });
    open = undefined;
  };
  for (const { text, span, atMargin } of linesOf(file.text)) {
    if (!atMargin || text.startsWith('}')) {
      if (text.startsWith('}') && atMargin) finish();
      else open?.conditions.push(...conditionsOf(text, span));
      continue;
    }
    finish();
    if (/^(?:package|import)\b/.test(text)) continue;
    const [, isDefault, name = '', rest = ''] = HEAD.exec(text) ?? [];
    if (name === '') continue;
    if (isDefault) addDefault(name, rest, file, span, sheet);
    else {
      const effect = REFUSES.test(name) ? 'deny' : 'allow';
      const body = /\{(.*)$/.exec(rest)?.[1] ?? /\bif\s+(.*)$/.exec(rest)?.[1] ?? '';
      open = { rule: { effect, name, span }, conditions: conditionsOf(body.replace(/\}\s*$/, ''), span) };
      if (!/\{\s*$/.test(rest) && !(rest.includes('{') && !rest.includes('}'))) finish();
    }
  }
  finish();
  addRules(rules, file, sheet);
}

function conditionsOf(text: string, span: Span): { text: string; span: Span }[] {
  return text
    .split(';')
    .map((part) => part.trim().replace(/\s+/g, ' '))
    .filter((part) => part !== '' && !WORDS.test(part) && !/^some\b/.test(part) && part !== '}')
    .map((part) => ({ text: part, span }));
}

function addDefault(name: string, rest: string, file: SourceFile, span: Span, sheet: SheetBuilder): void {
  const value = /(?::=|=)\s*(\w+)/.exec(rest)?.[1];
  const opens = value === (REFUSES.test(name) ? 'false' : 'true');
  sheet.add({
    control: 'authorization-rule-loosened',
    scope: '',
    subject: `default ${name}`,
    weight: opens ? 2 : 0,
    shown: `default ${name} := ${value ?? ''}`,
    value: '',
    place: { file: file.path, span },
    severity: 'critical',
  });
}

interface Line {
  readonly text: string;
  readonly span: Span;
  readonly atMargin: boolean;
}

function* linesOf(text: string): Generator<Line> {
  let start = 0;
  for (const line of text.split('\n')) {
    const words = line
      .slice(0, 4000)
      .replace(/(?:^|\s)#.*$/, '')
      .trim();
    if (words !== '') yield { text: words, span: { start, end: start + line.length }, atMargin: /^\S/.test(line) };
    start += line.length + 1;
  }
}
