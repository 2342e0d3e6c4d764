import type { Arguments } from './arguments.ts';
import { OPAQUE } from './heap-object.ts';
import type { Machine } from './machine.ts';
import type { Callee } from './made-call.ts';
import { constantValue } from './value.ts';

/** Methods of a library's thing whose result keeps its switches: a template escapes when its environment does. */
const HEIRS: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  ['jinja2.Environment()', 'jinja2.environment.Environment()'].map((name) => [
    name,
    new Set(['from_string', 'get_template', 'select_template', 'get_or_select_template']),
  ]),
);

/** What switches something on by the name of what it is asked for. */
const SELECTORS: ReadonlySet<string> = new Set(['jinja2.select_autoescape()', 'jinja2.utils.select_autoescape()']);

const BY_NAME = 'by name';

/** Templates in which `select_autoescape` escapes, by their names; `page.html.j2` is none of them. */
const SELECTED = /\.(?:html?|xml)$/i;

/** The thing itself, where a method gives one that keeps its switches. */
export function inherited(
  { receiver, method }: Callee,
  { positional }: Arguments,
  machine: Machine,
): readonly number[] | undefined {
  if (receiver?.name === undefined || method === undefined || !HEIRS.get(receiver.name)?.has(method)) return undefined;
  const escapes = machine.onlyObject(receiver, 'opaque')?.object.entries.get('autoescape')?.constant;
  if (escapes === undefined || escapes === false) return undefined;
  const name = positional[0]?.constant;
  const isSelected = method === 'from_string' || (typeof name === 'string' && SELECTED.test(name));
  return escapes === BY_NAME && !isSelected ? undefined : receiver.objects;
}

/** What a thing was made with: switches, `XMLParser(resolve_entities=False)`, and others, `new Yaml(new SafeConstructor())`. */
export function thingOf({ named, positional }: Arguments, construct: boolean, machine: Machine): number {
  const parts = construct ? positional.flatMap(({ name }) => /\.([A-Z]\w+)$/.exec(name ?? '')?.[1] ?? []) : [];
  const switches = [
    ...[...named].flatMap(([key, { constant, name }]) =>
      typeof constant === 'boolean' || SELECTORS.has(name ?? '')
        ? [[key, constantValue(SELECTORS.has(name ?? '') ? BY_NAME : constant === true)] as const]
        : [],
    ),
    ...parts.map((part) => [part, constantValue(true)] as const),
  ];
  return switches.length === 0 ? machine.allocate() : machine.newObject({ ...OPAQUE, entries: new Map(switches) });
}
