import type {
  CallCondition,
  PatternRow,
  PropagatorRow,
  SanitizerRow,
  SinkRow,
  SourceRow,
  TaintCategory,
} from '../../../src/taint/catalogue.ts';
import type { Dialect, SpelledThing } from './dialect.ts';
import type { Twins } from './row-program.ts';
import { fulfilling, violating } from './written-call.ts';

type Form = 'call' | 'construct';

/** What stands at the places of a call; a place inside of an argument is written around it. */
class Places {
  readonly #dialect: Dialect;
  readonly #at = new Map<string, string>();

  constructor(dialect: Dialect) {
    this.#dialect = dialect;
  }

  put(path: number | string, expression: string): void {
    const [, first = '', index, key] = /^(-?\w+)(?:\[(\d+)\]|\.(.+))?$/.exec(String(path)) ?? [];
    if (this.#at.has(first) || first === 'receiver' || first === 'value') return;
    const filler = Array.from({ length: Number(index ?? 0) }, () => 'given');
    const inside = index !== undefined ? this.#dialect.list([...filler, expression]) : undefined;
    const mapped = key !== undefined ? this.#dialect.map(JSON.stringify(key), expression) : undefined;
    this.#at.set(first.replace('-1', '0'), inside ?? mapped ?? expression);
  }

  call(expression: string, form: Form): string {
    const numbers = [...this.#at.keys()].filter((key) => /^\d+$/.test(key)).map(Number);
    const positional = Array.from(
      { length: Math.max(-1, ...numbers) + 1 },
      (_, at) => this.#at.get(String(at)) ?? 'given',
    );
    const named = new Map([...this.#at].filter(([key]) => !/^\d+$/.test(key)));
    if (form === 'construct') return this.#dialect.construct(expression, positional, named);
    return `${expression}(${positional.join(', ')})`;
  }
}

/** Fill the places that conditions speak of. */
function fulfil(places: Places, when: readonly CallCondition[], dialect: Dialect): void {
  const exact = [...when].sort((one, other) => Number(other.is === 'matches') - Number(one.is === 'matches'));
  for (const condition of exact) {
    const named = condition.is === 'matches' ? nameFor(condition.value ?? '', dialect) : undefined;
    const expression =
      named ??
      (condition.argument === 'receiver'
        ? undefined
        : condition.is === 'list'
          ? dialect.list(['given'])
          : fulfilling(condition, dialect.language));
    if (expression !== undefined) places.put(condition.argument, expression);
  }
}

function nameFor(source: string, dialect: Dialect): string | undefined {
  const found = Object.keys(dialect.names).find((name) => new RegExp(source, 'u').test(name));
  return found === undefined ? undefined : dialect.names[found];
}

/** The name of a row, on a receiver of the type that its conditions want. */
function spelled(match: string, when: readonly CallCondition[], dialect: Dialect): SpelledThing {
  const wanted = when.find(({ argument, is }) => argument === 'receiver' && is === 'matches');
  const type = wanted && dialect.receivers.find((name) => new RegExp(wanted.value ?? '', 'u').test(name));
  const name = dialect.spell(match);
  if (!type) return name;
  const receiver = dialect.typed(type);
  return { imports: receiver.imports, expression: name.expression.replace(/^thing\b/, receiver.expression) };
}

function both(dialect: Dialect, imports: readonly string[], lines: (value: string) => readonly string[]): Twins {
  return {
    attack: dialect.handler(imports, lines('outside')),
    benign: dialect.handler(imports, lines('"a constant"')),
  };
}

export function typedSinkTwins(row: SinkRow, dialect: Dialect): Twins | undefined {
  if (row.form !== 'call' && row.form !== 'construct') return undefined;
  const form = row.form;
  const name = spelled(row.match, row.when, dialect);
  if (row.arguments[0] === 'receiver') return receiverTwins(row, dialect);
  const clash = (path: number | string) =>
    row.when.some(({ argument, is }) => String(argument) === String(path) && is === 'matches');
  const path = row.arguments.find((wanted) => !clash(wanted)) ?? row.arguments[0] ?? 0;
  const shaped = row.when.find(({ argument }) => argument === path);
  return both(dialect, name.imports, (value) => {
    const places = new Places(dialect);
    places.put(path, shaped?.is === 'text' ? `"text" + ${value}` : value);
    fulfil(places, row.when, dialect);
    return [`_ = ${places.call(name.expression, form)}`];
  });
}

/** A method of something that was made of outsiders' data. */
function receiverTwins({ match }: SinkRow, dialect: Dialect): Twins {
  const cut = match.lastIndexOf('.');
  const made = (value: string) => dialect.construct(match.slice(0, cut), [value], new Map());
  return both(dialect, [], (value) => [`${made(value)}${match.slice(cut)}()`]);
}

/** A sink of a category that the row says nothing about. */
function sinkFor(clears: readonly string[], expression: string, dialect: Dialect): string {
  const open = (['command', 'path', 'sql', 'xss'] as const).find((category) => !clears.includes(category)) ?? 'command';
  return (dialect.sinks[open] ?? '').replace('§', expression);
}

export function typedSourceTwins(row: SourceRow, dialect: Dialect): Twins | undefined {
  if (row.form === 'parameter') return undefined;
  const { imports, expression } = dialect.spell(row.match);
  const program = (name: string) => {
    if (row.into !== undefined) {
      const { line, passed } = dialect.empty('form');
      const places = new Places(dialect);
      places.put(row.into, passed);
      return dialect.handler(imports, [line, places.call(name, 'call'), sinkFor(row.clears ?? [], 'form', dialect)]);
    }
    const read = row.form === 'call' ? `${name}()` : name;
    return dialect.handler(imports, [sinkFor(row.clears ?? [], read, dialect)]);
  };
  return { attack: program(expression), benign: program(`${expression}z`) };
}

export function typedSanitizerTwins(row: SanitizerRow, dialect: Dialect): Twins | undefined {
  if (row.form === 'response') return undefined;
  const category = row.clears.find(
    (cleared): cleared is TaintCategory => cleared !== '*' && dialect.sinks[cleared] !== undefined,
  );
  const sink = (expression: string) => (dialect.sinks[category ?? 'command'] ?? '').replace('§', expression);
  const { imports, expression } = dialect.spell(row.match);
  const program = (name: string) => {
    const method = row.match.startsWith('*');
    const call = method ? `${name.replace('thing', 'outside')}()` : `${name}(outside)`;
    if (row.form === 'value') return dialect.handler(imports, [dialect.declare('clean', call), sink('clean')]);
    const lines =
      row.form === 'guard' ? dialect.guarded(call, [sink('outside')]) : dialect.checked(call, [sink('outside')]);
    return dialect.handler(imports, lines);
  };
  return { attack: program(`${expression}z`), benign: program(expression) };
}

export function typedPropagatorTwins(row: PropagatorRow, dialect: Dialect): Twins | undefined {
  const { imports, expression } = dialect.spell(row.match);
  const command = (value: string) => (dialect.sinks.command ?? '').replace('§', value);
  if (row.to === 'nothing') {
    const program = (name: string) => dialect.handler(imports, [command(`${name}(outside)`)]);
    return { attack: program(`${expression}z`), benign: program(expression) };
  }
  const [from] = row.from;
  return both(dialect, imports, (value) => {
    const places = new Places(dialect);
    const name = from === 'receiver' ? expression.replace('thing', `(${value})`) : expression;
    const { line, passed } = dialect.empty('form');
    if (typeof row.to === 'number') places.put(row.to, passed);
    if (typeof from === 'number') places.put(from, value);
    return [line, places.call(name, 'call'), command('form')];
  });
}

export function typedPatternTwins(row: PatternRow, dialect: Dialect): Twins | undefined {
  const { imports, expression } = spelled(row.match, row.when, dialect);
  const program = (...lines: readonly string[]) => dialect.handler(imports, lines);
  if (row.form === 'member') return { attack: program(`_ = ${expression}`), benign: program(`_ = ${expression}z`) };
  if (row.form === 'assign') {
    const [condition] = row.when;
    const value = (condition && fulfilling(condition, dialect.language)) ?? '"some value"';
    const other = (condition && violating(condition, dialect.language)) ?? '"some value"';
    return { attack: program(`${expression} = ${value}`), benign: program(`${expression} = ${other}`) };
  }
  if (row.form !== 'call' && row.form !== 'construct') return undefined;
  const form = row.form;
  const written = (when: readonly CallCondition[], name: string, first?: readonly [number | string, string]) => {
    const places = new Places(dialect);
    if (first) places.put(...first);
    fulfil(places, when, dialect);
    return program(`_ = ${places.call(name, form)}`);
  };
  const broken = row.when.find(({ argument }) => argument !== 'receiver');
  const attack = written(row.when, expression);
  if (!broken) return { attack, benign: written([], `${expression}z`) };
  const other = violating(broken, dialect.language);
  const rest = row.when.filter((condition) => condition !== broken);
  return { attack, benign: written(rest, expression, other === undefined ? undefined : [broken.argument, other]) };
}
