import type { ClassNode, FunctionNode } from '../../code/index.ts';
import type { ClassValue, FunctionValue } from './callable.ts';
import { noteEntryPoints } from './entry-points.ts';
import { evaluate } from './evaluate.ts';
import { instanceObject, OPAQUE, withEntry } from './heap-object.ts';
import { isTypedLanguage } from './language.ts';
import type { Frame, Machine } from './machine.ts';
import { moduleOf } from './modules.ts';
import { bindName } from './names.ts';
import { Scope } from './scope.ts';
import { checkEntryPatterns } from './sinks.ts';
import { callableValue, objectValue, UNKNOWN, type Value } from './value.ts';

/** A function value; it is also noted to be run by itself. */
export function makeFunction(node: FunctionNode, owner: ClassValue | undefined, machine: Machine, frame: Frame): Value {
  const path = qualify(frame.path, node.name ?? 'anonymous');
  const closure: FunctionValue = {
    kind: 'function',
    node,
    scope: frame.scope,
    module: frame.module,
    path,
    self: node.arrow ? frame.self : undefined,
    owner,
  };
  const decorators = node.decorators.map((decorator) => ({
    expression: decorator,
    value: evaluate(decorator, machine, frame),
    place: decorator.place,
  }));
  noteEntryPoints(closure, decorators, machine, frame);
  checkEntryPatterns(decorators, machine, frame);
  noteWrappers(closure, decorators, machine);
  machine.noteMade(closure);
  return callableValue(closure, `${frame.module.name}.${path}`);
}

/** Decorators of the tree around a function that outsiders reach: they give it what its address does not name. */
function noteWrappers(
  closure: FunctionValue,
  decorators: readonly { readonly value: Value }[],
  machine: Machine,
): void {
  if (closure.module.module?.language !== 'python' || !machine.entries.has(closure.node)) return;
  const own = decorators.flatMap(({ value }) => (value.callables.some(({ kind }) => kind === 'function') ? value : []));
  if (own.length > 0) machine.wrappers.set(closure.node, own);
}

function qualify(outer: string, name: string): string {
  return outer === '' ? name : `${outer}.${name}`;
}

/** A class value with its static fields; each method is noted to be run by itself. */
export function makeClass(node: ClassNode, machine: Machine, frame: Frame): Value {
  const path = qualify(frame.path, node.name ?? 'anonymous');
  const bases = node.bases.map((base) => evaluate(base, machine, frame));
  const object = machine.newObject({ ...OPAQUE, kind: 'instance' });
  const scope = new Scope(frame.scope, 'block');
  const owner: ClassValue = { kind: 'class', node, scope, module: frame.module, path, bases, object };
  const value = callableValue(owner, `${frame.module.name}.${path}`);
  const decorators = node.decorators.map((decorator) => ({
    expression: decorator,
    value: evaluate(decorator, machine, frame),
    place: decorator.place,
  }));
  checkEntryPatterns(decorators, machine, frame);
  const outer = frame.scope;
  frame.scope = scope;
  if (node.name !== undefined) bindName(node.name, value, machine, frame);
  for (const member of node.members) makeMember(member, owner, machine, frame);
  frame.scope = outer;
  return value;
}

function makeMember(member: ClassNode['members'][number], owner: ClassValue, machine: Machine, frame: Frame): void {
  if (member.function) {
    const closure: FunctionValue = {
      kind: 'function',
      node: member.function,
      scope: owner.scope,
      module: moduleOf(member.function.place, owner.module, machine),
      path: `${owner.path}.${member.name}`,
      self: undefined,
      owner,
    };
    const decorators = member.decorators.map((decorator) => ({
      expression: decorator,
      value: evaluate(decorator, machine, frame),
      place: decorator.place,
    }));
    noteEntryPoints(closure, decorators, machine, frame);
    checkEntryPatterns(decorators, machine, frame);
    machine.noteMade(closure);
  } else if (member.static && member.value) {
    const value = evaluate(member.value, machine, frame);
    machine.store.setObject(owner.object, withEntry(machine.object(owner.object), member.name, value, true));
  }
}

/** The name of what a class makes: of the outermost base that is a library's, or its own. */
export function instanceName(owner: ClassValue, depth = 0): string {
  const base = owner.bases.find((candidate) => candidate.name !== undefined);
  const inner = base?.callables.find((callable) => callable.kind === 'class');
  if (inner && depth < 8) return instanceName(inner, depth + 1);
  const own = `${owner.module.name}.${owner.path}`;
  // Where types are declared, a thing is called like its type.
  const made = isTypedLanguage(owner.module.module?.language) ? '' : '()';
  return `${base?.name ?? own}${made}`;
}

/** A new instance without fields. */
export function makeInstance(owner: ClassValue, machine: Machine): Value {
  const value = objectValue(machine.newObject(instanceObject(owner)));
  return { ...UNKNOWN, ...value, name: instanceName(owner) };
}
