import type { Place } from '../../syntax/index.ts';
import { CATEGORY_WEIGHTS } from '../catalogue/categories.ts';
import { categoryRule } from '../catalogue/category-rules.ts';
import type { SinkRow } from '../catalogue.ts';
import { maskOf } from './category-mask.ts';
import { clearLabels, type Label } from './label.ts';
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

/** Report a write to something that a key from outside found. */
export function checkChosenObject(object: Value, place: Place, machine: Machine, frame: Frame): void {
  const label = object.taint.find(({ cleared }) => cleared === ALL_BUT_PROTOTYPE);
  if (label) machine.reports.addFlow(CHOSEN_OBJECT, label, place, 'a property of what a key found', frame.path);
}
