import type { Expression, Statement } from '../../code/index.ts';
import { callsOf, statementsIn } from '../code-walk.ts';
import { type AddedCode, type Call, calledName } from './added-code.ts';

/** One thing that a new test asks, and what comes of the answer. */
export interface Question {
  /** Without `!` and `not`. */
  readonly asked: Expression;
  /** The answer with which the program does not go on; `undefined` where it is not this answer alone that decides. */
  readonly refusedWhen: boolean | undefined;
}

/** A patch that asks more is none for one finding. */
const MOST_QUESTIONS = 500;

/** Everything that branches of a patch ask before they refuse, each by itself. */
export function questionsIn({ bodies, after, isNew }: AddedCode): readonly Question[] {
  const questions = bodies.flat().flatMap((statement) => {
    if (statement.kind !== 'branch' || !isNew(statement.place)) return [];
    if (isRefusal(statement.then, after)) return asked(statement.test, true);
    return statement.otherwise.length > 0 && isRefusal(statement.otherwise, after) ? asked(statement.test, false) : [];
  });
  return questions.slice(0, MOST_QUESTIONS);
}

/** `a || b` refuses with either, `a && b` goes on with both; of the other pairs neither decides alone. */
function asked(test: Expression, refusedWhen: boolean | undefined): readonly Question[] {
  if (test.kind === 'unary' && (test.operator === '!' || test.operator === 'not'))
    return asked(test.operand, refusedWhen === undefined ? undefined : !refusedWhen);
  if (test.kind !== 'logical') return [{ asked: test, refusedWhen }];
  const alone = refusedWhen !== undefined && (test.operator === 'or') === refusedWhen ? refusedWhen : undefined;
  return [...asked(test.left, alone), ...asked(test.right, alone)];
}

/** It throws, answers with a status of 400 or more, hands on an error, or leaves with nothing. */
function isRefusal(body: readonly Statement[], after: AddedCode['after']): boolean {
  if (statementsIn(body).some((one) => one.kind === 'throw' || (one.kind === 'return' && isNothing(one.value))))
    return true;
  return callsOf({ ...after, body }).some((call) => refuses(call) || REFUSALS.test(calledName(call) ?? ''));
}

const REFUSALS =
  /^(?:next|abort|reject|forbidden|unauthorized|badRequest|HttpResponseForbidden|HttpResponseBadRequest)$/;

function isNothing(value: Expression | undefined): boolean {
  if (value === undefined) return true;
  if (value.kind === 'list') return value.items.some((item) => item.kind === 'literal' && isRefusedStatus(item.value));
  return value.kind === 'literal' && (value.value === null || value.value === false);
}

/** An answer with a status of 400 or more; Go's `http.Error` has it last. */
export function refuses({ callee, arguments: given }: Call): boolean {
  const name = callee.kind === 'member' ? callee.name : '';
  const isError = name === 'Error' && callee.kind === 'member' && callee.object.kind === 'name' && given.length === 3;
  if (!isError && !ANSWERS_WITH.test(name)) return false;
  return isRefusal4xx(given[isError ? 2 : 0]?.value);
}

const ANSWERS_WITH =
  /^(?:status|sendStatus|writeHead|sendError|setStatus|WriteHeader|AbortWithStatus(?:JSON)?|JSON|String)$/;
const REFUSING_NAMES =
  /^(?:Status|SC_)?(?:BadRequest|Unauthorized|Forbidden|NotFound|MethodNotAllowed|BAD_REQUEST|UNAUTHORIZED|FORBIDDEN|NOT_FOUND)$/;

function isRefusal4xx(status: Expression | undefined): boolean {
  if (status?.kind === 'member') return REFUSING_NAMES.test(status.name);
  return status?.kind === 'literal' && isRefusedStatus(status.value);
}

function isRefusedStatus(status: unknown): boolean {
  return typeof status === 'number' && status >= 400 && status < 600;
}
