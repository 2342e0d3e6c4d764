import type { Module } from '../../code/index.ts';
import type { Span } from '../../syntax/index.ts';
import { type Registration, registrationOf, standsBefore } from './registration.ts';
import {
  codeOf,
  covers,
  fieldOf,
  isFunction,
  listAround,
  mayLeave,
  namesBoundBy,
  namesGivenBy,
  namesIn,
  type Placed,
  partsAround,
  partsBelow,
  partsIn,
  writtenText,
} from './spot.ts';

/** What a finding lies on, with everything in its file that decides about it, as code without blanks and remarks. */
export interface Surroundings {
  /** The smallest part that means something by itself. */
  readonly unit: string;
  readonly code: readonly string[];
  /** The list that the unit is an item of, by its place in the file; its items do not depend on each other. */
  readonly list: number | undefined;
}

/**
 * The part of a module around a stretch of text, and what can change what it does: the checks that stand before it, the
 * conditions around it, what gives its names a meaning, and who calls it. More than a slice would have (K. J. Ottenstein
 * and L. M. Ottenstein, 1984): what is left out surely has no part in it.
 *
 * @param without a neighbour that lies here is left out
 * @returns undefined when nothing stands there, or too much
 */
export function surroundingsOf(module: Module, span: Span, without?: Span): Surroundings | undefined {
  const path = partsAround(module, span);
  const at = unitIn(path);
  const unit = path[at];
  if (!unit) return undefined;
  const slice = new Slice(module, unit, without);
  let inner: Placed = unit;
  for (const outer of path.slice(0, at).reverse()) {
    slice.leave(outer, inner);
    inner = outer;
  }
  slice.leaveFile(inner);
  if (slice.size > MOST_NEIGHBOURS) return undefined;
  const list = path[at - 1]?.kind === 'list' ? path[at - 1]?.place.span.start : undefined;
  return { unit: codeOf(unit, module.file), code: slice.finish(), list };
}

/** Statements around a finding beyond which nothing is said: each may lead to each. */
const MOST_NEIGHBOURS = 2_000;

/** What a part is a part of without standing for itself. */
const BOUND_TO: ReadonlySet<unknown> = new Set(
  `call member index slice text binary unary logical conditional await spread assign typed unknown element comprehension
   expression return yield throw export assert delete`.split(/\s+/),
);

/** Items of a list each stand for themselves, and so do the entries of a map that nothing takes whole. */
function unitIn(path: readonly Placed[]): number {
  let at = path.length - 1;
  for (; at > 0; at--) {
    const around = path[at - 1];
    const takenWhole = around?.kind === 'map' && path[at - 2]?.kind === 'call';
    if (!takenWhole && !BOUND_TO.has(around?.kind)) return at;
  }
  return at;
}

interface Neighbour {
  readonly part: Placed;
  readonly names: ReadonlySet<string>;
  readonly binds: ReadonlySet<string>;
  readonly imported: boolean;
  readonly isCall: boolean;
  /** Stands before the finding and may leave, so that it is not reached. */
  readonly leaves: boolean;
  /** A framework reads or calls it by its name. */
  readonly decides: boolean;
  /** What it is called for by its decorators, other than for an address: `bp` of `@bp.before_request`. */
  readonly hears: ReadonlySet<string>;
}

/** Of the statements or members beside what a finding lies on. */
interface ListKind {
  /** Statements that run one after the other. */
  readonly isBody: boolean;
  /** Members that somebody else may call. */
  readonly hooks: ReadonlySet<unknown>;
}

const OUTSIDE: ListKind = { isBody: false, hooks: new Set() };

/** Collects from the inside out, then follows names until nothing is added. */
class Slice {
  readonly #heads: string[] = [];
  readonly #neighbours: Neighbour[] = [];
  readonly #uses: Set<string>;
  readonly #defines = new Set<string>();
  readonly #imports = new Set<string>();
  readonly #module: Module;
  readonly #unit: Placed;
  readonly #without: Span | undefined;
  /** The route that the unit belongs to. */
  #registration: Registration | undefined;

  constructor(module: Module, unit: Placed, without: Span | undefined) {
    this.#module = module;
    this.#without = without;
    this.#unit = unit;
    this.#uses = new Set([...namesIn([unit]), ...keysIn(unit)]);
    this.#registration = registrationOf(unit);
  }

  /** Goes from a part to the one around it. */
  leave(outer: Placed, inner: Placed): void {
    for (const head of [...headsOf(outer), ...marksOf(outer, inner)]) {
      if (head === inner) continue;
      this.#heads.push(codeOf(head, this.#module.file));
      addAll(this.#uses, namesIn([head]));
    }
    if (BOUND_TO.has(outer.kind)) {
      this.#heads.push(codeOf(outer, this.#module.file, inner));
      addAll(this.#uses, namesIn(partsIn(outer).filter((part) => part !== inner)));
      this.#registration ??= registrationOf(outer);
    }
    addAll(this.#defines, namesGivenBy(outer));
    const isClass = 'members' in outer;
    const isBody = isFunction(outer) || BODIED.has(outer.kind);
    if (isClass || isBody) this.#addNeighbours(listAround(outer, inner), inner, { isBody, hooks: hooksOf(outer) });
    if (isClass) this.#addFields(outer, inner);
    if (isClass && isFunction(inner)) addAll(this.#defines, namesGivenBy(inner).map(ofSelf));
  }

  get size(): number {
    return this.#neighbours.length;
  }

  leaveFile(inner: Placed): void {
    this.#addNeighbours(this.#module.body, inner, OUTSIDE);
  }

  #addNeighbours(list: readonly Placed[], inner: Placed, kind: ListKind): void {
    const at = list.indexOf(inner);
    for (const [index, part] of list.entries()) {
      // Declarations and exports have the place of what they are about.
      if (part === inner || part.kind === 'declare' || covers(part.place.span, this.#unit.place.span)) continue;
      if (this.#without && covers(part.place.span, this.#without)) continue;
      const neighbour = neighbourOf(part, index < at, kind);
      this.#neighbours.push(neighbour);
      if (neighbour.imported) addAll(this.#imports, neighbour.binds);
    }
  }

  /** Fields have no place of their own: what they hold stands for them, in the class or in what makes an instance. */
  #addFields(outer: Placed, inner: Placed): void {
    const members = fieldOf(outer, 'members');
    const decides = isDriven(outer);
    const ofClass = namesGivenBy(outer);
    const add = (value: Placed, binds: readonly string[]): void => {
      if (value === inner || covers(value.place.span, this.#unit.place.span)) return;
      const field = neighbourOf(value, false, OUTSIDE);
      this.#neighbours.push({ ...field, binds: new Set([...field.binds, ...binds]), decides });
    };
    for (const member of Array.isArray(members) ? members : []) {
      const name = String(fieldOf(member, 'name'));
      const [value] = partsIn([fieldOf(member, 'value')]);
      if (value) add(value, [name, ofSelf(name), ...ofClass]);
      const made = fieldOf(member, 'kind') === 'constructor' ? fieldOf(fieldOf(member, 'function'), 'body') : [];
      for (const statement of partsIn([made])) add(statement, []);
    }
  }

  /** The code of everything that has a part in it, in the order of the file. */
  finish(): readonly string[] {
    const chosen = new Set<Neighbour>();
    for (let grown = true; grown; ) {
      grown = false;
      for (const neighbour of this.#neighbours) {
        if (chosen.has(neighbour) || !this.#isRelated(neighbour)) continue;
        chosen.add(neighbour);
        grown = true;
        if (!neighbour.imported) addAll(this.#uses, [...neighbour.names, ...keysIn(neighbour.part)]);
      }
    }
    const { start } = this.#unit.place.span;
    const told = [...chosen].flatMap(({ part }) => {
      const code = codeOf(part, this.#module.file);
      const at = part.place.span.start;
      return code === '' ? [] : [{ at, code: `${at < start ? 'before' : 'after'} ${code}` }];
    });
    const ordered = told.toSorted((one, other) => one.at - other.at).map(({ code }) => code);
    return [...this.#heads, ...ordered];
  }

  #isRelated({ names, binds, imported, isCall, leaves, decides, hears, part }: Neighbour): boolean {
    if (leaves || decides || meets(binds, this.#uses)) return true;
    if (imported) return false;
    if (meets(hears, this.#uses)) return true;
    if (meets(names, this.#defines)) {
      addAll(this.#defines, binds);
      return true;
    }
    if (!isCall || !this.#usesLocally(names)) return false;
    const earlier = registrationOf(part);
    if (!earlier || !this.#registration) return true;
    return part.place.span.start < this.#unit.place.span.start && standsBefore(earlier, this.#registration);
  }

  /** Whether one is a name in use that the file itself gives a meaning. */
  #usesLocally(names: ReadonlySet<string>): boolean {
    for (const name of names) if (this.#uses.has(name) && !this.#imports.has(name)) return true;
    return false;
  }
}

function neighbourOf(part: Placed, earlier: boolean, { isBody, hooks }: ListKind): Neighbour {
  const binds = namesBoundBy(part);
  return {
    part,
    names: namesIn([part]),
    binds: isFunction(part) ? new Set([...binds, ...[...binds].map(ofSelf)]) : binds,
    imported: part.kind === 'import',
    isCall: part.kind === 'expression' || (!earlier && (part.kind === 'return' || part.kind === 'assign')),
    leaves: earlier && !isFunction(part) && (mayLeave(part) || (isBody && mayThrow(part))),
    decides: hooks.has(part),
    hears: hookOf(part),
  };
}

/** Of a class that others derive from or that is marked: whoever does may ask each of its members. */
function isDriven(part: Placed): boolean {
  return ['bases', 'decorators'].some((name) => partsIn([fieldOf(part, name)]).length > 0);
}

/** Methods of views that each answer one kind of request (Django REST framework, Flask, aiohttp). */
const ANSWERS_REQUESTS =
  /^(?:get|post|put|patch|delete|head|options|trace|list|create|retrieve|update|partial_update|destroy)$/;

/** Methods of such a class, without those that each answer one kind of request. */
function hooksOf(part: Placed): ReadonlySet<unknown> {
  const members = isDriven(part) ? fieldOf(part, 'members') : [];
  const methods = Array.isArray(members) ? members : [];
  const answers = (member: unknown): boolean =>
    ANSWERS_REQUESTS.test(String(fieldOf(member, 'name'))) ||
    partsIn([fieldOf(member, 'decorators')]).some((mark) => FOR_ADDRESS.test(nameOfMark(mark)));
  return new Set(methods.filter((member) => !answers(member)).map((member) => fieldOf(member, 'function')));
}

/** They give another form of what they are given, set something aside or wait, and turn nobody away. */
const WITHOUT_REFUSAL =
  /^(?:String|Number|Boolean|parseInt|parseFloat|toString|trim|strip|lower|upper|toLowerCase|toUpperCase|replace|replaceAll|slice|substring|substr|split|join|concat|encode|decode|encodeURI|encodeURIComponent|decodeURI|decodeURIComponent|stringify|urlparse|urlsplit|len|str|sleep|Sleep|setTimeout|set|Set|setHeader|header|Header|append|push|map|filter|print|println|printf|now|Now|random)$/;

/** Whether it calls, functions inside it left out, what may throw: `ensureOwner(item)`, `abort(403)`. */
function mayThrow(part: Placed): boolean {
  const open: Placed[] = [part];
  for (let next = open.pop(); next; next = open.pop()) {
    if (next.kind === 'call' && !WITHOUT_REFUSAL.test(String(fieldOf(fieldOf(next, 'callee'), 'name')))) return true;
    if (!isFunction(next)) open.push(...partsIn(next));
  }
  return false;
}

/** Decorators that give a function an address; any other of an application may be called for every request. */
const FOR_ADDRESS =
  /^(?:route|websocket|command|errorhandler|\w*Mapping|(?:get|post|put|patch|delete|head|options|all)(?:_[a-z]+)?)$/i;

function hookOf(part: Placed): ReadonlySet<string> {
  const marked = fieldOf(part, 'function') ?? part;
  const marks = partsIn([fieldOf(marked, 'decorators')]);
  return namesIn(marks.filter((mark) => markOf(mark).kind === 'member' && !FOR_ADDRESS.test(nameOfMark(mark))));
}

function markOf(mark: Placed): { readonly kind: unknown; readonly name: unknown } {
  const made = mark.kind === 'call' ? fieldOf(mark, 'callee') : mark;
  return { kind: fieldOf(made, 'kind'), name: fieldOf(made, 'name') };
}

/** Java's have their package in front. */
function nameOfMark(mark: Placed): string {
  return String(markOf(mark).name).replace(/^.*\./, '');
}

const BODIED: ReadonlySet<unknown> = new Set(['branch', 'loop', 'choice', 'try', 'with', 'block']);
/** What decides about everything inside a part. */
const HEADS = ['test', 'each', 'subject', 'parameters', 'decorators', 'bases', 'types'];

function headsOf(part: Placed): readonly Placed[] {
  const named = BODIED.has(part.kind) || isFunction(part) || 'members' in part ? HEADS : [];
  const around = part.kind === 'with' ? [...named, 'value'] : named;
  return around.flatMap((name) => partsIn([fieldOf(part, name)]));
}

/** What a class says about the one member that a part is: the annotations of a method are not in its function. */
function marksOf(outer: Placed, inner: Placed): readonly Placed[] {
  const members = fieldOf(outer, 'members');
  const member = Array.isArray(members)
    ? members.find((one: unknown) => fieldOf(one, 'function') === inner || fieldOf(one, 'value') === inner)
    : undefined;
  return partsIn([fieldOf(member, 'decorators')]);
}

/** Texts by which something is looked up: `cleaned['password']` may be the field `password`. */
function keysIn(part: Placed): readonly string[] {
  return partsBelow([part]).flatMap((one) => {
    const text = writtenText(one);
    return text !== undefined && /^[A-Za-z_]\w*$/.test(text) ? [text, ofSelf(text)] : [];
  });
}

function ofSelf(name: string): string {
  return `this.${name}`;
}

function addAll(set: Set<string>, names: Iterable<string>): void {
  for (const name of names) set.add(name);
}

function meets(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  for (const name of one) if (other.has(name)) return true;
  return false;
}
