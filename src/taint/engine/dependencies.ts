import type { Parameter } from '../../code/index.ts';
import { positionalArguments } from './arguments.ts';
import type { Builtin } from './builtin.ts';
import type { FunctionValue } from './callable.ts';
import { evaluate } from './evaluate.ts';
import { listObject } from './heap-object.ts';
import { annotationValue, callFunction } from './invoke.ts';
import type { Frame, Machine } from './machine.ts';
import { moduleFrame } from './modules.ts';
import { objectValue, UNKNOWN, type Value } from './value.ts';

/** What says that the framework calls a function for a parameter (fastapi.tiangolo.com/tutorial/dependencies). */
const INJECTS = /^fastapi\.(?:params\.|param_functions\.)?(?:Depends|Security)\(\)$/;

/** `Depends(find)` keeps what it is given. */
const depends: Builtin = ({ given, name, machine }) => {
  const [made = given.named.get('dependency')] = given.positional;
  return { ...objectValue(machine.newObject(listObject(made ? [made] : []))), name: `${name}()` };
};

export const DEPENDENCY_FUNCTIONS: Readonly<Record<string, Builtin>> = Object.fromEntries(
  ['fastapi.', 'fastapi.params.', 'fastapi.param_functions.'].flatMap((of) =>
    ['Depends', 'Security'].map((name) => [`${of}${name}`, depends] as const),
  ),
);

/** Clients and sessions: a framework gives them, no visitor. */
const LIBRARY_THING =
  /^(?:sqlalchemy|sqlmodel|redis|aioredis|asyncpg|psycopg|psycopg_pool|motor|pymongo|httpx|aiohttp|celery|logging|structlog|asyncio|elasticsearch|opensearchpy|boto3|botocore|aiokafka|kafka)\.(?:\w+\.)*[A-Z]\w*$|^fastapi\.BackgroundTasks$/;

const WRITTEN = /\b(?:Depends|Security)\(\s*([A-Za-z_][\w.]{0,80})?/;

/** What a framework gives for a parameter: nothing of outsiders but what the function that makes it takes from them. */
export type Dependency =
  | { readonly kind: 'function'; readonly closure: FunctionValue; readonly place: Parameter['target']['place'] }
  | { readonly kind: 'class' }
  | { readonly kind: 'library' };

/** The dependency that a parameter names by its default or its type; `undefined`: none. */
export function dependencyOf(parameter: Parameter, machine: Machine, frame: Frame): Dependency | undefined {
  if (machine.language(frame) !== 'python') return undefined;
  const { annotation, default: initial } = parameter;
  const type = annotation === undefined ? UNKNOWN : annotationValue(annotation, parameter, machine, frame);
  const maker = makerOf(parameter, type, machine, frame);
  if (maker === undefined && initial === undefined && LIBRARY_THING.test(type.name ?? '')) return { kind: 'library' };
  if (maker === undefined) return undefined;
  const [callable] = maker.callables;
  if (callable?.kind === 'class') return { kind: 'class' };
  if (callable?.kind !== 'function') return { kind: 'library' };
  return { kind: 'function', closure: callable, place: parameter.target.place };
}

function makerOf(parameter: Parameter, type: Value, machine: Machine, frame: Frame): Value | undefined {
  const { annotation, default: initial } = parameter;
  const own = initial ? heldBy(evaluate(initial, machine, frame), machine) : undefined;
  if (own) return own.length > 0 ? own[0] : type;
  for (const item of machine.onlyObject(type, 'list')?.object.items ?? []) {
    const inside = heldBy(item, machine);
    if (inside) return inside[0] ?? UNKNOWN;
  }
  const [written, name] = WRITTEN.exec(annotation?.slice(0, 400) ?? '') ?? [];
  if (written === undefined) return undefined;
  return name === undefined ? type : annotationValue(name, parameter, machine, frame);
}

function heldBy(value: Value, machine: Machine): readonly Value[] | undefined {
  return INJECTS.test(value.name ?? '') ? (machine.onlyObject(value, 'list')?.object.items ?? []) : undefined;
}

/** What the function of a dependency gives when its own parameters are bound like those of a handler. */
export function injected(
  { closure, place }: Extract<Dependency, { kind: 'function' }>,
  bind: (parameter: Parameter, index: number, inside: Frame) => Value,
  machine: Machine,
  frame: Frame,
): Value {
  if (!machine.step()) return UNKNOWN;
  const inside: Frame = { ...moduleFrame(closure.module, machine.store, machine), scope: closure.scope };
  const given = closure.node.parameters.map((parameter, index) => bind(parameter, index, inside));
  const result = callFunction(closure, positionalArguments(given), place, machine, frame) ?? UNKNOWN;
  return closure.node.generator ? machine.elementOf(result, false) : result;
}
