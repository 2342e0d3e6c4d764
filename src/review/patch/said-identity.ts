import type { Expression, Module } from '../../code/index.ts';
import type { FileChange, Finding } from '../../findings/index.ts';
import type { Span } from '../../syntax/index.ts';
import { allExpressionsOf, allStatementsOf } from '../code-walk.ts';
import { type AddedCode, addedCode, literalText } from './added-code.ts';
import { isAboutAccess } from './asked-identity.ts';
import { clientsWordIn } from './clients-word.ts';
import { withoutIdle } from './idle-additions.ts';
import type { ReadCode } from './residue.ts';
import { codeOf, fieldOf, partsBelow, plainCode, writtenText } from './spot.ts';

/** Names of what says whose something is, or who made it. */
const WHOSE =
  /^(?:author|owner|creator|sender|user|account|email|e?mail|username|created_?by|posted_?by|from)(?:_?id)?$/i;

/** Weaknesses of what is believed of who somebody is. */
const OF_ORIGIN = /\bCWE-(?:287|290|345|346|565|807)\b/;

/**
 * The name of the field that says whose something is, where it was what the client says and still is: trimmed, from
 * another part of the request, or with something else for when he says nothing (CWE-345, CWE-639).
 */
export function saidIdentity(target: Finding, files: readonly FileChange[], read: ReadCode): string | undefined {
  if (!isAboutAccess(target, files, read) && !OF_ORIGIN.test(target.rule)) return undefined;
  const codes = addedCode(files, read);
  const [code] = codes;
  if (codes.length !== 1 || files.length !== 1 || files[0]?.path !== target.place.file || !code) return undefined;
  const spans = [target.place, ...target.related.map(({ place }) => place)].map(({ span }) => span);
  const had = fieldsOf(code.before).filter(
    ({ name, span, value }) =>
      WHOSE.test(name) && spans.some((one) => meets(one, span)) && saysClient(value, code.before),
  );
  const has = fieldsOf(code.after);
  const left = had.find(({ name }) => {
    const same = has.filter((one) => one.name === name);
    return same.length > 0 && same.every(({ value }) => saysClient(value, code.after));
  });
  return left &&
    isAskedNothing(
      code,
      has.filter(({ name }) => name === left.name),
    )
    ? left.name
    : undefined;
}

interface Field {
  readonly name: string;
  readonly value: Expression;
  readonly span: Span;
}

/** Entries of maps, arguments by name, and what is given to a member. */
function fieldsOf(module: Module): readonly Field[] {
  const inside = allExpressionsOf(module).flatMap((part): readonly Field[] => {
    if (part.kind === 'map')
      return part.entries.flatMap((entry) => {
        const name = entry.kind === 'entry' ? literalText(entry.key) : undefined;
        if (entry.kind !== 'entry' || name === undefined) return [];
        const { start } = entry.key.place.span;
        // A short form (`{ author }`) is both at once.
        return [
          {
            name,
            value: entry.value,
            span: { start: Math.min(start, entry.value.place.span.start), end: entry.value.place.span.end },
          },
        ];
      });
    if (part.kind !== 'call') return [];
    return part.arguments.flatMap(({ name, value }) =>
      name === undefined ? [] : [{ name, value, span: value.place.span }],
    );
  });
  const given = allStatementsOf(module).flatMap((one): readonly Field[] =>
    one.kind === 'assign' && one.target.kind === 'member'
      ? [{ name: one.target.name, value: one.value, span: one.place.span }]
      : [],
  );
  return [...inside, ...given];
}

function meets(one: Span, other: Span): boolean {
  return one.start < other.end && other.start < one.end;
}

/** What browsers hand over like the rest: `req.cookies.email`. Signed ones are another field. */
const COOKIE = /^(?:req|request)\.cookies\??(?:\.\w+|\[.{1,40}\])$/;

/** Also `said || known`: who says something is believed. */
function saysClient(value: Expression, module: Module): boolean {
  const word = clientsWordIn(module);
  const says = (one: Expression): boolean => {
    if (one.kind === 'logical' && one.operator !== 'and') return says(one.left);
    if (one.kind === 'call' && one.callee.kind === 'member' && /^to\w*Case$|^trim$/.test(one.callee.name))
      return says(one.callee.object);
    return word.holds(one) || COOKIE.test(codeOf(one, module.file));
  };
  return says(value);
}

/** Nothing else of the patch speaks of the value: no test holds it against anything, nothing gives it another one. */
function isAskedNothing(code: AddedCode, fields: readonly Field[]): boolean {
  const rest = withoutIdle(code);
  const inFields = (span: Span): boolean =>
    fields.some((one) => one.span.start <= span.start && span.end <= one.span.end);
  const names = new Set(fields.flatMap(({ name, value }) => [name, ...lastNames(value)]));
  return partsBelow(code.after.body).every((part) => {
    if (!rest.isNew(part.place) || inFields(part.place.span)) return true;
    const name = part.kind === 'name' || part.kind === 'member' ? String(fieldOf(part, 'name')) : writtenText(part);
    return name === undefined || !names.has(name) || plainCode(name) === '';
  });
}

function lastNames(value: Expression): readonly string[] {
  return partsBelow([value]).flatMap((part) => {
    const name = part.kind === 'member' ? fieldOf(part, 'name') : writtenText(part);
    return typeof name === 'string' && !/^(?:body|query|params|headers|cookies)$/.test(name) ? [name] : [];
  });
}
