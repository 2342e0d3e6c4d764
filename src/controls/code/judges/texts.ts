import type { ConstraintFact, PatternFact, PolicyFact } from '../facts/index.ts';
import { type Atom, compareFormulas } from '../formula.ts';
import { countStrong, hasWeak, isScopeName } from '../lexicon.ts';
import { type Sides, shareOf } from '../match.ts';
import { inScope, type Judgement } from '../report.ts';
import { clip } from '../terms/index.ts';
import { severityOf, weighPlace } from './weigh.ts';

/** Patterns, policies and constraints: conditions that are written as text. */
export function judgeTexts(sides: Sides): readonly Judgement[] {
  return [...judgePatterns(sides), ...judgePolicies(sides), ...judgeConstraints(sides)];
}

/** Facts of one kind that are compared with all that came. */
const MOST_COMPARED = 300;

/** Each that is gone with the one that came and is most like it; what is too many to be compared stands alone. */
function pairUp<One extends { readonly scope: string }>(
  gone: readonly One[],
  come: readonly One[],
  sides: Sides,
  alike: (one: One, other: One) => number,
): { pairs: (readonly [One, One])[]; alone: One[]; fresh: One[] } {
  const pairs: (readonly [One, One])[] = [];
  const rest = [...come];
  const alone: One[] = [];
  for (const before of gone.slice(0, MOST_COMPARED)) {
    const scope = sides.successorOf(before.scope)?.name;
    let best: One | undefined;
    let most = 0.25;
    for (const after of rest) {
      const share = alike(before, after) * (after.scope === scope ? 1 : 0.6);
      if (share >= most) [best, most] = [after, share];
    }
    if (best === undefined) alone.push(before);
    else {
      pairs.push([before, best]);
      rest.splice(rest.indexOf(best), 1);
    }
  }
  return { pairs, alone: [...alone, ...gone.slice(MOST_COMPARED)], fresh: rest };
}

function pieces(text: string): readonly string[] {
  return text.match(/[\w.%@${}-]+|[^\s\w]/g) ?? [];
}

function judgePatterns(sides: Sides): readonly Judgement[] {
  const { gone, come } = sides.match('pattern');
  const alike = (one: PatternFact, other: PatternFact): number =>
    Math.max(one.name !== '' && one.name === other.name ? 0.6 : 0, shareOf(pieces(one.source), pieces(other.source)));
  return pairUp(gone, come, sides, alike).pairs.flatMap(([before, after]) => judgePattern(before, after, sides));
}

function judgePattern(before: PatternFact, after: PatternFact, sides: Sides): readonly Judgement[] {
  const base = { group: 'pattern', subject: `${before.name} ${before.source}`, before, after } as const;
  const where = inScope(after.scope);
  const was = `\`/${clip(before.source, 50)}/${before.flags}\``;
  const is = `\`/${clip(after.source, 50)}/${after.flags}\``;
  const about = weighPlace(before, sides) + (hasWeak(`${before.name} ${before.scope}`) ? 1 : 0);
  const lost = anchorsOf(before).filter((anchor) => !anchorsOf(after).includes(anchor));
  if (lost.length > 0) {
    const message = `The pattern ${was}${where} lost its anchor \`${lost.join(' ')}\`: it is ${is} now.`;
    return [{ ...base, control: 'pattern-anchor-removed', direction: 'weakened', severity: 'high', message }];
  }
  if (anchorsOf(after).length > anchorsOf(before).length) {
    const message = `The pattern ${was}${where} is anchored now: ${is}.`;
    return [{ ...base, control: 'pattern-strengthened', direction: 'strengthened', severity: 'low', message }];
  }
  const message = `The pattern ${was}${where} is ${is} now.`;
  if (isLooser(before, after))
    return [{ ...base, control: 'pattern-loosened', direction: 'weakened', severity: severityOf(2 + about), message }];
  if (isLooser(after, before))
    return [{ ...base, control: 'pattern-strengthened', direction: 'strengthened', severity: 'low', message }];
  return [
    { ...base, control: 'pattern-changed', direction: 'changed', severity: about > 1 ? 'medium' : 'low', message },
  ];
}

/** What ties a pattern to the whole text; with the flag for lines, `^` and `$` tie it to any line of it. */
function anchorsOf({ source, flags }: PatternFact): readonly string[] {
  const byLine = /^[a-z]{0,8}m[a-z]{0,8}$|MULTILINE|\bre\.M\b/.test(flags) || /^\(\?[a-z]{0,5}m/.test(source);
  const found: string[] = [];
  if ((!byLine && /^\(?\^/.test(source)) || /^\\A/.test(source)) found.push('^');
  if ((!byLine && /(?<!\\)\$\)?$/.test(source)) || /\\[zZ]$/.test(source)) found.push('$');
  return found;
}

/** Quantifiers raised, a class opened, an alternative or a wildcard added, letters of either case. */
function isLooser(before: PatternFact, after: PatternFact): boolean {
  if (before.source === after.source) return after.flags.replace(before.flags, '').includes('i');
  const loose = (text: string): string =>
    text.replace(/\{\d+(?:,\d*)?\}|(?<=[\])\w.])\+/g, '*').replace(/\\[wdsb]|\[[^\]]{1,80}\]/g, '.');
  if (before.source !== loose(before.source) && loose(before.source) === after.source) return true;
  const alternatives = (text: string): readonly string[] => text.replace(/^\^?\(?|\)?\$?$/g, '').split('|');
  const olds = alternatives(before.source);
  const news = alternatives(after.source);
  return news.length > olds.length && olds.every((one) => news.includes(one));
}

function judgePolicies(sides: Sides): readonly Judgement[] {
  const { gone, come } = sides.match('policy');
  const alike = (one: PolicyFact, other: PolicyFact): number =>
    (one.name === other.name ? 0.2 : 0) + shareOf(pieces(one.text), pieces(other.text));
  const { pairs, fresh } = pairUp(gone, come, sides, alike);
  return [
    ...pairs.flatMap(([before, after]) => judgePolicy(before, after)),
    ...fresh.flatMap((policy) => judgeOpen(policy)),
  ];
}

function interpolationsIn(text: string): number {
  return text.match(/\{[^{}]{1,200}\}/g)?.length ?? 0;
}

/** Places where a database puts a bound value: `?`, `$1`, `%s`, `:name`. */
function marksIn(text: string): number {
  return text.match(/\?|\$\d+|%s|%\(\w+\)s|(?<![:\w]):[a-z]\w*|@p?\d+/g)?.length ?? 0;
}

/** A query that was given its values apart, and is put together with one of them now. */
function judgeInterpolated(before: PolicyFact, after: PolicyFact): Judgement | undefined {
  const isApart =
    interpolationsIn(after.text) > interpolationsIn(before.text) && marksIn(after.text) < marksIn(before.text);
  if (!isApart) return undefined;
  const value = clip(/\$?\{[^}]*\}/.exec(after.text)?.[0] ?? '', 40);
  return {
    control: 'query-interpolated',
    group: 'policy-text',
    direction: 'weakened',
    severity: 'high',
    message: `The query${inScope(after.scope)} is put together with \`${value}\` where a parameter was bound.`,
    subject: before.key,
    before,
    after,
  };
}

function judgePolicy(before: PolicyFact, after: PolicyFact): readonly Judgement[] {
  const isQuery = before.name === 'query';
  const interpolated = isQuery ? judgeInterpolated(before, after) : undefined;
  if (interpolated !== undefined) return [interpolated];
  const change = compareFormulas(before.formula, after.formula);
  const words = [...change.dropped, ...change.added].map(({ term }) => term.text).join(' ');
  const isScoped = isScopeName(words);
  if (change.relation === 'equal' || (isQuery && !isScoped && change.relation !== 'wider')) return [];
  const name = before.name === '' || isQuery ? '' : ` of \`${clip(before.name, 40)}\``;
  const who = `${isQuery ? 'The query' : 'The policy'}${name}${inScope(after.scope)}`;
  const base = { group: 'policy-text', subject: `${before.name} ${before.text}`, before, after } as const;
  if (change.relation === 'wider' || change.relation === 'opposite') {
    const [lost, found] = [showAtoms(change.dropped), showAtoms(change.added)];
    const message = `${who} ${lost === '' ? `also lets in \`${found}\`` : `no longer demands \`${lost}\``}.`;
    const control = isQuery ? 'query-scope-dropped' : 'policy-widened';
    return [{ ...base, control, direction: 'weakened', severity: isQuery && !isScoped ? 'low' : 'high', message }];
  }
  if (change.relation === 'narrower') {
    const message = `${who} lets in less.`;
    return [{ ...base, control: 'policy-narrowed', direction: 'strengthened', severity: 'low', message }];
  }
  const severity = isQuery ? 'low' : clauses(after.text) < clauses(before.text) ? 'high' : 'medium';
  const message = `${who} is another one now: \`${clip(after.text, 80)}\`.`;
  return [{ ...base, control: 'policy-changed', direction: 'changed', severity, message }];
}

function showAtoms(atoms: readonly Atom[]): string {
  return clip(atoms.map(({ key }) => key.replace(/^!?'|'$/g, '')).join(', '), 70);
}

function clauses(text: string): number {
  return (text.match(/\band\b|&&|\$\{/g) ?? []).length;
}

function judgeOpen(policy: PolicyFact): readonly Judgement[] {
  if (!/\bpermitAll\b/.test(policy.text)) return [];
  const message = `\`permitAll\` was added${inScope(policy.scope)}.`;
  return [
    {
      control: 'policy-widened',
      group: 'policy-text',
      direction: 'weakened',
      severity: 'high',
      message,
      subject: policy.text,
      after: policy,
    },
  ];
}

function judgeConstraints(sides: Sides): readonly Judgement[] {
  const { gone, come } = sides.match('constraint');
  const alike = (one: ConstraintFact, other: ConstraintFact): number => (one.name === other.name ? 1 : 0);
  const { pairs, alone } = pairUp(gone, come, sides, alike);
  const judged = pairs.flatMap(([before, after]) => judgeConstraint(before, after.constraints, after));
  return [
    ...judged,
    ...alone.flatMap((before) => (isFieldLeft(before, sides) ? judgeConstraint(before, [], undefined) : [])),
  ];
}

/** A field that is gone altogether needs no constraint. */
function isFieldLeft(before: ConstraintFact, sides: Sides): boolean {
  const scope = sides.successorOf(before.scope)?.name;
  return sides.after.facts.some(
    (fact) =>
      fact.scope === scope && (fact.kind === 'constraint' || fact.kind === 'option') && fact.name === before.name,
  );
}

const OPENING = /^(?:optional|nullable|nullish|allow|passthrough|unknown|any|default|catch|loose)\(/;

function judgeConstraint(
  before: ConstraintFact,
  now: readonly string[],
  after: ConstraintFact | undefined,
): readonly Judgement[] {
  const lost = before.constraints.filter((one) => !now.includes(one) && !OPENING.test(one));
  const opened = now.filter((one) => !before.constraints.includes(one) && OPENING.test(one));
  const base = { group: 'policy-text', subject: `${before.name} ${lost.join()}`, before, after } as const;
  if (lost.length === 0 && opened.length === 0) return [];
  const replaced = lost.filter((one) => now.some((other) => nameOf(other) === nameOf(one)));
  const what = [
    ...lost.map((one) => `no longer \`${clip(one, 40)}\``),
    ...opened.map((one) => `now \`${clip(one, 40)}\``),
  ];
  const message = `\`${clip(before.name, 50)}\`${inScope(before.scope)} is checked less: ${clip(what.join(', '), 120)}.`;
  const isAllReplaced = replaced.length === lost.length && opened.length === 0;
  const severity = isAllReplaced
    ? 'low'
    : countStrong(before.name) > 0 || lost.some((one) => /required|email|uuid|url|pattern|regex|match/i.test(one))
      ? 'high'
      : 'medium';
  return [
    { ...base, control: 'constraint-removed', direction: isAllReplaced ? 'changed' : 'weakened', severity, message },
  ];
}

function nameOf(constraint: string): string {
  return /^[\w ]+/.exec(constraint)?.[0] ?? constraint;
}
