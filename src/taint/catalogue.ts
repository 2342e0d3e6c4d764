import type { CodeLanguage } from '../code/index.ts';
import type { Confidence, Severity } from '../findings/index.ts';

/** What a tainted value is dangerous for. Each sink has one; a sanitizer clears some. */
export type TaintCategory =
  | 'sql'
  | 'nosql'
  | 'command'
  | 'code'
  | 'template'
  | 'ldap'
  | 'xpath'
  | 'path'
  | 'xss'
  | 'redirect'
  | 'ssrf'
  | 'deserialization'
  | 'xxe'
  | 'header'
  | 'log'
  | 'session'
  | 'regex'
  | 'prototype'
  | 'email'
  | 'format'
  | 'redos'
  | 'number';

/**
 * A name after imports are resolved: `express.Request.query`, `os.system`, `*.execute` (any receiver, at any depth).
 *
 * - `f()` as a segment is what calling or constructing `f` gives: `sqlite3.connect().cursor().execute`, `express().get`.
 *   `await` changes no name. `self` and `this` are `Base()` of the outermost base class that is not defined here.
 * - A parameter that an entry point binds or whose annotation names a type has the type's name: `express.Request`.
 * - `node:` in front of a module and `.default` behind it are dropped; a default import has the module's name.
 * - `*` as first segment matches one or more segments, so that `*.objects.raw` matches `User.objects.raw`; `*` as last
 *   segment matches one member or key of any name. There are no other wildcards: the loader has expanded `{a,b}` in the
 *   data files into one row for each, which share the id.
 */
export type DottedPattern = string;

/**
 * An argument of a call: position from 0 (-1 is the last), or keyword name; with `.name` a property and `[0]` an item of
 * it: `1.shell`, `0[0]`, `options.httpOnly`. `receiver` is what the method is called on. For an assignment `value` is
 * what is assigned, `key` the computed key.
 */
export type ArgumentPath = number | string;

interface Row {
  readonly id: string;
  readonly languages: readonly CodeLanguage[];
  /** Library and where its behaviour is documented. */
  readonly source: string;
}

/** Where outsiders' data enters. */
export interface SourceRow extends Row {
  readonly match: DottedPattern;
  /**
   * `member`: reading it, `call`: its result, `name`: a global by itself, `parameter`: a parameter that has this name as
   * decorator, annotation or default value (`@Query() q`, `q = Query()`).
   */
  readonly form: 'member' | 'call' | 'parameter' | 'name';
  readonly what: string;
  /** Categories for which this source is harmless from the start: a route parameter is text, so never `nosql`. */
  readonly clears?: readonly TaintCategory[];
  /** Categories for which a flow from here says little: it is shown with the profile `all` only. */
  readonly doubts?: readonly TaintCategory[];
  /** What the text certainly begins with: a fragment with `#`. What cuts it away makes it unknown. */
  readonly begins?: string;
  /** Its text is a path that does not begin at the root. */
  readonly relative?: boolean;
  /** Of the form `call`: it fills this argument, not its result: `c.Bind(&form)`. */
  readonly into?: number;
  /** Of the form `call`: what makes it another method, as a second argument makes `attr` a setter. */
  readonly unless?: readonly CallCondition[];
}

/**
 * A condition on a call that makes a sink or rule apply; all of `when` must be known to hold and none of `unless`. What
 * cannot be told (a variable of unknown value) fulfils only `present`.
 *
 * `constant`: a value known without running; `computed`: one of which nothing is known, not of outsiders either; `text`: a text or built from texts; `list`, `map`: a list, a map;
 * `exponential`, `polynomial`: a regular expression whose search can take exponential time, or a time that grows with
 * the square of the text or faster; `equals`: the constant
 * spelled as text is `value`; `matches`: `value` is a regular expression for the constant spelled as text; `begins`: for
 * what a text, constant or not, certainly begins with.
 */
export interface CallCondition {
  readonly argument: ArgumentPath;
  readonly is:
    | 'true'
    | 'false'
    | 'present'
    | 'absent'
    | 'constant'
    | 'computed'
    | 'text'
    | 'list'
    | 'map'
    | 'exponential'
    | 'polynomial'
    | 'equals'
    | 'matches'
    | 'begins';
  readonly value?: string;
}

export interface SinkRow extends Row {
  readonly match: DottedPattern;
  /**
   * `call` (in Python also constructing), `construct`: `new`; `assign`: to the member, or with `.*` to any member or key
   * of it; `return`: from an entry point whose row id is `match` (conditions look at `value`); `attribute`: of a JSX
   * element, `tag.attribute`; `tag`: a tagged template, whose arguments are the values that are put into it.
   */
  readonly form: 'call' | 'construct' | 'assign' | 'return' | 'attribute' | 'tag';
  /** What must not be tainted; empty: any argument. */
  readonly arguments: readonly ArgumentPath[];
  readonly category: TaintCategory;
  /**
   * What it does harm with. `structure`: an object of outsiders, so that a text is harmless; `record`: a whole object
   * of outsiders, whose members nobody named; `address`: one whose scheme
   * may run a script; `selector`: a text that may be markup, which its beginning tells; `length`: a text whose length nobody
   * limited; without it anything.
   */
  readonly takes?: 'structure' | 'record' | 'address' | 'selector' | 'length';
  readonly cwe: number;
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly when: readonly CallCondition[];
  readonly unless: readonly CallCondition[];
  readonly message: string;
  /** Id of the rule that a finding breaks, `CODE01`; that of the category. */
  readonly rule?: string;
}

export interface SanitizerRow extends Row {
  readonly match: DottedPattern;
  /** `*`: every category. */
  readonly clears: readonly (TaintCategory | '*')[];
  /**
   * `value`: the result is clean. `guard`: what passed the test is. `response`: what is sent after the call, by the same
   * handler, is: it has set a type of content that no browser takes for a page. `check`: what it was given is, when the
   * error that it gives (Go) is nothing.
   */
  readonly form: 'value' | 'guard' | 'response' | 'check';
  readonly when: readonly CallCondition[];
  /** Set by the loader on rows that did not come with the program. */
  readonly byUser?: boolean;
}

/** A call through which taint passes in a way that is not "any argument to the result". */
export interface PropagatorRow extends Row {
  readonly match: DottedPattern;
  readonly from: readonly (number | 'receiver' | 'all')[];
  readonly to: 'result' | 'receiver' | 'nothing' | number;
}

/**
 * A function that outsiders reach.
 *
 * - `decorator`: `match` is the decorator. `registration`: `match` is a call; every function among its arguments, also
 *   inside lists and maps, is one. `method`: base class and method name, `tornado.web.RequestHandler.get`; last segment
 *   `*` is any method.
 * - `convention`: `GLOB#NAME(PARAMETERS)`: file, function name (`*`: any) and the names its parameters begin with; an
 *   empty glob is any file. `#*(req,res)`, `app/**\/route#GET`, `#lambda_handler(event,context)`.
 * - `export`: an exported function, `GLOB#NAME`.
 */
export interface EntryPointRow extends Row {
  readonly match: DottedPattern;
  readonly form: 'decorator' | 'registration' | 'convention' | 'method' | 'export';
  /** Which parameters hold outsiders' data: positions, names, or `all`. */
  readonly tainted: readonly (number | string)[] | 'all';
  readonly what: string;
  /** What other parameters are, so that member sources apply: `{ parameter: 0, is: 'express.Request' }`. */
  readonly parameters?: readonly { readonly parameter: number | string; readonly is: string }[];
  /** Types of the parameters in order, `_` where there is none. A bound parameter is not tainted by `all`. */
  readonly binds?: readonly DottedPattern[];
  /** The row is for functions with this many parameters only (Express' error handlers have four). */
  readonly arity?: number;
  /** Categories for which what its parameters hold is harmless from the start. */
  readonly clears?: readonly TaintCategory[];
  /** What its parameters hold are paths that do not begin at the root. */
  readonly relative?: boolean;
  /** Its address names its parameters: another one is what a decorator of the program gives, where there is one. */
  readonly addressed?: boolean;
}

/**
 * A weakness that is no flow: one call, assignment or configuration is wrong by itself. `member`: reading the name is;
 * `assign`: to this name or member (a module's name by itself: `DEBUG`), with conditions on `value`; `entry`: a function
 * or class that has this decorator. What wants more than one place is a module of `patterns/`.
 */
export interface PatternRow extends Row {
  readonly match: DottedPattern;
  readonly form: 'call' | 'construct' | 'assign' | 'member' | 'entry';
  /** Only in files whose path matches one of these globs. */
  readonly files?: readonly string[];
  /** Id of the rule that it belongs to, `CODE40`; the rule's text is in `catalogue/pattern-rules.ts`. */
  readonly rule?: string;
  /** `pedantic`: shown with the profile `all` only. */
  readonly tier?: 'regular' | 'pedantic';
  readonly when: readonly CallCondition[];
  readonly unless: readonly CallCondition[];
  readonly cwe: number;
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly title: string;
  readonly message: string;
  /** What to do here, where the rule's advice does not say it. */
  readonly advice?: string;
}

/** Versioned data; users add rows from the base ref. */
export interface Catalogue {
  readonly version: string;
  readonly sources: readonly SourceRow[];
  readonly sinks: readonly SinkRow[];
  readonly sanitizers: readonly SanitizerRow[];
  readonly propagators: readonly PropagatorRow[];
  readonly entryPoints: readonly EntryPointRow[];
  readonly patterns: readonly PatternRow[];
}
