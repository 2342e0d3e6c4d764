import type { Expression } from '../../code/index.ts';
import type { FileChange, Finding } from '../../findings/index.ts';
import { type AddedCode, addedCode, calledName } from './added-code.ts';
import { questionsIn } from './gate.ts';
import type { ReadCode } from './residue.ts';
import { codeOf, partsBelow } from './spot.ts';

/** What is worth something only when it takes as long for a right beginning as for a wrong one (CWE-208). */
const OF_TIME: ReadonlySet<string> = new Set(['CWE-208', 'CODE72']);
/** They give another form of a text, or wait. */
const WITHOUT_PART =
  /^(?:len|lower|upper|strip|trim|encode|decode|toLowerCase|toUpperCase|toString|String|str|sleep|Sleep|setTimeout|Promise|send|json|status|sendStatus|abort|length|from|hexdigest|digest|update|sha1|sha256|sha512|md5|Error|WriteHeader)$/;

/**
 * The line of the new text, from 1, in which two values are still held against each other sign by sign, where that is the
 * weakness and the patch calls nothing that could do it otherwise.
 */
export function comparedBySigns(target: Finding, files: readonly FileChange[], read: ReadCode): number | undefined {
  if (!OF_TIME.has(weaknessOf(target) ?? '')) return undefined;
  const codes = addedCode(files, read);
  if (codes.length !== 1 || files.length !== 1 || files[0]?.path !== target.place.file) return undefined;
  const [code] = codes;
  if (!code || code.before.gaps.length + code.after.gaps.length > 0) return undefined;
  const isIdle = code.calls.every((call) => WITHOUT_PART.test(calledName(call) ?? ''));
  const { start, end } = target.place.span;
  const was = comparisonsIn(code.before).filter(({ place }) => place.span.start < end && start < place.span.end);
  const named = new Set(was.flatMap((one) => (one.kind === 'binary' ? [lastNames(one)] : [])));
  const still = isIdle ? comparisonsIn(code.after).find((one) => named.has(lastNames(one))) : undefined;
  return still && code.lineOf(still.place);
}

function comparisonsIn({ body }: AddedCode['before']): readonly Expression[] {
  return partsBelow(body).flatMap((part) => (isExpression(part) && isComparison(part) ? [part] : []));
}

function isExpression(part: { readonly kind?: unknown }): part is Expression {
  return part.kind === 'binary';
}

function isComparison(part: Expression): boolean {
  return part.kind === 'binary' && /^(?:[!=]==?|is|is not)$/.test(part.operator);
}

/** Of the two sides, however each is written: `a.toLowerCase() === b` is about `a` and `b`. */
function lastNames(value: Expression): string {
  const names = partsBelow([value]).flatMap((part) =>
    part.kind === 'name' && 'name' in part ? [String(part.name)] : [],
  );
  return names.toSorted().join(' ');
}

/** A file that somebody sends is what its bytes and its name say, not what he says that it is (CWE-434). */
const OF_UPLOADS: ReadonlySet<string> = new Set(['CWE-434', 'CWE-646']);
const SAID_TYPE = /\b(?:mimetype|mimeType|content_type|contentType|getContentType|size|length|getSize|Size)\b/;

/** Whether all that a patch for an upload adds are tests of the type or the size that the client says. */
export function asksSaidType(target: Finding, files: readonly FileChange[], read: ReadCode): boolean {
  if (!OF_UPLOADS.has(weaknessOf(target) ?? '')) return false;
  const codes = addedCode(files, read);
  return codes.length === 1 && codes.length === files.length && codes.every(onlyTestsSaidType);
}

function onlyTestsSaidType(code: AddedCode): boolean {
  const questions = questionsIn(code);
  const isSaid = ({ asked }: (typeof questions)[number]): boolean => SAID_TYPE.test(codeOf(asked, code.after.file));
  const inTests = (call: AddedCode['calls'][number]): boolean =>
    /^(?:status|sendStatus|send|json|Error|includes|test|startsWith|unlink|unlinkSync|next|abort|getContentType|getSize|sendError)$/.test(
      calledName(call) ?? '',
    );
  const wrote = code.assignments.some(({ place }) => code.isNew(place));
  return questions.length > 0 && questions.every(isSaid) && !wrote && code.calls.every(inTests);
}

function weaknessOf({ rule }: Finding): string | undefined {
  return /CWE-\d+|^CODE\d+/.exec(rule)?.[0];
}
