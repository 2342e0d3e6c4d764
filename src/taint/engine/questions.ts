import type { SinkRow, TaintCategory } from '../catalogue.ts';
import { conditionsHold } from './conditions.ts';
import { LOOKUPS } from './idioms.ts';
import { isScript } from './language.ts';
import type { Made } from './made-call.ts';

/** What answers is another one's data: rows of a database, the content of a file, the output of a program. */
const ANSWERED: ReadonlySet<TaintCategory> = new Set(['sql', 'nosql', 'ldap', 'path', 'ssrf', 'command']);

/** Clients of HTTP in a browser, which are no sinks: the page's own server answers. */
const REQUESTS = /^(?:\$|jQuery|jquery)\.(?:ajax|get|post|getJSON)$|^(?:window\.)?fetch$/;

/** Methods of a query that say which rows are wanted (SQLAlchemy, Django, Knex, Drizzle, TypeORM). */
const NARROWING: ReadonlySet<string> = new Set([
  ...['where', 'andWhere', 'orWhere', 'whereIn', 'limit', 'offset', 'innerJoin', 'leftJoin'],
  ...['filter', 'filter_by', 'exclude', 'outerjoin', 'get_or_create', 'update_or_create'],
]);

/** `find_by_id`, `get_one`, `first_or_404`, `findByName`, `GetUserByID`: the name says by what something is found. */
const FINDS =
  /^(?:[gG]et|[fF]ind|[fF]etch|[lL]oad|[lL]ist|[qQ]uery|[sS]elect|retrieve|[lL]ookup)_?(?:one|first|many|or_404|by_\w+|(?!Elements?By)(?:[A-Z]\w*)?By(?:[A-Z]\w*)?)$|^(?:one|first|get|get_object|get_list)_or_(?:none|404)$/;

/** `ListUsers(ctx, find)`: what takes a context in Go asks somebody else. */
const LOOKS_UP = /^(?:List|Find|Get|Load|Fetch|Query|Select|Lookup|Count|Exchange)(?:[A-Z]\w*)?$/;
const CONTEXT = /^context\.|\.Context(?:\(\))?$/;

/** Whether the result is what was found by the arguments, not what they are. */
export function isQuestion(made: Made): boolean {
  const { callee, given, rows, subjects, machine, frame } = made;
  const { method, name, receiver } = callee;
  const answers = ({ form, category, when }: SinkRow): boolean =>
    form === 'call' && ANSWERED.has(category) && conditionsHold({ when }, subjects, machine);
  if (REQUESTS.test(name) || rows.sinks.some(answers)) return true;
  const last = method ?? name.slice(name.lastIndexOf('.') + 1);
  if (given.positional.some(({ callables }) => callables.some(({ kind }) => kind === 'function'))) return false;
  if (FINDS.test(last) || (LOOKS_UP.test(last) && CONTEXT.test(given.positional[0]?.name ?? ''))) return true;
  if (receiver === undefined || method === undefined) return false;
  // `User.objects.all().get(pk=key)`: no map is asked by a keyword.
  if (/^a?get$/.test(method) && given.positional.length === 0 && given.named.size > 0) return true;
  return NARROWING.has(method) || (isScript(machine, frame) && LOOKUPS.has(method) && given.positional.length === 1);
}
