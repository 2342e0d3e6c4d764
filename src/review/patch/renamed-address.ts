import type { Module } from '../../code/index.ts';
import type { FileChange, Finding } from '../../findings/index.ts';
import { createLineIndex } from '../../syntax/index.ts';
import { callsOf, functionsOf } from '../code-walk.ts';
import { type AddedCode, addedCode, type Call, calledName, literalText } from './added-code.ts';
import { isAboutAccess } from './asked-identity.ts';
import type { ReadCode } from './residue.ts';
import { fieldOf, type Placed, partsBelow, partsIn, plainCode, writtenText } from './spot.ts';

/** Calls that give one address a handler; what hears every method may be a guard (expressjs.com, pkg.go.dev/net/http). */
const HANDLING = /^(?:get|post|put|patch|delete|GET|POST|PUT|PATCH|DELETE|HandleFunc|route)$/;
/** Annotations and decorators that do (flask.palletsprojects.com, docs.spring.io, docs.nestjs.com). */
const DECORATING = /^(?:route|get|post|put|patch|delete|(?:Get|Post|Put|Patch|Delete)(?:Mapping)?|RequestMapping)$/;
/** Written out whole: no parameters, no pattern. */
const PLAIN_ADDRESS = /^\/?[A-Za-z0-9_.~-]+(?:\/[A-Za-z0-9_.~-]+)*$/;
/** Where everything below is often guarded together. */
const GUARDED = /^\/?(?:admin|internal|private|secure|protected|manage|management|actuator|api|auth|local|system)\b/i;

/**
 * The new address of a handler, where a patch does nothing but give one: whoever looks finds it (CWE-656). Not where the
 * new one comes below another that the file names, or that is often guarded as a whole.
 */
export function renamedAddress({ before, after, alone }: AddedCode): Placed | undefined {
  if (!alone) return undefined;
  const [old, now] = [addressesIn(before), addressesIn(after)];
  if (old.length !== now.length || blanked(before, old) !== blanked(after, now)) return undefined;
  const changed = now.filter((part, at) => writtenText(part) !== textOf(old[at]));
  const [first] = changed;
  if (!first || changed.some((part) => isBelowAnother(writtenText(part) ?? '', part, after))) return undefined;
  return first;
}

/** Methods of routers that each name one of HTTP's. */
const METHOD = /^(?:get|post|put|patch|delete|(?:Get|Post|Put|Patch|Delete)(?:Mapping)?|RequestMapping)$/;

/**
 * The line of the new text, from 1, of a handler that a patch for who may do what only gives another address, with
 * parameters or without, or another method. Not where the new address begins like one that is often guarded as a whole.
 */
export function movedHandler(target: Finding, files: readonly FileChange[], read: ReadCode): number | undefined {
  const [code, ...others] = addedCode(files, read);
  if (!code?.alone || others.length > 0 || files[0]?.path !== target.place.file) return undefined;
  if (!isAboutAccess(target, files, read)) return undefined;
  const { before, after } = code;
  const [old, now] = [before, after].map((module) => handlersIn(module));
  if (!old || !now || old.length !== now.length) return undefined;
  const parts = (all: typeof old): readonly Placed[] => all.flatMap(({ method, address }) => [method, address]);
  if (blanked(before, parts(old)) !== blanked(after, parts(now))) return undefined;
  const moved = now.filter(({ name, address }, at) => {
    const was = old[at];
    return was !== undefined && (name !== was.name || writtenText(address) !== writtenText(was.address));
  });
  const isOther = moved.some(({ address }) => {
    const was = old[now.findIndex((one) => one.address === address)];
    const isBelow =
      beginning(address) !== beginning(was?.address) && isBelowAnother(writtenText(address) ?? '', address, after);
    return !was || isBelow || !isNamed(was, target, before);
  });
  return moved[0] && !isOther ? code.lineOf(moved[0].address.place) : undefined;
}

/** What turns people away may well have stood at the wrong address. */
export const GUARD = /auth|guard|deny|allow|require|protect|ensure|check|verify|limit|(?:^|\W)(?:is|can|may|has)[A-Z]/;

/** Whether the finding names this handler, and it is no guard. */
function isNamed({ address }: Handler, target: Finding, module: Module): boolean {
  const { file } = module;
  const index = createLineIndex(file.text);
  const call = callsOf(module).find(({ arguments: given }) => given[0]?.value === address);
  const span = call?.place.span ?? address.place.span;
  const [first, last] = [span.start, span.end].map((at) => index.position(at).line);
  const lines = [target, ...target.related].map(({ place }) => index.position(place.span.start).line);
  const others = call ? file.text.slice(address.place.span.end, span.end) : '';
  return lines.some((line) => line >= (first ?? 0) && line <= (last ?? 0) + (call ? 0 : NEAR)) && !GUARD.test(others);
}

/** What an annotation is about stands below it. */
const NEAR = 12;

/** The first folder of an address. */
function beginning(address: Placed | undefined): string {
  return /^\/?[^/]*/.exec((address && writtenText(address)) ?? '')?.[0] ?? '';
}

interface Handler {
  readonly name: string;
  readonly method: Placed;
  readonly address: Placed;
}

/** In the order of the file, each with the place of its method's name. */
function handlersIn(module: Module): readonly Handler[] {
  const marks = partsBelow(partsIn(module.body)).flatMap((part) => {
    const members: unknown = fieldOf(part, 'members');
    return [part, ...(Array.isArray(members) ? members : [])].flatMap(
      (one: unknown) => fieldOf(one, 'decorators') ?? [],
    );
  });
  const decorators = marks.filter((one): one is Call => fieldOf(one, 'kind') === 'call');
  const calls = callsOf(module).filter((call) => call.callee.kind === 'member' && call.arguments.length > 1);
  const found = [...new Set([...calls, ...decorators])].flatMap((call) => {
    const name = (calledName(call) ?? '').replace(/^.*\./, '');
    const address = call.arguments[0]?.value;
    if (!METHOD.test(name) || !address || !writtenText(address)?.startsWith('/')) return [];
    const { span, file } = call.callee.place;
    const at = module.file.text.slice(span.start, span.end).lastIndexOf(name);
    if (at < 0) return [];
    return [
      {
        name,
        method: { place: { file, span: { start: span.start + at, end: span.start + at + name.length } } },
        address,
      },
    ];
  });
  return found.toSorted((one, other) => one.address.place.span.start - other.address.place.span.start);
}

function textOf(part: Placed | undefined): string | undefined {
  return part && writtenText(part);
}

/** In the order of the file. */
function addressesIn(module: Module): readonly Placed[] {
  const calls = callsOf(module).filter((call) => isHandling(call));
  const decorators = functionsOf(module).flatMap(({ decorators: all }) =>
    all.filter((one): one is Call => one.kind === 'call' && DECORATING.test(calledName(one) ?? '')),
  );
  const found = [...calls, ...decorators].flatMap(({ arguments: given }) => {
    const [first] = given;
    return first && PLAIN_ADDRESS.test(literalText(first.value) ?? '') ? [first.value] : [];
  });
  return [...new Set(found)].toSorted((one, other) => one.place.span.start - other.place.span.start);
}

function isHandling(call: Call): boolean {
  const address = literalText(call.arguments[0]?.value) ?? '';
  return (
    call.callee.kind === 'member' &&
    HANDLING.test(call.callee.name) &&
    address.startsWith('/') &&
    call.arguments.length > 1
  );
}

function blanked({ file: { text } }: Module, addresses: readonly Placed[]): string {
  const kept: string[] = [];
  let from = 0;
  for (const { place } of addresses) {
    kept.push(text.slice(from, place.span.start).replace(/["'`]$/, ''), '"');
    from =
      place.span.end +
      (/^["'`]/.test(text.slice(place.span.end)) && !/["'`]$/.test(text.slice(place.span.start, place.span.end))
        ? 1
        : 0);
  }
  return plainCode([...kept, text.slice(from)].join(''));
}

function isBelowAnother(address: string, own: Placed, module: Module): boolean {
  if (GUARDED.test(address)) return true;
  return partsBelow(partsIn(module.body)).some((part) => {
    const other = part === own ? undefined : writtenText(part)?.replace(/\/?\**$/, '');
    return other !== undefined && other.length > 1 && (address === other || address.startsWith(`${other}/`));
  });
}
