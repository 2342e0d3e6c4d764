import type { ControlLanguage } from '../model.ts';
import type { Term } from '../terms/index.ts';
import type { Fact } from './fact.ts';
import type { Surroundings } from './place.ts';
import type { factsOfValue } from './settings.ts';

/** A fact without what every fact has. */
export type Draft<Kind extends Fact['kind']> = Omit<
  Extract<Fact, { kind: Kind }>,
  'kind' | 'scope' | 'order' | 'under' | 'term'
>;

/** A scope that is still being read. */
export interface OpenScope {
  readonly start: number;
  readonly end: number;
  readonly term: Term | undefined;
  readonly declared: string[];
  readonly names: Set<string>;
}

/** What the parts of the collector may ask of it. */
export interface FactWalk {
  readonly language: ControlLanguage;
  readonly facts: Fact[];
  readonly scopes: ReadonlyMap<string, OpenScope>;
  add<Kind extends Fact['kind']>(kind: Kind, term: Term, at: Surroundings, draft: Draft<Kind>): void;
  push(term: Term, at: Surroundings, draft: ReturnType<typeof factsOfValue>[number]): void;
  visit(term: Term, at: Surroundings): void;
  parts(term: Term, at: Surroundings): void;
  plain(term: Term, at: Surroundings): void;
  statements(statements: readonly Term[], at: Surroundings): void;
  declare(target: Term | undefined, at: Surroundings): void;
  function(term: Term, at: Surroundings, decorators: readonly Term[], givenName: string | undefined): void;
  render(term: Term, at: Surroundings): string;
}
