import type { Expression, Module } from '../../code/index.ts';
import type { FileChange, Finding } from '../../findings/index.ts';
import { createLineIndex, type Span } from '../../syntax/index.ts';
import { allStatementsOf, callsOf } from '../code-walk.ts';
import { type AddedCode, addedCode, calledName, literalText } from './added-code.ts';
import { isAboutAccess } from './asked-identity.ts';
import { questionsIn } from './gate.ts';
import { withoutIdle } from './idle-additions.ts';
import { addressesByPart } from './permitted-part.ts';
import type { ReadCode } from './residue.ts';
import { codeOf, covers, fieldOf, type Placed, partsAround, partsBelow } from './spot.ts';

/** The one file of a patch, where that is the one that the finding lies in. */
function codeOfPatch(target: Finding, files: readonly FileChange[], read: ReadCode): AddedCode | undefined {
  const [code, ...others] = addedCode(files, read);
  return others.length === 0 && files.length === 1 && files[0]?.path === target.place.file ? code : undefined;
}

function placesOf({ place, related }: Finding): readonly Span[] {
  return [place, ...related.map((one) => one.place)].filter(({ file }) => file === place.file).map(({ span }) => span);
}

function meets(one: Span, other: Span): boolean {
  return one.start < other.end && other.start < one.end;
}

/**
 * The line of the new text, from 1, that still looks for a permitted address anywhere in another, where that is what the
 * finding names: another list, another status and another spelling let the same addresses pass.
 */
export function stillByPart(target: Finding, files: readonly FileChange[], read: ReadCode): number | undefined {
  const code = codeOfPatch(target, files, read);
  if (!code) return undefined;
  const spans = placesOf(target);
  const had = addressesByPart({
    ...code,
    after: code.before,
    calls: callsOf(code.before),
    isNew: () => true,
    ...own(code.before),
  });
  const line = had && createLineIndex(code.before.file.text);
  const lineOf = (span: Span): number | undefined => line?.position(span.start).line;
  const isNamed = had !== undefined && spans.some((one) => lineOf(one) === lineOf(had.place.span));
  const has = isNamed ? addressesByPart({ ...code, calls: callsOf(code.after), isNew: () => true }) : undefined;
  return has && code.lineOf(has.place);
}

function own(module: Module): Pick<AddedCode, 'assignments'> {
  return { assignments: allStatementsOf(module).filter((one) => one.kind === 'assign') };
}

const STORES = /^(?:localStorage|sessionStorage)$/;

/** The line that still decides by what the browser keeps, which whoever sits in front of it may write (CWE-602). */
export function decidedInBrowser(target: Finding, files: readonly FileChange[], read: ReadCode): number | undefined {
  const code = codeOfPatch(target, files, read);
  if (!code || !/\b(?:CWE-602|CWE-603|CWE-565|CWE-284|CWE-285|CWE-862|CWE-863)\b/.test(target.rule)) return undefined;
  const tests = (module: Module): readonly Placed[] =>
    allStatementsOf(module).flatMap((one) => (one.kind === 'branch' && isOfStore(one.test) ? [one.test] : []));
  const spans = placesOf(target);
  const had = tests(code.before).filter(({ place }) => spans.some((span) => meets(span, place.span)));
  const has = tests(code.after);
  if (had.length === 0 || has.length < tests(code.before).length) return undefined;
  const still = has.find((test) => !partsBelow([test]).some((part) => part.kind === 'await' || asksOther(part)));
  return still && code.lineOf(still.place);
}

function isOfStore(test: Expression): boolean {
  return partsBelow([test]).some((part) => part.kind === 'name' && STORES.test(String(fieldOf(part, 'name'))));
}

/** Anything called but what the store, or another form of a text, has. */
function asksOther(part: Placed): boolean {
  const name = String(fieldOf(fieldOf(part, 'callee'), 'name'));
  return (
    part.kind === 'call' && !/^(?:getItem|atob|btoa|parse|toLowerCase|toUpperCase|trim|includes|String)$/.test(name)
  );
}

/** They change what is kept: whoever asks behind them asks too late. */
const WRITES =
  /^(?:update|insert|delete|remove|destroy|save|create|upsert|increment|exec|execute)(?:One|Many|ById|AndUpdate|AndDelete|ByIdAnd\w+)?$/;

/** The line of a check that a patch sets behind what it should prevent: what it asks, it asks when all is done. */
export function askedAfterwards(target: Finding, files: readonly FileChange[], read: ReadCode): number | undefined {
  const code = codeOfPatch(target, files, read);
  if (!code || !isAboutAccess(target, files, read)) return undefined;
  const written = (module: Module, spans?: readonly Span[]): readonly Placed[] =>
    callsOf(module).filter(
      (call) => WRITES.test(calledName(call) ?? '') && (!spans || spans.some((span) => meets(span, call.place.span))),
    );
  const [had] = written(code.before, placesOf(target));
  const wanted = had && codeOf(had, code.before.file);
  const [call, ...others] = written(code.after).filter((one) => codeOf(one, code.after.file) === wanted);
  const rest = withoutIdle(code);
  const asked = questionsIn(rest);
  const [first] = asked;
  if (!call || others.length > 0 || !first) return undefined;
  const isBehind = (part: Placed): boolean => part.place.span.start >= call.place.span.end;
  const wrote = partsBelow(code.after.body).filter((part) => rest.isNew(part.place) && part.kind !== 'declare');
  const inOne = partsAround(code.after, call.place.span).findLast((part) => 'parameters' in part);
  const together = inOne !== undefined && wrote.every((part) => covers(inOne.place.span, part.place.span));
  return together && wrote.every(isBehind) && asked.every((one) => isBehind(one.asked))
    ? code.lineOf(first.asked.place)
    : undefined;
}

/** Annotations that let everybody pass (Spring Security, Jakarta, Django REST framework, ASP.NET, NestJS). */
const OPEN_MARK =
  /(?:^|\.)(?:PermitAll|AllowAny|AllowAnonymous|Public|IsPublic|SkipAuth|NoAuth|public_endpoint|csrf_exempt|login_not_required)$/;
const OPEN_TEXT = /^\s*(?:permitAll(?:\(\))?|isAnonymous\(\)|true)\s*$/;

/** The line where a patch for who may do what says that everybody may. */
export function opensToAll(target: Finding, files: readonly FileChange[], read: ReadCode): number | undefined {
  const code = codeOfPatch(target, files, read);
  if (!code || !isAboutAccess(target, files, read)) return undefined;
  const marks = partsBelow(code.after.body).flatMap((part) => {
    const members: unknown = fieldOf(part, 'members');
    return [part, ...(Array.isArray(members) ? members : [])].flatMap(
      (one: unknown) => fieldOf(one, 'decorators') ?? [],
    );
  });
  const open = marks.flatMap((mark: unknown) => (isPart(mark) && code.isNew(mark.place) && opens(mark) ? [mark] : []));
  const others = marks.some((mark: unknown) => isPart(mark) && code.isNew(mark.place) && !opens(mark));
  return open[0] && !others ? code.lineOf(open[0].place) : undefined;
}

function isPart(value: unknown): value is Expression {
  return fieldOf(value, 'place') !== undefined;
}

function opens(mark: Expression): boolean {
  const made = mark.kind === 'call' ? mark.callee : mark;
  const name = made.kind === 'name' || made.kind === 'member' ? made.name : '';
  if (OPEN_MARK.test(name)) return true;
  return mark.kind === 'call' && OPEN_TEXT.test(literalText(mark.arguments[0]?.value) ?? '');
}
