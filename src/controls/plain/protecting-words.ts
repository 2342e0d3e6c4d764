import type { Place } from '../../syntax/index.ts';
import { differenceOf } from '../../text/index.ts';
import type { TreeChange } from '../../workspace/index.ts';
import { type CodeLine, readLines } from './languages.ts';

/**
 * Names that stand where somebody is asked for, something is compared in constant time, or text is made harmless, in any
 * language. A name that has one of them in it counts whole.
 */
const PROTECTING =
  /[\p{L}\p{N}_]*(?:authoriz|authoris|authentic|permission|permit(?!t)|csrf|xsrf|sanitiz|sanitis|purif|html_?(?:escape|special|entities)|escape_?html|hash_equals|secure_?(?:compare|equals)|constant_?time|ct_eq|timing_?safe|fixed_?time|non_?reentrant|only_?owner|is_?admin|require_?(?:admin|user|login|role|auth)|required_?role|has_?(?:role|scope|authority|access)|current_user|rate_?limit|throttl|validat|verif|hmac|forbid|unauthor|access_?denied)[\p{L}\p{N}_]*[?!]?|(?<=[:.('"]\s?)admin(?:istrator)?\b/giu;
/** What loads or declares names uses none. */
const LOADS =
  /^(?:use|using|import|include|#include|from|open|alias|namespace|package|mod|pub mod|extern|require(?:_once)?)\b/i;

/** That something is called so is no use of it. */
const DECLARED =
  /\b(?:fn|def|function|func|fun|sub|class|struct|enum|interface|trait|mod|module|type|record|object|proc)\s{1,4}[\p{L}\p{N}_.:]{1,200}/gu;

const ADDRESS = /\bhttps?:\/\/[^\s'"]{1,500}/g;

/** Whether a text names somebody who is asked for, or what makes text harmless. */
export function namesProtection(text: string): boolean {
  return text.slice(0, 500).search(PROTECTING) >= 0;
}

/** Names of protection that a change takes away from a file more often than it puts them anywhere. */
export interface LostWords {
  readonly words: readonly string[];
  /** The line that had the first. */
  readonly line: string;
  readonly place: Place;
}

interface Use {
  readonly word: string;
  readonly line: string;
  readonly start: number;
  readonly end: number;
}

/** Counted over all files of a change, in the lines that differ; told once a file. */
export function findLostWords(changes: readonly TreeChange[]): readonly LostWords[] {
  const sides = changes.map((change) => ({ change, uses: usesOf(change) }));
  const left = new Map<string, number>();
  for (const { word } of sides.flatMap(({ uses }) => uses.added)) left.set(word, (left.get(word) ?? 0) + 1);
  return sides.flatMap(({ change, uses }): readonly LostWords[] => {
    const lost = uses.removed.filter(({ word }) => {
      const count = left.get(word) ?? 0;
      left.set(word, Math.max(count - 1, 0));
      return count === 0;
    });
    const [first] = lost;
    if (first === undefined) return [];
    const { line, start, end } = first;
    const place = { file: change.previousPath ?? change.path, span: { start, end } };
    return [{ words: [...new Set(lost.map(({ word }) => word))], line, place }];
  });
}

function usesOf({ old, new: now }: TreeChange): { readonly removed: readonly Use[]; readonly added: readonly Use[] } {
  if (!old || !now || !('text' in old) || !('text' in now))
    return { removed: [], added: now && 'text' in now ? usesIn(readLines(now)) : [] };
  const [before, after] = [readLines(old), readLines(now)];
  const hunks = differenceOf(
    before.map(({ code }) => code),
    after.map(({ code }) => code),
  );
  // Many lines that go are a part that is given up or written anew.
  const replaced = hunks.filter(({ from, removed, added }) =>
    added > 0 ? removed <= SOME : removed <= FEW && !before.slice(from, from + removed).some(declares),
  );
  return {
    removed: replaced.flatMap(({ from, removed }) => usesIn(before.slice(from, from + removed))),
    added: hunks.flatMap(({ to, added }) => usesIn(after.slice(to, to + added))),
  };
}

/** A whole function that goes takes its words with it. */
function declares({ code }: CodeLine): boolean {
  return code.search(DECLARED) >= 0;
}

const FEW = 6;
const SOME = 30;

function usesIn(lines: readonly CodeLine[]): readonly Use[] {
  return lines.flatMap(({ code, start, end }) =>
    LOADS.test(code)
      ? []
      : [...code.replace(DECLARED, '').replace(ADDRESS, '').matchAll(PROTECTING)].map(([word]) => ({
          word: word.toLowerCase(),
          line: code,
          start,
          end,
        })),
  );
}
