import { type CallFact, countWords, type Fact, type Scope } from './facts/index.ts';
import type { Sides } from './match.ts';

/**
 * The words of functions that are gone as a whole and that nothing of what stays called or handed on before: with them
 * goes whatever they protected. A check that others asked is not among them, since who asked it stays without it.
 */
export function wordsOfUnused(sides: Sides): ReadonlyMap<string, number> {
  const gone = goneScopes(sides);
  const missed = namesMissed(gone, sides, usedIn);
  const words = new Map<string, number>();
  for (const [name, { term }] of gone)
    if (term !== undefined && !isInside(name, gone) && !missed.has(lastOf(name))) countWords(term, words);
  return words;
}

/** Whether a function that is gone answered a route, and that route is gone, too: nothing is left for it to protect. */
export function wentWithRoute(name: string, sides: Sides): boolean {
  return namesMissed(goneScopes(sides), sides, answeringIn).has(lastOf(name));
}

function goneScopes(sides: Sides): ReadonlyMap<string, Scope> {
  return new Map([...sides.before.scopes].filter(([name]) => sides.successorOf(name) === undefined));
}

/** Names of functions of which what stays spoke more often before. */
function namesMissed(
  gone: ReadonlyMap<string, Scope>,
  sides: Sides,
  namesIn: (fact: Fact) => readonly string[],
): ReadonlySet<string> {
  const stays = ({ scope }: Fact): boolean => !gone.has(scope) && !isInside(scope, gone);
  const before = countNames(sides.before.facts.filter(stays), namesIn);
  const after = countNames(sides.after.facts, namesIn);
  return new Set([...before].filter(([name, times]) => times > (after.get(name) ?? 0)).map(([name]) => name));
}

function countNames(facts: readonly Fact[], namesIn: (fact: Fact) => readonly string[]): ReadonlyMap<string, number> {
  const times = new Map<string, number>();
  for (const fact of facts) for (const name of new Set(namesIn(fact))) times.set(name, (times.get(name) ?? 0) + 1);
  return times;
}

/** Functions that a fact calls, hands on, puts somewhere or has before it. */
function usedIn(fact: Fact): readonly string[] {
  switch (fact.kind) {
    case 'call': {
      const handed = fact.arguments.slice(0, registers(fact) ? -1 : undefined);
      return [fact.names.at(-1) ?? '', ...handed.map(lastOf)];
    }
    case 'decorator':
      return [fact.name, ...fact.arguments].map(lastOf);
    case 'route':
      return fact.chain.map(lastOf);
    case 'write':
      return /^(?:module\.)?exports\b/.test(fact.target) ? [] : [lastOf(fact.value)];
    default:
      return [];
  }
}

function answeringIn(fact: Fact): readonly string[] {
  if (fact.kind === 'route') return [lastOf(fact.handler)];
  return fact.kind === 'call' && registers(fact) ? [lastOf(fact.arguments.at(-1) ?? '')] : [];
}

/** `router.route('POST', '/logout', handleLogout)`: the last of a call that names a path. What runs before others is none. */
function registers({ names, arguments: given }: CallFact): boolean {
  return (
    given.length > 1 &&
    given.some((one) => /^['`]\//.test(one)) &&
    !/^(?:use|all|param|group|before\w*|\w*hook|\w*middleware|\w*filter)$/i.test(names.at(-1) ?? '')
  );
}

function isInside(name: string, scopes: ReadonlyMap<string, Scope>): boolean {
  for (let at = name.lastIndexOf('.'); at > 0; at = name.lastIndexOf('.', at - 1))
    if (scopes.has(name.slice(0, at))) return true;
  return false;
}

function lastOf(scope: string): string {
  return scope.slice(scope.lastIndexOf('.') + 1);
}
