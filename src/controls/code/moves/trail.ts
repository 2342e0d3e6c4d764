import type { Place } from '../../../syntax/index.ts';
import type { CallFact, CheckFact, Fact, FactSheet } from '../facts/index.ts';
import type { Sides } from '../match.ts';
import type { Piece } from '../terms/index.ts';
import { type Link, lastOf, nameLink, readLinks } from './links.ts';
import { type Sketch, sketchCall, sketchCheck } from './sketch.ts';

/** A check, or a call that checks, on one side of a file. */
export interface Mark {
  readonly kind: 'check' | 'call';
  readonly place: Place;
  /** The function it stands in, in the new version of the file where that goes on. */
  readonly scope: string;
  readonly sketch: Sketch;
  readonly under: readonly string[];
  /** What lets somebody past before it: then it does not stop everybody whom it stopped. */
  readonly passes: readonly string[];
  /** It ends the function by an error, whatever its caller does with the answer. */
  readonly throws: boolean;
  /** Calls that stand behind it. */
  readonly follows: readonly string[];
}

/** What one file says of where its checks went and where others came from. */
export interface Trail {
  readonly path: string;
  readonly lost: readonly Mark[];
  readonly found: readonly Mark[];
  /** Functions that are called, put before something or inherited here. */
  readonly links: readonly Link[];
  /** What stood before something on the old side, as `nameLink` writes it. */
  readonly stood: ReadonlySet<string>;
  /** Names of functions that are new here or differ. */
  readonly written: ReadonlySet<string>;
  /** By function, what it calls: whoever leads to it. */
  readonly calls: ReadonlyMap<string, readonly Called[]>;
}

export interface Called {
  readonly name: string;
  readonly start: number;
}

/** Cap: marks of one file, so that a hostile change costs a bounded amount of work. */
const MOST = 200;

/** Read the trail of a file. `pieces` are those of the new side that differ. */
export function readTrail(
  sides: Sides,
  paths: { readonly before: string; readonly after: string | undefined },
  pieces: readonly Piece[],
): Trail {
  const checks = sides.match('check');
  const calls = sides.match('call');
  const lost = [...checks.gone, ...first(checks.moved), ...calls.gone, ...first(calls.moved)];
  const found = [...checks.come, ...second(checks.moved), ...calls.come, ...second(calls.moved)];
  const path = paths.after ?? paths.before;
  const nameNow = (scope: string): string => sides.successorOf(scope)?.name ?? scope;
  return {
    path,
    lost: lost
      .filter(isControl)
      .slice(0, MOST)
      .flatMap((fact) => mark(fact, sides.before, paths.before, nameNow)),
    found: found
      .filter(isControl)
      .slice(0, MOST)
      .flatMap((fact) => mark(fact, sides.after, path, (scope) => scope)),
    links: readLinks(sides.after, pieces),
    stood: new Set(
      readLinks(sides.before, [])
        .filter(({ kind }) => kind === 'before')
        .map(nameLink),
    ),
    written: new Set(
      [...sides.after.scopes.values()].flatMap(({ name, term }) => (term === undefined ? [] : [lastOf(name)])),
    ),
    calls: callsIn(sides.after),
  };
}

const first = <One>(pairs: readonly (readonly [One, One])[]): readonly One[] => pairs.map(([one]) => one);
const second = <One>(pairs: readonly (readonly [One, One])[]): readonly One[] => pairs.map(([, other]) => other);

function isControl(fact: CheckFact | CallFact): boolean {
  return fact.kind === 'check' ? fact.exit === 'deny' && fact.errorOf === undefined : fact.meaning !== 'none';
}

function mark(
  fact: CheckFact | CallFact,
  sheet: FactSheet,
  file: string,
  nameOf: (scope: string) => string,
): readonly Mark[] {
  const sketch = fact.kind === 'check' ? sketchCheck(fact, sheet) : sketchCall(fact, sheet);
  if (sketch === undefined) return [];
  const own = sheet.facts.filter(({ scope }) => scope === fact.scope);
  return [
    {
      kind: fact.kind,
      place: { file, span: { start: fact.term.start, end: fact.term.end } },
      scope: nameOf(fact.scope),
      sketch,
      under: fact.under,
      passes: own.flatMap((other) => (letsPast(other, fact) ? [other.key] : [])),
      throws: fact.kind === 'call' || /^(?:throw|raise|panic|abort|assert)\b/.test(fact.answer),
      follows: own.flatMap((other) =>
        other.kind === 'call' && other.term.start >= fact.term.end ? [other.names.at(-1) ?? ''] : [],
      ),
    },
  ];
}

function letsPast(other: Fact, { term }: Fact): boolean {
  return other.kind === 'check' && other.exit !== 'deny' && other.term.end <= term.start;
}

function callsIn({ facts }: FactSheet): ReadonlyMap<string, readonly Called[]> {
  const calls = new Map<string, Called[]>();
  for (const fact of facts) {
    if (fact.kind !== 'call') continue;
    const own = calls.get(fact.scope) ?? [];
    own.push({ name: fact.names.at(-1) ?? '', start: fact.term.start });
    calls.set(fact.scope, own);
  }
  return calls;
}
