import type { Gap, Place, SourceFile } from '../syntax/index.ts';

/** Languages with a front end. */
export type CodeLanguage = 'javascript' | 'typescript' | 'python' | 'go' | 'java';

/**
 * One file in the language-neutral form the interpreter runs. A front end lowers what it knows and turns the rest into
 * `unknown`, which passes the taint of its parts on: what is not understood never makes a value clean.
 */
export interface Module {
  readonly file: SourceFile;
  readonly language: CodeLanguage;
  /** What the file says it belongs to: the package clause of Go, the dotted package of Java. */
  readonly package?: string;
  readonly body: readonly Statement[];
  /** What the parser could not read. */
  readonly gaps: readonly Gap[];
}

export type Statement = { readonly place: Place } & (
  | { readonly kind: 'expression'; readonly value: Expression }
  | { readonly kind: 'assign'; readonly target: Target; readonly value: Expression; readonly operator: AssignOperator }
  | {
      readonly kind: 'branch';
      readonly test: Expression;
      readonly then: readonly Statement[];
      readonly otherwise: readonly Statement[];
    }
  /** `for x of xs`, `while`, `do`: `test` and `each` are exclusive. */
  | {
      readonly kind: 'loop';
      readonly each: { readonly target: Target; readonly of: Expression; readonly keys: boolean } | undefined;
      readonly test: Expression | undefined;
      readonly body: readonly Statement[];
      readonly otherwise: readonly Statement[];
      readonly label?: string | undefined;
    }
  /** `switch` and `match`; `fallsThrough` for languages whose cases do. */
  | {
      readonly kind: 'choice';
      readonly subject: Expression;
      readonly cases: readonly Case[];
      readonly fallsThrough: boolean;
    }
  | {
      readonly kind: 'try';
      readonly body: readonly Statement[];
      readonly handlers: readonly {
        readonly binding: string | undefined;
        readonly types: readonly string[];
        readonly body: readonly Statement[];
      }[];
      readonly otherwise: readonly Statement[];
      readonly finaliser: readonly Statement[];
    }
  /** `with open(x) as f`: binds, runs. */
  | {
      readonly kind: 'with';
      readonly value: Expression;
      readonly target: Target | undefined;
      readonly body: readonly Statement[];
    }
  | { readonly kind: 'return' | 'yield'; readonly value: Expression | undefined }
  | { readonly kind: 'throw'; readonly value: Expression | undefined }
  /** With a label it is about the loop or block of that label, else about the innermost loop; `break` also leaves a `choice`. */
  | { readonly kind: 'break' | 'continue'; readonly label?: string | undefined }
  | { readonly kind: 'function'; readonly function: FunctionNode }
  | { readonly kind: 'class'; readonly class: ClassNode }
  | { readonly kind: 'import'; readonly from: string; readonly names: readonly ImportedName[] }
  | { readonly kind: 'export'; readonly name: string; readonly value: Expression }
  | { readonly kind: 'delete'; readonly target: Target }
  /**
   * Names that belong to this block or function. An assignment to a name goes to the nearest scope that declares it, and
   * to the function's own scope when none does. Python declares every name that a function assigns, save `global` and
   * `nonlocal`; JavaScript says `block` for `let`, `const` and classes, `function` for `var`. Parameters, functions,
   * classes, imports, loop targets of `each` and handler bindings that no scope declares go to the function's scope.
   */
  | { readonly kind: 'declare'; readonly names: readonly string[]; readonly scope: 'block' | 'function' }
  | { readonly kind: 'assert'; readonly test: Expression }
  /** With a label it can be left by `break`. */
  | { readonly kind: 'block'; readonly body: readonly Statement[]; readonly label?: string | undefined }
);

export type AssignOperator = 'set' | 'add' | 'other' | 'default';

export interface Case {
  /** Empty: the default. */
  readonly values: readonly Expression[];
  /** The guard after the pattern: `case x if x > 3`. */
  readonly test?: Expression | undefined;
  readonly body: readonly Statement[];
  readonly bindings: readonly string[];
}

/** `import { a as b } from 'm'`: exported `a`, local `b`. `*` is the whole module, `default` its default. */
export interface ImportedName {
  readonly exported: string;
  readonly local: string;
}

export type Target = { readonly place: Place } & (
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'member'; readonly object: Expression; readonly name: string }
  | { readonly kind: 'index'; readonly object: Expression; readonly key: Expression }
  | {
      readonly kind: 'list';
      readonly items: readonly (Target | undefined)[];
      readonly rest: Target | undefined;
      /** Behind the rest: `*most, last`. */
      readonly last?: readonly Target[] | undefined;
    }
  | {
      readonly kind: 'map';
      readonly entries: readonly {
        readonly key: string;
        /** `{ [key]: target }`. */
        readonly computed?: Expression | undefined;
        readonly target: Target;
        readonly default: Expression | undefined;
      }[];
      readonly rest: Target | undefined;
    }
  | { readonly kind: 'default'; readonly target: Target; readonly value: Expression }
);

export type Expression = { readonly place: Place } & (
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null }
  | { readonly kind: 'regex'; readonly pattern: string; readonly flags: string }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'self' }
  | { readonly kind: 'member'; readonly object: Expression; readonly name: string; readonly optional: boolean }
  | { readonly kind: 'index'; readonly object: Expression; readonly key: Expression }
  | { readonly kind: 'slice'; readonly object: Expression; readonly bounds: readonly Expression[] }
  | {
      readonly kind: 'call';
      readonly callee: Expression;
      readonly arguments: readonly Argument[];
      readonly construct: boolean;
    }
  /** Template strings, f-strings, `%` and `+` on text: the parts in order. */
  | { readonly kind: 'text'; readonly parts: readonly Expression[]; readonly tag: Expression | undefined }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'unary'; readonly operator: string; readonly operand: Expression }
  | {
      readonly kind: 'logical';
      readonly operator: 'and' | 'or' | 'coalesce';
      readonly left: Expression;
      readonly right: Expression;
    }
  | {
      readonly kind: 'conditional';
      readonly test: Expression;
      readonly then: Expression;
      readonly otherwise: Expression;
    }
  | { readonly kind: 'list'; readonly items: readonly Expression[] }
  | { readonly kind: 'map'; readonly entries: readonly MapPart[] }
  | { readonly kind: 'function'; readonly function: FunctionNode }
  | { readonly kind: 'class'; readonly class: ClassNode }
  /** `yield x` in the middle of an expression is `yielded`: the generator gives the value out, and goes on with it. */
  | { readonly kind: 'await'; readonly value: Expression; readonly yielded?: true }
  | { readonly kind: 'spread'; readonly value: Expression }
  | { readonly kind: 'assign'; readonly target: Target; readonly value: Expression }
  | {
      readonly kind: 'comprehension';
      readonly element: Expression;
      readonly key: Expression | undefined;
      readonly clauses: readonly {
        readonly target: Target;
        readonly of: Expression;
        readonly tests: readonly Expression[];
      }[];
    }
  /** JSX: tag name, attributes, children. */
  | {
      readonly kind: 'element';
      readonly tag: string;
      readonly attributes: readonly { readonly name: string; readonly value: Expression }[];
      readonly children: readonly Expression[];
    }
  /**
   * What the source says has a type: a cast, a declared variable. Without a value it is a new thing of the type, of which
   * nothing else is known. The type is a name with its package, `net/http.Request`; empty: it says nothing.
   */
  | { readonly kind: 'typed'; readonly type: string; readonly value: Expression | undefined }
  /** Not understood; its parts' taint passes through. */
  | { readonly kind: 'unknown'; readonly parts: readonly Expression[] }
);

export interface Argument {
  /** Keyword argument. */
  readonly name: string | undefined;
  readonly value: Expression;
  readonly spread: boolean;
}

export type MapPart =
  | { readonly kind: 'entry'; readonly key: Expression; readonly value: Expression }
  | { readonly kind: 'spread'; readonly value: Expression };

export interface Parameter {
  readonly target: Target;
  /** Keyword name; `undefined` for a pattern. */
  readonly name: string | undefined;
  readonly default: Expression | undefined;
  readonly rest: 'positional' | 'keyword' | undefined;
  /** As spelled: `str`, `Request`, `int`. */
  readonly annotation: string | undefined;
  readonly decorators: readonly Expression[];
}

export interface FunctionNode {
  readonly name: string | undefined;
  readonly parameters: readonly Parameter[];
  readonly body: readonly Statement[];
  readonly decorators: readonly Expression[];
  readonly async: boolean;
  readonly generator: boolean;
  /**
   * Takes `this` from outside. In a method `self` stands for the receiver and is no parameter: Python's first parameter
   * is dropped and its name lowered to `self`, also in the functions inside, which are arrows for that reason.
   */
  readonly arrow: boolean;
  /** The name by which a function expression of JavaScript calls itself. */
  readonly ownName?: string | undefined;
  /** Text of the whole, for identity and slices. */
  readonly place: Place;
}

export interface ClassNode {
  readonly name: string | undefined;
  /** Only says which methods others have; those have no function here. */
  readonly interface?: boolean;
  /** Adds its members to the class of this name in the same package (Go: methods in another file than the type). */
  readonly extends?: boolean;
  readonly bases: readonly Expression[];
  readonly decorators: readonly Expression[];
  readonly members: readonly {
    readonly name: string;
    readonly static: boolean;
    readonly kind: 'method' | 'getter' | 'setter' | 'field' | 'constructor';
    readonly function: FunctionNode | undefined;
    readonly value: Expression | undefined;
    readonly decorators: readonly Expression[];
    readonly annotation: string | undefined;
  }[];
  readonly place: Place;
}
