import type { SinkRow, TaintCategory } from '../catalogue.ts';
import { conditionsHold } from './conditions.ts';
import { LOOKUPS } from './idioms.ts';
import type { Made } from './made-call.ts';
import type { NameRows } from './row-index.ts';

/** What answers is another one's data: rows of a database, the content of a file, the output of a program. */
const ANSWERED: ReadonlySet<TaintCategory> = new Set(['sql', 'nosql', 'ldap', 'path', 'ssrf', 'command']);

/** Clients of HTTP in a browser, which are no sinks: the page's own server answers. */
const REQUESTS = /^(?:\$|jQuery|jquery)\.(?:ajax|get|post|getJSON)$|^(?:window\.)?fetch$/;

/** Whether the result is what was found by the arguments, not what they are. */
export function isQuestion({ callee, given, rows, subjects, machine }: Made): boolean {
  const { method, name, receiver } = callee;
  const answers = ({ form, category, when }: SinkRow): boolean =>
    form === 'call' && ANSWERED.has(category) && conditionsHold({ when }, subjects, machine);
  if (REQUESTS.test(name) || rows.sinks.some(answers)) return true;
  const keys = given.positional.filter(({ callables }) => callables.length === 0);
  return receiver !== undefined && method !== undefined && LOOKUPS.has(method) && keys.length === 1;
}

/** What a file holds is not what its name says. */
export function opensFile({ sinks }: NameRows): boolean {
  return sinks.length > 0 && sinks.every(({ form, category }) => form === 'call' && category === 'path');
}
