import type { Machine } from '../machine.ts';
import type { Made } from '../made-call.ts';
import { clearedByMatch } from '../pattern-strength.ts';
import { UNKNOWN, type Value } from '../value.ts';
import { readJsonSchema } from './json-schema.ts';
import { ANYTHING, bothShapes, eitherShape, ONE_OF_KNOWN, objectShape, type Shape, TEXT } from './shape.ts';

/** Makers of schemas by the name of what they make: `z.enum`, `Joi.string`, `v.picklist`, `Type.Object`. */
const MAKERS =
  /^(?:zod(?:\/v\d)?(?:\.z)?(?:\.coerce|\.iso)?|(?:@hapi\/)?joi|Joi|celebrate\.Joi|yup|superstruct|valibot|io-ts|@sinclair\/typebox\.Type|elysia\.t)\.(\w{1,40})$/;

/** Libraries whose objects take away or refuse members that they do not name. */
const CLOSED = /^(?:elysia|zod|(?:@hapi\/)?joi|Joi|celebrate|superstruct|valibot)/;

type Maker = (made: Made) => Shape;

const known: Maker = ({ given, machine }) =>
  given.positional.some((value) => machine.taintOf(value).length > 0) ? ANYTHING : ONE_OF_KNOWN;

const text: Maker = ({ given, machine }) => bothShapes(TEXT, readJsonSchema(given.positional[0] ?? UNKNOWN, machine));

const object: Maker = ({ callee, given, machine }) => {
  const members = membersOf(given.positional[0] ?? UNKNOWN, machine);
  return objectShape(members, CLOSED.test(callee.name));
};

function membersOf(written: Value, machine: Machine): ReadonlyMap<string, Shape> {
  const entries = machine.onlyObject(written, 'map')?.object.entries ?? [];
  return written.shape?.members ?? new Map([...entries].map(([name, value]) => [name, shapeOf(value)]));
}

const list: Maker = ({ given }) => ({ ...ANYTHING, element: shapeOf(given.positional[0]) });

const same: Maker = ({ given }) => shapeOf(given.positional[0]);

function shapesIn({ given, machine }: Made): readonly Shape[] {
  const items = given.positional.flatMap((value) => machine.onlyObject(value, 'list')?.object.items ?? [value]);
  return items.map(shapeOf);
}

const either: Maker = (made) => eitherShape(shapesIn(made));
const both: Maker = (made) => shapesIn(made).reduce(bothShapes, ANYTHING);

const matching: Maker = ({ given }) => {
  const expression = given.positional.find(({ name }) => name === 'RegExp');
  const pattern = expression?.prefix?.includes('m') ? undefined : expression?.constant;
  const inner = given.positional.map(shapeOf).reduce(bothShapes, ANYTHING);
  const clears = typeof pattern === 'string' ? clearedByMatch(pattern, false, false) : 0;
  return { ...inner, clears: inner.clears | clears };
};

function rows(names: string, maker: Maker): readonly (readonly [string, Maker])[] {
  return names.split(' ').map((name) => [name, maker] as const);
}

const BUILDERS: ReadonlyMap<string, Maker> = new Map([
  ...rows('number int int32 float32 bigint boolean bool date datetime time nan null integer Integer Number', known),
  ...rows(
    'Numeric BooleanString Integer Boolean Null Date literal Literal enum nativeEnum enums picklist keyof Enum valid equal',
    known,
  ),
  ...rows('uuid guid cuid cuid2 ulid nanoid uuidv4 ipv4 ipv6 hex hexadecimal alphanum digits isoDate', known),
  ...rows('string str', () => TEXT),
  ...rows('String', text),
  ...rows('object strictObject looseObject strict type interface Object', object),
  ...rows('array Array list set', list),
  ...rows('optional nullable nullish maybe nonOptional defaulted exact readonly Optional Readonly', same),
  ...rows('union Union variant alternatives', either),
  ...rows('intersection intersect Intersect pipe', both),
  ...rows('regex pattern', matching),
]);

/** Schemas that are no calls: `t.number`. */
const NAMED = /^io-ts\.(?:number|boolean|Int|null|undefined|bigint)$/;

/** What a value says when it is used as a schema. */
export function shapeOf(value: Value | undefined): Shape {
  if (value?.shape) return value.shape;
  return NAMED.test(value?.name ?? '') ? ONE_OF_KNOWN : value?.name === 'io-ts.string' ? TEXT : ANYTHING;
}

/** The schema that a call makes from nothing; `undefined`: it makes none. */
export function builtShape(made: Made): Shape | undefined {
  const [, name = ''] = MAKERS.exec(made.callee.name) ?? [];
  return name === '' ? undefined : (BUILDERS.get(name)?.(made) ?? ANYTHING);
}

type Step = (before: Shape, made: Made) => Shape;

const narrowed =
  (maker: Maker): Step =>
  (before, made) =>
    bothShapes(before, maker(made));

const extended: Step = (before, { given, machine }) => {
  const [added = UNKNOWN] = given.positional;
  return { ...before, members: new Map([...(before.members ?? []), ...membersOf(added, machine)]) };
};

const elements: Step = (before, made) => ({ ...before, element: either(made) });

const STEPS: ReadonlyMap<string, Step> = new Map<string, Step>([
  ...'uuid guid cuid cuid2 ulid nanoid alphanum hex token isoDate date datetime integer int valid equal oneOf ip'
    .split(' ')
    .map((name) => [name, narrowed(known)] as const),
  ...'isInt isFloat isNumeric isDecimal isBoolean isIn isUUID isMongoId isAlpha isAlphanumeric isHexadecimal isISO8601'
    .split(' ')
    .map((name) => [name, narrowed(known)] as const),
  ...'isDate isPort isIP isHexColor isCreditCard isMD5 isJWT toInt toFloat toBoolean toDate'
    .split(' ')
    .map((name) => [name, narrowed(known)] as const),
  ...'regex pattern matches'.split(' ').map((name) => [name, narrowed(matching)] as const),
  ...'keys extend append shape merge augment safeExtend'.split(' ').map((name) => [name, extended] as const),
  ...'items of'.split(' ').map((name) => [name, elements] as const),
  ['try', (_, made) => either(made)],
  ['or', (before, { given }) => eitherShape([before, shapeOf(given.positional[0])])],
  ['and', narrowed(same)],
  ['not', () => ANYTHING],
  ['transform', () => ANYTHING],
  ...'passthrough loose unknown catchall'.split(' ').map((name) => [name, opened] as const),
  ...'strict strip noUnknown'.split(' ').map((name) => [name, shut] as const),
]);

function opened(before: Shape): Shape {
  return { ...before, closed: false };
}

function shut(before: Shape): Shape {
  return { ...before, closed: true };
}

/**
 * The schema that a method of one makes of it; what is not known changes nothing that is checked. `undefined`: a method
 * of which nothing is known gets data from outside, so it is hardly one that makes a schema.
 */
export function nextShape(before: Shape, made: Made): Shape | undefined {
  const step = STEPS.get(made.callee.method ?? '');
  if (step) return step(before, made);
  const { given, machine } = made;
  return given.positional.some((value) => machine.taintOf(value).length > 0) ? undefined : before;
}
