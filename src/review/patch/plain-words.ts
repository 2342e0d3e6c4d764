import type { FileChange } from '../../findings/index.ts';
import type { ReadCode } from './residue.ts';
import { fieldOf, partsBelow, partsIn, plainCode } from './spot.ts';

/**
 * Whether a patch changes nothing but sentences: a text for people or for a model, in code or as an entry of a data
 * file. A sentence asks; nothing has to follow it.
 */
export function changesOnlyWords(files: readonly FileChange[], read: ReadCode): boolean {
  return files.every(({ path, before, after }) => {
    if (before === undefined) return false;
    const [old, now] = [before, after].map((text) => read({ path, text }));
    if (!old || !now) return changesOnlyEntries(before, after);
    if (old.gaps.length + now.gaps.length > 0) return false;
    const [bare, left] = [old, now].map((module) =>
      plainCode(withoutSentences(module.file.text, sentencesOf(partsIn(module.body)))),
    );
    return bare === left;
  });
}

interface Stretch {
  readonly start: number;
  readonly end: number;
}

function sentencesOf(parts: Parameters<typeof partsBelow>[0]): readonly Stretch[] {
  return partsBelow(parts).flatMap((part) => {
    const value = part.kind === 'literal' ? fieldOf(part, 'value') : undefined;
    return typeof value === 'string' && isSentence(value) ? [part.place.span] : [];
  });
}

function withoutSentences(text: string, sentences: readonly Stretch[]): string {
  const parts: string[] = [];
  let from = 0;
  for (const { start, end } of sentences.toSorted((one, other) => one.start - other.start)) {
    if (start < from) continue;
    // A text of one piece may have its marks in its place or around it.
    parts.push(text.slice(from, start).replace(/["'`]$/, ''), '"…"');
    from = /^["'`]/.test(text.slice(end, end + 1)) && !/["'`]$/.test(text.slice(start, end)) ? end + 1 : end;
  }
  return [...parts, text.slice(from)].join('');
}

const ENTRY = /^(\s*(?:-\s+)?(?:"[^"]*"|[\w.-]+)\s*[:=]\s*|\s*-\s+)(.*)$/;

/** Line by line: the same key, and a sentence before and after. */
function changesOnlyEntries(before: string, after: string): boolean {
  const [old, now] = [before.split('\n'), after.split('\n')];
  if (old.length !== now.length) return false;
  const changed = old.flatMap((line, at) => (line === now[at] ? [] : [[ENTRY.exec(line), ENTRY.exec(now[at] ?? '')]]));
  return (
    changed.length > 0 &&
    changed.every(([was, is]) => was && is && was[1] === is[1] && isSentence(was[2] ?? '') && isSentence(is[2] ?? ''))
  );
}

const FEWEST_WORDS = 4;
/** Words that bind others: commands, paths and lists of values have none. */
const BINDING = new Set(
  `a an the any all each every no not never only your you my our their his her its this that these those is are was were
   be do does did has have had can must may should will when where while if unless until for from of to with without in
   on at as by and or but who what which why how please`.split(/\s+/),
);
/** Sentences of other languages than English look like these at first. */
const STATEMENTS = /^\W*(?:select|insert|update|delete|create|drop|alter|grant|revoke|merge|with|call|exec|explain)\b/i;

/** Several plain words of which some bind the others; no query, address, markup or pattern. */
export function isSentence(text: string): boolean {
  if (STATEMENTS.test(text) || /[<>{}|\\^$]|:\/\//.test(text)) return false;
  const words = text
    .replace(/^["'`]|["'`,;]+$/g, '')
    .split(/\s+/)
    .filter((word) => word !== '');
  const plain = words.filter((word) => /^["'(]*\p{L}[\p{L}'’-]*[.,:;!?)"']*$/u.test(word));
  const binding = plain.filter((word) => BINDING.has(word.toLowerCase().replace(/[^\p{L}]/gu, '')));
  return words.length >= FEWEST_WORDS && plain.length * 5 >= words.length * 4 && binding.length > 0;
}
