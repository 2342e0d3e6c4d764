import type { Expression, Statement } from '../../code/index.ts';
import { callsOf, statementsIn } from '../code-walk.ts';
import type { AddedCode } from './added-code.ts';
import { questionsIn, refuses } from './gate.ts';

/** What the new tests of a patch ask so that a yes lets go on: `if (!ok(x)) refuse`, and `if (ok(x)) answer`. */
export function permittingQuestions(code: AddedCode): readonly Expression[] {
  const refusing = questionsIn(code).flatMap(({ asked, refusedWhen }) => {
    const isIn = asked.kind === 'binary' && asked.operator === 'not in';
    return refusedWhen === isIn ? asked : [];
  });
  const granting = code.bodies.flat().flatMap((statement) => {
    if (statement.kind !== 'branch' || !code.isNew(statement.place) || isTurnedAway(statement.then, code)) return [];
    return grantedBy(statement.test);
  });
  return [...refusing, ...granting];
}

function isTurnedAway(body: readonly Statement[], { after }: AddedCode): boolean {
  const leaves = statementsIn(body).some(({ kind }) => kind === 'throw' || kind === 'return' || kind === 'continue');
  return leaves || callsOf({ ...after, body }).some(refuses);
}

/** Each part of `a && b` and `a || b` may be what lets go on; nothing behind a `!` does. */
function grantedBy(test: Expression): readonly Expression[] {
  if (test.kind === 'logical') return [...grantedBy(test.left), ...grantedBy(test.right)];
  return test.kind === 'unary' ? [] : [test];
}
