import type { Expression, FunctionNode } from '../../code/index.ts';
import { isTestFile } from '../test-file.ts';
import { lastWord, literalText, spelledName } from './spelled-name.ts';
import { expressionsBelow } from './traversal.ts';
import { type FindWeaknesses, maySpell, weakness } from './weakness.ts';

type Entries = Extract<Expression, { kind: 'map' }>['entries'];

/**
 * CODE53: cookies are let through for an `origin` that a function permits whatever it is, or that a pattern only has to
 * hold somewhere (github.com/expressjs/cors, @fastify/cors, hono/cors).
 */
export const findOpenOrigin: FindWeaknesses = ({ module }) => {
  if (module.language === 'python' || module.language === 'go' || module.language === 'java') return [];
  if (isTestFile(module.file.path) || !maySpell(module, /cors/i)) return [];
  return [...expressionsBelow(module.body)].flatMap((expression) => {
    const entries = corsOptions(expression);
    const origin = entries && entryOf(entries, 'origin');
    const credentials = entries && entryOf(entries, 'credentials');
    if (!origin || credentials?.kind !== 'literal' || credentials.value !== true) return [];
    const message = openness(origin);
    return message === undefined
      ? []
      : [weakness('CODE53', { message, place: expression.place, subject: 'cors origin' })];
  });
};

/** `cors({ … })`, `app.enableCors({ … })`, `app.register(cors, { … })`. */
function corsOptions(expression: Expression): Entries | undefined {
  if (expression.kind !== 'call') return undefined;
  const given = expression.arguments.map(({ value }) => value);
  const named = [expression.callee, ...given].some((part) => /cors$/i.test(lastWord(spelledName(part) ?? '')));
  const options = named ? given.find(({ kind }) => kind === 'map') : undefined;
  return options?.kind === 'map' ? options.entries : undefined;
}

function entryOf(entries: Entries, key: string): Expression | undefined {
  return entries.find((entry) => entry.kind === 'entry' && literalText(entry.key) === key)?.value;
}

function openness(origin: Expression): string | undefined {
  if (origin.kind === 'function' && permitsAll(origin.function))
    return 'Any site may call this with the cookies of a user: `origin` permits whatever asks';
  if (origin.kind !== 'regex' || isAnchored(origin.pattern)) return undefined;
  return 'Sites of others fit the pattern of `origin`: it holds anywhere in their names';
}

/** The end of a name says whose it is; before it must stand the beginning, or the dot of a name below. */
function isAnchored(pattern: string): boolean {
  return pattern.endsWith('$') && /^(?:\^|\\\.|\(\?:\^|\(\^|:?\\?\/\\?\/)/.test(pattern);
}

/** `(origin, done) => done(null, true)`, `(origin) => origin`. */
function permitsAll({ parameters, body }: FunctionNode): boolean {
  const [only, ...others] = body.filter(({ kind }) => kind !== 'declare');
  if (others.length > 0 || (only?.kind !== 'return' && only?.kind !== 'expression')) return false;
  const [origin, done] = parameters.map(({ name }) => name);
  const isAll = (value: Expression | undefined): boolean =>
    (value?.kind === 'literal' && value.value === true) || (value?.kind === 'name' && value.name === origin);
  const { value } = only;
  if (value?.kind === 'call' && value.callee.kind === 'name' && value.callee.name === done)
    return isAll(value.arguments[1]?.value);
  return only.kind === 'return' && isAll(value);
}
