import type { Severity } from '../../findings/index.ts';
import type { ControlChange } from '../model.ts';
import type { Fact, FactSheet } from './facts/index.ts';
import { tellsOfLoss } from './lexicon.ts';
import type { Sides } from './match.ts';
import { completeChange, type Paths } from './report.ts';
import { clip } from './terms/index.ts';
import { wordsOfUnused } from './unused.ts';

/** Words, and how often each. */
type Words = ReadonlyMap<string, number>;

/**
 * What a change does to the names, texts and numbers of one file. Comments, blanks, types and order do not count, nor do
 * functions that are gone as a whole and that nothing used.
 */
export interface Turnover {
  readonly gone: Words;
  readonly come: Words;
  /** The file was not there before: what it holds may have stood elsewhere, and is no weight against what is gone. */
  readonly isNew: boolean;
  /** The first call or branch that is gone, as a row of the report; `undefined` when none is. */
  readonly loss: ControlChange | undefined;
}

/** What a change takes away and brings, over all its files of code. */
export interface Loss {
  readonly lost: number;
  readonly found: number;
  /** For each file in which words differ, the lost among them, from 0 to 1. */
  readonly shares: readonly number[];
  /** Files that lose more than they gain. */
  readonly shrunken: number;
  /** The first word of access or secrecy that is gone. */
  readonly access: string | undefined;
  /** In the file that loses most. */
  readonly example: ControlChange | undefined;
}

/** Compare two sides of a file by their words. */
export function measureTurnover(sides: Sides, paths: Paths): Turnover {
  const { before, after } = sides;
  return {
    gone: subtract(subtract(before.words, wordsOfUnused(sides)), after.words),
    come: subtract(after.words, before.words),
    isNew: false,
    loss: firstLoss(sides, paths),
  };
}

/** A file that is new brings all its words. */
export function measureNew({ words }: FactSheet): Turnover {
  return { gone: new Map(), come: words, isNew: true, loss: undefined };
}

/** Whether a file brings more words than it takes away. */
export function grows({ before, after }: Sides): boolean {
  return count(subtract(after.words, before.words)) > count(subtract(before.words, after.words));
}

/** What is gone from the files that stay. What stands in a new file now has moved there. */
export function sumTurnovers(turnovers: readonly Turnover[]): Loss {
  const moved = new Map<string, number>();
  for (const { isNew, come } of turnovers)
    if (isNew) for (const [word, times] of come) moved.set(word, (moved.get(word) ?? 0) + times);
  const files = turnovers.filter(({ isNew }) => !isNew).map((turnover) => settle(turnover, moved));
  const differing = files.filter(({ lost, found }) => lost + found > 0);
  const [most] = differing.toSorted((one, other) => other.lost - other.found - (one.lost - one.found));
  return {
    lost: differing.reduce((sum, { lost }) => sum + lost, 0),
    found: differing.reduce((sum, { found }) => sum + found, 0),
    // One word more on each side, so that a single word is no certainty.
    shares: differing.map(({ lost, found }) => (lost + 1) / (lost + found + 2)),
    shrunken: differing.filter(({ lost, found }) => lost > found).length,
    access: differing.find(({ access }) => access !== undefined)?.access,
    example: most?.loss,
  };
}

interface Settled {
  readonly lost: number;
  readonly found: number;
  readonly access: string | undefined;
  readonly loss: ControlChange | undefined;
}

/** Takes what moved from `moved`, so that each word of a new file stands for one that is gone. */
function settle({ gone, come, loss }: Turnover, moved: Map<string, number>): Settled {
  let lost = 0;
  let access: string | undefined;
  for (const [word, times] of gone) {
    const there = Math.min(times, moved.get(word) ?? 0);
    if (there > 0) moved.set(word, (moved.get(word) ?? 0) - there);
    if (there === times) continue;
    lost += times - there;
    if (access === undefined && tellsOfLoss(word)) access = word;
  }
  return { lost, found: count(come), access, loss };
}

function subtract(one: Words, other: Words): Words {
  const rest = new Map<string, number>();
  for (const [word, times] of one) {
    const more = times - (other.get(word) ?? 0);
    if (more > 0) rest.set(word, more);
  }
  return rest;
}

function count(words: Words): number {
  let sum = 0;
  for (const times of words.values()) sum += times;
  return sum;
}

function firstLoss(sides: Sides, paths: Paths): ControlChange | undefined {
  const gone: readonly Fact[] = (['check', 'condition', 'result', 'call'] as const).flatMap(
    (kind) => sides.match(kind).gone,
  );
  const before = gone[0] ?? sides.before.facts[0];
  if (before === undefined) return undefined;
  const { key } = before;
  return completeChange(
    {
      control: 'code-taken-away',
      group: 'call',
      direction: 'changed',
      severity: 'low',
      message: key,
      subject: key,
      before,
    },
    sides,
    paths,
  );
}

/** The change as a whole, as a row at the first thing that is gone from the file that loses most. */
export function describeLoss(
  { lost, found, shrunken, access, example }: Loss,
  severity: Severity,
): ControlChange | undefined {
  if (example === undefined) return undefined;
  const files = shrunken === 1 ? '1 file' : `${shrunken} files`;
  const about = access === undefined ? '' : `, \`${clip(access, 60)}\` among them`;
  const brought = found === 0 ? 'brings none' : `brings ${found}`;
  const message = `The change takes away ${lost} words of code in ${files}${about}, and ${brought}; the first that is gone is \`${clip(withoutExit(example.subject), 70)}\`.`;
  return { ...example, severity, message };
}

/** The key of a branch ends in how it leaves. */
function withoutExit(key: string): string {
  const arrow = key.lastIndexOf(' → ');
  return arrow < 0 ? key : key.slice(0, arrow);
}
