import type { Module } from '../../code/index.ts';
import { type AddedCode, type Call, calledName } from './added-code.ts';
import { fieldOf, namesBoundBy, type Placed, partsBelow, partsIn } from './spot.ts';

/** Languages in which every name that a file uses is given a meaning in it, or is everybody's. */
const WITH_OWN_NAMES: ReadonlySet<Module['language']> = new Set<Module['language']>([
  'javascript',
  'typescript',
  'python',
]);

/**
 * A name to which the old file gave a meaning and the new one gives none, and that the new one still uses: it stops
 * there with an error.
 */
export function lostName({ before, after }: AddedCode): Placed | undefined {
  if (!WITH_OWN_NAMES.has(after.language) || takesEverything(after)) return undefined;
  const [had, has] = [givenNames(before), givenNames(after)];
  const own = new Set(before.body.flatMap((part) => [...namesBoundBy(part)]));
  return partsBelow(after.body).find((part) => {
    const name = part.kind === 'name' ? fieldOf(part, 'name') : undefined;
    return typeof name === 'string' && had.has(name) && !has.has(name) && (own.has(name) || !isEverybodys(name));
  });
}

/**
 * A call of a function that the file does not know: whether there is one, and what it does, cannot be seen. What begins
 * with a capital is a class, of which a browser has more than Node.
 */
export function unknownCall({ before, after, calls }: AddedCode): Call | undefined {
  if (!WITH_OWN_NAMES.has(after.language) || takesEverything(after)) return undefined;
  const has = givenNames(after);
  const used = new Set(
    partsBelow(before.body).flatMap((part) => (part.kind === 'name' ? [fieldOf(part, 'name')] : [])),
  );
  return calls.find((call) => {
    const name = call.callee.kind === 'name' ? calledName(call) : undefined;
    return name !== undefined && /^[a-z_$]/.test(name) && !has.has(name) && !used.has(name) && !isEverybodys(name);
  });
}

/** `from x import *`, `with` and the like. */
function takesEverything({ body }: Module): boolean {
  return partsBelow(body).some(
    (part) => part.kind === 'import' && namesOf(fieldOf(part, 'names'), 'exported').includes('*'),
  );
}

const GIVING = ['target', 'targets', 'rest', 'parameters', 'each'];

/** Every name that anything in a file gives a meaning, in whatever scope. */
function givenNames({ body }: Module): ReadonlySet<string> {
  const given = new Set<string>();
  const note = (name: unknown): void => {
    if (typeof name === 'string') given.add(name);
  };
  const open: unknown[] = [...body];
  while (open.length > 0) {
    const part = open.pop();
    if (typeof part !== 'object' || part === null) continue;
    if (fieldOf(part, 'parameters') !== undefined || fieldOf(part, 'members') !== undefined)
      note(fieldOf(part, 'name'));
    if (fieldOf(part, 'kind') === 'declare') for (const name of listOf(fieldOf(part, 'names'))) note(name);
    if (fieldOf(part, 'kind') === 'import') for (const name of namesOf(fieldOf(part, 'names'), 'local')) note(name);
    note(fieldOf(part, 'ownName'));
    note(fieldOf(part, 'binding'));
    for (const name of listOf(fieldOf(part, 'bindings'))) note(name);
    for (const field of GIVING) for (const name of namesBelow(fieldOf(part, field))) note(name);
    open.push(...Object.values(part));
  }
  return given;
}

function namesBelow(value: unknown): readonly unknown[] {
  return partsBelow(partsIn([value])).flatMap((part) => (part.kind === 'name' ? [fieldOf(part, 'name')] : []));
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function namesOf(value: unknown, field: string): readonly unknown[] {
  return listOf(value).map((one) => fieldOf(one, field));
}

/** Names of the language and of what runs it. Those of a browser's window are words that a program uses for its own, too. */
const EVERYBODYS: ReadonlySet<string> = new Set(
  `require import module exports __dirname __filename arguments undefined NaN Infinity alert confirm prompt window document location history
   navigator name event status parent top self length origin open close print find stop focus blur scroll screen
   localStorage sessionStorage requestAnimationFrame importScripts define describe it test expect before after beforeEach
   afterEach jest cy vi angular jQuery $ _ abs all any ascii bin bool breakpoint bytearray bytes callable chr classmethod
   compile complex delattr dict dir divmod enumerate eval exec filter float format frozenset getattr globals hasattr hash
   help hex id input int isinstance issubclass iter len list locals map max memoryview min next object oct ord pow
   property range repr reversed round set setattr slice sorted staticmethod str sum super tuple type vars zip
   __import__ __name__ __file__ __doc__ self cls True False None NotImplemented Ellipsis`.split(/\s+/),
);

function isEverybodys(name: string): boolean {
  return EVERYBODYS.has(name) || name in globalThis || /(?:Error|Exception|Warning)$/.test(name);
}
