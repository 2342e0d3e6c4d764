import type { Place } from '../../syntax/index.ts';
import { differenceOf } from '../../text/index.ts';
import type { TreeChange } from '../../workspace/index.ts';
import { tellsOfAccess } from '../code/lexicon.ts';
import { type CodeLine, readLines } from './languages.ts';

/** A line about access that says the same of another number, switch or name. */
export interface ChangedValue {
  readonly was: string;
  readonly now: string;
  readonly before: Place;
  readonly after: Place;
}

/** A number, a switch, or a text of one word that says who may; other texts are for people. */
const VALUE =
  /(?<![\w.])(?:\d[\w.]*|true|false|yes|no|on|off|nil|null|None)(?![\w.])|(["'])(?:\*|any|all|none|guest|public|anonymous|[\w-]{0,20}(?:admin|user|role|owner|allow|deny)[\w-]{0,20})\1/gi;

/** Who may name something, not who may do something. */
const VISIBILITY = /private|protected|public|readonly|internal|require/gi;

/** Lines of both versions that differ in nothing but such values, one for one. */
export function findChangedValues({ old, new: now }: TreeChange): readonly ChangedValue[] {
  if (!old || !now || !('text' in old) || !('text' in now)) return [];
  const [before, after] = [readLines(old), readLines(now)];
  return differenceOf(
    before.map(({ code }) => code),
    after.map(({ code }) => code),
  ).flatMap(({ from, removed, to, added }) =>
    removed === added
      ? before.slice(from, from + removed).flatMap((line, index) => {
          const other = after[to + index];
          return other === undefined || !isOtherValue(line.code, other.code)
            ? []
            : [{ was: line.code, now: other.code, before: placeOf(old.path, line), after: placeOf(now.path, other) }];
        })
      : [],
  );
}

function isOtherValue(was: string, now: string): boolean {
  const form = was.replace(VALUE, '¤');
  return (
    was !== now &&
    form === now.replace(VALUE, '¤') &&
    !/version/i.test(form) &&
    tellsOfAccess(form.replace(VISIBILITY, ''))
  );
}

function placeOf(file: string, { start, end }: CodeLine): Place {
  return { file, span: { start, end } };
}
