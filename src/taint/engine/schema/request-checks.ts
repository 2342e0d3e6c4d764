import type { Arguments } from '../arguments.ts';
import type { Machine } from '../machine.ts';
import { UNKNOWN, type Value } from '../value.ts';
import { readJsonSchema } from './json-schema.ts';
import { ANYTHING, bothShapes, objectShape, type Shape } from './shape.ts';

/** What is checked of a request before a handler gets it. */
export interface RequestChecks {
  /** Whoever fails these never reaches the handler. */
  readonly enforced: Shape;
  /** These count once the handler has asked for their outcome. */
  readonly pending: Shape;
}

/** Names of the parts of a request where a check calls them otherwise. */
const PARTS: Readonly<Record<string, readonly string[]>> = {
  param: ['params'],
  header: ['headers'],
  cookie: ['cookies'],
  querystring: ['query'],
  // Looks everywhere (express-validator.github.io).
  check: ['body', 'query', 'params', 'cookies', 'headers'],
};

/** How deep lists of middleware are searched. */
const DEEPEST = 3;

/** The checks among the arguments of a registration: `app.get('/', query('id').isInt(), handler)`. */
export function requestChecks({ positional }: Arguments, machine: Machine): RequestChecks | undefined {
  const all = flatten(positional, machine, DEEPEST);
  const pending = all.flatMap(({ shape }) => (shape?.at ? nested(shape, shape.at) : []));
  const enforced = all.flatMap((value) => [...enforcedBy(value), ...declaredBy(value, machine)]);
  if (pending.length === 0 && enforced.length === 0) return undefined;
  return { enforced: enforced.reduce(bothShapes, ANYTHING), pending: pending.reduce(bothShapes, ANYTHING) };
}

function flatten(values: readonly Value[], machine: Machine, depth: number): readonly Value[] {
  return values.flatMap((value) => {
    const items = machine.onlyObject(value, 'list')?.object.items;
    return items && depth > 0 ? flatten(items, machine, depth - 1) : [value];
  });
}

function nested(shape: Shape, [part = '', ...fields]: readonly string[]): readonly Shape[] {
  const inner = fields.reduceRight<Shape>((held, field) => objectShape(new Map([[field, held]]), false), {
    ...shape,
    at: undefined,
  });
  return (PARTS[part] ?? [part]).map((name) => objectShape(new Map([[name, inner]]), false));
}

/** Middleware that answers itself when a check fails (github.com/arb/celebrate, hono.dev, Validation). */
function enforcedBy({ name, shape }: Value): readonly Shape[] {
  return shape && /^(?:celebrate|@hono\/)/.test(name ?? '') ? [shape] : [];
}

/** Parts of a request that a route of Elysia names a schema for (elysiajs.com, Validation). */
const ROUTE_PARTS: ReadonlySet<string> = new Set(['body', 'query', 'params', 'headers', 'cookie']);

/** `{ schema: { params, querystring, body } }` of a route (fastify.dev, validation), or its parts without `schema`. */
function declaredBy(options: Value, machine: Machine): readonly Shape[] {
  const entries = machine.onlyObject(options, 'map')?.object.entries;
  const schema = entries?.get('schema');
  const parts = schema && machine.onlyObject(schema, 'map')?.object.entries;
  const built = [...(entries ?? [])].flatMap(([part, { shape }]) =>
    shape && ROUTE_PARTS.has(part) ? objectShape(new Map([[part, shape]]), false) : [],
  );
  return [...built, ...[...(parts ?? [])].flatMap(([part, value]) => nested(readJsonSchema(value, machine), [part]))];
}

const HONO_VALIDATOR = /^@hono\/(?:zod|valibot|typebox|standard)-validator\.(?:z|v|tb|s)Validator$/;

/** `zValidator('query', schema)`: what the handler gets as `c.req.valid('query')` (hono.dev, Validation). */
export function honoShape(
  name: string,
  { positional }: Arguments,
  shapeOf: (value: Value) => Shape,
): Shape | undefined {
  const [{ constant: part } = UNKNOWN, schema = UNKNOWN] = positional;
  if (!HONO_VALIDATOR.test(name) || typeof part !== 'string') return undefined;
  const asked = objectShape(new Map([[`valid(${part})`, shapeOf(schema)]]), false);
  return objectShape(new Map([['req', asked]]), false);
}

/** `query('id')`: the part of the request that the chain behind it is about. */
export function checkedPart(name: string, { positional }: Arguments): Shape | undefined {
  const [, part] = /^express-validator(?:\/check)?\.(body|param|query|header|cookie|check)$/.exec(name) ?? [];
  const field = (positional[0] ?? UNKNOWN).constant;
  return part === undefined || typeof field !== 'string' ? undefined : { ...ANYTHING, at: [part, ...field.split('.')] };
}

/** `celebrate({ [Segments.BODY]: schema, query: { id: schema } })`. */
export function celebratedShape({ positional }: Arguments, machine: Machine, shapeOf: (value: Value) => Shape): Shape {
  const parts = machine.onlyObject(positional[0] ?? UNKNOWN, 'map')?.object.entries ?? [];
  const members = [...parts].map(([key, value]) => {
    const fields = machine.onlyObject(value, 'map')?.object.entries;
    const shape = fields
      ? objectShape(new Map([...fields].map(([name, field]) => [name, shapeOf(field)])), true)
      : shapeOf(value);
    return [key.slice(key.lastIndexOf('.') + 1).toLowerCase(), shape] as const;
  });
  return objectShape(new Map(members), false);
}
