import type { Machine } from '../machine.ts';
import { clearedByMatch } from '../pattern-strength.ts';
import type { Value } from '../value.ts';
import { ANYTHING, bothShapes, eitherShape, ONE_OF_KNOWN, objectShape, type Shape, TEXT } from './shape.ts';

/** How deep a schema is read. */
const DEEPEST = 6;

const BY_TYPE: Readonly<Record<string, Shape>> = {
  integer: ONE_OF_KNOWN,
  number: ONE_OF_KNOWN,
  boolean: ONE_OF_KNOWN,
  null: ONE_OF_KNOWN,
  string: TEXT,
};

/** Formats that leave nothing dangerous (JSON Schema, Validation 7.3). */
const PLAIN_FORMATS: ReadonlySet<string> = new Set(['date', 'time', 'date-time', 'uuid', 'ipv4', 'ipv6']);

/** A JSON Schema that is written as an object, as ajv, Fastify and TypeBox take it. */
export function readJsonSchema(schema: Value, machine: Machine, depth = DEEPEST): Shape {
  if (schema.shape) return schema.shape;
  const fields = machine.onlyObject(schema, 'map')?.object.entries;
  if (!fields || depth === 0) return ANYTHING;
  const read = (value: Value) => readJsonSchema(value, machine, depth - 1);
  const all = (name: string) => itemsOf(fields.get(name), machine).map(read);
  const own = [leafShape(fields), ...all('allOf')].reduce(bothShapes, ANYTHING);
  const choice = [...all('anyOf'), ...all('oneOf')];
  const shape = choice.length === 0 ? own : bothShapes(own, eitherShape(choice));
  const items = fields.get('items');
  if (items) return { ...shape, element: read(items) };
  const properties = fields.get('properties');
  const members = properties && machine.onlyObject(properties, 'map')?.object.entries;
  if (!members) return shape;
  const closed = fields.get('additionalProperties')?.constant === false;
  return bothShapes(
    { ...shape, closed },
    objectShape(new Map([...members].map(([name, value]) => [name, read(value)])), closed),
  );
}

function leafShape(fields: ReadonlyMap<string, Value>): Shape {
  if (fields.has('enum') || fields.has('const')) return ONE_OF_KNOWN;
  const text = (name: string) => {
    const constant = fields.get(name)?.constant;
    return typeof constant === 'string' ? constant : '';
  };
  if (PLAIN_FORMATS.has(text('format'))) return ONE_OF_KNOWN;
  const pattern = text('pattern');
  const typed = BY_TYPE[text('type')] ?? ANYTHING;
  return pattern === '' ? typed : { ...typed, clears: typed.clears | clearedByMatch(pattern, false, false) };
}

function itemsOf(list: Value | undefined, machine: Machine): readonly Value[] {
  return (list && machine.onlyObject(list, 'list')?.object.items) ?? [];
}
