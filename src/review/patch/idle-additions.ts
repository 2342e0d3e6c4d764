import type { Expression, FunctionNode, Statement } from '../../code/index.ts';
import type { Span } from '../../syntax/index.ts';
import { allExpressionsOf, allStatementsOf, callsOf, expressionsOf, partsOf, statementsIn } from '../code-walk.ts';
import { type AddedCode, type Call, calledName, literalText } from './added-code.ts';
import { type ClientsWord, clientsWordIn } from './clients-word.ts';
import { refuses } from './gate.ts';
import { isLogLine, wholeLine } from './remarks.ts';
import { codeOf, covers, namesIn, partsBelow } from './spot.ts';
import { patternsIn } from './weak-tests.ts';

/**
 * What a patch added without what decides nothing about who may do what: limits of how often, waiting, headers of the
 * answer, lines of a log, functions that hand everybody on, and whatever is asked of the client's own word alone.
 */
export function withoutIdle(code: AddedCode): AddedCode {
  const spans = idleSpans(code);
  if (spans.length === 0) return code;
  const { file } = code.after;
  return {
    ...code,
    after: { ...code.after, file: { ...file, text: blanked(file.text, spans) } },
    isNew: (place) => code.isNew(place) && !spans.some((span) => covers(span, place.span)),
  };
}

function idleSpans(code: AddedCode): readonly Span[] {
  const { after, isNew, calls } = code;
  const word = clientsWordIn(after);
  const lookups = namesOfLookups(code, word);
  const isIdle = (statement: Statement): boolean => isIdleStatement(statement, { code, word, lookups });
  const statements = allStatementsOf(after).filter((statement) => isNew(statement.place) && isIdle(statement));
  const given = callsOf(after).flatMap((call) => call.arguments.map(({ value }) => value));
  const handedOn = given.filter(
    (value) =>
      isNew(value.place) && (isLimiter(value, calls) || (value.kind === 'function' && handsOn(value.function))),
  );
  const whole = statements.map(({ place }) => wholeLine(place.span, after.file.text));
  return [...whole, ...[...handedOn, ...claimsIn(code, word)].map(({ place }) => place.span)];
}

interface Sight {
  readonly code: AddedCode;
  readonly word: ClientsWord;
  readonly lookups: ReadonlySet<string>;
}

function isIdleStatement(statement: Statement, { code, word, lookups }: Sight): boolean {
  if (statement.kind === 'import' || isLogLine(statement)) return true;
  if (statement.kind === 'expression') return isWaiting(statement.value) || isHeader(statement.value);
  if (statement.kind === 'assign') {
    if (isRequire(statement.value) || word.holds(statement.value)) return true;
    if (isHeaderTarget(statement)) return true;
    return [...namesIn([statement.target])].some((name) => lookups.has(name)) && isLookup(statement.value, word);
  }
  if (statement.kind !== 'branch') return false;
  const asks = partsOfTest(statement.test);
  return asks.every((one) => isOfOwnWord(one, { code, word, lookups })) && isPlainRefusal(statement, code);
}

function partsOfTest(test: Expression): readonly Expression[] {
  if (test.kind === 'logical') return [...partsOfTest(test.left), ...partsOfTest(test.right)];
  return test.kind === 'unary' && /^(?:!|not)$/.test(test.operator) ? partsOfTest(test.operand) : [test];
}

/** Whether it is there, how long or how large it is, of what kind; or what the client says of himself. */
function isOfOwnWord(test: Expression, { code, word, lookups }: Sight): boolean {
  const isThere = (value: Expression): boolean =>
    word.holds(value) || (value.kind === 'name' && lookups.has(value.name)) || isLookup(value, word);
  if (isThere(test)) return true;
  if (test.kind === 'call' && /^equals(?:IgnoreCase)?$/.test(calledName(test) ?? '') && test.callee.kind === 'member') {
    const sides = [test.callee.object, test.arguments[0]?.value].filter((side) => side !== undefined);
    return sides.some(({ kind }) => kind === 'literal') && sides.some((side) => word.claims(side));
  }
  if (test.kind === 'call' && OF_TEXT.test(calledName(test) ?? ''))
    return patternsIn(test, code).some(isOfCharacters) && partsOf(test).some((part) => word.holds(part));
  if (test.kind !== 'binary') return false;
  const sides = [test.left, test.right];
  const fixed = sides.find(({ kind }) => kind === 'literal');
  const other = sides.find((side) => side !== fixed);
  if (fixed?.kind !== 'literal' || !other) return false;
  if (fixed.value === null || fixed.value === '') return isThere(other);
  if (typeof fixed.value === 'number') return word.holds(other);
  const isKind = other.kind === 'unary' && other.operator === 'typeof';
  return (isKind && word.holds(other.operand)) || (word.claims(other) && code.isNew(test.place));
}

const OF_TEXT = /^(?:test|match|fullmatch|matches|MatchString)$/;

/** A pattern that says of which characters a text is made, and no word that it must hold. */
function isOfCharacters(pattern: string): boolean {
  return /^\^?(?:(?:\[(?!\^)[^\]]{1,80}\]|\\[wd])(?:[+*?]|\{\d{1,4},?\d{0,4}\})?-?){1,8}\$?$/.test(pattern);
}

/** It only answers, and nothing in it asks anything else. */
function isPlainRefusal({ then, otherwise }: Extract<Statement, { kind: 'branch' }>, { after }: AddedCode): boolean {
  const inside = statementsIn(then);
  if (otherwise.length > 0 || inside.some(({ kind }) => kind === 'branch' || kind === 'assign')) return false;
  return callsOf({ ...after, body: then }).every((call) => ANSWERS.test(calledName(call) ?? '') || refuses(call));
}

const ANSWERS =
  /^(?:status|sendStatus|send|json|end|Error|WriteHeader|sendError|setStatus|abort|jsonify|build|badRequest|notFound|JSON|AbortWithStatus\w*|String|Response|HttpResponse\w*|ResponseEntity)$/;

/** Names that a patch gave what it found by the client's word. */
function namesOfLookups({ after, before, isNew }: AddedCode, word: ClientsWord): ReadonlySet<string> {
  const called = new Set(callsOf(before).map((call) => codeOf(call, before.file)));
  return new Set(
    allStatementsOf(after).flatMap((statement) => {
      if (statement.kind !== 'assign' || !isNew(statement.place)) return [];
      const wasThere = statement.value.kind === 'call' && called.has(codeOf(statement.value, after.file));
      return wasThere || isLookup(statement.value, word) ? [...namesIn([statement.target])] : [];
    }),
  );
}

const FINDS = /^(?:find|get|exists|load|fetch|lookup|count|select)(?![a-z])/;
const OF_SOMEBODY = /user|own|auth|sess|account|may|can|allow|permi|access|grant|role|member|for(?:[A-Z_])|By(?!Id|Pk)/;

/** `Review.findByPk(req.params.id)`: whether there is one says nothing about who asks. */
function isLookup(value: Expression, word: ClientsWord): boolean {
  const call = value.kind === 'await' ? value.value : value;
  if (call.kind !== 'call' || call.callee.kind !== 'member' || !FINDS.test(call.callee.name)) return false;
  const [first, ...others] = call.arguments;
  const spelling = [call.callee.name, ...namesIn([call.callee])].join(' ');
  return first !== undefined && others.length === 0 && word.holds(first.value) && !OF_SOMEBODY.test(spelling);
}

const LIMITER = /^(?:rateLimit|slowDown|expressRateLimit|throttle|morgan|compression|responseTime|timeout|noCache)$/;

function isLimiter(value: Expression, calls: readonly Call[]): boolean {
  return value.kind === 'call' && calls.includes(value) && LIMITER.test(calledName(value) ?? '');
}

/** A function of the way to the handler that always goes on: nothing in it refuses, answers or changes the request. */
function handsOn({ parameters, body }: FunctionNode): boolean {
  const next = parameters[2]?.name;
  if (next === undefined || parameters.length !== 3) return false;
  const inside = statementsIn(body);
  const last = body.at(-1);
  return (
    last?.kind === 'expression' &&
    isCallOf(last.value, next) &&
    inside.every((one) => {
      if (one.kind === 'branch')
        return expressionsOf(one).every((test) => !partsBelow([test]).some(({ kind }) => kind === 'call'));
      if (one.kind === 'declare' || one.kind === 'block') return true;
      return isLogLine(one) || (one.kind === 'expression' && (isHeader(one.value) || isCallOf(one.value, next)));
    })
  );
}

function isCallOf(value: Expression, name: string): boolean {
  return (
    value.kind === 'call' && value.callee.kind === 'name' && value.callee.name === name && value.arguments.length === 0
  );
}

/** It comes later and is the same for everybody. */
function isWaiting(value: Expression): boolean {
  const call = value.kind === 'await' ? value.value : value;
  if (call.kind !== 'call') return false;
  if (/^(?:sleep|Sleep|delay)$/.test(calledName(call) ?? '')) return true;
  return calledName(call) === 'Promise' && namesIn([call]).has('setTimeout');
}

const HEADER_SETTERS = /^(?:set|header|setHeader|append|Set|Add|addHeader)$/;
/** Asks for a password. */
const ASKING = /^www-authenticate$/i;

function isHeader(value: Expression): boolean {
  if (value.kind !== 'call' || value.callee.kind !== 'member' || !HEADER_SETTERS.test(value.callee.name)) return false;
  const [name, content] = value.arguments.map((one) => literalText(one.value));
  return name !== undefined && content !== undefined && !ASKING.test(name) && isAnswer(value.callee.object);
}

function isHeaderTarget({ target, value }: Extract<Statement, { kind: 'assign' }>): boolean {
  if (target.kind !== 'index' || target.object.kind !== 'member' || target.object.name !== 'headers') return false;
  const name = literalText(target.key);
  return name !== undefined && !ASKING.test(name) && literalText(value) !== undefined && isAnswer(target.object.object);
}

const ANSWER = /^(?:res|resp|response|reply|answer|w|rw|ctx|c)$/;

/** Also Go's `w.Header()`. */
function isAnswer(object: Expression): boolean {
  if (object.kind === 'call') return object.callee.kind === 'member' && isAnswer(object.callee.object);
  return object.kind === 'name' && ANSWER.test(object.name);
}

function isRequire(value: Expression): boolean {
  const call = value.kind === 'member' ? value.object : value;
  return call.kind === 'call' && call.callee.kind === 'name' && call.callee.name === 'require';
}

/** Entries of a filter that say whose something is, by the client's word: `{ id, author: req.body.author }`. */
function claimsIn(
  { after, isNew }: AddedCode,
  word: ClientsWord,
): readonly { readonly place: { readonly span: Span } }[] {
  return allExpressionsOf(after).flatMap((map) => {
    if (map.kind !== 'map') return [];
    return map.entries.flatMap((entry) => {
      if (entry.kind !== 'entry' || !isNew(entry.value.place) || !word.claims(entry.value)) return [];
      const span = {
        start: Math.min(entry.key.place.span.start, entry.value.place.span.start),
        end: entry.value.place.span.end,
      };
      return [{ place: { span } }];
    });
  });
}

/** Blank, with the comma that stands behind. */
function blanked(text: string, spans: readonly Span[]): string {
  return spans.reduce((left, { start, end }) => {
    const comma = /^\s*,/.exec(left.slice(end))?.[0].length ?? 0;
    return left.slice(0, start) + left.slice(start, end + comma).replace(/[^\n]/g, ' ') + left.slice(end + comma);
  }, text);
}
