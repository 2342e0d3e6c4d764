import type { Formula } from '../formula.ts';
import type { CallMeaning } from '../lexicon.ts';
import type { Term } from '../terms/index.ts';

/** What every fact says about where it stands. */
export interface FactBase {
  /** The function, class or route around it; empty at the top of a file. */
  readonly scope: string;
  /** Normal text: equal facts have equal keys. */
  readonly key: string;
  readonly term: Term;
  /** Rises through a scope in the order of the text. */
  readonly order: number;
  /** Conditions that must hold to come here, the outermost first. */
  readonly under: readonly string[];
}

/** How a branch leaves. `deny`: with an error. `accept`: with success. `leave`: without saying. */
export type Exit = 'deny' | 'accept' | 'leave';

/** A branch that leaves before what follows. */
export interface CheckFact extends FactBase {
  readonly kind: 'check';
  /** When it leaves. */
  readonly formula: Formula;
  readonly exit: Exit;
  /** What it says when it leaves. */
  readonly answer: string;
  /** The error of a call is passed on, and no more. */
  readonly errorOf: string | undefined;
}

/** A branch that does not leave: what is in it happens only under this. */
export interface ConditionFact extends FactBase {
  readonly kind: 'condition';
  readonly formula: Formula;
}

/** The answer of a function that says yes or no. */
export interface ResultFact extends FactBase {
  readonly kind: 'result';
  readonly formula: Formula;
  readonly constant: boolean;
}

export interface CallFact extends FactBase {
  readonly kind: 'call';
  readonly names: readonly string[];
  readonly meaning: CallMeaning;
  readonly arguments: readonly string[];
  readonly awaited: boolean;
  /** Runs beside the function that calls it. */
  readonly spawned: boolean;
  /** `handled`: the error is looked at; `dropped`: assigned to nothing. */
  readonly error: 'handled' | 'dropped' | 'unknown';
  /** Variables that take its results; 0 when it stands in an expression or alone. */
  readonly targets: number;
  /** Nobody uses what it returns. */
  readonly alone: boolean;
}

export interface DecoratorFact extends FactBase {
  readonly kind: 'decorator';
  readonly name: string;
  readonly arguments: readonly string[];
}

export interface RouteFact extends FactBase {
  readonly kind: 'route';
  /** `USE` for what runs before all routes, `GROUP` for a group. */
  readonly verbs: readonly string[];
  readonly path: string;
  readonly handler: string;
  /** What runs before the handler, in order, that of its groups first. */
  readonly chain: readonly string[];
}

/** A setting: a key with a value that can be read. */
export interface OptionFact extends FactBase {
  readonly kind: 'option';
  readonly name: string;
  readonly holder: string;
  readonly value: string;
  readonly literal: 'boolean' | 'number' | 'string' | 'null' | 'other';
  /** The size of the value, where it is a number, a duration, a size or a rate. */
  readonly measure: number | undefined;
}

export interface ListFact extends FactBase {
  readonly kind: 'list';
  readonly name: string;
  readonly elements: readonly string[];
}

export interface PatternFact extends FactBase {
  readonly kind: 'pattern';
  readonly name: string;
  readonly source: string;
  readonly flags: string;
}

/** Text that a policy engine, a validator or a database reads as a condition. */
export interface PolicyFact extends FactBase {
  readonly kind: 'policy';
  readonly name: string;
  readonly text: string;
  readonly formula: Formula;
}

/** What a field must satisfy: a tag, a chain of a schema. */
export interface ConstraintFact extends FactBase {
  readonly kind: 'constraint';
  readonly name: string;
  readonly constraints: readonly string[];
}

export interface WriteFact extends FactBase {
  readonly kind: 'write';
  readonly target: string;
  readonly value: string;
}

export interface DeleteFact extends FactBase {
  readonly kind: 'delete';
  readonly target: string;
}

/** Something dangerous or new that the file can do. */
export interface CapabilityFact extends FactBase {
  readonly kind: 'capability';
  readonly what: 'sink' | 'import' | 'environment' | 'host' | 'random';
  readonly name: string;
  /** Of a sink, in words: `starts a program`. */
  readonly does?: string;
}

export interface CatchFact extends FactBase {
  readonly kind: 'catch';
  /** Nothing happens in it. */
  readonly empty: boolean;
  /** It throws or leaves with an error. */
  readonly denies: boolean;
  /** What the block it belongs to does. */
  readonly guarded: string;
}

export type Fact =
  | CheckFact
  | ConditionFact
  | ResultFact
  | CallFact
  | DecoratorFact
  | RouteFact
  | OptionFact
  | ListFact
  | PatternFact
  | PolicyFact
  | ConstraintFact
  | WriteFact
  | DeleteFact
  | CapabilityFact
  | CatchFact;

/** A function with a name, a route, or the top of the file (empty name). */
export interface Scope {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  /** The function; `undefined` for the top of a file and for a class that is read piece by piece. */
  readonly term: Term | undefined;
  /** Names that it declares, in the order of the text. */
  readonly declared: readonly string[];
  /** Every variable name in it. */
  readonly names: ReadonlySet<string>;
}

/** What one side of a pair says. */
export interface FactSheet {
  readonly facts: readonly Fact[];
  readonly scopes: ReadonlyMap<string, Scope>;
  /** Every name, text and number, and how often it stands there. */
  readonly words: ReadonlyMap<string, number>;
}
