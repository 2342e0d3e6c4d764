import type { CodeLanguage, FunctionNode } from '../../code/index.ts';
import type { Place } from '../../syntax/index.ts';
import type { EntryPointRow } from '../catalogue.ts';
import type { EngineLimits } from '../engine-types.ts';
import type { ClassValue, FunctionValue, ModuleValue } from './callable.ts';
import { contentOf, type HeapObject, OPAQUE } from './heap-object.ts';
import { type Label, unionLabels } from './label.ts';
import type { ModuleTable } from './module-table.ts';
import { partOfTested } from './path-segments.ts';
import type { Reports } from './reports.ts';
import type { RowIndex } from './row-index.ts';
import type { RequestChecks } from './schema/request-checks.ts';
import type { Shape } from './schema/shape.ts';
import type { Scope } from './scope.ts';
import { Store } from './store.ts';
import { joinValues, UNKNOWN, type Value, type View } from './value.ts';

/** Where `break` and `continue` lead. */
export interface LoopContext {
  readonly kind: 'loop' | 'choice' | 'block';
  readonly label: string | undefined;
  readonly base: Store;
  readonly breaks: Store[];
  readonly continues: Store[];
}

/** One function that is being run. */
export interface Frame {
  readonly module: ModuleValue;
  readonly function: FunctionValue | undefined;
  readonly path: string;
  readonly self: Value | undefined;
  readonly depth: number;
  /** Memory before the call. */
  readonly base: Store;
  /** Memory at each `return`. */
  readonly exits: Store[];
  readonly loops: LoopContext[];
  readonly caller: Frame | undefined;
  scope: Scope;
  result: Value | undefined;
  yielded: Value | undefined;
  /** A call that does not come back was made. */
  left: boolean;
}

/** One way in which outsiders reach a function. */
export interface EntryPoint {
  readonly row: EntryPointRow;
  /** The address that leads there, when it is written next to it. */
  readonly address: string | undefined;
  /** What its decorators say besides. */
  readonly words?: ReadonlyMap<string, Value> | undefined;
  /** What was checked before. */
  readonly checks?: RequestChecks | undefined;
  /** What a schema has accepted in the thing that the function is given: `{ input }`. */
  readonly accepted?: Shape | undefined;
}

/** Nested expressions of all running functions together: bounds the stack. */
const DEEPEST_EVALUATION = 420;

/** How deep containers are searched for tainted parts. */
const DEEPEST_CONTENT = 3;

/** How often a step reads the clock. */
const STEPS_BETWEEN_CLOCKS = 512;

/** A function value and the memory in which it was made. */
export interface MadeFunction {
  readonly closure: FunctionValue;
  store: Store;
}

function isBelow(store: Store, base: Store): boolean {
  for (let layer: Store | undefined = store; layer; layer = layer.parent) if (layer === base) return true;
  return false;
}

/** The state of the abstract machine. What it does is in the files beside this one. */
export class Machine {
  readonly rows: RowIndex;
  readonly reports: Reports;
  readonly modules: ModuleTable;
  readonly limits: EngineLimits;
  readonly #clock: () => bigint;
  readonly #paths = new Map<string, number>();
  readonly #pathTexts = new Map<number, string>();
  readonly #writes = new Map<number, number>();
  #numbers = 0;
  #steps = 0;
  #fileSteps = 0;
  #deadline: bigint;
  /** What the present file has of the limits for a file. */
  #share = 1;
  #depth = 0;
  /** Which limit stopped the current run. */
  stopped: string | undefined;
  /** A call with outsiders' data that was nested too deeply to be followed. */
  unfollowed: Place | undefined;
  /** Sanitizers of a repository's own rows that made something outsiders sent harmless. */
  readonly believed = new Set<string>();
  store = new Store();
  readonly #made = new Map<ModuleValue, MadeFunction[]>();
  /** Nodes of the functions in it. */
  readonly #waiting = new Set<FunctionNode>();
  #closures = 0;
  /** Functions made since the current run began. */
  #lately: MadeFunction[] = [];
  /** What calls with harmless arguments give, deep inside of a run. */
  readonly summaries = new Map<FunctionNode, Value>();
  /** Whether a call deep inside of a run gives on what is dangerous in its arguments, by how it is dangerous. */
  readonly deepSummaries = new WeakMap<Scope, Map<string, boolean>>();
  readonly ran = new Set<FunctionNode>();
  /** What was thrown since the innermost `try` began. */
  thrown: Value | undefined;
  /** Who listens to events of a name. */
  readonly listeners = new Map<string, readonly Value[]>();
  /** What was set on things of libraries, by dotted name: middleware leaves data on `express.Request`. */
  readonly ambient = new Map<string, Value>();
  readonly #prototypes = new Map<number, number>();
  /** Plain functions that construct, by the object on which the methods of their instances are set. */
  readonly prototypeOwners = new Map<number, { readonly owner: ClassValue; readonly closure: FunctionValue }>();
  /** What runs left on fields of instances, by the object of the class. */
  readonly leftFields = new Map<number, Map<string, Value>>();
  /** Functions that an exported function gave to whoever called it. */
  readonly given = new Set<FunctionNode>();
  readonly #functionObjects = new Map<FunctionNode, number>();
  /** Everything that a module's `exports` was at some time. */
  readonly exported = new Map<ModuleValue, Value[]>();
  /** How outsiders reach functions. */
  readonly entries = new Map<FunctionNode, EntryPoint[]>();
  /** Decorators of the tree around functions that outsiders reach, the outermost first. */
  readonly wrappers = new Map<FunctionNode, readonly Value[]>();

  constructor(rows: RowIndex, reports: Reports, modules: ModuleTable, limits: EngineLimits, clock: () => bigint) {
    this.rows = rows;
    this.reports = reports;
    this.modules = modules;
    this.limits = limits;
    this.#clock = clock;
    this.#deadline = clock();
    this.startFile();
  }

  /** A new file: its own steps and time, or a share of them (0 to 1) for what is not worth all. */
  startFile(share = 1): void {
    this.#fileSteps = 0;
    this.#share = share;
    this.#deadline = this.#clock() + BigInt(Math.ceil(this.limits.millisecondsPerFile * share)) * 1_000_000n;
    this.startFunction();
  }

  /** A new function that is run by itself: its own steps. */
  startFunction(): void {
    this.#steps = 0;
    if (this.stopped !== 'steps of the file' && this.stopped !== 'time of the file') this.stopped = undefined;
  }

  /** Note a function that was made, to be run by itself later; of those of the same text the first. */
  noteMade(closure: FunctionValue): void {
    this.#closures++;
    if (this.ran.has(closure.node) || this.#waiting.has(closure.node)) return;
    this.#waiting.add(closure.node);
    const made: MadeFunction = { closure, store: this.store };
    const known = this.#made.get(closure.module);
    if (known) known.push(made);
    else this.#made.set(closure.module, [made]);
    this.#lately.push(made);
  }

  /** The next function of a module that was made and not taken yet. */
  takeMade(module: ModuleValue): MadeFunction | undefined {
    const next = this.#made.get(module)?.shift();
    if (next) this.#waiting.delete(next.closure.node);
    return next;
  }

  /** Whether functions of a module wait for being run. */
  isWaiting(module: ModuleValue): boolean {
    return (this.#made.get(module)?.length ?? 0) > 0;
  }

  /** Functions made so far: each keeps the variables around it alive. */
  get closures(): number {
    return this.#closures;
  }

  /** A run ended with this memory: what was made inside of it sees that. */
  settleMade(ended: Store | undefined): void {
    if (ended) for (const made of this.#lately) if (isBelow(made.store, ended)) made.store = ended;
    this.#lately = [];
  }

  /** Forget that a file was stopped. */
  clearStop(): void {
    this.stopped = undefined;
  }

  /** Whether a limit of the whole file was reached, not only of a function. */
  isFileStopped(): boolean {
    return this.stopped === 'steps of the file' || this.stopped === 'time of the file';
  }

  /** Count one step; false when a limit is reached. */
  step(): boolean {
    if (this.stopped !== undefined) return false;
    this.#steps++;
    this.#fileSteps++;
    if (this.#steps > this.limits.stepsPerFunction) this.stopped = 'steps of one function';
    if (this.#fileSteps > this.limits.stepsPerFile * this.#share) this.stopped = 'steps of the file';
    if (this.#fileSteps % STEPS_BETWEEN_CLOCKS === 0 && this.#clock() > this.#deadline)
      this.stopped = 'time of the file';
    return this.stopped === undefined;
  }

  /** Enter a nested expression; false when it is too deep. Each true needs a `leave`. */
  enter(): boolean {
    if (this.#depth >= DEEPEST_EVALUATION) {
      this.stopped ??= 'nesting of expressions';
      return false;
    }
    this.#depth++;
    return true;
  }

  leave(): void {
    this.#depth--;
  }

  /** Half of what may be nested is: no further call should be begun that can wait. */
  get isDeep(): boolean {
    return this.#depth > DEEPEST_EVALUATION / 2;
  }

  /** A number for a new cell or object. */
  allocate(): number {
    return ++this.#numbers;
  }

  /** The number of a path of members. */
  pathNumber(path: string): number {
    const known = this.#paths.get(path);
    if (known !== undefined) return known;
    const number = this.allocate();
    this.#paths.set(path, number);
    this.#pathTexts.set(number, path);
    return number;
  }

  /** A variable was set: what was known of members that it names is of others. */
  noteWrite(cell: number): void {
    this.#writes.set(cell, this.writesOf(cell) + 1);
  }

  writesOf(cell: number): number {
    return this.#writes.get(cell) ?? 0;
  }

  /** The number of a member of what a variable or a path of members holds. */
  memberNumber(holder: number, name: string): number {
    return this.pathNumber(`${this.#pathTexts.get(holder) ?? holder}.${name}`);
  }

  /** The object that a function of JavaScript is, which has properties; one for all closures of the same text. */
  functionObject(node: FunctionNode): number {
    const known = this.#functionObjects.get(node);
    if (known !== undefined) return known;
    const id = this.allocate();
    this.#functionObjects.set(node, id);
    return id;
  }

  prototypeObject(node: FunctionNode): number {
    const holder = this.functionObject(node);
    const known = this.#prototypes.get(holder);
    if (known !== undefined) return known;
    const id = this.allocate();
    this.#prototypes.set(holder, id);
    return id;
  }

  /** The same, when something was set or asked on it. */
  knownPrototype(node: FunctionNode): readonly number[] {
    const holder = this.#functionObjects.get(node);
    const known = holder === undefined ? undefined : this.#prototypes.get(holder);
    return known === undefined ? [] : [known];
  }

  newObject(object: HeapObject): number {
    const id = this.allocate();
    this.store.setObject(id, object);
    return id;
  }

  object(id: number): HeapObject {
    return this.store.object(id) ?? OPAQUE;
  }

  /** The one container that it is, when that is known. */
  onlyObject(
    value: Value,
    kind?: HeapObject['kind'],
  ): { readonly id: number; readonly object: HeapObject } | undefined {
    const [id] = value.objects;
    if (id === undefined || value.objects.length > 1) return undefined;
    const object = this.object(id);
    return kind === undefined || object.kind === kind ? { id, object } : undefined;
  }

  /** Whether it is a list, a map or an instance, not only a thing of a library. */
  isContainer(value: Value): boolean {
    return value.objects.some((id) => this.object(id).kind !== 'opaque');
  }

  /** Change every container that it may be; `strong` when it is one for certain. */
  update(value: Value, change: (object: HeapObject, strong: boolean) => HeapObject): void {
    const strong = value.objects.length === 1;
    for (const id of value.objects) this.store.setObject(id, change(this.object(id), strong));
  }

  /** Labels of a value and of what it contains. */
  taintOf(value: Value, depth = DEEPEST_CONTENT): readonly Label[] {
    if (value.objects.length === 0 || depth === 0) return value.taint;
    let taint = value.taint;
    for (const id of value.objects) {
      const object = this.store.object(id);
      if (!object) continue;
      taint = unionLabels(taint, object.keys);
      if (object.rest) taint = unionLabels(taint, this.taintOf(object.rest, depth - 1));
      for (const item of object.items ?? []) taint = unionLabels(taint, this.taintOf(item, depth - 1));
      for (const entry of object.entries.values()) taint = unionLabels(taint, this.taintOf(entry, depth - 1));
    }
    return taint;
  }

  /** What iterating over it gives: any of its elements. */
  elementOf(value: Value, keys: boolean): Value {
    const views = keys ? [] : value.views;
    let result: Value | undefined = value.taint.length > 0 ? partOf({ ...value, views }) : undefined;
    for (const id of value.objects) {
      const object = this.object(id);
      const content = keys ? keyOfAny(object) : contentOf(object);
      if (content) result = result ? joinValues(result, content) : content;
    }
    return result ? partOfTested(result, this) : UNKNOWN;
  }

  language(frame: Frame): CodeLanguage {
    return frame.module.module?.language ?? 'python';
  }

  placeKey(place: Place): string {
    return `${place.file}:${place.span.start}:${place.span.end}`;
  }
}

/** A character of a text, an element of a list of outsiders. */
function partOf({ taint, views }: Value): Value {
  const seen = views.flatMap(({ cell, relation }): View[] =>
    relation === 'same' ? [{ cell, relation: 'element' }] : [],
  );
  return { ...UNKNOWN, taint, views: seen };
}

/** Any key of an object: what may stand anywhere has brought its own. */
function keyOfAny({ rest, keys }: HeapObject): Value | undefined {
  const taint = unionLabels(rest?.taint ?? UNKNOWN.taint, keys);
  return rest || keys.length > 0 ? { ...UNKNOWN, taint } : undefined;
}
