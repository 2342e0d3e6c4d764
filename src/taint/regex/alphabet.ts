import { type CharacterSet, union } from './character-set.ts';
import { type Expression, readExpression } from './expression.ts';

/** The characters of which everything consists that an expression matches; `undefined`: it could not be read. */
export function alphabetOf(pattern: string): CharacterSet | undefined {
  const expression = readExpression(pattern);
  return expression && union(setsOf(expression));
}

/** The reader has bounded the depth. */
function setsOf(expression: Expression): readonly CharacterSet[] {
  switch (expression.kind) {
    case 'empty':
    case 'start':
    case 'end':
      return [];
    case 'characters':
      return [expression.set];
    case 'repeat':
      return setsOf(expression.body);
    case 'sequence':
    case 'choice':
      return expression.parts.flatMap(setsOf);
  }
}

/** The set of the one character that an expression matches, once or again and again: `[<>&]`, `(\D)`, `[^a-z]+`. */
export function characterClassOf(pattern: string): CharacterSet | undefined {
  let expression = readExpression(pattern);
  while (expression && expression.kind !== 'characters') expression = onlyPart(expression);
  return expression?.set;
}

function onlyPart(expression: Expression): Expression | undefined {
  if (expression.kind === 'repeat') return expression.least <= 1 ? expression.body : undefined;
  return expression.kind === 'sequence' && expression.parts.length === 1 ? expression.parts[0] : undefined;
}
