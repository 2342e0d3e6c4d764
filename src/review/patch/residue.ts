import type { Expression, Module } from '../../code/index.ts';
import type { Finding, RuleDescriptor } from '../../findings/index.ts';
import { createLineIndex, type SourceFile } from '../../syntax/index.ts';
import { callsOf } from '../code-walk.ts';

/** Reads a file into the common form; undefined for a language without a front end. */
export type ReadCode = (file: SourceFile) => Module | undefined;

/** Languages of queries that take values apart from their text: SQL, NoSQL, LDAP, XPath. */
const WITH_PARAMETERS: ReadonlySet<string> = new Set(['CWE-89', 'CWE-564', 'CWE-943', 'CWE-90', 'CWE-643']);

/** How far a mended call may have moved, in lines. */
const NEAR = 15;

/**
 * A query that was built from text and of which only a part was taken out: the call near the finding that still puts its
 * text together from pieces. What is left may be harmless (a digest, a number); a person should say so.
 *
 * @returns the line of that call, from 1; undefined when there is none
 */
export function halfMended(
  target: Finding,
  rules: readonly RuleDescriptor[],
  before: SourceFile,
  after: SourceFile,
  read: ReadCode,
): number | undefined {
  const tags = rules.find(({ id }) => id === target.rule)?.tags ?? [];
  if (!tags.some((tag) => WITH_PARAMETERS.has(tag))) return undefined;
  const [old, now] = [read(before), read(after)];
  if (!old || !now) return undefined;
  const { span } = target.place;
  const sinks = callsOf(old).filter(({ place }) => place.span.start < span.end && span.start < place.span.end);
  const names = new Set(sinks.map(({ callee }) => nameOf(callee)).filter((name) => name !== undefined));
  const oldLine = createLineIndex(before.text).position(span.start).line;
  const index = createLineIndex(after.text);
  for (const call of callsOf(now)) {
    const { line } = index.position(call.place.span.start);
    const name = nameOf(call.callee);
    if (name === undefined || !names.has(name) || Math.abs(line - oldLine) > NEAR) continue;
    if (call.arguments.some(({ value }) => isPutTogether(value))) return line;
  }
  return undefined;
}

function nameOf(callee: Expression): string | undefined {
  return callee.kind === 'member' || callee.kind === 'name' ? callee.name : undefined;
}

function isPutTogether(value: Expression): boolean {
  if (value.kind === 'text') return value.parts.some(({ kind }) => kind !== 'literal');
  return value.kind === 'binary' && value.operator === '+' && !(isLiteral(value.left) && isLiteral(value.right));
}

function isLiteral(value: Expression): boolean {
  if (value.kind === 'literal') return true;
  return value.kind === 'binary' && value.operator === '+' && isLiteral(value.left) && isLiteral(value.right);
}
