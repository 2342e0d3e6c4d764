import type { Expression, Module, Statement } from '../../code/index.ts';
import type { Finding, RuleDescriptor } from '../../findings/index.ts';
import { createLineIndex, type Place, type SourceFile } from '../../syntax/index.ts';
import { allStatementsOf, callsOf } from '../code-walk.ts';
import { namesIn } from './spot.ts';

/** Reads a file into the common form; undefined for a language without a front end. */
export type ReadCode = (file: SourceFile) => Module | undefined;

/** Languages of queries that take values apart from their text: SQL, NoSQL, LDAP, XPath. */
const WITH_PARAMETERS: ReadonlySet<string> = new Set(['CWE-89', 'CWE-564', 'CWE-943', 'CWE-90', 'CWE-643']);

type Assignment = Extract<Statement, { kind: 'assign' }>;

/** How far a mended call may have moved, in lines. */
const NEAR = 15;

/** What a patch left of the danger. */
export interface Residue {
  /** Of the call, from 1. */
  readonly line: number;
  /** Whether that is no mending, or may be one. */
  readonly sure: boolean;
}

/**
 * A query that was built from text and of which only a part was taken out: the call near the finding that still puts its
 * text together from pieces. What is left may be harmless (a digest, a number); a person should say so. Of methods that
 * switch the escaping off, any that is still called.
 *
 * @returns that call; undefined when there is none
 */
export function halfMended(
  target: Finding,
  rules: readonly RuleDescriptor[],
  before: SourceFile,
  after: SourceFile,
  read: ReadCode,
): Residue | undefined {
  const tags = rules.find(({ id }) => id === target.rule)?.tags ?? [];
  const ofQuery = tags.some((tag) => WITH_PARAMETERS.has(tag));
  const [old, now] = [read(before), read(after)];
  if (!old || !now) return undefined;
  const { span } = target.place;
  const sinks = callsOf(old).filter(({ place }) => place.span.start < span.end && span.start < place.span.end);
  const names = new Set(sinks.map(({ callee }) => nameOf(callee)).filter((name) => name !== undefined));
  const oldLine = createLineIndex(before.text).position(span.start).line;
  const index = createLineIndex(after.text);
  const source = target.flow[0] && sourceName(target.flow[0].place, before);
  const assigned = allStatementsOf(now).filter((statement) => statement.kind === 'assign');
  for (const call of callsOf(now)) {
    const { line } = index.position(call.place.span.start);
    const name = nameOf(call.callee);
    if (name === undefined || Math.abs(line - oldLine) > NEAR) continue;
    const given = call.arguments.flatMap(({ value }) => [value, ...boundTo(value, assigned)]);
    if (ofQuery && names.has(name) && given.some(isPutTogether))
      return { line, sure: given.some((value) => quotesFrom(value, source)) };
    if (isKin(name, names) && call.arguments.some(({ value }) => !isLiteral(value))) return { line, sure: true };
  }
  return undefined;
}

/** Methods of one purpose: to call another of them mends nothing (angular.dev, trusting safe values). */
const KIN: readonly RegExp[] = [/^bypassSecurityTrust/, /^trustAs/];

function isKin(name: string, names: ReadonlySet<string>): boolean {
  return KIN.some((kind) => kind.test(name) && [...names].some((other) => kind.test(other)));
}

function nameOf(callee: Expression): string | undefined {
  return callee.kind === 'member' || callee.kind === 'name' ? callee.name : undefined;
}

/** What a name is given anywhere in the file: a text may be put together before the call. */
function boundTo(value: Expression, assigned: readonly Assignment[]): readonly Expression[] {
  if (value.kind !== 'name') return [];
  return assigned.flatMap(({ target, value: given }) =>
    target.kind === 'name' && target.name === value.name ? [given] : [],
  );
}

/** Methods that put values into a text or behind it (Node's `util.format`, Python's `str.format`, Go's `Sprintf`). */
const FORMATTING = /^(?:format|concat|sprintf|Sprintf)$/;

function isPutTogether(value: Expression): boolean {
  if (value.kind === 'text') return value.parts.some(({ kind }) => kind !== 'literal');
  if (value.kind === 'call' && FORMATTING.test(nameOf(value.callee) ?? ''))
    return value.arguments.some((one) => !isLiteral(one.value));
  return value.kind === 'binary' && value.operator === '+' && !(isLiteral(value.left) && isLiteral(value.right));
}

/** The name that what comes from outside begins with: of `req.body.id` it is `req`. */
function sourceName({ span }: Place, { text }: SourceFile): string | undefined {
  return /^[A-Za-z_$][\w$]*(?=[.[])/.exec(text.slice(span.start, span.end))?.[0];
}

/** Whether a text puts something of the request between quotes: a value, which could have been bound like the others. */
function quotesFrom(value: Expression, source: string | undefined): boolean {
  if (value.kind !== 'text' || source === undefined) return false;
  return value.parts.some((part, at) => {
    const before = value.parts[at - 1];
    const quoted = before?.kind === 'literal' && typeof before.value === 'string' && /['"]$/.test(before.value);
    return quoted && namesIn([part]).has(source);
  });
}

function isLiteral(value: Expression): boolean {
  if (value.kind === 'literal') return true;
  return value.kind === 'binary' && value.operator === '+' && isLiteral(value.left) && isLiteral(value.right);
}
