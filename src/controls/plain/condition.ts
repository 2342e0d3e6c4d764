/** A condition of a refusal in the form in which two are compared. */
export interface Condition {
  /** What is asked, without a negation around it. */
  readonly text: string;
  /** It refuses where this does not hold. */
  readonly demands: boolean;
}

/** `!(x)` that refuses is `x` that must hold. */
export function normalise(text: string, demands: boolean): Condition {
  const plain = stripParentheses(text.trim());
  const inner = /^(?:!\s*|not\s+|-not\s+)(?<inner>.+)$/i.exec(plain)?.groups?.['inner'];
  if (inner === undefined || (isDivided(inner) && !isWrapped(inner))) return { text: plain, demands };
  return { text: stripParentheses(inner.trim()), demands: !demands };
}

function isWrapped(text: string): boolean {
  return stripParentheses(text) !== text;
}

function isDivided(text: string): boolean {
  return divide(text, '||').length > 1 || divide(text, '&&').length > 1;
}

function stripParentheses(text: string): string {
  if (!text.startsWith('(') || !text.endsWith(')')) return text;
  let depth = 0;
  for (let at = 0; at < text.length - 1; at += 1) {
    depth += text[at] === '(' ? 1 : text[at] === ')' ? -1 : 0;
    if (depth === 0) return text;
  }
  return text.slice(1, -1).trim();
}

type Joint = '||' | '&&';
const JOINTS: Readonly<Record<Joint, RegExp>> = {
  '||': /^(?:\|\||or\b|-or\b|\borelse\b)/i,
  '&&': /^(?:&&|and\b|-and\b|,)/i,
};

/** The parts of a condition outside parentheses. */
function divide(text: string, joint: Joint): readonly string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] ?? '';
    depth += '([{'.includes(character) ? 1 : ')]}'.includes(character) ? -1 : 0;
    if (depth > 0 || /\w/.test(text[at - 1] ?? '')) continue;
    const found = JOINTS[joint].exec(text.slice(at, at + 8))?.[0];
    if (found === undefined) continue;
    parts.push(text.slice(from, at));
    at += found.length - 1;
    from = at + 1;
  }
  parts.push(text.slice(from));
  return parts.map((part) => squeeze(stripParentheses(part.trim()))).filter((part) => part !== '');
}

function squeeze(text: string): string {
  return text.replace(/\s+/g, '').replace(/["`]/g, "'");
}

/** Names, numbers and texts on the one hand, what stands between them on the other. */
function tokensOf(text: string): {
  readonly names: readonly string[];
  readonly signs: string;
  readonly literals: string;
} {
  const all = text.match(/(?:'[^']{0,200}'|"[^"]{0,200}"|[\p{L}_$@][\p{L}\p{N}_$?!]*|\d[\w.]*|\S)/gu) ?? [];
  const isName = (token: string): boolean => /^[\p{L}_$@]/u.test(token);
  const isLiteral = (token: string): boolean => /^['"\d]/.test(token);
  return {
    names: all.filter(isName),
    literals: all
      .filter(isLiteral)
      .map((token) => token.replace(/"/g, "'"))
      .join(' '),
    signs: all.filter((token) => !isName(token) && !isLiteral(token) && !'()'.includes(token)).join(''),
  };
}

/** How many of their words two conditions share, 0 to 1. */
export function likenessOf(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  if (one.size + other.size === 0) return 0;
  const shared = [...one].filter((word) => other.has(word)).length;
  return shared / (one.size + other.size - shared);
}

/** `same`: no difference that counts; `stricter`: it refuses more; `other`: a person must say. */
export type Difference = 'same' | 'stricter' | 'looser' | 'negated' | 'other';

/**
 * What a condition refuses now that it did not, or no longer.
 * @param isRenamed whether a name of the old file is called so in the new one.
 */
export function compareConditions(
  old: Condition,
  now: Condition,
  isRenamed: (from: string, to: string) => boolean,
): Difference {
  if (squeeze(old.text) === squeeze(now.text)) return old.demands === now.demands ? 'same' : 'negated';
  for (const joint of ['||', '&&'] as const) {
    const order = orderOf(partsOf(old, now, joint), partsOf(now, old, joint));
    if (order === undefined) continue;
    // More cases refuse more; more that must hold together with them refuse less. A demand is the other way round.
    const refusesMore = (order === 'more') === (joint === '||');
    return order === 'equal' ? 'same' : refusesMore !== (old.demands && now.demands) ? 'stricter' : 'looser';
  }
  // A part of it alone asks for less: that something is there, not what it is.
  if (old.demands === now.demands && squeeze(old.text).includes(squeeze(now.text))) return 'looser';
  const [was, is] = [tokensOf(old.text), tokensOf(now.text)];
  const sameNames = was.names.join(' ') === is.names.join(' ');
  // The same names compared otherwise, or with another bound.
  if (sameNames && (was.literals === is.literals) !== (was.signs === is.signs)) return 'looser';
  if (was.signs !== is.signs || was.literals !== is.literals || was.names.length !== is.names.length) return 'other';
  const isSame = was.names.every((name, index) => name === is.names[index] || isRenamed(name, is.names[index] ?? ''));
  return isSame && old.demands === now.demands ? 'same' : 'other';
}

/** Of two that refuse in opposite cases the one that demands is read as the negation that it is. */
function partsOf(own: Condition, other: Condition, joint: Joint): readonly string[] {
  if (own.demands === other.demands || !own.demands) return divide(own.text, joint);
  return [isDivided(own.text) ? `!(${squeeze(own.text)})` : `!${squeeze(own.text)}`];
}

/** Undefined where neither holds all parts of the other. */
function orderOf(old: readonly string[], now: readonly string[]): 'more' | 'fewer' | 'equal' | undefined {
  const [left, right] = [new Set(old), new Set(now)];
  if (old.length < 2 && now.length < 2) return undefined;
  const kept = [...left].every((part) => right.has(part));
  const known = [...right].every((part) => left.has(part));
  return kept && known ? 'equal' : kept ? 'more' : known ? 'fewer' : undefined;
}
