import type { Module } from '../../code/index.ts';
import { callsOf, functionsOf } from '../code-walk.ts';
import { type AddedCode, type Call, calledName, literalText } from './added-code.ts';
import { type Placed, partsBelow, partsIn, plainCode, writtenText } from './spot.ts';

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
