import type { Module } from '../../code/index.ts';
import type { FileChange, Finding } from '../../findings/index.ts';
import { differenceOf } from '../../text/index.ts';
import { callsOf, functionsOf } from '../code-walk.ts';
import { type AddedCode, addedCode, calledName } from './added-code.ts';
import { withoutIdle } from './idle-additions.ts';
import { registrationOf } from './registration.ts';
import type { ReadCode } from './residue.ts';
import { fieldOf, type Placed, partsAround, partsBelow, plainCode } from './spot.ts';
import { WHO } from './words-of-identity.ts';

/** Weaknesses of who may do what: whatever mends them has to ask who it is, or turn everybody away. */
const OF_ACCESS: ReadonlySet<string> = new Set(
  'CWE-284 CWE-285 CWE-306 CWE-425 CWE-566 CWE-639 CWE-862 CWE-863 CODE59'.split(' '),
);
/** What is shown to whoever asks: about access where the finding names an address that answers. */
const OF_EXPOSURE: ReadonlySet<string> = new Set('CWE-200 CWE-497 CWE-538 CWE-548 CWE-552 CWE-668'.split(' '));

/** Answers for those who may not. */
const TURNS_AWAY = /^4(?:01|03|04|05|10)$/;

/** Marks that hold parts together, and how a value is made another kind of it: neither decides about anybody. */
const FRAME: ReadonlySet<string> = new Set([
  ...',;:(){}[].',
  ...'String Number parseInt parseFloat toString trim str int float'.split(' '),
]);

/** Of the languages, of answers, and of how a value is written. */
const NEUTRAL: ReadonlySet<string> = new Set(
  `if else elif return const let var function async await new null undefined None nil true false True False not and or is
   in typeof instanceof try catch except finally throw raise for of as else res response json send end status sendStatus
   req request ctx body query params next err error Error message Number String parseInt parseFloat isNaN isInteger
   isFinite Boolean Array isArray Object toString trim toLowerCase toUpperCase test match length number string object
   boolean int str float len isinstance strip lower upper strconv Atoi ParseInt http StatusBadRequest upsert
   console log info warn debug logger HTTPException Http404 ResponseEntity build badRequest notFound noContent
   limit offset slice map filter sort`.split(/\s+/),
);

/**
 * Whether a patch for a weakness of access neither asks who is calling nor turns anybody away: it only looks at how a
 * value is written, or at options. What is not surely without a part in it counts as a question.
 */
export function asksNobody(target: Finding, files: readonly FileChange[], read: ReadCode): boolean {
  if (!isAboutAccess(target, files, read)) return false;
  const codes = addedCode(files, read);
  const isHere = files.some(({ path }) => path === target.place.file);
  return isHere && codes.length === files.length && codes.every((code) => isWithoutQuestion(withoutIdle(code)));
}

/** Whether a finding is about who may do what. */
export function isAboutAccess(target: Finding, files: readonly FileChange[], read: ReadCode): boolean {
  const weakness = /CWE-\d+|^CODE\d+/.exec(target.rule)?.[0] ?? '';
  if (OF_ACCESS.has(weakness)) return true;
  const file = files.find(({ path }) => path === target.place.file);
  const old = OF_EXPOSURE.has(weakness) && file?.before !== undefined && read({ path: file.path, text: file.before });
  return old ? partsAround(old, target.place.span).some((part) => registrationOf(part) !== undefined) : false;
}

function isWithoutQuestion(code: AddedCode): boolean {
  const { before, after } = code;
  if (before.gaps.length + after.gaps.length > 0 || !keepsCalls(before, after)) return false;
  const meaningful = namesThatAct(before);
  const isHarmless = (token: string): boolean => {
    if (!/^[A-Za-z_$]/.test(token)) return !TURNS_AWAY.test(token);
    return NEUTRAL.has(token) || (!meaningful.has(token) && code.knownWords.has(token) && !WHO.test(token));
  };
  const written = writtenIn(before, after);
  return (
    written.every(({ added, removed, isNewCode }) =>
      isNewCode ? added.every(isHarmless) : [...added, ...removed].every((token) => FRAME.has(token)),
    ) &&
    addsOnlyStatements(code) &&
    !leavesOutright(code)
  );
}

/** What is no longer called may be what should not have been. */
function keepsCalls(before: Module, after: Module): boolean {
  const left = callsOf(after).map((call) => calledName(call) ?? '');
  return callsOf(before).every((call) => {
    const at = left.indexOf(calledName(call) ?? '');
    if (at >= 0) left.splice(at, 1);
    return at >= 0;
  });
}

/** Functions and whatever else is called or imported: what they do is not in their name. */
function namesThatAct(module: Module): ReadonlySet<string> {
  const called = callsOf(module).map((call) => calledName(call) ?? '');
  const imported = module.body.flatMap((statement) =>
    statement.kind === 'import' ? statement.names.map(({ local }) => local) : [],
  );
  return new Set([...called, ...imported, ...functionsOf(module).flatMap(({ name }) => name ?? [])]);
}

interface Written {
  /** Not as many of the same as it took away. */
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** Nothing but new lines. */
  readonly isNewCode: boolean;
}

/** Words and marks of each stretch that a patch changes. */
function writtenIn(before: Module, after: Module): readonly Written[] {
  const [old, now] = [before, after].map(({ file }) => file.text.split('\n'));
  if (!old || !now) return [];
  return differenceOf(old.map(plainCode), now.map(plainCode)).map(({ from, removed, to, added }) => {
    const [gone, come] = [tokensIn(old.slice(from, from + removed)), tokensIn(now.slice(to, to + added))];
    return { added: withoutThose(come, gone), removed: withoutThose(gone, come), isNewCode: gone.length === 0 };
  });
}

/** How many records are changed, not whose (mongodb.com, collection.update). */
const HOW_MANY = /\bmulti\s*:\s*true\b/g;

function tokensIn(lines: readonly string[]): readonly string[] {
  const code = lines.filter((line) => plainCode(line) !== '').map((line) => line.replace(HOW_MANY, ''));
  return code.flatMap((line) => line.match(/[\w$]+|[^\s\w$]/g) ?? []);
}

function withoutThose(tokens: readonly string[], others: readonly string[]): readonly string[] {
  const left = [...others];
  return tokens.filter((token) => {
    const at = left.indexOf(token);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

/** It leaves a function where no new test asks first: for everybody. */
function leavesOutright({ after, isNew }: AddedCode): boolean {
  return partsBelow(after.body).some((part) => {
    if ((part.kind !== 'return' && part.kind !== 'throw') || !isNew(part.place)) return false;
    return !partsAround(after, part.place.span).some((outer) => isNewTest(outer, isNew));
  });
}

const STATEMENTS: ReadonlySet<unknown> = new Set(['branch', 'assign', 'expression', 'return', 'throw', 'try']);

/** Another entry of a map or another argument may say whose something has to be. */
function addsOnlyStatements({ after, isNew }: AddedCode): boolean {
  return partsBelow(after.body).every(
    (part) =>
      !isNew(part.place) ||
      part.kind === 'declare' ||
      partsAround(after, part.place.span).some((outer) => STATEMENTS.has(outer.kind) && isNew(outer.place)),
  );
}

function isNewTest(part: Placed, isNew: AddedCode['isNew']): boolean {
  const test = fieldOf(part, 'test');
  return part.kind === 'branch' && fieldOf(test, 'place') !== undefined && isNew(part.place);
}
