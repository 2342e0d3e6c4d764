import type { TreeChange } from '../../workspace/index.ts';
import { tellsOfAccess } from '../code/lexicon.ts';
import type { Refusal } from './refusal.ts';

/** What can be asked of a file after the change, by words alone. */
export interface NewVersion {
  readonly path: string;
  /** Whether what a check stood in, or what stood behind it, is still there. */
  readonly keeps: (old: Refusal) => boolean;
  /** How often a name stands in it. */
  readonly countOf: (name: string) => number;
  /** A name that is nowhere any more, for one that was nowhere before, and says as much of access. */
  readonly isRenamed: (from: string, to: string) => boolean;
}

const NAME = /[\p{L}_$@][\p{L}\p{N}_$?!]*/gu;
/** Shorter lines stand anywhere. */
const SHORTEST = 9;

export function newVersionOf({ path, old, new: now }: TreeChange): NewVersion {
  const text = now && 'text' in now ? now.text : '';
  const lines = new Set(text.split('\n').map((line) => withoutEnd(line.replace(/\s+/g, ' ').trim())));
  const names = countNames(text);
  const oldNames = countNames(old && 'text' in old ? old.text : '');
  const holds = (line: string): boolean => line !== '' && lines.has(withoutEnd(line));
  return {
    path,
    keeps: ({ owner, next }) =>
      text !== '' && (owner === '' || holds(owner) || (next.length >= SHORTEST && holds(next))),
    countOf: (name) => names.get(name) ?? 0,
    isRenamed: (from, to) => !names.has(from) && !oldNames.has(to) && tellsOfAccess(from) === tellsOfAccess(to),
  };
}

/** Without what belongs to the layout, and without a remark. */
function withoutEnd(line: string): string {
  return line.replace(/\s(?:\/\/|#|--)\s.*$/, '').replace(/[\s{;]+$/, '');
}

function countNames(text: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const [name] of text.matchAll(NAME)) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}
