import type { Expression, FunctionNode, Statement } from '../../code/index.ts';
import type { Span } from '../../syntax/index.ts';
import {
  allExpressionsOf,
  allStatementsOf,
  callsOf,
  expressionsOf,
  functionsOf,
  partsOf,
  statementsIn,
} from '../code-walk.ts';
import { type AddedCode, type Call, calledName, literalText, writtenIn } from './added-code.ts';
import { type ClientsWord, clientsWordIn } from './clients-word.ts';
import { refuses } from './gate.ts';
import { isLogLine, wholeLine } from './remarks.ts';
import { codeOf, covers, fieldOf, namesIn, partsBelow } from './spot.ts';
import { patternsIn } from './weak-tests.ts';
import { WHO } from './words-of-identity.ts';

/**
 * What a patch added without what decides nothing about who may do what: limits of how often, waiting, headers of the
 * answer, lines of a log, functions that hand everybody on, and whatever is asked of the client's own word alone.
 */
export function withoutIdle(code: AddedCode): AddedCode {
  const { spans, replaced } = idleSpans(code);
  if (spans.length === 0) return code;
  const [before, after] = [
    { ...code.before, file: { ...code.before.file, text: blanked(code.before.file.text, replaced) } },
    { ...code.after, file: { ...code.after.file, text: blanked(code.after.file.text, spans) } },
  ];
  const isLeft = writtenIn(before, after);
  return {
    ...code,
    before,
    after,
    isNew: (place) => code.isNew(place) && isLeft(place) && !spans.some((span) => covers(span, place.span)),
  };
}

interface Idle {
  /** In the new text. */
  readonly spans: readonly Span[];
  /** In the old text: what some of them stand in the place of. */
  readonly replaced: readonly Span[];
}

function idleSpans(code: AddedCode): Idle {
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
  const inside = [...handedOn, ...claimsIn(code, word)].map(({ place }) => place.span);
  return {
    spans: [...whole, ...inside, ...filledParameters(code, word), ...idleMarks(code)],
    replaced: replacedBy(statements, code).map(({ place }) => wholeLine(place.span, code.before.file.text)),
  };
}

/** `const id = Number(req.params.id)` in the place of `const id = req.params.id`. */
function replacedBy(statements: readonly Statement[], { before, after }: AddedCode): readonly Statement[] {
  const targets = statements.flatMap((one) => (one.kind === 'assign' ? codeOf(one.target, after.file) : []));
  const word = clientsWordIn(before);
  return allStatementsOf(before).filter(
    (one) => one.kind === 'assign' && word.holds(one.value) && targets.includes(codeOf(one.target, before.file)),
  );
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
    return (
      [...namesIn([statement.target])].some((name) => lookups.has(name)) && isLookup(statement.value, { code, word })
    );
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
    word.holds(value) || (value.kind === 'name' && lookups.has(value.name)) || isLookup(value, { code, word });
  if (isThere(test) || isPartOfClaim(test, word)) return true;
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
  if (!fixed) return sides.some((side) => word.claims(side)) && sides.some((side) => isOfRecord(side, code));
  if (fixed.kind !== 'literal' || !other) return false;
  if (fixed.value === null || fixed.value === '') return isThere(other);
  if (typeof fixed.value === 'number') return word.holds(other);
  const isKind = other.kind === 'unary' && other.operator === 'typeof';
  return (isKind && word.holds(other.operand)) || (word.claims(other) && code.isNew(test.place));
}

const SEARCHES = /^(?:includes|startsWith|endsWith|startswith|endswith|contains|indexOf|HasPrefix|HasSuffix|Contains)$/;

/** `req.headers.referer.includes('/admin')`: a part of what the client says of himself. */
function isPartOfClaim(test: Expression, word: ClientsWord): boolean {
  if (test.kind !== 'call' || !SEARCHES.test(calledName(test) ?? '')) return false;
  const given = test.arguments.map(({ value }) => value);
  const all = test.callee.kind === 'member' ? [test.callee.object, ...given] : given;
  return all.some((one) => word.claims(one)) && given.some(({ kind }) => kind === 'literal');
}

/** A field of what was looked up before the patch, where nothing says that it is the caller himself. */
function isOfRecord(side: Expression, { before, after }: AddedCode): boolean {
  if (side.kind !== 'member' || side.object.kind !== 'name') return false;
  const { name } = side.object;
  return allStatementsOf(before).some((one) => {
    if (one.kind !== 'assign' || one.target.kind !== 'name' || one.target.name !== name) return false;
    const value = one.value.kind === 'await' ? one.value.value : one.value;
    return (
      value.kind === 'call' && !WHO.test(`${name} ${codeOf(value.callee, before.file)}`) && after.language !== 'go'
    );
  });
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
  /^(?:status|sendStatus|send|json|end|Error|WriteHeader|sendError|setStatus|abort|jsonify|build|badRequest|notFound|JSON|AbortWithStatus\w*|String|Response|HttpResponse\w*|ResponseEntity|Http404|\w*Exception|NotFound|BadRequest|Forbidden|Unauthorized)$/;

/** Names of what was found by the client's word, or of what the old file found already. */
function namesOfLookups(code: AddedCode, word: ClientsWord): ReadonlySet<string> {
  const { after, before, isNew } = code;
  const called = new Set(callsOf(before).map((call) => codeOf(call, before.file)));
  const isFound = (value: Expression): boolean =>
    (value.kind === 'call' && called.has(codeOf(value, after.file))) || isLookup(value, { code, word });
  const assigned = allStatementsOf(after).flatMap((statement) =>
    statement.kind === 'assign' && isNew(statement.place) && isFound(statement.value)
      ? [...namesIn([statement.target])]
      : [],
  );
  const handed = callsOf(after).flatMap(({ callee, arguments: given }) => {
    const [then] = given.map(({ value }) => value);
    const isThen = callee.kind === 'member' && callee.name === 'then' && isFound(callee.object);
    return isThen && then?.kind === 'function' ? (then.function.parameters[0]?.name ?? []) : [];
  });
  return new Set([...assigned, ...handed]);
}

const FINDS = /^(?:find|get|exists|load|fetch|lookup|count|select)(?![a-z])/;
const OF_SOMEBODY = /user|own|auth|sess|account|may|can|allow|permi|access|grant|role|member|for(?:[A-Z_])|By(?!Id|Pk)/;

/** `Review.findByPk(req.params.id)`: whether there is one says nothing about who asks. */
function isLookup(value: Expression, { code, word }: Pick<Sight, 'code' | 'word'>): boolean {
  const call = value.kind === 'await' ? value.value : value;
  if (call.kind !== 'call' || call.callee.kind !== 'member' || !FINDS.test(call.callee.name)) return false;
  const [first, ...others] = call.arguments;
  const holder = call.callee.object;
  // What holds the records that the weakness is about may well be named after people.
  const wasAsked = callsOf(code.before).some(
    ({ callee }) =>
      callee.kind === 'member' && codeOf(callee.object, code.before.file) === codeOf(holder, code.after.file),
  );
  const spelling = [call.callee.name, ...(wasAsked ? [] : namesIn([call.callee]))].join(' ');
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

/** New parameters that hold what the client wrote, with their types and annotations. */
function filledParameters({ before, after, isNew }: AddedCode, word: ClientsWord): readonly Span[] {
  const had = new Set(functionsOf(before).flatMap(({ parameters }) => parameters.map(({ name }) => name)));
  return functionsOf(after).flatMap(({ parameters }) =>
    parameters.flatMap(({ name, target: { place } }) =>
      name !== undefined && word.fills(name) && !had.has(name) && isNew(place)
        ? betweenCommas(after.file.text, place.span)
        : [],
    ),
  );
}

function betweenCommas(text: string, { start, end }: Span): Span {
  let [first, last] = [start, end];
  for (let depth = 0; first > 0; first--) {
    const mark = text.charAt(first - 1);
    if (mark === ')') depth++;
    if (mark === '(' && depth-- === 0) break;
    if (mark === ',' && depth === 0) break;
  }
  for (let depth = 0; last < text.length; last++) {
    const mark = text.charAt(last);
    if (mark === '(') depth++;
    if (mark === ')' && depth-- === 0) break;
    if (mark === ',' && depth === 0) break;
  }
  return { start: first, end: last };
}

/** Annotations and options of them that say how an answer looks or is described, and nothing of who gets it. */
const IDLE_MARK =
  /(?:^|\.)(?:Transactional|HttpCode|ResponseStatus|Header|ApiOperation|ApiResponse|ApiTags|Operation|Tag|Async|Timed|Cacheable|CrossOrigin|Deprecated|SuppressWarnings|Throttle|RateLimiter|Validated)$/;
const IDLE_OPTION = /^(?:include_in_schema|summary|description|tags|deprecated|operation_id|name)$/;

function idleMarks({ before, after, isNew }: AddedCode): readonly Span[] {
  const known = new Set(marksIn(before).map((mark) => codeOf(mark, before.file)));
  return marksIn(after).flatMap((mark) => {
    if (!isNew(mark.place) || known.has(codeOf(mark, after.file))) return [];
    const made = mark.kind === 'call' ? mark.callee : mark;
    const name = made.kind === 'name' || made.kind === 'member' ? made.name : '';
    if (IDLE_MARK.test(name)) return [withSign(mark.place.span, after.file.text)];
    const options = mark.kind === 'call' ? mark.arguments.filter((one) => IDLE_OPTION.test(one.name ?? '')) : [];
    return options
      .map(({ value }) => betweenCommas(after.file.text, value.place.span))
      .map(({ start, end }) => ({ start: start - 1, end }));
  });
}

function marksIn({ body }: AddedCode['after']): readonly Expression[] {
  return partsBelow(body).flatMap((part) => {
    const members: unknown = fieldOf(part, 'members');
    const marked = [part, ...(Array.isArray(members) ? members : [])];
    return marked.flatMap((one: unknown) => {
      const marks: unknown = fieldOf(one, 'decorators');
      return Array.isArray(marks) ? marks.filter(isExpression) : [];
    });
  });
}

function isExpression(value: unknown): value is Expression {
  return fieldOf(value, 'place') !== undefined && fieldOf(value, 'kind') !== undefined;
}

function withSign({ start, end }: Span, text: string): Span {
  return { start: text.charAt(start - 1) === '@' ? start - 1 : start, end };
}

/** Blank, with the comma that stands behind. */
function blanked(text: string, spans: readonly Span[]): string {
  return spans.reduce((left, { start, end }) => {
    const comma = /^\s*,/.exec(left.slice(end))?.[0].length ?? 0;
    return left.slice(0, start) + left.slice(start, end + comma).replace(/[^\n]/g, ' ') + left.slice(end + comma);
  }, text);
}
