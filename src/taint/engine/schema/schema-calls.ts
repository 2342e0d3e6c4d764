import { type Facts, factsOf } from '../facts.ts';
import { mapObject } from '../heap-object.ts';
import type { Made } from '../made-call.ts';
import { applyRefinements } from '../refine.ts';
import { objectValue, UNKNOWN, type Value } from '../value.ts';
import { builtShape, nextShape, shapeOf } from './builders.ts';
import { readJsonSchema } from './json-schema.ts';
import { celebratedShape, checkedPart, honoShape } from './request-checks.ts';
import { objectShape, provenByShape, type Shape, shapedValue } from './shape.ts';

/** What a validator does with a value that it is given. */
type Use = (tested: Value, shape: Shape, made: Made) => Value;

const shaped: Use = (tested, shape, { place, machine, frame }) => shapedValue(tested, shape, place, machine, frame);

/** Gives the value, or throws: whatever comes after may believe it. */
const parsed: Use = (tested, shape, made) => {
  const result = shaped(tested, shape, made);
  applyRefinements(provenByShape(tested, shape, made.machine), made.machine);
  return result;
};

function proof(tested: Value, shape: Shape, { machine }: Made): Facts | undefined {
  return factsOf(provenByShape(tested, shape, machine), []);
}

const asked: Use = (tested, shape, made) => ({ ...UNKNOWN, facts: proof(tested, shape, made) });

/** An object with the value under one name and, under others, whether there was an error. */
const reported =
  (name: string): Use =>
  (tested, shape, made) => {
    const proven = provenByShape(tested, shape, made.machine);
    const entries = new Map<string, Value>([
      ['success', { ...UNKNOWN, facts: factsOf(proven, []) }],
      ['error', { ...UNKNOWN, facts: factsOf([], proven) }],
      [name, shaped(tested, shape, made)],
    ]);
    return objectValue(made.machine.newObject(mapObject(entries)));
  };

/** Methods of schemas (zod.dev, joi.dev/api, github.com/jquense/yup, gcanti.github.io/io-ts). */
const METHODS: ReadonlyMap<string, Use> = new Map([
  ...['parse', 'parseAsync', 'validateSync', 'validateAsync', 'cast', 'check'].map((name) => [name, parsed] as const),
  ...['is', 'isValidSync', 'isValid', 'Check', 'guard'].map((name) => [name, asked] as const),
  ...['safeParse', 'safeParseAsync', 'spa'].map((name) => [name, reported('data')] as const),
  ['validate', reported('value')],
  ['decode', reported('right')],
]);

/** Functions that are given a schema and a value; where the value stands among their arguments. */
const FUNCTIONS: ReadonlyMap<string, { readonly use: Use; readonly tested: 0 | 1 }> = new Map([
  ['superstruct.assert', { use: parsed, tested: 0 }],
  ['superstruct.create', { use: parsed, tested: 0 }],
  ['superstruct.mask', { use: parsed, tested: 0 }],
  ['superstruct.is', { use: asked, tested: 0 }],
  ['valibot.parse', { use: parsed, tested: 1 }],
  ['valibot.parseAsync', { use: parsed, tested: 1 }],
  ['valibot.assert', { use: parsed, tested: 1 }],
  ['valibot.is', { use: asked, tested: 1 }],
  ['valibot.safeParse', { use: reported('output'), tested: 1 }],
  ...['joi', '@hapi/joi', 'Joi', 'celebrate.Joi'].flatMap(
    (joi) =>
      [
        [`${joi}.attempt`, { use: parsed, tested: 0 }],
        [`${joi}.assert`, { use: parsed, tested: 0 }],
      ] as const,
  ),
  ...['@sinclair/typebox/value.Value', '@sinclair/typebox/value'].flatMap(
    (values) =>
      [
        [`${values}.Check`, { use: asked, tested: 1 }],
        [`${values}.Parse`, { use: parsed, tested: 1 }],
        [`${values}.Decode`, { use: parsed, tested: 1 }],
      ] as const,
  ),
]);

/** Validators that are made of a JSON Schema (ajv.js.org, github.com/sinclairzx81/typebox). */
const COMPILERS =
  /^(?:ajv(?:\.default|\/dist\/2020)?\(\)\.compile|@sinclair\/typebox\/compiler\.TypeCompiler\.Compile)$/;
const AJV_VALIDATE = /^ajv(?:\.default|\/dist\/2020)?\(\)\.validate$/;

/** The value of a call that makes a schema or uses one; `undefined`: it does neither. */
export function schemaCall(made: Made): Value | undefined {
  const { callee, given, machine } = made;
  const [first = UNKNOWN, second = UNKNOWN] = given.positional;
  if (COMPILERS.test(callee.name)) return schemaValue(readJsonSchema(first, machine), made);
  if (AJV_VALIDATE.test(callee.name)) return asked(second, readJsonSchema(first, machine), made);
  const row = FUNCTIONS.get(callee.name);
  if (row) return row.use(row.tested === 0 ? first : second, shapeOf(row.tested === 0 ? second : first), made);
  const outcome = requestOutcome(made);
  if (outcome) return outcome;
  if (callee.method === undefined && callee.target.shape) return asked(first, callee.target.shape, made);
  const before = callee.receiver?.shape;
  if (before && before.at === undefined) {
    const use =
      callee.method === 'validate' && callee.name.startsWith('yup.') ? parsed : METHODS.get(callee.method ?? '');
    if (use) return use(first, before, made);
  }
  const shape = before
    ? nextShape(before, made)
    : (checkedPart(callee.name, given) ?? acceptedInput(made) ?? builtShape(made));
  return shape && schemaValue(shape, made);
}

/** Methods that say which input a procedure accepts (trpc.io, orpc.dev, next-safe-action.dev). */
const INPUTS: ReadonlySet<string> = new Set(['input', 'schema', 'inputSchema']);

/** `procedure.input(z.object({ … }))`: what its handler gets as `input` has been accepted by the schema. */
function acceptedInput({ callee, given }: Made): Shape | undefined {
  const [schema] = given.positional;
  if (!schema?.shape || !INPUTS.has(callee.method ?? '')) return undefined;
  const names = ['input', 'parsedInput'];
  return objectShape(new Map(names.map((name) => [name, shapeOf(schema)])), false);
}

/** `validationResult(request).isEmpty()`: whether the checks before the handler were passed. */
function requestOutcome(made: Made): Value | undefined {
  const { callee, given, machine } = made;
  const [request = UNKNOWN] = given.positional;
  if (/^celebrate(?:\.celebrate)?$/.test(callee.name))
    return schemaValue(celebratedShape(given, machine, shapeOf), made);
  const checked = honoShape(callee.name, given, shapeOf);
  if (checked) return schemaValue(checked, made);
  if (RESULT.test(callee.name))
    return { ...UNKNOWN, name: `${callee.name}()`, views: request.views, shape: request.shape };
  const { receiver } = callee;
  if (!receiver?.shape || !RESULT.test(receiver.name?.replace(/\(\)$/, '') ?? '')) return undefined;
  if (callee.method === 'isEmpty') return asked(receiver, receiver.shape, made);
  if (callee.method === 'throw') applyRefinements(provenByShape(receiver, receiver.shape, machine), machine);
  return UNKNOWN;
}

const RESULT = /^express-validator(?:\/check)?\.validationResult$/;

function schemaValue(shape: Shape, { callee, machine }: Made): Value {
  const { name: held = '' } = callee.receiver ?? {};
  // Middleware and outputs make the same procedure of one.
  const name = /\.(?:input|schema|inputSchema)\(\)$/.test(held) ? held : `${callee.name}()`;
  return { ...UNKNOWN, name, objects: [machine.allocate()], shape };
}
