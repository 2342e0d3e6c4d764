import type { Gap, Place } from '../../syntax/index.ts';
import type { TreeChange } from '../../workspace/index.ts';
import { isComparedCode } from '../code/index.ts';
import type { ControlClass } from '../control-class.ts';
import { createStandIns } from '../facts/stand-in-place.ts';
import { isTestCode } from '../meta/index.ts';
import type { ControlChange } from '../model.ts';
import { compareRefusals, type LostRefusal } from './compare-refusals.ts';
import { isPlainCode } from './languages.ts';
import { type ChangedValue, findChangedValues } from './protecting-values.ts';
import { findLostWords, type LostWords } from './protecting-words.ts';

/** Where .NET and its kin keep their tests. */
const TEST_PROJECT = /(?:^|\/)[\w.-]{1,100}\.(?:Unit)?Tests?\/|Tests?\.(?:cs|vb|fs|kt|swift|php|scala|groovy)$/;
/** Longer ones are data or made by a program. */
const LARGEST = 1_000_000;

/** What a change does to checks in languages that no grammar reads here. Deterministic; never throws on content. */
export function comparePlainCode(
  changes: readonly TreeChange[],
  classes: ReadonlyMap<string, ControlClass>,
): { readonly changes: readonly ControlChange[]; readonly gaps: readonly Gap[] } {
  const plain = changes.filter(({ path, kind }) => kind !== 'mode' && isCompared(path));
  const small = plain.filter((change) => sizeOf(change) <= LARGEST);
  const standIn = standInsOf(small);
  const refusals = compareRefusals(small).map((lost) => describeRefusal(lost, standIn));
  const words = findLostWords(small).map((lost) => describeWords(lost, standIn));
  const values = small.flatMap(findChangedValues).map(describeValue);
  return {
    changes: onceALine([...refusals, ...words, ...values]).flatMap((seen) => toChange(seen, classes)),
    gaps: plain.filter((change) => !small.includes(change)).map(toGap),
  };
}

function isCompared(path: string): boolean {
  return isPlainCode(path) && !isComparedCode(path) && !isTestCode(path) && !TEST_PROJECT.test(path);
}

function sizeOf({ old, new: now }: TreeChange): number {
  return Math.max(...[old, now].map((side) => (side && 'text' in side ? side.text.length : 0)));
}

function toGap({ path }: TreeChange): Gap {
  const message = `longer than ${LARGEST} characters: its checks were not compared`;
  return { kind: 'cap', message, place: { file: path, span: { start: 0, end: 0 } } };
}

/** Where in the new version something would stand that is gone. */
type StandIn = (old: Place) => Place | undefined;

function standInsOf(changes: readonly TreeChange[]): StandIn {
  const known = new Map(
    changes.flatMap(({ old, new: now }) =>
      old && now && 'text' in old && 'text' in now ? [[old.path, createStandIns(old, now).inNew] as const] : [],
    ),
  );
  return (old) => known.get(old.file)?.(old);
}

/** What differs, before its class gives it the rest. */
type Seen = Pick<ControlChange, 'control' | 'direction' | 'message' | 'scope' | 'after' | 'subject'> & {
  readonly before: Place;
  /** Below that of its class where it says little. */
  readonly isQuiet: boolean;
};

function toChange({ isQuiet, ...seen }: Seen, classes: ReadonlyMap<string, ControlClass>): readonly ControlChange[] {
  const row = classes.get(seen.control);
  if (row === undefined) return [];
  const { group, meta, severity } = row;
  return [{ ...seen, group, meta, severity: isQuiet ? 'low' : severity, confidence: 'medium' }];
}

/** What was told as a check is not told again as a word, nor that as a value. */
function onceALine(all: readonly Seen[]): readonly Seen[] {
  const told = new Set<string>();
  return all.filter(({ control, before: { file, span } }) => {
    const line = `${file} ${span.end}`;
    const isNew = control.startsWith('refusal') || !told.has(line);
    told.add(line);
    return isNew;
  });
}

const CLASS_OF = {
  gone: 'refusal-removed',
  looser: 'refusal-loosened',
  negated: 'refusal-loosened',
  other: 'refusal-changed',
} as const;

function describeRefusal({ old, now, difference, isTelling }: LostRefusal, standIn: StandIn): Seen {
  const owner = old.owner.slice(0, 120);
  return {
    control: CLASS_OF[difference],
    direction: difference === 'other' ? 'changed' : 'weakened',
    message:
      now === undefined
        ? `The check ${show(old)} (\`${old.says.slice(0, 60)}\`) is gone`
        : `The check ${show(old)} is ${show(now)} now`,
    scope: owner,
    before: old.place,
    after: now?.place ?? standIn(old.place),
    subject: `${owner}: ${old.condition}`.slice(0, 300),
    isQuiet: !isTelling,
  };
}

function show({ condition, demands }: LostRefusal['old']): string {
  const text = `${demands ? 'unless' : 'if'} ${condition}`;
  return `\`${text.length > 140 ? `${text.slice(0, 140)}…` : text}\``;
}

function describeWords({ words, line, place }: LostWords, standIn: StandIn): Seen {
  const shown = words.slice(0, 3).map((word) => `\`${word.slice(0, 60)}\``);
  const more = words.length > shown.length ? ` and ${words.length - shown.length} more` : '';
  const all = `${shown.join(', ')}${more} ${words.length === 1 ? 'is' : 'are'}`;
  return {
    control: 'protecting-word-lost',
    direction: 'changed',
    message: `${all} gone from \`${line.slice(0, 120)}\`, and nothing of that name came instead`,
    scope: '',
    before: place,
    after: standIn(place),
    subject: words.join(' ').slice(0, 200),
    isQuiet: false,
  };
}

function describeValue({ was, now, before, after }: ChangedValue): Seen {
  return {
    control: 'protecting-value-changed',
    direction: 'changed',
    message: `\`${was.slice(0, 120)}\` is \`${now.slice(0, 120)}\` now`,
    scope: '',
    before,
    after,
    subject: was.slice(0, 200),
    isQuiet: false,
  };
}
