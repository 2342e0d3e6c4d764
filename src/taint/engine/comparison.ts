import { EVERYTHING, maskOf } from './category-mask.ts';
import { lackingFragment } from './dangerous-fragments.ts';
import { type Facts, factsOf, negateFacts, type Refinement, refinement } from './facts.ts';
import { DOTS, NO_MARKUP, SCHEME, SHORT } from './label.ts';
import type { Machine } from './machine.ts';
import { segmentFacts } from './path-segments.ts';
import { marksOf } from './text-beginnings.ts';
import { type Relation, UNKNOWN, type Value, type View } from './value.ts';

/** What is proven of a variable when a value with this relation to it is one of a known set. */
const CLEARED_BY_KNOWN: Readonly<Record<Relation, number>> = {
  same: EVERYTHING,
  host: maskOf(['ssrf', 'redirect']),
  address: 0,
  scheme: 0,
  beginning: maskOf(['path']),
  first: 0,
  second: 0,
  position: 0,
  element: 0,
  character: 0,
  segment: 0,
  'plain start': 0,
  'scheme start': 0,
  ascent: 0,
  exit: 0,
  type: 0,
  number: EVERYTHING,
  length: 0,
  inside: 0,
  name: 0,
  root: maskOf(['path']),
};

/** What a passed comparison proves. A test for nothing, emptiness or length proves nothing. */
export function compareFacts(operator: string, left: Value, right: Value, machine: Machine): Facts | undefined {
  switch (operator) {
    case '==':
    case '===':
    case 'is':
      return positionFacts(operator, left, right) ?? equalityFacts(left, right, machine);
    case '!=':
    case '!==':
    case 'is not':
      return positionFacts(operator, left, right) ?? negateFacts(equalityFacts(left, right, machine));
    case '>':
    case '>=':
    case '<':
    case '<=':
      return (
        positionFacts(operator, left, right) ??
        lengthFacts(operator, left, right) ??
        numberFacts(left, right) ??
        numberFacts(right, left)
      );
    case 'in':
      return membershipFacts(left, right, machine);
    case 'not in':
      return negateFacts(membershipFacts(left, right, machine));
    case 'instanceof':
      return undefined;
    default:
      return undefined;
  }
}

/** `Number(text)`: whether it is a number says what the text is made of. */
export function numberOf(value: Value): Value {
  return { ...UNKNOWN, views: viewsAs(value, 'number') };
}

/** `text.length`, `len(text)`. */
export function lengthOf(value: Value): Value {
  return { ...UNKNOWN, views: viewsAs(value, 'length') };
}

/** `path.slice(0, 2) === '..'`: a normalised path that does not begin so does not climb. */
function climbFacts({ views }: Value, { constant }: Value): Facts | undefined {
  if (constant !== '..' && constant !== '../') return undefined;
  const begun = views.filter(({ relation }) => relation === 'beginning');
  return factsOf(
    [],
    begun.map(({ cell }) => ({ ...refinement(cell, 0), quotes: DOTS })),
  );
}

/** `text.length === 0`: an empty text does nothing. */
function emptyFacts({ views }: Value, { constant }: Value): Facts | undefined {
  if (constant !== 0) return undefined;
  const empty = views.flatMap(({ cell, relation }) => (relation === 'length' ? refinement(cell, EVERYTHING) : []));
  return empty.length === 0 ? undefined : factsOf(empty, []);
}

/** `text.length > 100`: when it is not, the text is short. */
function lengthFacts(operator: string, left: Value, right: Value): Facts | undefined {
  const below = typeof right.constant === 'number' ? left : typeof left.constant === 'number' ? right : undefined;
  const short = below?.views.flatMap(({ cell, relation }) =>
    relation === 'length' ? { ...refinement(cell, 0), quotes: SHORT } : [],
  );
  if (!short || short.length === 0) return undefined;
  return operator.startsWith('<') === (below === left) ? factsOf(short, []) : factsOf([], short);
}

/** The same variables, seen in another way. */
function viewsAs(value: Value, relation: Relation): readonly View[] {
  return value.views.flatMap((view) => (view.relation === 'same' ? { ...view, relation } : []));
}

/** Nothing is more or less than what is not a number. */
function numberFacts(number: Value, bound: Value): Facts | undefined {
  if (typeof bound.constant !== 'number') return undefined;
  return factsOf(isNumber(number), []);
}

/** What holds of the variables behind a number that was made of them. */
export function isNumber({ views }: Value): readonly Refinement[] {
  return views.flatMap(({ cell, relation }) => (relation === 'number' ? refinement(cell, EVERYTHING) : []));
}

/** The key that leads to what all objects share. */
const PROTOTYPE_KEY = '__proto__';

/** `text.lower() == 'nan'`: when it is not, it becomes a number. */
function nanFacts(text: Value, { constant }: Value): Facts | undefined {
  if (typeof constant !== 'string' || constant.toLowerCase() !== 'nan') return undefined;
  return factsOf([], lackingFragment(text, 'nan'));
}

/** `key === '__proto__'`, `found === Object.prototype`: when it is not, it finds or is no prototype. */
function keyFacts(key: Value, name: Value): Facts | undefined {
  if (name.constant !== PROTOTYPE_KEY && name.name !== 'Object.prototype') return undefined;
  return factsOf([], lacksPrototype(key));
}

/** What a key finds that is not the one of the prototype; also after something new was put there. */
export function lacksPrototype(key: Value): readonly Refinement[] {
  const views = key.views.filter(({ relation }) => relation === 'same' || relation === 'element');
  return views.map(({ cell }) => refinement(cell, maskOf(['prototype'])));
}

/** `object.hasOwnProperty(key)`: what the object has itself is not its prototype. */
export function ownKeyFacts(key: Value, object: Value, machine: Machine): Facts | undefined {
  // The key is one of this very object, which outsiders made: they gave it a property of that name.
  const origins = new Set(machine.taintOf(object).map((label) => label.origin));
  if (machine.taintOf(key).some((label) => origins.has(label.origin))) return undefined;
  return factsOf(lacksPrototype(key), []);
}

/** What only a text can be dangerous for. */
const NO_TEXT = maskOf(['xss', 'path', 'redirect', 'ssrf', 'code', 'regex']);

/** What a value of the type cannot be dangerous for: a text is no operator, and a number is no text. */
const CLEARED_BY_TYPE: Readonly<Record<string, number>> = {
  string: maskOf(['nosql']),
  number: EVERYTHING,
  boolean: EVERYTHING,
  bigint: EVERYTHING,
  undefined: EVERYTHING,
  function: EVERYTHING,
  object: NO_TEXT,
};

/** `typeof value === 'number'`. */
function typeFacts(type: Value, name: Value): Facts | undefined {
  const clears = typeof name.constant === 'string' ? (CLEARED_BY_TYPE[name.constant] ?? 0) : 0;
  const typed = type.views.flatMap((view) => (view.relation === 'type' ? refinement(view.cell, clears) : []));
  // `typeof table[key] === 'undefined'`: nothing was found.
  const absent = name.constant === 'undefined' ? type.facts : undefined;
  const proven = [...typed, ...(absent?.whenFalse ?? [])];
  // What is no text is an element, a list, a number.
  const other = name.constant === 'string' ? NO_TEXT : 0;
  const refuted = type.views.flatMap((view) => (view.relation === 'type' ? refinement(view.cell, other) : []));
  return clears === 0 ? undefined : factsOf(proven, other === 0 ? (absent?.whenTrue ?? []) : refuted);
}

/** `path.indexOf(root) === 0` of a path without `..`. */
function beginningFacts(position: Value, at: Value): Facts | undefined {
  if (at.constant !== 0) return undefined;
  const proven = position.views.flatMap((view) =>
    view.relation === 'position' ? refinement(view.cell, CLEARED_BY_KNOWN.beginning) : [],
  );
  const begun = position.views.flatMap(({ cell, relation }): Refinement[] =>
    relation === 'plain start' || relation === 'scheme start'
      ? [{ ...refinement(cell, 0), quotes: relation === 'plain start' ? NO_MARKUP : NO_MARKUP + SCHEME }]
      : [],
  );
  const stays = position.views.flatMap((view): Refinement[] => {
    if (view.relation === 'exit') return [refinement(view.cell, CLEARED_BY_KNOWN.root)];
    return view.relation === 'ascent' ? [{ ...refinement(view.cell, 0), quotes: DOTS }] : [];
  });
  return factsOf([...proven, ...begun], stays);
}

/** `to[0] == '/'` and `to[1] != '/'`: a path on the same host. `to[0] === '#'`: no markup. */
function characterFacts(character: Value, { constant: sign }: Value): Facts | undefined {
  if (typeof sign !== 'string' || sign.length !== 1) return undefined;
  const seen = (relation: Relation) => character.views.filter((view) => view.relation === relation);
  const first = seen('first').map(({ cell }) => ({ ...refinement(cell, 0), opens: sign === '/' ? '/' : '' }));
  return factsOf(
    first.map((proven) => ({ ...proven, quotes: marksOf(sign) })),
    [
      ...(sign === '_' ? first.map(({ cell }) => refinement(cell, maskOf(['prototype']))) : []),
      ...(sign === '<' ? first.map((proven) => ({ ...proven, quotes: NO_MARKUP })) : []),
      ...(sign === '/' ? first.map(({ cell }) => ({ ...refinement(cell, 0), quotes: '/' })) : []),
      ...(sign === '.' ? seen('ascent').map(({ cell }) => ({ ...refinement(cell, 0), quotes: DOTS })) : []),
      ...(sign === '/' ? seen('second').map(({ cell }) => ({ ...refinement(cell, 0), lacksInside: '/' })) : []),
    ],
  );
}

const CHARACTERS: ReadonlySet<Relation> = new Set(['element', 'character']);

/** `for (const c of text) if (c === '<') …`: a character that is not begins no markup. */
function markupFacts({ views }: Value, { constant }: Value): Facts | undefined {
  if (constant !== '<' || !views.some(({ relation }) => CHARACTERS.has(relation))) return undefined;
  const others = views.filter(({ relation }) => relation === 'same');
  return factsOf(
    [],
    others.map(({ cell }) => refinement(cell, maskOf(['xss']))),
  );
}

/** What a value says as a test of its own: when it counts as false it is empty, and an empty text does nothing. */
export function testFacts(value: Value): Facts | undefined {
  const isContainer = value.objects.length > 0 && value.name === undefined;
  if (value.facts || isContainer) return value.facts;
  const isOf = (relation: Relation) => relation === 'same' || relation === 'length';
  return factsOf(
    [],
    value.views.flatMap(({ cell, relation }) => (isOf(relation) ? refinement(cell, EVERYTHING) : [])),
  );
}

/** `test(x) === false`. */
function truthFacts(test: Value, truth: Value): Facts | undefined {
  if (!test.facts || typeof truth.constant !== 'boolean') return undefined;
  return truth.constant ? test.facts : negateFacts(test.facts);
}

/** `path === basename(path)`: there is no folder in it. */
function ownNameFacts(value: Value, name: Value): Facts | undefined {
  const whole = value.views.filter(({ relation }) => relation === 'same');
  const proven = whole.filter(({ cell }) => name.views.some((view) => view.relation === 'name' && view.cell === cell));
  return proven.length === 0
    ? undefined
    : factsOf(
        whole.map(({ cell }) => refinement(cell, CLEARED_BY_KNOWN.root)),
        [],
      );
}

/** `node.nodeType === 1`: what equals something is there, and what being there proves holds. */
function presentFacts({ facts }: Value, { constant }: Value): Facts | undefined {
  return facts && constant !== undefined && constant ? factsOf(facts.whenTrue, []) : undefined;
}

/** `match(x) === null`: nothing was found. */
function nothingFacts(left: Value, right: Value): Facts | undefined {
  if (left.facts && right.constant === null) return negateFacts(left.facts);
  return right.facts && left.constant === null ? negateFacts(right.facts) : undefined;
}

function equalityFacts(left: Value, right: Value, machine: Machine): Facts | undefined {
  const special =
    truthFacts(left, right) ??
    truthFacts(right, left) ??
    nothingFacts(left, right) ??
    ownNameFacts(left, right) ??
    ownNameFacts(right, left) ??
    emptyFacts(left, right) ??
    climbFacts(left, right) ??
    climbFacts(right, left) ??
    nanFacts(left, right) ??
    keyFacts(left, right) ??
    keyFacts(right, left) ??
    segmentFacts(left, right) ??
    segmentFacts(right, left) ??
    beginningFacts(left, right) ??
    markupFacts(left, right) ??
    markupFacts(right, left) ??
    characterFacts(left, right) ??
    characterFacts(right, left) ??
    typeFacts(left, right) ??
    typeFacts(right, left) ??
    presentFacts(left, right);
  if (special) return special;
  return factsOf([...knownFacts(left, right, machine), ...knownFacts(right, left, machine)], []);
}

/** The host that the request was sent to: a browser says where it really is (RFC 9110, 7.2). */
const OWN_HOST =
  /^(?:(?:express\.Request|http\.IncomingMessage|koa\.Context)\.(?:headers\.host|hostname|host)|flask\.request\.host|django\.http\.HttpRequest\.get_host\(\)|net\/http\.Request\.Host)$/;

function isHost({ views }: Value): boolean {
  return views.some(({ relation }) => relation === 'host');
}

/** `value` is what an untainted value says. */
function knownFacts(value: Value, known: Value, machine: Machine): readonly Refinement[] {
  if (value.views.length === 0) return [];
  const isKnown = machine.taintOf(known).length === 0 || (OWN_HOST.test(known.name ?? '') && isHost(value));
  return isKnown ? knownRefinements(value) : [];
}

/** The value is one of a set that outsiders do not choose. */
export function knownRefinements(value: Value): readonly Refinement[] {
  return value.views.flatMap((view) => {
    const clears = CLEARED_BY_KNOWN[view.relation];
    if (view.relation === 'scheme') return { ...refinement(view.cell, clears), quotes: SCHEME };
    return clears === 0 ? [] : refinement(view.cell, clears);
  });
}

/**
 * `value in container`: proven to be one of the container's when true, and nothing when false: a list of what is
 * refused is not validation. `fragment in value`: proven not to hold the fragment when false.
 */
export function membershipFacts(value: Value, container: Value, machine: Machine): Facts | undefined {
  const segments = segmentFacts(machine.elementOf(container, false), value);
  if (segments) return segments;
  if (typeof value.constant === 'string') {
    const parts = value.constant === PROTOTYPE_KEY ? lacksPrototype(machine.elementOf(container, false)) : [];
    return factsOf([], [...lackingFragment(container, value.constant), ...parts]);
  }
  if (value.views.length === 0) return undefined;
  const items = machine.onlyObject(container, 'list')?.object.items;
  if (items?.some((item) => item.constant === PROTOTYPE_KEY)) return factsOf([], lacksPrototype(value));
  if (machine.taintOf(container).length > 0) return undefined;
  return factsOf(knownRefinements(value), []);
}

/** `where(x) === -1`, `>= 0`, `> -1`, `< 0` after a search whose facts say what finding it means. */
function positionFacts(operator: string, left: Value, right: Value): Facts | undefined {
  if (!left.facts || typeof right.constant !== 'number') return undefined;
  const number = right.constant;
  const found =
    (number === -1 && (operator === '!==' || operator === '!=' || operator === '>')) ||
    (number >= 0 && operator === '>') ||
    (number >= 0 && operator === '>=');
  const missing = (number === -1 && (operator === '===' || operator === '==')) || (number === 0 && operator === '<');
  if (found) return left.facts;
  return missing ? negateFacts(left.facts) : undefined;
}
