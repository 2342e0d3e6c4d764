import type { Fact, FactSheet } from '../facts/index.ts';
import type { Piece } from '../terms/index.ts';

/**
 * How a function comes to run where it did not. `call`: another calls it. `before`: it is put before a route, before all
 * routes of a file, or before a function as a decorator. `base`: its class is inherited.
 */
export interface Link {
  readonly kind: 'call' | 'before' | 'base';
  /** The last part of the name of what runs, or of the base class. */
  readonly name: string;
  /** The function, route or class for which it runs; `*` for every route of the file. */
  readonly of: string;
  /** Functions that are registered with it. */
  readonly handlers: readonly string[];
  readonly under: readonly string[];
  /** Nobody looks at what it returns. */
  readonly alone: boolean;
  /** Calls that stand before it. */
  readonly behind: readonly string[];
}

/** Functions to which what runs before others is handed. */
const REGISTERS =
  /^(?:use|all|param|before\w*|addhook|hook|pre|register\w*|\w*middlewares?|\w*filter|\w*interceptor)$/i;
/** Lists of what runs before every route. */
const CHAIN =
  /^(?:\w{0,30}middlewares?|\w{0,30}interceptors?|\w{0,30}guards|\w{0,30}filters|before\w{0,30}|permission_classes|decorators)$/i;

/** The links of one side. `pieces` are those of it that differ. */
export function readLinks(sheet: FactSheet, pieces: readonly Piece[]): readonly Link[] {
  return [...linksOf(sheet), ...basesOf(pieces)];
}

function linksOf({ facts }: FactSheet): readonly Link[] {
  const called = new Map<string, string[]>();
  return facts.flatMap((fact): readonly Link[] => {
    const before = called.get(fact.scope) ?? [];
    const found = linksIn(fact, before);
    if (fact.kind === 'call') called.set(fact.scope, [...before.slice(-200), fact.names.at(-1) ?? '']);
    return found;
  });
}

function linksIn(fact: Fact, behind: readonly string[]): readonly Link[] {
  const { scope, under } = fact;
  const before = (names: readonly string[], of: string, handlers: readonly string[] = []): readonly Link[] =>
    names.map((name) => ({ kind: 'before', name: lastOf(name), of, handlers, under, alone: false, behind: [] }));
  switch (fact.kind) {
    case 'call': {
      const name = fact.names.at(-1) ?? '';
      const handed = REGISTERS.test(name) ? before(fact.arguments, '*') : [];
      const together = registeredIn(fact.key);
      return [
        { kind: 'call', name, of: scope, handlers: [], under, alone: fact.alone, behind },
        ...handed,
        ...before(together, '', together),
      ];
    }
    case 'route':
      return before(fact.chain, routeName(fact.verbs, fact.path), [lastOf(fact.handler)]);
    case 'decorator':
      return before([fact.name, ...fact.arguments], scope);
    case 'list':
      return CHAIN.test(fact.name) ? before(fact.elements, scope === '' ? '*' : scope) : [];
    default:
      return [];
  }
}

/** `router.combo('/pages', gate).get(show)`: what is named together with the path of a route. */
function registeredIn(key: string): readonly string[] {
  if (key.length > 400 || !/['`]\//.test(key) || /[{;]/.test(key)) return [];
  return [...new Set(key.replace(/'[^']*'|`[^`]*`/g, '').match(/[\w$]+(?=[,)])/g) ?? [])].slice(0, 20);
}

function routeName(verbs: readonly string[], path: string): string {
  const isAll = verbs.includes('USE') || verbs.includes('GROUP');
  return isAll && (path === '' || path === '/') ? '*' : `${verbs.join('|')} ${path}`;
}

/** The classes that a class is made of, from the head of it. */
function basesOf(pieces: readonly Piece[]): readonly Link[] {
  return pieces.flatMap(({ headOf, text }) =>
    headOf === undefined
      ? []
      : [...new Set(text.slice(0, 2000).match(/[A-Za-z_$][\w$]*/g) ?? [])].map(
          (name): Link => ({ kind: 'base', name, of: headOf, handlers: [], under: [], alone: false, behind: [] }),
        ),
  );
}

/** What stands before what, as one text. */
export function nameLink({ name, of }: Link): string {
  return `${name}\n${of}`;
}

/** `gate.requireAdmin('x')` names `requireAdmin`. */
export function lastOf(name: string): string {
  const called = name.split('(')[0] ?? '';
  return called.slice(called.lastIndexOf('.') + 1).trim();
}
