import type { Expression, Module } from '../../code/index.ts';
import { expressionsOf, functionsOf, partsOf } from '../code-walk.ts';
import { type AddedCode, type Call, calledName, literalText, type WeakMending } from './added-code.ts';
import { type Question, questionsIn } from './gate.ts';
import { fieldOf, namesIn, type Placed, partsBelow, writtenText } from './spot.ts';

/** Tests that let through what they should not, whatever is asked of them. */
export const WEAK_TESTS: readonly WeakMending[] = [
  { reason: 'looks for permitted characters anywhere in a text that may hold others', find: findUnanchored },
  { reason: 'asks for what is always so, or never', find: findSettledTest },
  { reason: 'takes a promise for an answer: nobody waits for what it gives', find: findUnawaited },
  { reason: 'holds what the client sends against something else that it sends', find: findOwnWord },
  { reason: 'believes what the client says of itself', find: findOwnClaim },
  { reason: 'refuses a name only as it is written here, and it can be written in capitals', find: findCaseBound },
  { reason: 'decides by a header that the client chooses', find: findChosenHeader },
  { reason: 'stands behind what always leaves, and never runs', find: findUnreachable },
];

const CLASS = String.raw`(?:\[(?!\^)[^\]]{1,80}\]|\\[wd])(?:[+*]|\{\d{1,4},?\d{0,4}\})`;
/** Nothing but permitted characters, with and without both ends. */
const PERMITTED = new RegExp(`^(\\^?)(?:${CLASS}){1,8}(\\$?)$`);
/** What must hold a digit or a capital asks for it anywhere. */
const OF_PASSWORD = /pass|pwd|secret|pin\b/i;

function findUnanchored(code: AddedCode): Placed | undefined {
  return questionsIn(code).flatMap(({ asked, refusedWhen }) => {
    if (refusedWhen !== false || asked.kind !== 'call') return [];
    const [pattern] = patternsIn(asked, code);
    const ends = pattern === undefined ? undefined : PERMITTED.exec(pattern);
    if (!ends || OF_PASSWORD.test(textAt(asked, code.after))) return [];
    const [, start, end] = ends;
    return hasEnds(calledName(asked), code.after, start === '^', end === '$') ? [] : [asked];
  })[0];
}

function textAt({ place: { span } }: Placed, { file }: Module): string {
  return file.text.slice(span.start, span.end);
}

/** Python's `fullmatch` and Java's `matches` mean the whole text; Python's `match` begins at its beginning. */
function hasEnds(method: string | undefined, { language }: Module, start: boolean, end: boolean): boolean {
  if (method === 'fullmatch' || (method === 'matches' && language === 'java')) return true;
  if (!/^(?:test|match|exec|search|find|matches|MatchString)$/.test(method ?? '')) return true;
  return end && (start || (method === 'match' && language === 'python'));
}

/** Patterns that a call is made with: written there, or by the name of one. */
export function patternsIn(call: Call, code: AddedCode): readonly string[] {
  const here = [call.callee.kind === 'member' ? call.callee.object : call.callee, call.arguments[0]?.value];
  return here.flatMap((value) => {
    const meant = value?.kind === 'name' ? (boundTo(value.name, code) ?? value) : value;
    if (meant?.kind === 'regex') return [meant.pattern];
    const inside = meant?.kind === 'call' ? meant.arguments[0]?.value : meant;
    return inside?.kind === 'regex' ? [inside.pattern] : [literalText(inside) ?? []].flat();
  });
}

/** What a name is bound to, when that is one thing. */
function boundTo(name: string, { assignments }: AddedCode): Expression | undefined {
  const bound = assignments.filter(({ target }) => target.kind === 'name' && target.name === name);
  return bound.length === 1 ? bound[0]?.value : undefined;
}

function findSettledTest({ bodies, isNew }: AddedCode): Placed | undefined {
  return bodies.flat().find((statement) => {
    if (statement.kind !== 'branch' || !isNew(statement.test.place)) return false;
    return below(statement.test).some((part) => isSettled(part));
  });
}

function below(test: Expression): readonly Expression[] {
  const found: Expression[] = [];
  const open = [test];
  for (let next = open.pop(); next; next = open.pop()) {
    found.push(next);
    if (next.kind === 'logical' || next.kind === 'unary') open.push(...partsOf(next));
  }
  return found;
}

/** `role = 'admin'`; `x !== 'a' || x !== 'b'`; `x === 'a' && x === 'b'`. */
function isSettled(test: Expression): boolean {
  if (test.kind === 'assign') return test.value.kind === 'literal';
  if (test.kind !== 'logical' || test.operator === 'coalesce') return false;
  const operators = test.operator === 'or' ? /^!==?$/ : /^===?$/;
  const [left, right] = [test.left, test.right].map((side) => comparedTo(side, operators));
  return left !== undefined && right !== undefined && left.of === right.of && left.with !== right.with;
}

function comparedTo(
  side: Expression,
  operators: RegExp,
): { readonly of: string; readonly with: string | number | boolean } | undefined {
  if (side.kind !== 'binary' || !operators.test(side.operator) || side.right.kind !== 'literal') return undefined;
  const { value } = side.right;
  const of = chainOf(side.left);
  return value === null || of === undefined ? undefined : { of, with: value };
}

/** `a.b.c` and `a['b']` of names; anything else may be another thing each time. */
function chainOf(value: Expression): string | undefined {
  if (value.kind === 'name') return value.name;
  if (value.kind !== 'member' && value.kind !== 'index') return undefined;
  const object = chainOf(value.object);
  const name = value.kind === 'member' ? value.name : literalText(value.key);
  return object === undefined || name === undefined ? undefined : `${object}.${name}`;
}

/** A promise and a coroutine count as true, whatever they will say. */
function findUnawaited(code: AddedCode): Placed | undefined {
  const { after, bodies, isNew } = code;
  if (after.language === 'go' || after.language === 'java') return undefined;
  const later = new Set(functionsOf(after).flatMap(({ async, name }) => (async && name !== undefined ? [name] : [])));
  const now = functionsOf(after).flatMap(({ async, name }) => (!async && name !== undefined ? [name] : []));
  for (const name of now) later.delete(name);
  const tests = bodies.flat().flatMap((one) => (one.kind === 'branch' && isNew(one.place) ? below(one.test) : []));
  return tests.find((test) => test.kind === 'call' && isOwnCall(test) && later.has(calledName(test) ?? ''));
}

function isOwnCall({ callee }: Call): boolean {
  return callee.kind === 'name' || (callee.kind === 'member' && callee.object.kind === 'self');
}

const SENT =
  /^(?:req|request|ctx\.request|context\.req|c\.req)\.(?:body|query|params|headers|cookies|args|form|json)\b/;
const IDENTITY = /(?:id|user|username|owner|email|mail|author|account|role)$/i;

/** Who somebody is, by two things that he wrote himself. */
function findOwnWord(code: AddedCode): Placed | undefined {
  return questionsIn(code).find(({ asked, refusedWhen }) => {
    if (refusedWhen === undefined || asked.kind !== 'binary' || !/^[!=]==?$/.test(asked.operator)) return false;
    const sides = [asked.left, asked.right].map((side) => sentChain(side, code));
    return sides.every((chain) => chain !== undefined && IDENTITY.test(chain)) && sides[0] !== sides[1];
  })?.asked;
}

/** What somebody may do. */
const CLAIM = /(?:role|roles|admin|is_?staff|superuser|privileges?|permissions?|is_?owner|trusted|authori[sz]ed)$/i;

/** `if (req.headers['x-role'] !== 'admin') refuse`: who wants in says so. */
function findOwnClaim(code: AddedCode): Placed | undefined {
  return questionsIn(code).find(({ asked, refusedWhen }) => {
    if (refusedWhen === undefined || asked.kind !== 'binary') return false;
    const wanted = refusedWhen ? /^!==?$/ : /^===?$/;
    const sides = [asked.left, asked.right];
    return (
      wanted.test(asked.operator) &&
      sides.some((side) => side.kind === 'literal' && side.value !== null) &&
      sides.some((side) => CLAIM.test(sentChain(side, code) ?? ''))
    );
  })?.asked;
}

/** By its own name or that of a variable: `const { id } = req.body` too. */
function sentChain(side: Expression, { assignments }: AddedCode): string | undefined {
  const chain = chainOf(side);
  if (chain !== undefined && SENT.test(chain)) return chain;
  if (side.kind !== 'name') return undefined;
  for (const { target, value } of assignments) {
    const from = chainOf(value);
    if (from === undefined) continue;
    if (target.kind === 'name' && target.name === side.name && SENT.test(from)) return from;
    const entry = target.kind === 'map' && target.entries.find((one) => nameOf(one.target) === side.name);
    if (entry && SENT.test(`${from}.${entry.key}`)) return `${from}.${entry.key}`;
  }
  return undefined;
}

function nameOf(target: Placed): string | undefined {
  const name = fieldOf(target, 'name');
  return target.kind === 'name' && typeof name === 'string' ? name : undefined;
}

/** Schemes, tags and endings of programs: for them capitals mean nothing. */
const CASELESS = /^(?:javascript|vbscript|data|file):|<[a-z]+|^\.(?:php\d?|phtml|jsp|asp|aspx|exe|sh|svg|html?|js)$/;

function findCaseBound(code: AddedCode): Placed | undefined {
  return questionsIn(code).find(({ asked, refusedWhen }) => {
    if (refusedWhen !== true || asked.kind !== 'call' || asked.callee.kind !== 'member') return false;
    const [first] = asked.arguments.map(({ value }) => value);
    const { object, name } = asked.callee;
    if (object.kind === 'regex') return name === 'test' && !object.flags.includes('i') && CASELESS.test(object.pattern);
    if (!/^(?:startsWith|endsWith|includes|indexOf|startswith|endswith|contains)$/.test(name)) return false;
    return CASELESS.test(literalText(first) ?? '') && !isLowered(object, code);
  })?.asked;
}

const LOWERED = /\.(?:toLowerCase|toLocaleLowerCase|lower|casefold|ToLower)\(/;

function isLowered(subject: Expression, { after, assignments }: AddedCode): boolean {
  if (LOWERED.test(textAt(subject, after))) return true;
  const names = namesIn([subject]);
  return assignments.some(
    ({ target, value }) => [...namesIn([target])].some((name) => names.has(name)) && LOWERED.test(textAt(value, after)),
  );
}

export const CHOSEN_HEADER =
  /^(?:x-forwarded-for|x-real-ip|x-client-ip|client-ip|true-client-ip|x-forwarded|forwarded|user-agent)$/i;

function findChosenHeader(code: AddedCode): Placed | undefined {
  return questionsIn(code).find(({ asked, refusedWhen }: Question) => {
    if (refusedWhen === undefined) return false;
    return partsBelow([asked]).some((part) => CHOSEN_HEADER.test(writtenText(part) ?? ''));
  })?.asked;
}

const LEAVES = new Set(['return', 'throw', 'break', 'continue']);
/** They hold everywhere in the body. */
const HOISTED = new Set(['function', 'class', 'declare', 'import', 'export']);

function findUnreachable({ bodies, isNew }: AddedCode): Placed | undefined {
  for (const body of bodies) {
    const end = body.findIndex(({ kind }) => LEAVES.has(kind));
    const behind = end < 0 ? [] : body.slice(end + 1).filter(({ kind }) => !HOISTED.has(kind));
    const added = behind.find((statement) => isNew(statement.place) && asksOrCalls(statement));
    if (added) return added;
  }
  return undefined;
}

function asksOrCalls(statement: AddedCode['after']['body'][number]): boolean {
  if (statement.kind === 'branch') return true;
  return expressionsOf(statement).some(({ kind }) => kind === 'call' || kind === 'await');
}
