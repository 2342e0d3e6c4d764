import type { Fact } from '../facts/index.ts';
import type { Sides } from '../match.ts';
import { lastName, partOf, termsIn } from '../terms/index.ts';

/**
 * Whether a check asks a function that is new in this file and says nothing of what the lost check said: a name that
 * promises the check, and a body that does not do it.
 */
export function isHollow(found: Fact, lost: Fact, sides: Sides): boolean {
  const asked = new Set(
    [...termsIn(found.term)].flatMap((part) => (part.kind === 'call' ? lastName(partOf(part, 'callee') ?? part) : [])),
  );
  const bodies = [...sides.after.scopes.keys()].filter(
    (scope) => asked.has(scope.slice(scope.lastIndexOf('.') + 1)) && !sides.isKept(scope),
  );
  const said = wordsOf(lost);
  if (bodies.length === 0 || said.size === 0) return false;
  const inside = sides.after.facts.filter(({ scope }) => bodies.includes(scope));
  return !inside.some((fact) => [...wordsOf(fact)].some((word) => said.has(word)));
}

/** Properties, methods and constants that a condition speaks of; variables are called otherwise elsewhere. */
function wordsOf({ term }: Fact): ReadonlySet<string> {
  const about = partOf(term, 'test') ?? term;
  const words = new Set<string>();
  for (const part of termsIn(about)) {
    if (part.role === 'property' || part.kind === 'string' || part.kind === 'number') words.add(part.text);
  }
  return words;
}
