import type { Severity } from '../../findings/index.ts';
import type { TaintCategory } from '../catalogue.ts';

interface CategoryWeight {
  readonly cwe: number;
  readonly severity: Severity;
  /** What is wrong, without an end mark; the finding adds what reaches which function. */
  readonly message: string;
}

/** What a sink of a category weighs unless its row says otherwise. */
export const CATEGORY_WEIGHTS: Record<TaintCategory, CategoryWeight> = {
  sql: { cwe: 89, severity: 'high', message: 'Data from outside becomes part of a database query' },
  nosql: {
    cwe: 943,
    severity: 'high',
    message: 'Data from outside becomes part of a database query, where an object can be an operator',
  },
  command: { cwe: 78, severity: 'critical', message: 'Data from outside becomes part of a command that is run' },
  code: { cwe: 94, severity: 'critical', message: 'Data from outside is run as code' },
  template: {
    cwe: 1336,
    severity: 'high',
    message: 'Data from outside becomes part of a template, which can run code',
  },
  ldap: { cwe: 90, severity: 'high', message: 'Data from outside becomes part of a directory query' },
  xpath: { cwe: 643, severity: 'medium', message: 'Data from outside becomes part of an XPath expression' },
  path: { cwe: 22, severity: 'high', message: 'Data from outside names a file' },
  xss: { cwe: 79, severity: 'high', message: 'Data from outside becomes part of a page without escaping' },
  redirect: { cwe: 601, severity: 'medium', message: 'Data from outside decides where the browser is sent' },
  ssrf: { cwe: 918, severity: 'high', message: 'Data from outside decides which host the server calls' },
  deserialization: {
    cwe: 502,
    severity: 'critical',
    message: 'Data from outside is turned into objects that run code',
  },
  xxe: { cwe: 611, severity: 'high', message: 'Data from outside is parsed as XML with external entities' },
  header: { cwe: 113, severity: 'medium', message: 'Data from outside becomes part of a response header' },
  log: { cwe: 117, severity: 'low', message: 'Data from outside becomes part of the log as it is' },
  session: {
    cwe: 501,
    severity: 'medium',
    message: 'Data from outside is stored in the session, where it is taken for checked',
  },
  regex: { cwe: 1333, severity: 'medium', message: 'Data from outside becomes a regular expression' },
  prototype: {
    cwe: 1321,
    severity: 'medium',
    message: 'Data from outside chooses which properties of an object are written',
  },
  email: { cwe: 93, severity: 'medium', message: 'Data from outside becomes part of an e-mail as it is' },
  format: {
    cwe: 134,
    severity: 'medium',
    message: 'Data from outside is used as a format, which can read what stands near',
  },
  redos: {
    cwe: 1333,
    severity: 'medium',
    message: 'Data from outside is searched by an expression that can take exponential time',
  },
  number: { cwe: 704, severity: 'low', message: 'Data from outside may become a number that is none' },
};

/** Every category, in the order of the rules. */
export const CATEGORIES = [
  ...(['sql', 'nosql', 'command', 'code', 'template', 'ldap', 'xpath', 'path', 'xss', 'redirect'] as const),
  ...(['ssrf', 'deserialization', 'xxe', 'header', 'log', 'session', 'regex', 'prototype', 'email', 'format'] as const),
  ...(['redos', 'number'] as const),
] as const satisfies readonly TaintCategory[];
