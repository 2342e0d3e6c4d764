import type { Expression, Parameter } from '../../code/index.ts';
import type { Place } from '../../syntax/index.ts';
import { maskOf } from './category-mask.ts';
import { evaluate } from './evaluate.ts';
import { HARMLESS_PIPES, HARMLESS_TYPES } from './idioms.ts';
import { clearLabels } from './label.ts';
import type { Frame, Machine } from './machine.ts';
import { clearedByMatch } from './pattern-strength.ts';
import { labelOf } from './sources.ts';
import { UNKNOWN, type Value } from './value.ts';

/** `@Query('id', ParseIntPipe) id`: what does not become a number is refused. */
function isPiped(decorators: readonly Expression[], machine: Machine, frame: Frame): boolean {
  const given = decorators.flatMap((decorator) => (decorator.kind === 'call' ? decorator.arguments : []));
  return given.some(({ value }) => HARMLESS_PIPES.has(evaluate(value, machine, frame).name ?? ''));
}

/** A parameter that a decorator, its type or its default makes a source. */
export function markedParameter(parameter: Parameter, typed: Value, machine: Machine, frame: Frame): Value | undefined {
  const annotation = typed.name;
  const values = [...parameter.decorators, ...(parameter.default ? [parameter.default] : [])];
  const names = values.map((value) => evaluate(value, machine, frame).name?.replace(/\(\)$/, ''));
  for (const name of [...names, annotation]) {
    if (name === undefined) continue;
    const rows = machine.rows.about(name, machine.language(frame)).sources;
    const row = rows.find((candidate) => candidate.form === 'parameter');
    if (!row) continue;
    if (HARMLESS_TYPES.has(annotation ?? '') || isPiped(values, machine, frame) || isEnumeration(typed, machine))
      return UNKNOWN;
    const place: Place = parameter.target.place;
    const label = labelOf({ what: row.what, name: `parameter ${parameter.name ?? ''}`, row: row.id }, place, machine);
    const cleared = maskOf(row.clears ?? []) | clearedByConstraint(values, machine, frame);
    return { ...typed, taint: clearLabels([label], cleared) };
  }
  return undefined;
}

/** Of an enumeration of Java the framework takes one of its constants. */
function isEnumeration(typed: Value, machine: Machine): boolean {
  const owner = machine.onlyObject(typed, 'instance')?.object.class;
  const [first] = owner?.node.members ?? [];
  const { value } = first ?? {};
  if (first?.static !== true || !value) return false;
  if (value.kind === 'literal') return value.value === first.name;
  // A constant with a body is of a class below the enumeration.
  const [base] = value.kind === 'call' && value.callee.kind === 'class' ? value.callee.class.bases : [];
  return (base?.kind === 'name' || base?.kind === 'member') && base.name === owner?.node.name;
}

const CONSTRAINT = /^javax\.validation\.constraints\.Pattern$/;

/** `@Pattern(regexp = "[a-z]+")`: the whole text has the form (jakarta.ee, Bean Validation). */
function clearedByConstraint(decorators: readonly Expression[], machine: Machine, frame: Frame): number {
  for (const decorator of decorators) {
    if (decorator.kind !== 'call') continue;
    if (!CONSTRAINT.test(evaluate(decorator.callee, machine, frame).name ?? '')) continue;
    const pattern = decorator.arguments.find(({ name }) => name === 'regexp')?.value;
    const text = pattern && evaluate(pattern, machine, frame).constant;
    if (typeof text === 'string') return clearedByMatch(text, true, true);
  }
  return 0;
}
