import type { Place } from '../../syntax/index.ts';
import { CATEGORY_WEIGHTS } from '../catalogue/categories.ts';
import { categoryRule } from '../catalogue/category-rules.ts';
import type { SinkRow } from '../catalogue.ts';
import { maskOf } from './category-mask.ts';
import { clearLabels, doubtLabels, type Label, LIBRARY_ORIGIN } from './label.ts';
import type { Frame, Machine } from './machine.ts';
import { ALL_BUT_PROTOTYPE } from './script-functions.ts';
import type { Value } from './value.ts';

const PROTOTYPE = maskOf(['prototype']);

const weight = CATEGORY_WEIGHTS.prototype;

/** Writing to what a chosen key found: `object[key].name = …`, where the key may be `__proto__`. */
const CHOSEN_OBJECT: SinkRow = {
  id: 'js-chosen-object',
  match: '*.*',
  languages: ['javascript', 'typescript'],
  source: 'https://cheatsheetseries.owasp.org/cheatsheets/Prototype_Pollution_Prevention_Cheat_Sheet.html',
  form: 'assign',
  arguments: [],
  category: 'prototype',
  cwe: 1321,
  severity: weight.severity,
  confidence: 'medium',
  when: [],
  unless: [],
  message: weight.message,
  rule: categoryRule('prototype').id,
};

/** What a key from outside finds in an object may be `Object.prototype`, which is all that it is dangerous for. */
export function chosenLabels(object: Value, key: Value, machine: Machine): readonly Label[] {
  if (object.name === 'Object.create()' || (key.prefix ?? '') !== '') return [];
  const dangerous = machine.taintOf(key).filter((label) => (label.cleared & PROTOTYPE) === 0);
  return clearLabels(dangerous, ALL_BUT_PROTOTYPE);
}

/** Whether it says that a thing may be the prototype itself. */
export function isPrototype({ cleared }: Label): boolean {
  return cleared === ALL_BUT_PROTOTYPE;
}

/** What is written, and under which key, of `object[key] = value`. */
interface Written {
  readonly key: Value;
  readonly value: Value;
}

/** Report a write to something that a key from outside found. */
export function checkChosenObject(object: Value, written: Written, place: Place, machine: Machine, frame: Frame): void {
  const found = object.taint.find(isPrototype);
  if (!found) return;
  const [label = found] = isHarmlessOfLibrary(found, written) ? doubtLabels([found], PROTOTYPE) : [found];
  machine.reports.addFlow(CHOSEN_OBJECT, label, place, 'a property of what a key found', frame.path);
}

/** A library that sets a property of its own, or something of its own: its caller gains little by the place. */
function isHarmlessOfLibrary({ origin }: Label, { key, value }: Written): boolean {
  if (origin.row !== LIBRARY_ORIGIN) return false;
  return (
    key.constant !== undefined || value.constant !== undefined || (value.objects.length > 0 && value.taint.length === 0)
  );
}
