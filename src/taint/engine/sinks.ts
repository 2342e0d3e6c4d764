import type { Place } from '../../syntax/index.ts';
import type { ArgumentPath, SinkRow } from '../catalogue.ts';
import { isTestFile } from '../test-file.ts';
import { NOTHING, type Subjects, subjectAt } from './argument-path.ts';
import { allArguments } from './arguments.ts';
import { maskOf } from './category-mask.ts';
import { conditionsHold } from './conditions.ts';
import { mapObject } from './heap-object.ts';
import { type Label, LIBRARY_ORIGIN, NO_MARKUP, SCHEME, SHORT } from './label.ts';
import type { Frame, Machine } from './machine.ts';
import { noteResponse, responseClears } from './response-type.ts';
import type { NameRows } from './row-index.ts';
import { ADDRESS, staysOnHost } from './text.ts';
import { objectValue, taintedValue, UNKNOWN, type Value } from './value.ts';

/** Check a call against the rows of its name. */
export function checkCall(
  name: string,
  rows: NameRows,
  subjects: Subjects,
  construct: boolean,
  place: Place,
  machine: Machine,
  frame: Frame,
): void {
  if (rows.sinks.length === 0 && rows.patterns.length === 0) return;
  const fits = (form: string) =>
    form === 'call' ? !construct || machine.language(frame) === 'python' : form === 'construct' && construct;
  for (const row of rows.sinks) if (fits(row.form)) checkSink(row, name, subjects, place, machine, frame);
  for (const row of rows.patterns)
    if (fits(row.form) && conditionsHold(row, subjects, machine) && !(row.rule === SECRET && isCalledByTest(frame)))
      machine.reports.addPattern(row, place, name, frame.path);
}

const SECRET = 'CODE50';

/** A test gives the code that it tests a secret of its own. */
function isCalledByTest(frame: Frame): boolean {
  for (let caller = frame.caller; caller; caller = caller.caller)
    if (isTestFile(caller.module.module?.file.path ?? '')) return true;
  return false;
}

function checkSink(row: SinkRow, name: string, subjects: Subjects, place: Place, machine: Machine, frame: Frame): void {
  const mask = maskOf([row.category]);
  if ((mask & responseClears(subjects, machine)) !== 0) return;
  const label = findLabel(row, mask, subjects, machine);
  if (!label || !conditionsHold(row, subjects, machine)) return;
  machine.reports.addFlow(row, label, place, name.replace(/^\?\./, ''), frame.path);
}

/** The label that is dangerous for the row of which there is no doubt, and among these the most direct. */
function findLabel(row: SinkRow, mask: number, subjects: Subjects, machine: Machine): Label | undefined {
  let found: Label | undefined;
  for (const value of sinkValues(row, subjects, machine)) {
    if ((mask & ADDRESS) !== 0 && staysOnHost(value)) continue;
    for (const label of takenLabels(row, value, machine))
      if (
        (label.cleared & mask) === 0 &&
        !beginsHarmless(label, row) &&
        !isIntended(label, row, value) &&
        (!found || isStronger(label, found, row))
      )
        found = label;
  }
  return found;
}

function isStronger(label: Label, found: Label, { category }: SinkRow): boolean {
  const isDoubtful = ({ doubted }: Label) => (doubted & maskOf([category])) !== 0;
  if (isDoubtful(label) !== isDoubtful(found)) return isDoubtful(found);
  return (label.trace?.length ?? 0) < (found.trace?.length ?? 0);
}

/** What a sink reads by its beginning does nothing when that was checked. */
function beginsHarmless({ quotes }: Label, { takes }: SinkRow): boolean {
  if (takes === 'address') return quotes.includes(SCHEME);
  if (takes === 'length') return quotes.includes(SHORT);
  return takes === 'selector' && quotes.includes(NO_MARKUP);
}

/** Texts that are put together are no objects, and what came as a text is none. */
const TEXT = maskOf(['nosql']);

/** How deep a structure is searched for what outsiders put into it. */
const DEEPEST_STRUCTURE = 4;

/** Labels of what in a value may be an object of outsiders. */
function structureOf(value: Value, machine: Machine, depth = DEEPEST_STRUCTURE): readonly Label[] {
  if (value.prefix !== undefined) return [];
  const own = value.taint.filter(({ cleared }) => (cleared & TEXT) === 0);
  if (depth === 0) return own;
  const parts = value.objects.flatMap((id) => {
    const { items, entries, rest } = machine.object(id);
    return [...(items ?? []), ...entries.values(), ...(rest ? [rest] : [])];
  });
  return [...own, ...parts.flatMap((part) => structureOf(part, machine, depth - 1))];
}

/** Labels of a whole object of outsiders: of its members nobody said which they may be. */
function recordOf({ prefix, taint, objects }: Value, machine: Machine): readonly Label[] {
  if (prefix !== undefined) return [];
  const rest = objects.flatMap((id) => machine.object(id).rest?.taint ?? []);
  return [...taint, ...rest].filter(({ cleared }) => (cleared & TEXT) === 0);
}

/** What of a value does harm in the sink. */
function takenLabels({ takes }: SinkRow, value: Value, machine: Machine): readonly Label[] {
  if (takes === 'structure') return structureOf(value, machine);
  return takes === 'record' ? recordOf(value, machine) : machine.taintOf(value);
}

/** A parameter that says it is an element, or what finds one: a selector is what the function is for. */
const ELEMENT_PARAMETER =
  /^parameter \$?(?:el|elem|element|node|dom|selector|container|target|context|root|event|evt|ev|e)s? /i;
const SELECTOR = 'js-jquery-selector';

/** What is no text that was put together is a function. */
const TIMER = 'js-timer-tainted';

/** A library that runs what it is given as a whole is meant to; one that puts it behind a beginning of its own is not. */
function isIntended(label: Label, row: SinkRow, value: Value): boolean {
  if (row.id === SELECTOR && label.origin.row === LIBRARY_ORIGIN && ELEMENT_PARAMETER.test(label.origin.name))
    return true;
  if (row.id === TIMER && label.origin.row === LIBRARY_ORIGIN) return true;
  return label.origin.row === LIBRARY_ORIGIN && row.category === 'command' && (value.prefix ?? '') === '';
}

function sinkValues(row: SinkRow, subjects: Subjects, machine: Machine): readonly Value[] {
  if (row.arguments.length > 0)
    return row.arguments.flatMap((path) => {
      const value = subjectAt(path, subjects, machine);
      if (!value) return [];
      return [isTakenApart(path, row, value) ? taintedValue(value.taint) : bodyOf(value, row, machine)];
    });
  const { given, value, key } = subjects;
  return [...allArguments(given), ...(value ? [bodyOf(value, row, machine)] : []), ...(key ? [key] : [])];
}

/** `query({ text, values })`: when the row names properties of an argument, the rest of a map says nothing. */
function isTakenApart(path: ArgumentPath, row: SinkRow, value: Value): boolean {
  return (
    value.objects.length > 0 &&
    row.arguments.some(
      (other) => /^[.[]/.test(String(other).replace(String(path), '')) && String(other).startsWith(String(path)),
    )
  );
}

/** Of a response `(body, status, headers)` only the body is a page. */
function bodyOf(value: Value, row: SinkRow, machine: Machine): Value {
  if (row.category !== 'xss') return value;
  const items = machine.onlyObject(value, 'list')?.object.items;
  return items && items.length > 1 ? (items[0] ?? value) : value;
}

/** An assignment to a member or key; `names` are what the target may be called. */
export interface Assignment {
  readonly names: readonly string[];
  readonly key: Value;
  readonly value: Value;
  /** What the member is of. */
  readonly holder?: Value;
  /** The variable at the beginning of the target. */
  readonly root?: number | undefined;
}

export function checkAssignment(assignment: Assignment, place: Place, machine: Machine, frame: Frame): void {
  const { value, key, holder, root } = assignment;
  const subjects: Subjects = { ...NOTHING, value, key, receiver: holder, root };
  const done = new Set<string>();
  for (const name of assignment.names) {
    const rows = machine.rows.about(name, machine.language(frame));
    noteResponse(rows, subjects, machine);
    for (const row of rows.sinks)
      if (row.form === 'assign' && !done.has(row.id)) {
        done.add(row.id);
        checkSink(row, name, subjects, place, machine, frame);
      }
    for (const row of rows.patterns)
      if (row.form === 'assign' && conditionsHold(row, subjects, machine))
        machine.reports.addPattern(row, place, name, frame.path);
  }
}

/** What a function that outsiders reach gives back. */
export function checkReturn(value: Value, place: Place, machine: Machine, frame: Frame): void {
  if (!frame.function || frame.caller) return;
  const entries = machine.entries.get(frame.function.node);
  for (const entry of entries ?? []) {
    const rows = machine.rows.returned(entry.row);
    if (rows.length === 0) continue;
    const route = entry.words && objectValue(machine.newObject(mapObject(entry.words)));
    for (const row of rows) checkSink(row, 'the response', { ...NOTHING, value, route }, place, machine, frame);
  }
}

export interface Attribute {
  readonly name: string;
  readonly value: Value;
  readonly place: Place;
}

/** Attributes of an element. */
export function checkElement(
  tag: string,
  attributes: readonly Attribute[],
  place: Place,
  machine: Machine,
  frame: Frame,
): void {
  for (const attribute of attributes) {
    const name = `${tag}.${attribute.name}`;
    const rows = machine.rows.about(name, machine.language(frame));
    const subjects: Subjects = { ...NOTHING, value: attribute.value };
    for (const row of rows.sinks)
      if (row.form === 'attribute') checkSink(row, name, subjects, attribute.place ?? place, machine, frame);
  }
}

/** A tagged template into which these values are put. */
export function checkTag(name: string, values: readonly Value[], place: Place, machine: Machine, frame: Frame): void {
  const rows = machine.rows.about(name, machine.language(frame));
  const subjects: Subjects = { ...NOTHING, given: { ...NOTHING.given, positional: values } };
  for (const row of rows.sinks) if (row.form === 'tag') checkSink(row, name, subjects, place, machine, frame);
}

/** Reading a name that is wrong by itself. */
export function checkMember(value: Value, place: Place, machine: Machine, frame: Frame): void {
  if (value.name === undefined) return;
  for (const row of machine.rows.about(value.name, machine.language(frame)).patterns)
    if (row.form === 'member') machine.reports.addPattern(row, place, value.name, frame.path);
}

/** Decorators that are wrong by themselves. */
export function checkEntryPatterns(
  decorators: readonly { readonly value: Value; readonly place: Place }[],
  machine: Machine,
  frame: Frame,
): void {
  for (const { value, place } of decorators) {
    const name = value.name?.replace(/\(\)$/, '');
    if (name === undefined) continue;
    for (const row of machine.rows.about(name, machine.language(frame)).patterns)
      if (row.form === 'entry' && conditionsHold(row, { ...NOTHING, value: UNKNOWN }, machine))
        machine.reports.addPattern(row, place, name, frame.path);
  }
}
