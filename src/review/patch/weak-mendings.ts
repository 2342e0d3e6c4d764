import type { Statement } from '../../code/index.ts';
import type { FileChange } from '../../findings/index.ts';
import { callsOf, statementsIn } from '../code-walk.ts';
import { type AddedCode, addedCode, type Call, calledName, literalText, type WeakMending } from './added-code.ts';
import { pageStillThere } from './browser-pages.ts';
import { chosenKeysIn } from './counted-key.ts';
import { refuses } from './gate.ts';
import { hiddenText } from './hidden-text.ts';
import { idleLimit } from './idle-limit.ts';
import { keptSecret } from './kept-secret.ts';
import { lateCheck } from './late-check.ts';
import { lostName } from './loose-names.ts';
import { addressesByPart } from './permitted-part.ts';
import { renamedAddress } from './renamed-address.ts';
import type { ReadCode } from './residue.ts';
import { covers, fieldOf, mayLeave, type Placed, partsBelow } from './spot.ts';
import { escapesInPart, isPartialReplacement, isRejoining } from './text-filters.ts';
import { fastPasswordDigest, foreseenValue, nullOrigin } from './weak-replacements.ts';
import { WEAK_TESTS } from './weak-tests.ts';
import { writtenHostByPart } from './written-host.ts';

/** In the order in which they are looked for. */
const WEAK_MENDINGS: readonly WeakMending[] = [
  { reason: 'refuses and then goes on as if it had not', find: findRefusalThatGoesOn },
  { reason: 'works out a value that nothing uses', find: findUnusedResult },
  { reason: 'catches what a check throws and goes on', find: findSwallowedCheck },
  { reason: 'filters only the first that it finds', find: findPartialFilter },
  { reason: 'takes marks out whose halves then make new ones', find: findRejoining },
  { reason: 'escapes by hand and leaves out `&` and the quotes', find: findPartialEscape },
  { reason: 'asks for one more value and only looks at how it is written', find: findFormOnly },
  { reason: 'only hides a text by an encoding that anybody can undo', find: ({ calls }) => calls.find(isHidden) },
  { reason: 'writes the same text in another spelling, and whoever knew it still does', find: hiddenText },
  { reason: 'counts by a header that the client chooses', find: findChosenKey },
  { reason: 'sets a limit that stops nobody', find: idleLimit },
  { reason: 'asks only behind the handler that answers first', find: lateCheck },
  { reason: 'looks for a permitted address anywhere in another', find: addressesByPart },
  { reason: 'lets a host pass that only has the permitted one in its name', find: writtenHostByPart },
  { reason: 'digests a password fast again, by another name', find: fastPasswordDigest },
  { reason: 'works out from the clock what nobody should foresee', find: foreseenValue },
  { reason: 'permits the origin `null`, which a page of any site can have', find: nullOrigin },
  { reason: 'guards or renames a page in the browser, where whoever looks finds it', find: pageStillThere },
  { reason: 'gives a handler another address, where whoever looks finds it', find: renamedAddress },
  { reason: 'keeps a secret in the code', find: keptSecret },
  { reason: 'uses a name that nothing gives a meaning any more', find: lostName },
  ...WEAK_TESTS,
];

/** The first of them in a patch, with the line of the new text where it stands. */
export function weakMendingIn(
  files: readonly FileChange[],
  read: ReadCode,
): { readonly line: number; readonly reason: string } | undefined {
  for (const code of addedCode(files, read)) {
    for (const { reason, find } of WEAK_MENDINGS) {
      const found = find(code);
      if (found) return { line: code.lineOf(found.place), reason };
    }
  }
  return undefined;
}

function findRefusalThatGoesOn({ bodies, after, isNew }: AddedCode): Placed | undefined {
  for (const body of bodies) {
    for (const [index, statement] of body.entries()) {
      if (statement.kind !== 'branch' || !isNew(statement.place) || statement.otherwise.length > 0) continue;
      const goesOn = body.slice(index + 1).some(({ kind }) => kind !== 'declare' && kind !== 'export');
      if (goesOn && !statement.then.some(mayLeave) && callsIn(statement.then, after).some(refuses)) return statement;
    }
  }
  return undefined;
}

function callsIn(body: readonly Statement[], after: AddedCode['after']): readonly Call[] {
  return callsOf({ ...after, body });
}

/** Methods that give a new text and leave the old one as it is. */
const PURE = new Set('replace replaceAll trim toLowerCase toUpperCase slice substring strip lower upper'.split(' '));

/** Those that say yes or no, and whoever does not listen has asked nothing. */
const ANSWERING = /^(?:is|has|can|includes|startsWith|endsWith|startswith|endswith|test)(?![a-z])/;

function findUnusedResult({ bodies, after, isNew }: AddedCode): Placed | undefined {
  return bodies.flat().find((statement) => {
    if (statement.kind !== 'expression' || !isNew(statement.place)) return false;
    // `requireAdmin` alone is named and not called.
    if (statement.value.kind === 'name' || statement.value.kind === 'member') return isAlone(statement, after);
    if (statement.value.kind !== 'call') return false;
    const { callee, arguments: given } = statement.value;
    // It answers by calling what it is handed.
    if (given.some(({ value }) => value.kind === 'function')) return false;
    // `body('mail').isEmail()` builds a rule.
    if (ANSWERING.test(calledName(statement.value) ?? ''))
      return callee.kind === 'name' || (callee.kind === 'member' && callee.object.kind !== 'call');
    return callee.kind === 'member' && PURE.has(callee.name) && isPlainObject(callee.object);
  });
}

/** A statement that is nothing but a name: what is not understood may be lowered to one, too. */
function isAlone({ place: { span } }: Statement, { file, language }: AddedCode['after']): boolean {
  const isScript = language === 'javascript' || language === 'typescript' || language === 'python';
  return isScript && /^[\w$.]+;?$/.test(file.text.slice(span.start, span.end).trim());
}

/** Not `history.replace(…)` or `router.replace(…)`, which do something. */
function isPlainObject(object: Placed): boolean {
  const name = fieldOf(object, 'name');
  return typeof name === 'string' && !/^(?:history|location|router|navigate|navigation|url)$/i.test(name);
}

/** What was there before may catch what it likes; a check that the patch added is worth nothing without its answer. */
function findSwallowedCheck({ bodies, isNew }: AddedCode): Placed | undefined {
  for (const body of bodies) {
    for (const [index, statement] of body.entries()) {
      if (statement.kind !== 'try' || !isNew(statement.place) || index === body.length - 1) continue;
      const onlyCalls = statementsIn(statement.body).every(({ kind }) => kind === 'expression' || isFrame(kind));
      const silent = statement.handlers.every(({ body: handler }) => statementsIn(handler).every(isRemark));
      if (onlyCalls && silent && statement.handlers.length > 0) return statement;
    }
  }
  return undefined;
}

/** Holds statements or names, and does nothing itself. */
function isFrame(kind: Statement['kind']): boolean {
  return kind === 'declare' || kind === 'block';
}

function isRemark(statement: Statement): boolean {
  if (isFrame(statement.kind)) return true;
  if (statement.kind !== 'expression' || statement.value.kind !== 'call') return false;
  const { callee } = statement.value;
  return callee.kind === 'member' && /^(?:log|debug|info|warn|warning|error|exception)$/.test(callee.name);
}

/** Python's, Go's and Java's replace all. */
function findPartialFilter({ calls, after: { language } }: AddedCode): Placed | undefined {
  return language === 'javascript' || language === 'typescript' ? calls.find(isPartialReplacement) : undefined;
}

/** Once over the text; where it is done until nothing is left, nothing joins. */
function findRejoining({ calls, bodies }: AddedCode): Placed | undefined {
  const loops = bodies.flat().filter((statement) => statement.kind === 'loop' && statement.test);
  return calls.filter(isRejoining).find((call) => !loops.some((loop) => covers(loop.place.span, call.place.span)));
}

function findPartialEscape({ calls }: AddedCode): Placed | undefined {
  const escapes = calls.flatMap(escapesInPart);
  const whole = escapes.some(({ entity }) => /^&(?:amp|quot|apos|#0*3[49]|#x2[27]);/i.test(entity));
  return whole ? undefined : escapes.find(({ entity }) => /^&(?:lt|#0*60|#x3c);/i.test(entity))?.call;
}

/** A new parameter that is only held against a pattern: whoever gives it writes what fits. */
function findFormOnly({ after, knownNames, isNew }: AddedCode): Placed | undefined {
  const parts = partsBelow(after.body);
  const ofEach = partsBelow(callsOf(after).flatMap(handedOver));
  const asked = parts.filter(
    (part) => isNew(part.place) && fieldOf(part, 'parameters') !== undefined && !ofEach.includes(part),
  );
  for (const part of asked) {
    const parameters = partsBelow(partsOf(fieldOf(part, 'parameters')));
    for (const { name } of parameters.flatMap(nameOf)) {
      if (knownNames.has(name)) continue;
      const uses = partsBelow([part]).filter((one) => one.kind === 'name' && fieldOf(one, 'name') === name);
      const free = uses.filter((use) => !parameters.includes(use));
      const tests = callsOf(after).filter(isPatternTest);
      const tested = free.filter((use) => tests.some((test) => partsBelow([test]).includes(use)));
      if (free.length > 0 && tested.length === free.length) return tested[0];
    }
  }
  return undefined;
}

const EACH = /^(?:some|every|find|findIndex|filter|forEach|map|flatMap|reduce|any|all|anyMatch|allMatch)$/;

/** What is called with each item of a list: nobody is asked for those. */
function handedOver(call: Call): readonly Placed[] {
  return EACH.test(calledName(call) ?? '') ? call.arguments.map(({ value }) => value) : [];
}

function partsOf(value: unknown): readonly Placed[] {
  return Array.isArray(value) ? value.flatMap((one: unknown) => targetOf(one)) : [];
}

function targetOf(parameter: unknown): readonly Placed[] {
  const target = fieldOf(parameter, 'target');
  return isPlacedTarget(target) ? [target] : [];
}

function isPlacedTarget(value: unknown): value is Placed {
  return fieldOf(value, 'place') !== undefined;
}

function nameOf(part: Placed): readonly { readonly name: string }[] {
  const name = part.kind === 'name' ? fieldOf(part, 'name') : undefined;
  return typeof name === 'string' ? [{ name }] : [];
}

function isPatternTest(call: Call): boolean {
  return /^(?:test|match|exec|search|fullmatch|matches)$/.test(calledName(call) ?? '');
}

const PRINTABLE = /^[\x20-\x7e]{4,}$/;

/** A text of the program, written so that a search does not find it. */
function isHidden(call: Call): boolean {
  const [first, second] = call.arguments.map(({ value }) => literalText(value));
  const name = calledName(call);
  if (first === undefined) return false;
  if (name === 'atob' || name === 'b64decode') return PRINTABLE.test(Buffer.from(first, 'base64').toString('latin1'));
  if (name !== 'from' || (second !== 'base64' && second !== 'hex')) return false;
  return PRINTABLE.test(Buffer.from(first, second).toString('latin1'));
}

function findChosenKey({ after, isNew }: AddedCode): Placed | undefined {
  return chosenKeysIn(after).find(({ place }) => isNew(place));
}
