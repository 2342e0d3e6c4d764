import { SEVERITIES, type Severity } from '../../findings/index.ts';
import type { Place } from '../../syntax/index.ts';
import type { ControlClass } from '../control-class.ts';
import type { ControlChange, Direction } from '../model.ts';
import type { ControlFact, FactSheet, FactWording } from './fact.ts';
import { renamedItems } from './renamed-items.ts';
import type { StandIns } from './stand-in-place.ts';
import { pairFacts, renamedScopes, type SubjectPair } from './subject-pair.ts';

/** A class whose facts are compared here, with the words for it. */
export type FactClass = ControlClass & FactWording;

interface Sides {
  readonly before: FactSheet;
  readonly after: FactSheet;
  readonly renamed: ReadonlyMap<string, string>;
  readonly newNames: ReadonlySet<string>;
  readonly standIns: StandIns;
}

/** What became of the facts of one file, or of one kind across files. Deterministic; in no particular order. */
export function compareFacts(
  before: FactSheet,
  after: FactSheet,
  classes: ReadonlyMap<string, FactClass>,
  standIns: StandIns,
): readonly ControlChange[] {
  const renamed = renamedScopes(before.facts, after.facts, before.scopes, after.scopes);
  const sides = { before, after, renamed, newNames: new Set(renamed.values()), standIns };
  const changes = pairFacts(before.facts, after.facts, renamed, renamedItems(before, after)).flatMap((pair) => {
    const row = classes.get(pair.control);
    return row === undefined ? [] : judgePair(pair, row, sides);
  });
  return oncePerPlace(changes);
}

/** What one line says for several scopes, such as the rights of every job of a file, is told once. */
function oncePerPlace(changes: readonly ControlChange[]): readonly ControlChange[] {
  const told = new Set<string>();
  return changes.filter(({ control, direction, scope, subject, before, after }) => {
    if (scope === '' || after === undefined || after.span.start === after.span.end) return true;
    const about = subject.slice(scope.length);
    const key = JSON.stringify([control, direction, about, after.file, after.span, before === undefined]);
    if (told.has(key)) return false;
    told.add(key);
    return true;
  });
}

function judgePair(pair: SubjectPair, row: FactClass, sides: Sides): readonly ControlChange[] {
  if (row.bothSides && (pair.before.length === 0 || pair.after.length === 0)) return [];
  const was = weigh(pair.before, row);
  const now = weigh(pair.after, row);
  if (now > was) return judgeLoosening(pair, row, sides, was);
  if (now < was) return judgeTightening(pair, row, sides);
  if (row.moved !== undefined && hasMoved(pair, sides)) return [describe(pair, row, sides, 'moved', 'info', row.moved)];
  if (row.changed === undefined || was === 0 || valuesOf(pair.before, row) === valuesOf(pair.after, row)) return [];
  if (onlyAsksForMore(pair)) return [];
  // What would not weigh more if it were lost.
  const severity = lowerOf(row.changed.severity, pair.after[0]?.severity ?? row.changed.severity);
  return [describe(pair, row, sides, 'changed', severity, row.changed.says)];
}

function judgeLoosening(pair: SubjectPair, row: FactClass, sides: Sides, was: number): readonly ControlChange[] {
  if (isNoNews(pair, row, sides)) return [];
  const tell = (direction: Direction, severity: Severity, says: string): readonly ControlChange[] => [
    describe(pair, row, sides, direction, severity, says),
  ];
  if (row.fewer && pair.after.length > 0) return tell('weakened', row.fewer.severity, row.fewer.says);
  if (pair.after.length === 0 && pair.before.every((fact) => isReplaced(fact, sides)))
    return tell('weakened', 'low', row.weakened);
  const severity = weightOf(pair, row);
  const isNew =
    was === 0 &&
    pair.after.length > 0 &&
    ((row.newIsAdded && pair.before.length === 0) || pair.after.every(({ scope }) => isFresh(scope, sides)));
  if (isNew && pair.after.every(({ quietWhenNew }) => quietWhenNew)) return [];
  if (!isNew || row.always) return tell('weakened', severity, row.weakened);
  return tell('added-capability', oneLower(severity), row.added ?? row.weakened);
}

/** Nothing is looser, or something else tells it. */
function isNoNews({ before, after }: SubjectPair, row: FactClass, sides: Sides): boolean {
  // Such a class only tells that something differs.
  if (row.weakened === '') return true;
  if (row.sharedByScopes && before.length === 0 && after.every((fact) => isKnown(fact, sides))) return true;
  if (after.length > 0) return false;
  // What protected only its own scope goes with it; what another file did is compared there.
  return (
    before.every(({ standing, scope }) => !standing && isGone(scope, sides)) ||
    before.every(({ leadsTo }) => leadsTo !== undefined && sides.standIns.isGone?.(leadsTo))
  );
}

function judgeTightening(pair: SubjectPair, row: FactClass, sides: Sides): readonly ControlChange[] {
  if (row.strengthened === undefined) return [];
  const facts = [...pair.before, ...pair.after];
  if (facts.every(({ scope }) => isGone(scope, sides) || isFresh(scope, sides))) return [];
  return [describe(pair, row, sides, 'strengthened', 'info', row.strengthened)];
}

function isGone(scope: string, { before, after, renamed }: Sides): boolean {
  return before.scopes.has(scope) && !after.scopes.has(scope) && !renamed.has(scope);
}

function isFresh(scope: string, { before, after, newNames }: Sides): boolean {
  return after.scopes.has(scope) && !before.scopes.has(scope) && !newNames.has(scope);
}

/** To another file: its own file, under whatever name, no longer holds it. */
function hasMoved({ before, after }: SubjectPair, { standIns }: Sides): boolean {
  const files = new Set(after.map(({ place }) => place.file));
  return before.every(({ place }) => !files.has(standIns.inNew(place)?.file ?? place.file));
}

/** The old file had it elsewhere, just as open. */
function isKnown({ control, subject, shown, weight }: ControlFact, { before }: Sides): boolean {
  return before.facts.some(
    (old) => old.control === control && old.subject === subject && old.shown === shown && old.weight >= weight,
  );
}

/** What it names is gone itself, and in its place stands something that is new. */
function isReplaced({ control, scope, names }: ControlFact, sides: Sides): boolean {
  if (names === undefined || !isGone(names, sides)) return false;
  const now = sides.renamed.get(scope) ?? scope;
  return sides.after.facts.some(
    (fact) => fact.control === control && fact.scope === now && fact.names !== undefined && isFresh(fact.names, sides),
  );
}

function weigh(facts: readonly ControlFact[], { worstCounts }: FactClass): number {
  const [first, ...others] = facts;
  if (first === undefined) return 0;
  return others.reduce((sum, { weight }) => (worstCounts ? Math.max(sum, weight) : sum + weight), first.weight);
}

/** One fact on either side, and all that had to hold still has to. */
function onlyAsksForMore({ before: [old, ...others], after: [now, ...more] }: SubjectPair): boolean {
  if (!old?.parts || !now?.parts || others.length > 0 || more.length > 0) return false;
  const parts = new Set(now.parts);
  return old.parts.every((part) => parts.has(part));
}

function valuesOf(facts: readonly ControlFact[], { worstCounts }: FactClass): string {
  const values = facts.map(({ value, shown }) => value ?? shown);
  return JSON.stringify([...(worstCounts ? new Set(values) : values)].sort());
}

/** What protected weighs what it did, what exposes what it does now. */
function weightOf({ before, after }: SubjectPair, row: FactClass): Severity {
  const [old, now] = [before[0]?.severity, after[0]?.severity];
  if (old === undefined || now === undefined) return now ?? old ?? row.severity;
  return weigh(before, row) < 0 && lowerOf(old, now) === now ? old : now;
}

function lowerOf(one: Severity, other: Severity): Severity {
  return SEVERITIES.indexOf(one) > SEVERITIES.indexOf(other) ? one : other;
}

/** A thing that stands in something new was not loosened: there was nothing before. */
function oneLower(severity: Severity): Severity {
  return SEVERITIES[Math.min(SEVERITIES.indexOf(severity) + 1, SEVERITIES.length - 1)] ?? severity;
}

function describe(
  pair: SubjectPair,
  row: FactClass,
  sides: Sides,
  direction: Direction,
  severity: Severity,
  sentence: string,
): ControlChange {
  const old = firstDifferent(pair.before, pair.after);
  const now = firstDifferent(pair.after, pair.before);
  const scope = (now ?? old)?.scope ?? '';
  const subject = (now ?? old)?.subject ?? '';
  const words = {
    scope: scope === '' ? WHOLE_FILE : scope,
    subject,
    was: showAll(pair.before),
    now: showAll(pair.after),
  };
  return {
    control: row.id,
    group: row.group,
    direction,
    severity,
    confidence: (now ?? old)?.confidence ?? 'high',
    message: fill(sentence, words),
    scope,
    before: old?.place ?? (now && placeOfArrival(now, sides)),
    after: now?.place ?? (old && placeOfLoss(old, sides)),
    subject: scope === '' ? subject : `${scope}: ${subject}`,
    meta: row.meta,
  };
}

/** Of several facts about one subject the one that has no equal on the other side: that is the line that changed. */
function firstDifferent(own: readonly ControlFact[], other: readonly ControlFact[]): ControlFact | undefined {
  const values = new Set(other.map(({ value, shown, weight }) => JSON.stringify([value ?? shown, weight])));
  const isNew = ({ value, shown, weight }: ControlFact) => !values.has(JSON.stringify([value ?? shown, weight]));
  if (own.length > other.length && other.length > 0) return own.findLast(isNew) ?? own.at(-1);
  return own.find(isNew) ?? own[0];
}

function placeOfLoss(fact: ControlFact, { after, renamed, standIns }: Sides): Place | undefined {
  return standIns.inNew(fact.place) ?? after.scopes.get(renamed.get(fact.scope) ?? fact.scope);
}

/** Something new in a scope that was there stands where the old file goes on. */
function placeOfArrival(fact: ControlFact, sides: Sides): Place | undefined {
  return isFresh(fact.scope, sides) ? undefined : sides.standIns.inOld(fact.place);
}

const WHOLE_FILE = 'The file';
const LONGEST = 120;

function showAll(facts: readonly ControlFact[]): string {
  if (facts.length === 0) return 'nothing';
  const shown = [...new Set(facts.map((fact) => fact.shown))].join(', ').replace(/\s+/g, ' ');
  return shown.length > LONGEST ? `${shown.slice(0, LONGEST)}…` : shown;
}

function fill(sentence: string, words: Readonly<Record<string, string>>): string {
  const text = sentence.replace(/\{(\w+)\}/g, (whole, name: string, at: number) => {
    const word = words[name] ?? whole;
    return at > 0 && word === WHOLE_FILE ? 'the file' : word;
  });
  return text.length > 400 ? `${text.slice(0, 400)}…` : text;
}
