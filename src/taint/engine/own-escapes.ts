import type { Callable } from './callable.ts';
import { maskOf } from './category-mask.ts';
import { clearLabels } from './label.ts';
import type { Machine } from './machine.ts';
import type { Value } from './value.ts';

const MARKUP = maskOf(['xss']);

/** Of a function that writes `&lt;` and is called an escape, or asks every character, the result is escaped. */
export function escapedBy({ callables }: Value, result: Value, machine: Machine): Value {
  if (result.taint.length === 0 || !callables.every(isEscape)) return result;
  return { ...result, taint: clearLabels(machine.taintOf(result), MARKUP) };
}

function isEscape(callable: Callable): boolean {
  if (callable.kind !== 'function') return false;
  const { span } = callable.node.place;
  const text = callable.module.module?.file.text.slice(span.start, span.end) ?? '';
  return text.includes('&lt;') && (ESCAPES.test(callable.path) || (ASKS_FOR_MARKUP.test(text) && REPEATS.test(text)));
}

/** `case '<':`, `code === 60`: asks of a character whether it begins markup. */
const ASKS_FOR_MARKUP = /(?:\bcase|===?)\s{0,4}(?:(['"`])<\1|60\b|0x3c\b)/i;
const REPEATS = /\b(?:for|while|map|forEach|reduce)\b/;

const ESCAPES = /(?:^|\.)_?(?:escape|encode|sanitize|esc$|quote)[a-z0-9]{0,30}$/i;
