import type { Expression } from '../../code/index.ts';
import { isTestFile } from '../test-file.ts';
import { entryValue, literalText } from './spelled-name.ts';
import { expressionsBelow } from './traversal.ts';
import { type FindWeaknesses, maySpell, weakness } from './weakness.ts';

/** CODE66: a statement of a policy, written out as a map, that allows everything, or that allows everybody. */
export const findBroadPermission: FindWeaknesses = ({ module }) => {
  if (isTestFile(module.file.path) || !maySpell(module, /Effect/)) return [];
  const found = [];
  for (const expression of expressionsBelow(module.body)) {
    if (literalText(entryValue(expression, 'Effect')) !== 'Allow') continue;
    const everything = isStar(entryValue(expression, 'Action')) && isStar(entryValue(expression, 'Resource'));
    const principal = entryValue(expression, 'Principal');
    const everybody = (isStar(principal) || isStar(entryValue(principal, 'AWS'))) && !has(expression, 'Condition');
    if (!everything && !everybody) continue;
    const message = everything ? 'The policy allows every action on every resource' : 'The policy allows everybody';
    found.push(weakness('CODE66', { message, place: expression.place, subject: message }));
  }
  return found;
};

function isStar(value: Expression | undefined): boolean {
  if (value?.kind === 'list') return value.items.some(isStar);
  const text = literalText(value);
  return text === '*' || text === '*:*';
}

function has(expression: Expression, key: string): boolean {
  return entryValue(expression, key) !== undefined;
}
