import type { Confidence, Severity } from '../findings/index.ts';
import type { TaintLanguage } from './ir.ts';

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
  | 'format';

/** A name after imports are resolved: `express.Request.query`, `os.system`, `*.execute` (any receiver). */
export type DottedPattern = string;

interface Row {
  readonly id: string;
  readonly languages: readonly TaintLanguage[];
  /** Library and where its behaviour is documented. */
  readonly source: string;
}

/** Where outsiders' data enters. */
export interface SourceRow extends Row {
  readonly match: DottedPattern;
  readonly form: 'member' | 'call' | 'parameter' | 'name';
  readonly what: string;
}

/** A condition on a call that makes a sink or rule apply. */
export interface CallCondition {
  /** Position or keyword name. */
  readonly argument: number | string;
  readonly is: 'true' | 'false' | 'present' | 'absent' | 'constant' | 'text' | 'list' | 'equals' | 'matches';
  readonly value?: string;
}

export interface SinkRow extends Row {
  readonly match: DottedPattern;
  readonly form: 'call' | 'construct' | 'assign' | 'return' | 'attribute' | 'tag';
  /** Positions or keyword names that must not be tainted; empty: any. */
  readonly arguments: readonly (number | string)[];
  readonly category: TaintCategory;
  readonly cwe: number;
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly when: readonly CallCondition[];
  readonly unless: readonly CallCondition[];
  readonly message: string;
}

export interface SanitizerRow extends Row {
  readonly match: DottedPattern;
  /** `*`: every category. */
  readonly clears: readonly (TaintCategory | '*')[];
  /** `value`: the result is clean. `guard`: what passed the test is. */
  readonly form: 'value' | 'guard';
  readonly when: readonly CallCondition[];
}

/** A call through which taint passes in a way that is not "any argument to the result". */
export interface PropagatorRow extends Row {
  readonly match: DottedPattern;
  readonly from: readonly (number | 'receiver' | 'all')[];
  readonly to: 'result' | 'receiver' | 'nothing' | number;
}

/** A function that outsiders reach: by decorator, registration call, file convention or export. */
export interface EntryPointRow extends Row {
  readonly match: DottedPattern;
  readonly form: 'decorator' | 'registration' | 'convention' | 'method' | 'export';
  /** Which parameters hold outsiders' data: positions, names, or `all`. */
  readonly tainted: readonly (number | string)[] | 'all';
  readonly what: string;
}

/** A weakness that is no flow: one call, assignment or configuration is wrong by itself. */
export interface PatternRow extends Row {
  readonly match: DottedPattern;
  readonly form: 'call' | 'construct' | 'assign' | 'member' | 'entry';
  readonly when: readonly CallCondition[];
  readonly unless: readonly CallCondition[];
  readonly cwe: number;
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly title: string;
  readonly message: string;
  readonly advice: string;
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
