import type { GroovyCall, GroovyPart } from '../../syntax/index.ts';
import type { ValueReference } from '../value.ts';
import type { GroovyScope } from './values.ts';

/** Methods that hand each element of what they are called on to their block. */
const EACH = /(?:^|\.)(?:each|eachWithIndex|eachParallel|collect|collectEntries|find|findAll|any|every)$/;

/** What the variable of a loop holds: `files.each { file -> … }`, with `it` where none is named, and `for (f in files)`. */
export function loopVariables(
  call: GroovyCall,
  scope: GroovyScope,
): readonly (readonly [name: string, values: readonly ValueReference[]])[] {
  if (call.body === undefined) return [];
  if (call.name === 'for') {
    const parts = call.arguments[0]?.value.parts ?? [];
    const middle = parts.findIndex((part) => part.kind === 'reference' && part.name === 'in');
    const variable = middle > 0 ? nameOf(parts[middle - 1]) : undefined;
    const over = { parts: parts.slice(middle + 1), span: call.span };
    return variable === undefined ? [] : [[variable, scope.valuesOfValue(over)]];
  }
  if (!EACH.test(call.name)) return [];
  const dot = call.name.lastIndexOf('.');
  const over = call.receiver
    ? scope.valuesOfValue({ parts: [call.receiver], span: call.span })
    : dot > 0
      ? scope.valuesOf(call.name.slice(0, dot))
      : [];
  if (over.length === 0) return [];
  return [[parameterOf(call) ?? 'it', over]];
}

/** `file ->` comes as a word before the first call of the block. */
function parameterOf({ body }: GroovyCall): string | undefined {
  const parts = body?.statements[0]?.value.parts ?? [];
  return parts.length > 1 ? nameOf(parts[0]) : undefined;
}

function nameOf(part: GroovyPart | undefined): string | undefined {
  return part?.kind === 'reference' && /^\w+$/.test(part.name) ? part.name : undefined;
}
