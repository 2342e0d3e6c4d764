import type { Argument, Expression, FunctionNode } from '../../code/index.ts';
import type { Builtin } from './builtin.ts';
import { instanceObject, withEntry } from './heap-object.ts';
import { objectValue, UNKNOWN } from './value.ts';

/** Options of a command line that hold no text: numbers, switches, one of a few words (argparse, click). */

/** Types that let only such values through. */
const PLAIN_TYPES: ReadonlySet<string> = new Set([
  ...['int', 'float', 'bool', 'INT', 'FLOAT', 'BOOL', 'UUID'],
  ...['Choice', 'IntRange', 'FloatRange', 'DateTime'],
]);

/** What `action` says of an argument that takes no text. */
const SWITCHES = /^(?:store_true|store_false|store_const|append_const|count|help|version)$/;

/** `parser.add_argument('--port', type=int)`: the parser remembers which of its arguments are plain. */
const addArgument: Builtin = ({ receiver, given, machine }) => {
  const names = given.positional.flatMap(({ constant }) => (typeof constant === 'string' ? constant : []));
  const { named } = given;
  const plain =
    PLAIN_TYPES.has(lastWord(named.get('type')?.name)) ||
    named.has('choices') ||
    SWITCHES.test(String(named.get('action')?.constant ?? ''));
  const { constant: chosen } = named.get('dest') ?? {};
  const field = typeof chosen === 'string' ? chosen : parameterOf(names);
  if (plain && field !== undefined)
    machine.update(receiver, (held) => withEntry(held, `${PLAIN}${field}`, UNKNOWN, true));
  return undefined;
};

const PLAIN = 'plain argument ';

/** `parser.parse_args()`: an object of the arguments, of which the plain ones are harmless. */
const parseArguments: Builtin = ({ receiver, machine }) => {
  const known = [...(machine.onlyObject(receiver)?.object.entries.keys() ?? [])];
  const plain = known.flatMap((key) => (key.startsWith(PLAIN) ? key.slice(PLAIN.length) : []));
  if (plain.length === 0) return undefined;
  const result = objectValue(machine.newObject(instanceObject(undefined)));
  for (const field of plain) machine.update(result, (held) => withEntry(held, field, UNKNOWN, true));
  return result;
};

/** `--dry-run` is `dry_run`; of several names the first long one counts. */
function parameterOf(names: readonly string[]): string | undefined {
  const long = names.find((name) => name.startsWith('--')) ?? names[0];
  return long?.replace(/^-+/, '').replaceAll('-', '_');
}

function lastWord(name = ''): string {
  const [, word = ''] = /([^.]*?)(?:\(\))?$/.exec(name) ?? [];
  return word;
}

/** Whether a decorator says that a parameter is plain: `@click.option('--count', type=int)`. */
export function isPlainOption({ decorators }: FunctionNode, parameter: string | undefined): boolean {
  return decorators.some((decorator) => {
    if (decorator.kind !== 'call' || decorator.callee.kind !== 'member') return false;
    const { callee, arguments: given } = decorator;
    if (callee.name !== 'option' && callee.name !== 'argument') return false;
    const names = given.flatMap(({ name, value }) =>
      name === undefined && value.kind === 'literal' && typeof value.value === 'string' ? value.value : [],
    );
    const own = names.find((name) => !name.startsWith('-')) ?? parameterOf(names);
    return own === parameter && given.some(isPlain);
  });
}

function isPlain({ name, value }: Argument): boolean {
  if (name === 'is_flag' || name === 'count') return value.kind === 'literal' && value.value === true;
  return name === 'type' && PLAIN_TYPES.has(spelledName(value.kind === 'call' ? value.callee : value));
}

function spelledName(value: Expression): string {
  return value.kind === 'name' || value.kind === 'member' ? value.name : '';
}

export const COMMAND_LINE_METHODS: Readonly<Record<string, Builtin>> = {
  add_argument: addArgument,
  parse_args: parseArguments,
};
