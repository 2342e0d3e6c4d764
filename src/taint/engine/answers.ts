import type { Refinement } from './facts.ts';
import { factsOf, refinement } from './facts.ts';
import type { Frame, Machine } from './machine.ts';
import type { Value } from './value.ts';

/**
 * What a function proves by its answer: `true` after a test of its parameter, no error after one, says of what it was
 * given what that test says.
 */
export function withProof(value: Value, machine: Machine, frame: Frame): Value {
  if (!frame.function || !frame.caller) return value;
  const answer = machine.language(frame) === 'go' ? lastOf(value, machine) : value;
  const { constant } = answer;
  const silent = constant === null && machine.language(frame) === 'go';
  if (typeof constant !== 'boolean' && !silent) return value;
  const proven = provenOfParameters(frame.function.node, machine, frame);
  if (proven.length === 0) return value;
  const facts = constant === true ? factsOf(proven, []) : factsOf([], proven);
  if (answer === value) return { ...value, facts };
  machine.update(value, (held) => ({ ...held, items: held.items?.with(-1, { ...answer, facts }) }));
  return value;
}

/** Of several results the last is the error. */
function lastOf(value: Value, machine: Machine): Value {
  return machine.onlyObject(value, 'list')?.object.items?.at(-1) ?? value;
}

function provenOfParameters(
  { parameters }: NonNullable<Frame['function']>['node'],
  machine: Machine,
  frame: Frame,
): readonly Refinement[] {
  return parameters.flatMap(({ target }) => {
    const cell = target.kind === 'name' ? frame.scope.find(target.name) : undefined;
    const value = cell === undefined ? undefined : machine.store.value(cell);
    return (value?.views ?? []).flatMap((view) => {
      const mark = view.relation === 'same' ? machine.store.mark(view.cell) : undefined;
      return mark && (mark.clears !== 0 || mark.quotes !== '')
        ? { ...refinement(view.cell, mark.clears), quotes: mark.quotes }
        : [];
    });
  });
}
