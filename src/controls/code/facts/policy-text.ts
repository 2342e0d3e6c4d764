import { ALWAYS, type Formula, readFormula } from '../formula.ts';
import { lastName, type Term } from '../terms/index.ts';

/** The text of a value that is put together of texts and names; a name stands as `${name}`. */
export function assembleText(term: Term): string | undefined {
  if (term.kind === 'string' || term.kind === 'text') return term.text;
  if (term.kind === 'name' || term.kind === 'member') return `\${${lastName(term)}}`;
  if (term.kind !== 'operation' || term.text !== '+') return undefined;
  const sides = term.parts.map(assembleText);
  return sides.every((side) => side !== undefined) ? sides.join('') : undefined;
}

const POLICY =
  /\b(?:role|rule|group|scope|system_scope|is_[a-z_]+|project_id|user_id|domain_id|tenant_id|owner):|\bhas(?:Any)?(?:Role|Authority)\(|\bpermitAll\b|\bisAuthenticated\(\)/;
const NARROWED = /\bwhere\b\s+([\s\S]+?)(?:\border by\b|\bgroup by\b|\blimit\b|\breturning\b|$)/i;
const TOKENS = /\$\{[^}]*\}|'[^']*'|"[^"]*"|\(|\)|[^\s()]+/g;
const LONGEST = 4000;

/** A condition that is written in a text: a rule of a policy engine, or what a query is narrowed by. */
export function readPolicyText(text: string): { readonly formula: Formula; readonly query: boolean } | undefined {
  if (text.length > LONGEST) return undefined;
  if (POLICY.test(text)) return { formula: parseCondition(text), query: false };
  if (!/\b(?:select|update|delete)\b/i.test(text) && !/^\s*\w+\s*=\s*[?$:%]/.test(text)) return undefined;
  const clause = NARROWED.exec(text)?.[1] ?? (/^\s*\w+\s*=\s*[?$:%]/.test(text) ? text : undefined);
  return clause === undefined ? undefined : { formula: parseCondition(clause), query: true };
}

const LEAF: Term = { kind: 'string', role: undefined, text: '', parts: [], start: 0, end: 0 };
const DEEPEST = 60;

/** Words joined by `and`, `or` and `not`, with parentheses; `and` binds stronger. Parentheses of calls stay whole. */
function parseCondition(text: string): Formula {
  const joined = text.replace(
    /([\w%])\(([^()]*)\)/g,
    (_, name: string, inner: string) => `${name}«${inner.replace(/\s/g, '')}»`,
  );
  const tokens = joined.match(TOKENS) ?? [];
  let at = 0;
  const word = (): string => (tokens[at] ?? '').toLowerCase();
  const either = (depth: number): Term =>
    series('or', ['or', '||'], () => series('and', ['and', '&&'], () => single(depth)));
  const series = (kind: 'and' | 'or', signs: readonly string[], next: () => Term): Term => {
    const parts = [next()];
    while (signs.includes(word())) {
      at++;
      parts.push(next());
    }
    const [only] = parts;
    return parts.length === 1 && only ? only : { ...LEAF, kind, parts };
  };
  const single = (depth: number): Term => {
    if (word() === 'not' || word() === '!') {
      at++;
      return { ...LEAF, kind: 'not', parts: [single(depth)] };
    }
    if (word() === '(' && depth < DEEPEST) {
      at++;
      const inner = either(depth + 1);
      if (word() === ')') at++;
      return inner;
    }
    const words: string[] = [];
    while (at < tokens.length && !['and', 'or', '&&', '||', ')'].includes(word())) words.push(tokens[at++] ?? '');
    if (words.length === 0) at++;
    return { ...LEAF, text: words.join(' ') };
  };
  return tokens.length === 0 ? ALWAYS : readFormula(either(0));
}

/** The constraints of a struct tag: `binding:"Required;MaxSize(5)"` says `binding Required` and `binding MaxSize(5)`. */
export function readTag(tag: string): readonly string[] {
  const found: string[] = [];
  for (const [, key = '', value = ''] of tag.matchAll(/([\w-]{1,40}):"([^"]{0,400})"/g)) {
    if (!/^(?:binding|validate|valid|v)$/.test(key)) continue;
    for (const part of value.split(/[;,]/))
      if (part.trim() !== '' && part !== 'omitempty') found.push(`${key} ${part.trim()}`);
  }
  return found;
}
