import type { CodeLanguage } from '../../code/index.ts';
import type { Place } from '../../syntax/index.ts';
import { CATEGORY_WEIGHTS } from '../catalogue/categories.ts';
import { categoryRule } from '../catalogue/category-rules.ts';
import type { SinkRow } from '../catalogue.ts';
import { type Arguments, allArguments } from './arguments.ts';
import { maskOf } from './category-mask.ts';
import { LIBRARY_ORIGIN } from './label.ts';
import type { Frame, Machine } from './machine.ts';
import { knownPrefix, type Value } from './value.ts';

const LANGUAGES: readonly CodeLanguage[] = ['javascript', 'typescript', 'python'];

/** A text that begins with an element and leaves the program's sight is going to be shown as one. */
const HAND_MADE: SinkRow = {
  id: 'hand-made-markup',
  match: '*',
  languages: LANGUAGES,
  source: 'https://cheatsheetseries.owasp.org/cheatsheets/Cross_Site_Scripting_Prevention_Cheat_Sheet.html',
  form: 'call',
  arguments: [],
  category: 'xss',
  cwe: CATEGORY_WEIGHTS.xss.cwe,
  severity: 'low',
  confidence: 'low',
  when: [],
  unless: [],
  message: 'Data from outside becomes part of markup that is put together by hand',
  rule: categoryRule('xss').id,
};

const MARKUP = maskOf(['xss']);

/** The first element of a page or of a part of one. */
const ELEMENT = /^\s*<(?:!doctype|[a-z][a-z0-9]{0,15})(?=[\s>/])/i;

/** Functions that make markup harmless, or show it to nobody's browser. */
const HARMLESS =
  /(?:escape|saniti|clean|purif|strip|encode|quote|log|debug|warn|error|print|assert|expect|test|parse)/i;

/** Report markup with outsiders' data in it that is handed to a function of which nothing is known. */
export function checkHandedMarkup(name: string, given: Arguments, place: Place, machine: Machine, frame: Frame): void {
  if (!HARMLESS.test(name)) for (const value of allArguments(given)) checkMarkup(value, name, place, machine, frame);
}

/** Report it where it is kept under a name: `context['html'] = '<b>' + name`. */
export function checkMarkup(value: Value, name: string, place: Place, machine: Machine, frame: Frame): void {
  if (value.taint.length === 0 || !LANGUAGES.includes(machine.language(frame))) return;
  if (!ELEMENT.test(knownPrefix(value) ?? '')) return;
  const label = value.taint.find(({ cleared, origin }) => (cleared & MARKUP) === 0 && origin.row !== LIBRARY_ORIGIN);
  if (label) machine.reports.addFlow(HAND_MADE, label, place, name, frame.path);
}
