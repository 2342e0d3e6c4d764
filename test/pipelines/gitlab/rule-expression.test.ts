import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  evaluateRule,
  type KnownVariable,
  parseRuleExpression,
  SET,
} from '../../../src/pipelines/gitlab/rule-expression.ts';

const KNOWN = new Map<string, ReturnType<KnownVariable>>([
  ['A', 'a'],
  ['NONE', null],
  ['SOME', SET],
]);
const known: KnownVariable = (name) => KNOWN.get(name);

function evaluate(text: string): boolean | undefined | string {
  const expression = parseRuleExpression(text);
  return expression === undefined ? 'no expression' : evaluateRule(expression, known);
}

describe('conditions of GitLab rules', () => {
  const rows: readonly [string, boolean | undefined | string][] = [
    ['$A', true],
    ['$NONE', false],
    ['$UNKNOWN', undefined],
    ['$A == "a"', true],
    ["$A != 'a'", false],
    ['"a" == $A', true],
    ['$NONE == null', true],
    ['$A == null', false],
    ['$A =~ /^a$/', true],
    ['$A !~ /b/', true],
    ['$A =~ /(a+)+$/', undefined],
    ['$SOME', true],
    ['$SOME == null', false],
    ['$SOME != ""', true],
    ['$NONE == $SOME', false],
    ['$SOME == $NONE', false],
    ['$SOME == $A', undefined],
    ['$SOME =~ /^a$/', undefined],
    ['$A && $UNKNOWN', undefined],
    ['$NONE && $UNKNOWN', false],
    ['$A || $UNKNOWN', true],
    ['$NONE || $A && $NONE', false],
    ['($NONE || $A) && $A', true],
    ['$' + '{A} == "a"', true],
    ['$A == ', 'no expression'],
    ['hello', 'no expression'],
    ['', 'no expression'],
  ];
  for (const [text, expected] of rows) {
    it(`${text || 'nothing'} is ${String(expected)}`, () => assert.equal(evaluate(text), expected));
  }

  it('gives up on what nests too deeply instead of failing', () => {
    assert.equal(evaluate(`${'('.repeat(3000)}$A${')'.repeat(3000)}`), 'no expression');
  });

  it('never throws', () => {
    const token = fc.constantFrom('$A', '&&', '||', '(', ')', '==', '=~', '"x"', '/x/', 'null', ' ', '$', '/');
    fc.assert(fc.property(fc.array(token, { maxLength: 30 }), (tokens) => void evaluate(tokens.join(' '))));
  });
});
