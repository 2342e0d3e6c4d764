import type { FileChange } from '../../findings/index.ts';
import { type Remarks, withoutRemarks } from './remarks.ts';
import type { ReadCode } from './residue.ts';
import { isSentence } from './sentence.ts';
import { plainCode } from './spot.ts';

/**
 * Whether a patch changes nothing but sentences and lines of a log: a text for people or for a model, in code or as an
 * entry of a data file. A sentence asks; nothing has to follow it.
 */
export function changesOnlyWords(files: readonly FileChange[], read: ReadCode, remarks: Remarks): boolean {
  return files.every(({ path, before, after }) => {
    if (before === undefined) return false;
    const [old, now] = [before, after].map((text) => read({ path, text }));
    if (!old || !now) return changesOnlyEntries(before, after);
    if (old.gaps.length + now.gaps.length > 0) return false;
    const [bare, left] = [old, now].map((module) => plainCode(withoutRemarks(module, remarks).text));
    return bare === left;
  });
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
