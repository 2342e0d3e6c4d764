import type { GroovyBlock, GroovyCall } from '../../syntax/index.ts';
import { callsOf } from './agent.ts';

/** Calls of a block and of the blocks and lists in it. */
export function callsBelow(block: GroovyBlock | undefined, depth: number): readonly GroovyCall[] {
  if (block === undefined || depth === 0) return [];
  const inParts = (call: GroovyCall): readonly GroovyCall[] => [
    call,
    ...(call.receiver ? inParts(call.receiver) : []),
    ...call.arguments.flatMap(({ value }) =>
      value.parts.flatMap((part) =>
        part.kind === 'call'
          ? inParts(part)
          : part.kind === 'list'
            ? part.items.flatMap((item) =>
                item.value.parts.flatMap((inner) => (inner.kind === 'call' ? inParts(inner) : [])),
              )
            : part.kind === 'closure'
              ? callsBelow(part.body, depth - 1)
              : [],
      ),
    ),
    ...callsBelow(call.body, depth - 1),
  ];
  return callsOf(block).flatMap(inParts);
}
