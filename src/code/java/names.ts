import type { Expression } from '../ir.ts';
import type { ClassContext } from './class-context.ts';
import type { Lowering } from './lowering.ts';
import { qualify } from './types.ts';

/** The expression that a dotted name of a class is: the longest part that is a class's name, then its members. */
export function classExpression(dotted: string, place: Expression['place']): Expression {
  const segments = dotted.split('.');
  const at = segments.findIndex((segment) => /^[A-Z]/.test(segment));
  const cut = at < 0 ? segments.length : at + 1;
  const root: Expression = { kind: 'name', name: segments.slice(0, cut).join('.'), place };
  return segments
    .slice(cut)
    .reduce<Expression>((object, name) => ({ kind: 'member', object, name, optional: false, place }), root);
}

/**
 * What a name by itself means: a variable, a member of this class or of one around it, a class, or, when it begins small
 * and nothing here declares it, something that the class has from its base.
 */
export function nameExpression(name: string, place: Expression['place'], lowering: Lowering): Expression {
  if (lowering.locals.has(name)) return { kind: 'name', name, place };
  const holder = holderOf(name, place, lowering);
  if (holder) return { kind: 'member', object: holder, name, optional: false, place };
  const brought = lowering.imports.members.get(name);
  if (brought !== undefined)
    return { kind: 'member', object: classExpression(brought, place), name, optional: false, place };
  if (/^[a-z]/.test(name) && lowering.class && !lowering.static)
    return { kind: 'member', object: { kind: 'self', place }, name, optional: false, place };
  return classExpression(qualify(name, lowering), place);
}

/** The object whose member a name is: `this`, this class, or a class around it. */
export function holderOf(name: string, place: Expression['place'], lowering: Lowering): Expression | undefined {
  for (let context: ClassContext | undefined = lowering.class; context; context = context.outer) {
    const fixed = context.members.get(name);
    if (fixed === undefined) continue;
    const own = context === lowering.class && !fixed && !lowering.static;
    return own ? { kind: 'self', place } : classExpression(context.path, place);
  }
  return undefined;
}
