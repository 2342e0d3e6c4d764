import { SEVERITIES, type Severity } from '../../findings/index.ts';
import type { Place } from '../../syntax/index.ts';
import type { ControlClass } from '../control-class.ts';
import type { ControlChange, Direction } from '../model.ts';
import type { ControlFact, FactSheet, FactWording } from './fact.ts';
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
  const renamed = renamedScopes(before.facts, after.facts, before.scopes.keys(), after.scopes.keys());
  const sides = { before, after, renamed, newNames: new Set(renamed.values()), standIns };
  return pairFacts(before.facts, after.facts, renamed).flatMap((pair) => {
    const row = classes.get(pair.control);
    return row === undefined ? [] : judgePair(pair, row, sides);
  });
}

function judgePair(pair: SubjectPair, row: FactClass, sides: Sides): readonly ControlChange[] {
  const was = weigh(pair.before);
  const now = weigh(pair.after);
  if (now > was) return judgeLoosening(pair, row, sides, was);
  if (now < was) return judgeTightening(pair, row, sides);
  if (row.moved !== undefined && hasMoved(pair, sides)) return [describe(pair, row, sides, 'moved', 'info', row.moved)];
  if (row.changed === undefined || was === 0 || valuesOf(pair.before) === valuesOf(pair.after)) return [];
  return [describe(pair, row, sides, 'changed', row.changed.severity, row.changed.says)];
}

function judgeLoosening(pair: SubjectPair, row: FactClass, sides: Sides, was: number): readonly ControlChange[] {
  // Such a class only tells that something differs.
  if (row.weakened === '') return [];
  const severity = pair.after[0]?.severity ?? pair.before[0]?.severity ?? row.severity;
  const lost = pair.after.length === 0 ? pair.before : [];
  // What protected only its own scope goes with it.
  if (lost.length > 0 && lost.every((fact) => !fact.standing && isGone(fact.scope, sides))) return [];
  const isNew = was === 0 && pair.after.length > 0 && pair.after.every(({ scope }) => isFresh(scope, sides));
  if (isNew && pair.after.every(({ quietWhenNew }) => quietWhenNew)) return [];
  if (!isNew || row.always) return [describe(pair, row, sides, 'weakened', severity, row.weakened)];
  return [describe(pair, row, sides, 'added-capability', oneLower(severity), row.added ?? row.weakened)];
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

function weigh(facts: readonly ControlFact[]): number {
  return facts.reduce((sum, { weight }) => sum + weight, 0);
}

function valuesOf(facts: readonly ControlFact[]): string {
  return JSON.stringify(facts.map(({ value, shown }) => value ?? shown).sort());
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
    scope: scope === '' ? 'The file' : scope,
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

const LONGEST = 120;

function showAll(facts: readonly ControlFact[]): string {
  if (facts.length === 0) return 'nothing';
  const shown = [...new Set(facts.map((fact) => fact.shown))].join(', ').replace(/\s+/g, ' ');
  return shown.length > LONGEST ? `${shown.slice(0, LONGEST)}…` : shown;
}

function fill(sentence: string, words: Readonly<Record<string, string>>): string {
  const text = sentence.replace(/\{(\w+)\}/g, (whole, name: string) => words[name] ?? whole);
  return text.length > 400 ? `${text.slice(0, 400)}…` : text;
}
