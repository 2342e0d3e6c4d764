import type { Module, Statement } from '../../code/index.ts';
import type { Place } from '../../syntax/index.ts';
import type { ModuleValue } from './callable.ts';
import { runStatements } from './execute.ts';
import { mapObject, withEntry } from './heap-object.ts';
import { isScript, isTypedLanguage } from './language.ts';
import type { Frame, Machine } from './machine.ts';
import { directoryOf, joinPath, moduleName } from './module-table.ts';
import { bindName, declareName } from './names.ts';
import { type ClassPlace, joinClasses } from './packages.ts';
import { Scope } from './scope.ts';
import type { Store } from './store.ts';
import { callableValue, joinValues, namedValue, objectValue, UNKNOWN, type Value } from './value.ts';

const LOADED = new WeakMap<Machine, Map<string, ModuleValue>>();

function loadedModules(machine: Machine): Map<string, ModuleValue> {
  let known = LOADED.get(machine);
  if (!known) {
    known = new Map();
    LOADED.set(machine, known);
  }
  return known;
}

/** Run a module's body once, in the memory that all modules share; a circular import sees what is there so far. */
export function loadModule(module: Module, machine: Machine): ModuleValue {
  const known = loadedModules(machine).get(module.file.path);
  if (known) return known;
  if (module.language === 'go') return loadPackage(module, machine);
  const scope = new Scope(undefined, 'function');
  const outer = machine.store;
  let root = outer;
  while (root.parent) root = root.parent;
  machine.store = root;
  const exported = objectValue(machine.newObject(mapObject(new Map())));
  const object = machine.newObject(mapObject(new Map([['exports', exported]])));
  const value: ModuleValue = {
    kind: 'module',
    name: module.language === 'java' ? (module.package ?? '') : moduleName(module.file.path),
    module,
    directory: directoryOf(module.file.path),
    scope,
    object,
  };
  loadedModules(machine).set(module.file.path, value);
  const frame = moduleFrame(value, root, machine);
  if (module.language === 'javascript' || module.language === 'typescript') {
    bindName('module', { ...objectValue(object), name: 'module' }, machine, frame);
    bindName('exports', exported, machine, frame);
  }
  runStatements(module.body, machine, frame);
  machine.store = outer;
  return value;
}

/** Go: the files of a package share their names. Packages first, then types, then functions and variables. */
function loadPackage(module: Module, machine: Machine): ModuleValue {
  const files = machine.modules.packages.filesOf(module);
  const scope = new Scope(undefined, 'function');
  const outer = machine.store;
  let root = outer;
  while (root.parent) root = root.parent;
  machine.store = root;
  const directory = directoryOf(module.file.path);
  const name = directory === '' ? (module.package ?? 'main') : directory.replaceAll('/', '.');
  const values = files.map(
    (file): ModuleValue => ({ kind: 'module', name, module: file, directory, scope, object: 0 }),
  );
  for (const value of values) if (value.module) loadedModules(machine).set(value.module.file.path, value);
  const bodies = joinClasses(files);
  for (const kinds of PHASES)
    for (const [index, value] of values.entries()) {
      const part = bodies[index]?.filter(({ kind }) => kinds.includes(kind)) ?? [];
      runStatements(part, machine, moduleFrame(value, root, machine));
    }
  machine.store = outer;
  return loadedModules(machine).get(module.file.path) ?? { ...EMPTY_PACKAGE, scope };
}

const PHASES: readonly (readonly Statement['kind'][])[] = [
  ['declare', 'import'],
  ['class'],
  ['function', 'assign', 'expression', 'block'],
];

const EMPTY_PACKAGE = { kind: 'module', name: '', module: undefined, directory: '', object: 0 } as const;

/** The file of the tree in which a function stands: a method of Go may stand in another one than its type. */
export function moduleOf(place: Place, otherwise: ModuleValue, machine: Machine): ModuleValue {
  return loadedModules(machine).get(place.file) ?? otherwise;
}

/** A class of Java by its dotted name, or by its own name from a file of the same package. */
export function findJavaClass(name: string, from: ModuleValue, machine: Machine): Value | undefined {
  const beside = from.module?.package ? `${from.module.package}.${name}` : name;
  for (const dotted of [name, beside]) {
    const file = machine.modules.packages.findJava(dotted);
    if (file) return classOf({ module: file, name: dotted.slice(dotted.lastIndexOf('.') + 1) }, machine);
  }
  return undefined;
}

/** The value of a class of the tree. */
export function classOf({ module, name }: ClassPlace, machine: Machine): Value | undefined {
  const cell = loadModule(module, machine).scope.own(name);
  return cell === undefined ? undefined : machine.store.value(cell);
}

/** The frame of a module's body. */
export function moduleFrame(value: ModuleValue, base: Store, machine: Machine): Frame {
  return {
    module: value,
    function: undefined,
    path: '',
    self: undefined,
    depth: 0,
    base,
    exits: [],
    loops: [],
    caller: undefined,
    scope: value.scope,
    result: undefined,
    yielded: undefined,
    left: machine.stopped !== undefined,
  };
}

/** A name of a module of the tree, or a module in its directory. */
export function readModuleMember(value: ModuleValue, name: string, machine: Machine): Value | undefined {
  const cell = value.scope.own(name);
  const held = cell === undefined ? undefined : machine.store.value(cell);
  const language = value.module?.language;
  if (isTypedLanguage(language) || (held && language === 'python')) return held;
  if (value.module && value.module.language !== 'python') return readExport(value, name, machine);
  const below = findBelow(value, name, machine);
  return below ?? held;
}

function findBelow(value: ModuleValue, name: string, machine: Machine): Value | undefined {
  const isPackage = value.module === undefined || value.module.file.path.endsWith('/__init__.py');
  return isPackage ? pythonModule(joinPath(value.directory, name), machine) : undefined;
}

/** The value of a Python module or package at a path without ending. */
function pythonModule(path: string, machine: Machine): Value | undefined {
  const file = machine.modules.pythonFile(path);
  if (file) {
    const loaded = loadModule(file, machine);
    return callableValue(loaded, loaded.name);
  }
  if (!machine.modules.isDirectory(path)) return undefined;
  const name = path.replaceAll('/', '.');
  const scope = new Scope(undefined, 'function');
  return callableValue({ kind: 'module', name, module: undefined, directory: path, scope, object: 0 }, name);
}

/** What a JavaScript module exports as a whole: `module.exports`. */
export function exportsOf(value: ModuleValue, machine: Machine): Value {
  return machine.object(value.object).entries.get('exports') ?? UNKNOWN;
}

function readExport(value: ModuleValue, name: string, machine: Machine): Value | undefined {
  const exported = exportsOf(value, machine);
  let result: Value | undefined;
  for (const id of exported.objects) {
    const entry = machine.object(id).entries.get(name);
    if (entry) result = result ? joinValues(result, entry) : entry;
  }
  if (result) return result;
  return name === 'default' ? exported : undefined;
}

type Import = Extract<Statement, { kind: 'import' }>;

/** Bind what an import brings. */
export function runImport(statement: Import, machine: Machine, frame: Frame): void {
  if (isScript(machine, frame)) importScript(statement, machine, frame);
  else if (machine.language(frame) === 'go') importGo(statement, machine, frame);
  else importPython(statement, machine, frame);
}

function importGo({ from, names }: Import, machine: Machine, frame: Frame): void {
  const file = machine.modules.packages.findGo(from);
  const loaded = file && loadModule(file, machine);
  const value = loaded ? callableValue(loaded, loaded.name) : namedValue(goLibrary(from));
  for (const { local } of names) {
    if (local === '*') importAll(goLibrary(from), loaded ? value : undefined, machine, frame);
    else bindImport(local, value, machine, frame);
  }
}

/** A library whatever its major version: `github.com/labstack/echo/v4`, `gopkg.in/yaml.v3`. */
function goLibrary(path: string): string {
  return path.replace(/\/v\d{1,4}(?=\/|$)/, '').replace(/\.v\d{1,4}$/, '');
}

function importPython(statement: Import, machine: Machine, frame: Frame): void {
  const { from, names } = statement;
  const path = machine.modules.findPython(from, frame.module.module?.file.path ?? '');
  const whole = path === undefined ? undefined : pythonModule(path, machine);
  for (const { exported, local } of names) {
    if (exported === '*' && local === '*') importAll(from, whole, machine, frame);
    else if (exported === '*' && local === from) importPath(from, machine, frame);
    else if (exported === '*') bindImport(local, whole ?? namedValue(from), machine, frame);
    else bindImport(local, memberOf(whole, exported, machine) ?? namedValue(`${from}.${exported}`), machine, frame);
  }
}

function memberOf(whole: Value | undefined, name: string, machine: Machine): Value | undefined {
  for (const callable of whole?.callables ?? []) {
    const found = callable.kind === 'module' ? readModuleMember(callable, name, machine) : undefined;
    if (found) return found;
  }
  return undefined;
}

/** `import a.b.c` binds `a`; what is below is found when it is read. */
function importPath(from: string, machine: Machine, frame: Frame): void {
  const [first = from] = from.split('.');
  const path = machine.modules.findPython(first, frame.module.module?.file.path ?? '');
  const value = path === undefined ? undefined : pythonModule(path, machine);
  bindImport(first, value ?? namedValue(first), machine, frame);
}

/** Libraries of which a file takes every name without saying which. */
const TAKEN_WHOLE = new WeakMap<ModuleValue, string[]>();

/** What a name of no variable is when a library is imported as a whole: that library's, of which rows speak. */
export function nameOfWhole(name: string, machine: Machine, frame: Frame): Value | undefined {
  const language = machine.language(frame);
  for (const library of TAKEN_WHOLE.get(frame.module) ?? []) {
    const { sources, sinks, sanitizers, propagators } = machine.rows.about(`${library}.${name}`, language);
    const rows = [...sources, ...sinks, ...sanitizers, ...propagators];
    if (rows.some(({ match }) => !match.startsWith('*'))) return namedValue(`${library}.${name}`);
  }
  return undefined;
}

function importAll(from: string, whole: Value | undefined, machine: Machine, frame: Frame): void {
  if (!whole) TAKEN_WHOLE.set(frame.module, [...(TAKEN_WHOLE.get(frame.module) ?? []), from]);
  for (const callable of whole?.callables ?? []) {
    if (callable.kind !== 'module') continue;
    for (const name of callable.scope.names()) {
      const value = name.startsWith('_') ? undefined : readModuleMember(callable, name, machine);
      if (value) bindImport(name, value, machine, frame);
    }
  }
}

function bindImport(local: string, value: Value, machine: Machine, frame: Frame): void {
  const cell = frame.scope.own(local) ?? declareName(local, frame, machine);
  machine.store.setValue(cell, value);
}

/** The name of a library as the catalogue writes it. */
function libraryName(from: string): string {
  return from.startsWith('node:') ? from.slice('node:'.length) : from;
}

function importScript(statement: Import, machine: Machine, frame: Frame): void {
  const whole = requireModule(statement.from, machine, frame);
  for (const { exported, local } of statement.names) {
    const module = whole.callables.find((callable) => callable.kind === 'module');
    const library = libraryName(statement.from);
    const value = module
      ? exported === '*'
        ? exportsOf(module, machine)
        : (readExport(module, exported, machine) ?? namedValue(`${module.name}.${exported}`))
      : namedValue(exported === '*' || exported === 'default' ? library : `${library}.${exported}`);
    bindImport(local, value, machine, frame);
  }
}

/** A module of the tree, or a library by name. */
function requireModule(from: string, machine: Machine, frame: Frame): Value {
  const file = machine.modules.findScript(from, frame.module.module?.file.path ?? '');
  if (!file) return namedValue(libraryName(from));
  const loaded = loadModule(file, machine);
  return callableValue(loaded, loaded.name);
}

/** The result of `require(name)`. */
export function requireValue(from: string, machine: Machine, frame: Frame): Value {
  const whole = requireModule(from, machine, frame);
  const module = whole.callables.find((callable) => callable.kind === 'module');
  return module ? exportsOf(module, machine) : whole;
}

/** What `await import(name)` gives; the default of a library is the library. */
export function importedValue(from: string, machine: Machine, frame: Frame): Value {
  const whole = requireValue(from, machine, frame);
  if (whole.name === undefined || whole.objects.length > 0 || whole.callables.length > 0) return whole;
  return { ...whole, objects: [machine.newObject(mapObject(new Map([['default', whole]])))] };
}

/** What `importlib.import_module(name)` gives. */
export function importedModule(from: string, machine: Machine, frame: Frame): Value {
  const path = machine.modules.findPython(from, frame.module.module?.file.path ?? '');
  return (path === undefined ? undefined : pythonModule(path, machine)) ?? namedValue(from);
}

/** `export name = value`; of the name `*` everything in the value, a default left out (ECMA-262, 16.2.1.7). */
export function runExport(name: string, value: Value, machine: Machine, frame: Frame): void {
  const exported = exportsOf(frame.module, machine);
  if (name === '*') {
    for (const id of value.objects)
      for (const [inner, held] of machine.object(id).entries)
        if (inner !== 'default') machine.update(exported, (before) => withEntry(before, inner, held, true));
    return;
  }
  machine.update(exported, (held) => withEntry(held, name, value, true));
}
