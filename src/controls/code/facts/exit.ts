import { countStrong, isDenialName, isQuestionName, isRefusingName, refusesByName } from '../lexicon.ts';
import { argumentsOf, lastName, namesOf, partOf, showTerm, staysOutside, type Term, termsIn } from '../terms/index.ts';
import type { Exit } from './fact.ts';

/** How a block leaves, and what it says; `undefined` when it goes on. */
export interface Leaving {
  readonly exit: Exit;
  readonly answer: string;
  /** It hands on an error that it was given. */
  readonly passesError: boolean;
}

const CALLBACKS = /^(?:next|cb|callback|done|fn|reject)$/;
const ENDING = /^(?:abort|panic|exit|fatal|fatalf|_exit|die|halt|sys\.exit|redirect)$/i;
const EMPTY = /^(?:undefined|null|None|nil|NULL)$/;
/** What holds an error: `err`, `e`, `s3Err`, `errCode`, `last_error`. */
const ERROR = /^(?:e|err(?:or)?(?:_?code)?|\w{1,40}(?:_err(?:or)?|Err(?:or)?)(?:_?[cC]ode)?)$/i;
const REFUSAL_STATUS = /^(?:4\d\d|5\d\d|Status\w*|HTTP_4\w+|HTTP_5\w+)$/;

/** How the statements of a branch leave, judged by the last of them. */
export function leavingOf(statements: readonly Term[], scopeName: string): Leaving | undefined {
  const last = statements.at(-1);
  if (last === undefined) return undefined;
  if (last.kind === 'block' && last.parts.length > 0) return leavingOf(last.parts, scopeName);
  const before = statements.slice(0, -1);
  if (last.kind === 'throw') return { exit: 'deny', answer: show(last), passesError: false };
  if (last.kind === 'return') return leavingByReturn(last, before, scopeName);
  if (last.kind === 'break' || last.kind === 'continue') {
    const denial = before.find((statement) => isDenial(statement) && !leavesItself(statement, scopeName));
    return { exit: denial ? 'deny' : 'leave', answer: denial ? show(denial) : last.kind, passesError: false };
  }
  if (isDenial(last) && ENDING.test(lastName(calleeOf(last)))) {
    return { exit: 'deny', answer: show(last), passesError: false };
  }
  return undefined;
}

function calleeOf(term: Term): Term | undefined {
  const call = term.kind === 'await' ? term.parts[0] : term;
  return call?.kind === 'call' ? partOf(call, 'callee') : undefined;
}

function show(term: Term): string {
  return showTerm(term, 160);
}

function leavingByReturn(term: Term, before: readonly Term[], scopeName: string): Leaving {
  const values = term.parts.flatMap((part) => (part.kind === 'other' || part.kind === 'list' ? part.parts : [part]));
  const last = verdictOf(values, scopeName);
  const answers = last?.kind === 'constant' && /^(?:true|false)$/i.test(last.text);
  if (last !== undefined && handsOnNo(last) && isQuestionName(lastPart(scopeName)) && !isRefusingName(scopeName))
    return { exit: 'deny', answer: show(term), passesError: false };
  const denial = before.find(
    (statement) => isDenial(statement) && !(answers && isLogged(statement)) && !leavesItself(statement, scopeName),
  );
  if (denial) return { exit: 'deny', answer: show(denial), passesError: false };
  if (last === undefined) return leaveOrAccept(before);
  const passesError = last.kind === 'name' && ERROR.test(last.text);
  if (passesError || values.some(isDenial)) return { exit: 'deny', answer: show(term), passesError };
  if (answers) {
    const says = last.text.toLowerCase() === 'true';
    return { exit: says !== isRefusingName(scopeName) ? 'accept' : 'deny', answer: show(term), passesError: false };
  }
  if (last.kind === 'constant' && EMPTY.test(last.text)) {
    const alone = values.length === 1 && last.text !== 'nil';
    return { exit: alone ? 'leave' : last.text === 'nil' ? 'accept' : 'leave', answer: show(term), passesError: false };
  }
  return { exit: 'accept', answer: show(term), passesError: false };
}

/** `if (error) return next(error)` before the end of a branch: whoever comes to that end was not refused there. */
function leavesItself(statement: Term, scopeName: string): boolean {
  if (statement.kind !== 'if' || partOf(statement, 'else') !== undefined) return false;
  const then = partOf(statement, 'then');
  return then !== undefined && leavingOf(then.kind === 'block' ? then.parts : [then], scopeName) !== undefined;
}

/** Of `return false, nil` in a function that answers a question the first part is the answer. */
function verdictOf(values: readonly Term[], scopeName: string): Term | undefined {
  const [first] = values;
  const last = values.at(-1);
  const isPlain = last?.kind === 'constant' && last.text === 'nil' && values.length === 2;
  const isAnswer = first?.kind === 'constant' && /^(?:true|false)$/.test(first.text);
  return isPlain && isAnswer && isQuestionName(lastPart(scopeName)) ? first : last;
}

/** `callback(null, false)`: the answer no, handed on. */
function handsOnNo(term: Term): boolean {
  const callee = calleeOf(term);
  const [error, value, ...more] = term.kind === 'call' ? argumentsOf(term) : [];
  const isNone = error?.kind === 'constant' && EMPTY.test(error.text);
  const isNo = value?.kind === 'constant' && value.text === 'false';
  return callee?.kind === 'name' && CALLBACKS.test(callee.text) && isNone && isNo && more.length === 0;
}

function lastPart(scope: string): string {
  return scope.slice(scope.lastIndexOf('.') + 1);
}

/** `slog.Error("…")` says an error to nobody who asked: the answer is what is returned. */
function isLogged(statement: Term): boolean {
  const callee = calleeOf(statement);
  return (
    callee !== undefined &&
    namesOf(callee)
      .slice(0, -1)
      .some((name) => /^_?(?:[gkstz]?log|logger|logging|logrus|console|sugar|winston|pino)$/i.test(name))
  );
}

function leaveOrAccept(before: readonly Term[]): Leaving {
  const last = before.at(-1);
  const callee = last === undefined ? undefined : calleeOf(last);
  const goesOn = callee !== undefined && CALLBACKS.test(lastName(callee));
  return { exit: goesOn ? 'accept' : 'leave', answer: last === undefined ? 'return' : show(last), passesError: false };
}

/** Whether a statement or a value says no: an error, a status of 4xx, a call of that name. */
export function isDenial(term: Term): boolean {
  for (const part of termsIn(term, staysOutside)) {
    if (part.kind === 'number' && /^(?:4\d\d|5\d\d)$/.test(part.text)) return true;
    if (part.kind !== 'call' && part.kind !== 'new') {
      if (
        part.kind === 'member' &&
        REFUSAL_STATUS.test(lastName(part)) &&
        !/StatusOK|StatusCreated/.test(lastName(part))
      )
        return true;
      if (part.kind === 'name' && /^Err[A-Z]\w*$/.test(part.text)) return true;
      if (part.kind === 'map' && /(?:Err|Error|Exception)$/.test(typeOf(part))) return true;
      if (part.kind === 'pair' && saysError(part)) return true;
      continue;
    }
    if (isDenialCall(part)) return true;
  }
  return false;
}

/** Go names the type before the braces. */
function typeOf({ parts: [type] }: Term): string {
  return type?.kind === 'name' || type?.kind === 'member' ? lastName(type) : '';
}

/** `{ code: 111, error: 'no such field' }`: an answer with an error that is written there or made there. */
function saysError({ parts: [key, value] }: Term): boolean {
  return (
    key !== undefined &&
    value !== undefined &&
    /^['"]?(?:err|errors?|error_?(?:code|message|description))['"]?$/i.test(key.text) &&
    ((/^(?:string|text)$/.test(value.kind) && value.text !== '') || /^(?:new|operation)$/.test(value.kind))
  );
}

function isDenialCall(call: Term): boolean {
  const callee = partOf(call, 'callee');
  const names = callee === undefined ? [] : namesOf(callee);
  const last = names.at(-1) ?? '';
  if (/^(?:log|logger|console)$/i.test(names[0] ?? '')) return false;
  if (CALLBACKS.test(last)) {
    const [first] = argumentsOf(call);
    return last === 'reject' || (first !== undefined && !(first.kind === 'constant' && EMPTY.test(first.text)));
  }
  return (
    names.some(isDenialName) || refusesByName(last) || (/^(?:status|sendStatus)$/i.test(last) && countStrong(last) > 0)
  );
}
