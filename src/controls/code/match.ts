import type { Fact, FactSheet, Scope } from './facts/index.ts';
import { renderTerm, type Term, termsIn } from './terms/index.ts';

/** The facts of one kind on both sides, put together. */
export interface Matching<One extends Fact> {
  /** Equal, in the same scope. */
  readonly same: readonly (readonly [One, One])[];
  /** Equal, in another scope. */
  readonly moved: readonly (readonly [One, One])[];
  readonly gone: readonly One[];
  readonly come: readonly One[];
}

/** Both sides of a file and what belongs together in them. */
export class Sides {
  readonly before: FactSheet;
  readonly after: FactSheet;
  readonly path: string;
  /** What an old scope is called now. */
  readonly #successors: ReadonlyMap<string, string>;
  readonly #matchings = new Map<Fact['kind'], Matching<Fact>>();
  readonly #newNames: ReadonlyMap<string, ReadonlySet<string>>;
  #used: ReadonlySet<string> | undefined;

  constructor(path: string, before: FactSheet, after: FactSheet, unchanged: ReadonlySet<string>) {
    this.path = path;
    this.before = before;
    this.after = after;
    this.#successors = pairScopes(before, after, unchanged);
    this.#newNames = callsByScope(after);
  }

  /** The scope that carries on an old one, `undefined` when it is gone. */
  successorOf(scope: string): Scope | undefined {
    const name = this.#successors.get(scope);
    return name === undefined ? undefined : this.after.scopes.get(name);
  }

  /** Whether a scope of the new side was there before. */
  isKept(scope: string): boolean {
    for (const name of this.#successors.values()) if (name === scope) return true;
    return false;
  }

  /** Whether one of two scopes of the new side calls the other, so that what moved between them still runs. */
  isLinked(one: string, other: string): boolean {
    const calls = (from: string, to: string): boolean => this.#newNames.get(from)?.has(lastPart(to)) === true;
    return calls(one, other) || calls(other, one);
  }

  /** Whether what stood in the first scope still runs in the second: one calls the other, or it is new and used here. */
  leadsTo(from: string, to: string): boolean {
    if (this.isLinked(from, to)) return true;
    if (this.isKept(to)) return false;
    this.#used ??= namesUsed(this.after);
    const used = this.#used;
    return to.includes('/') || to.split('.').some((name) => used.has(name));
  }

  /** Put the facts of one kind together. */
  match<Kind extends Fact['kind']>(kind: Kind): Matching<Extract<Fact, { kind: Kind }>> {
    const known = this.#matchings.get(kind) ?? this.#matchKind(kind);
    this.#matchings.set(kind, known);
    // What is kept under a kind holds facts of that kind; the map cannot say so.
    return known as Matching<Extract<Fact, { kind: Kind }>>;
  }

  #matchKind<Kind extends Fact['kind']>(kind: Kind): Matching<Extract<Fact, { kind: Kind }>> {
    type One = Extract<Fact, { kind: Kind }>;
    const isKind = (fact: Fact): fact is One => fact.kind === kind;
    const gone: One[] = [];
    const same: [One, One][] = [];
    const pool = new Map<string, One[]>();
    const news = this.after.facts.filter(isKind);
    for (const fact of news) push(pool, `${fact.scope}\n${fact.key}`, fact);
    for (const fact of this.before.facts.filter(isKind)) {
      const scope = this.#successors.get(fact.scope);
      const partner = scope === undefined ? undefined : pool.get(`${scope}\n${fact.key}`)?.shift();
      if (partner) same.push([fact, partner]);
      else gone.push(fact);
    }
    const used = new Set(same.map(([, fact]) => fact));
    const rest = news.filter((fact) => !used.has(fact));
    const moved = this.#matchAcross(gone, rest);
    const away = new Set(moved.map(([fact]) => fact));
    const here = new Set(moved.map(([, fact]) => fact));
    return {
      same,
      moved,
      gone: gone.filter((fact) => !away.has(fact)),
      come: rest.filter((fact) => !here.has(fact)),
    };
  }

  /** Equal facts of different scopes; a function that was taken out may call its variables otherwise. */
  #matchAcross<One extends Fact>(gone: readonly One[], come: readonly One[]): [One, One][] {
    const moved: [One, One][] = [];
    const used = new Set<One>();
    for (const keyOf of [(fact: One) => fact.key, (fact: One, sheet: FactSheet) => looseKey(fact, sheet)]) {
      const pool = new Map<string, One[]>();
      for (const fact of come) if (!used.has(fact)) push(pool, keyOf(fact, this.after), fact);
      for (const fact of gone) {
        if (used.has(fact)) continue;
        const partner = pool
          .get(keyOf(fact, this.before))
          ?.find((other) => !used.has(other) && other.scope !== this.#successors.get(fact.scope));
        if (partner === undefined) continue;
        moved.push([fact, partner]);
        used.add(fact).add(partner);
      }
    }
    return [...moved, ...this.#matchShared(gone, moved)];
  }

  /** What stood twice and now stands once, in a function that both places call. */
  #matchShared<One extends Fact>(gone: readonly One[], moved: readonly (readonly [One, One])[]): [One, One][] {
    const away = new Set(moved.map(([fact]) => fact));
    return gone.flatMap((fact): [One, One][] => {
      const scope = away.has(fact) ? undefined : this.#successors.get(fact.scope);
      if (scope === undefined) return [];
      const found = moved.find(([twin, now]) => twin.key === fact.key && this.isLinked(scope, now.scope));
      return found === undefined ? [] : [[fact, found[1]]];
    });
  }
}

function push<Value>(pool: Map<string, Value[]>, key: string, value: Value): void {
  const list = pool.get(key);
  if (list) list.push(value);
  else pool.set(key, [value]);
}

function looseKey(fact: Fact, sheet: FactSheet): string {
  const declared = sheet.scopes.get(fact.scope)?.declared ?? [];
  if (!['check', 'call', 'condition'].includes(fact.kind)) return fact.key;
  const subject = fact.kind === 'call' ? fact.term : (fact.term.parts[0] ?? fact.term);
  return `${fact.kind} ${renderTerm(subject, { rename: new Map(declared.map((name) => [name, '_'])) })}`;
}

function callsByScope(sheet: FactSheet): ReadonlyMap<string, ReadonlySet<string>> {
  const calls = new Map<string, Set<string>>();
  for (const fact of sheet.facts) {
    if (fact.kind !== 'call') continue;
    const names = calls.get(fact.scope) ?? new Set<string>();
    names.add(fact.names.at(-1) ?? '');
    calls.set(fact.scope, names);
  }
  return calls;
}

/** Names of functions that are called, handed on, registered or put before others. */
function namesUsed({ facts }: FactSheet): ReadonlySet<string> {
  const used = new Set<string>();
  for (const fact of facts) {
    if (fact.kind === 'call') used.add(fact.names.at(-1) ?? '');
    for (const text of textsOf(fact)) for (const name of text.match(/[\w$]+/g) ?? []) used.add(name);
  }
  return used;
}

function textsOf(fact: Fact): readonly string[] {
  switch (fact.kind) {
    case 'call':
      return fact.arguments.filter((text) => /^[\w$.]{1,120}$/.test(text));
    case 'decorator':
      return [fact.name, ...fact.arguments];
    case 'route':
      return [fact.handler, ...fact.chain];
    case 'list':
      return fact.elements;
    default:
      return [];
  }
}

function lastPart(scope: string): string {
  return scope.slice(scope.lastIndexOf('.') + 1);
}

/** By name; then, for what was renamed, by what they say. */
function pairScopes(before: FactSheet, after: FactSheet, unchanged: ReadonlySet<string>): ReadonlyMap<string, string> {
  const pairs = new Map<string, string>();
  for (const name of before.scopes.keys()) if (after.scopes.has(name)) pairs.set(name, name);
  const lost = [...before.scopes.keys()].filter((name) => !pairs.has(name));
  const found = new Set([...after.scopes.keys()].filter((name) => !before.scopes.has(name) && !unchanged.has(name)));
  if (lost.length === 0 || found.size === 0) return pairs;
  const oldKeys = keysByScope(before);
  const newKeys = keysByScope(after);
  for (const name of lost.slice(0, 200)) {
    let best: string | undefined;
    let most = 0.4;
    for (const candidate of [...found].slice(0, 200)) {
      const share = shareOf(oldKeys.get(name) ?? [], newKeys.get(candidate) ?? []);
      if (share >= most) [best, most] = [candidate, share];
    }
    if (best === undefined) continue;
    pairs.set(name, best);
    found.delete(best);
  }
  return pairs;
}

function keysByScope(sheet: FactSheet): ReadonlyMap<string, string[]> {
  const keys = new Map<string, string[]>();
  for (const fact of sheet.facts) push(keys, fact.scope, `${fact.kind} ${fact.key}`);
  return keys;
}

/** Jaccard similarity of two lists as sets. */
export function shareOf(one: Iterable<string>, other: Iterable<string>): number {
  const left = new Set(one);
  const right = new Set(other);
  if (left.size === 0 || right.size === 0) return 0;
  let both = 0;
  for (const item of left) if (right.has(item)) both++;
  return both / (left.size + right.size - both);
}

/** The names, texts and numbers in a term. */
export function leavesOf(term: Term): readonly string[] {
  const leaves: string[] = [];
  for (const part of termsIn(term)) {
    if (part.text !== '' && part.parts.length === 0) leaves.push(part.text);
    if (leaves.length >= 400) break;
  }
  return leaves;
}

/** What the variables of a scope are called on the new side: the ones that only one side declares, in their order. */
export function findRenames(before: FactSheet, after: FactSheet): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const renames = new Map<string, ReadonlyMap<string, string>>();
  for (const [name, scope] of before.scopes) {
    const now = after.scopes.get(name);
    if (now === undefined) continue;
    const lost = scope.declared.filter((word) => !now.names.has(word) && !now.declared.includes(word));
    const found = now.declared.filter((word) => !scope.names.has(word) && !scope.declared.includes(word));
    if (lost.length === 0 || lost.length !== found.length) continue;
    renames.set(name, new Map(lost.map((word, index) => [word, found[index] ?? word])));
  }
  return renames;
}
