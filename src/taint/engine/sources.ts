import type { Place } from '../../syntax/index.ts';
import type { SourceRow } from '../catalogue.ts';
import { NOTHING, type Subjects } from './argument-path.ts';
import { maskOf } from './category-mask.ts';
import { conditionsHold } from './conditions.ts';
import { ADDRESS_SOURCES } from './idioms.ts';
import { clearLabels, doubtLabels, type Label, neutraliseQuote, type Origin, unionLabels } from './label.ts';
import type { Frame, Machine } from './machine.ts';
import type { Value } from './value.ts';

const ORIGINS = new WeakMap<Machine, Map<string, Origin>>();

/** The value with the taint of a source, when its name is one of this form. */
export function sourceValue(
  value: Value,
  form: SourceRow['form'],
  place: Place,
  machine: Machine,
  frame: Frame,
  subjects: Subjects = NOTHING,
): Value | undefined {
  if (value.name === undefined) return undefined;
  const rows = machine.rows.about(value.name, machine.language(frame)).sources;
  const fits = ({ unless = [] }: SourceRow) => conditionsHold({ when: [], unless }, subjects, machine);
  const row = rows.find((candidate) => candidate.form === form && fits(candidate));
  if (!row) return undefined;
  if (ADDRESS_SOURCES.has(value.name) && hasFixedAddress(machine, frame)) return undefined;
  const label = labelOf({ what: row.what, name: value.name, row: row.id }, place, machine);
  const taint = unionLabels(
    value.taint,
    doubtLabels(
      clearLabels(row.relative ? neutraliseQuote([label], '/') : [label], maskOf(row.clears ?? [])),
      maskOf(row.doubts ?? []),
    ),
  );
  return row.begins === undefined ? { ...value, taint } : { ...value, taint, prefix: row.begins };
}

/** Signs of a parameter in an address: `<name>`, `:name`, `{name}`, `*`. */
const PARAMETER = /[<:{*]/;

/** Whether outsiders reach what runs here by addresses without parameters only: then its path is no choice of theirs. */
function hasFixedAddress(machine: Machine, frame: Frame): boolean {
  let outermost = frame;
  while (outermost.caller) outermost = outermost.caller;
  const entries = outermost.function && machine.entries.get(outermost.function.node);
  if (!entries || entries.length === 0) return false;
  return entries.every(({ address }) => address !== undefined && !PARAMETER.test(address));
}

/** A label of an origin; the same place gives the same origin. */
export function labelOf(origin: Omit<Origin, 'place'>, place: Place, machine: Machine): Label {
  let known = ORIGINS.get(machine);
  if (!known) {
    known = new Map();
    ORIGINS.set(machine, known);
  }
  const key = `${origin.row} ${machine.placeKey(place)}`;
  const found = known.get(key) ?? { ...origin, place };
  known.set(key, found);
  return { origin: found, cleared: 0, doubted: 0, quotes: '', trace: undefined, encoded: 0 };
}
