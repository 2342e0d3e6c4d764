import type { Expression, Module, Statement } from '../../code/index.ts';
import { LIMITER } from './project.ts';
import { type Route, routesOf } from './route.ts';
import { lastWord, literalText, spelledName } from './spelled-name.ts';
import { expressionsBelow, expressionsIn, partsBelow } from './traversal.ts';
import { type FindWeaknesses, weakness } from './weakness.ts';

/** Where a password, code or reset is checked. */
const LOGIN =
  /log-?_?in|sign-?_?in(?!g)|authenticate|(?:forgot|reset)[-_]?password|otp|two[-_]?factor|2fa|verify[-_]?code/i;
const CREDENTIAL = /pass(?:word|wd|phrase)|\bpin\b|otp|secret|code|credential/i;

/**
 * CODE60: a route that checks a password and is limited by nothing: no decorator or middleware, no count in its body, no
 * limiter that the application sets up in this file or another.
 */
export const findLoginWithoutLimit: FindWeaknesses = ({ module, project }) => {
  const routes = [...routesOf(module), ...djangoViews(module)].filter(checksPassword);
  if (routes.length === 0 || project.limits.has(module.language)) return [];
  return routes
    .filter(({ guards, handler }) => !guards.some((guard) => LIMITER.test(guard)) && !countsInside(handler))
    .map((route) => {
      const message = `Nothing limits how often \`${route.path || route.name}\` is tried`;
      return weakness('CODE60', { message, place: route.place, subject: route.path || route.name });
    });
};

function checksPassword({ path, name, methods, handler }: Route): boolean {
  if (!LOGIN.test(path) && !LOGIN.test(lastWord(name))) return false;
  if (!methods.some((method) => method === 'POST' || method === 'ANY')) return false;
  // A handler from another file is taken at its name.
  return handler === undefined || spelledWords(handler.body).some((word) => CREDENTIAL.test(word));
}

/** Views of Django are plain functions: one with the name of a login that reads the form. */
function djangoViews(module: Module): readonly Route[] {
  if (module.language !== 'python') return [];
  const views: Route[] = [];
  for (const part of partsBelow(module.body)) {
    if (part.kind !== 'function') continue;
    const { name = '', parameters, decorators, body } = part.function;
    if (parameters[0]?.name !== 'request' || !LOGIN.test(name)) continue;
    if (!spelledWords(body).some((word) => /^(?:POST|data|cleaned_data)$/.test(word))) continue;
    const guards = decorators.flatMap((decorator) => spelledName(decorator) ?? []);
    views.push({
      path: '',
      methods: ['POST'],
      handler: part.function,
      name,
      guards,
      place: headOf(part.function.place),
    });
  }
  return views;
}

/** The beginning of a function stands for it: its whole text would be the place of every finding inside. */
function headOf({ file, span }: Route['place']): Route['place'] {
  return { file, span: { start: span.start, end: Math.min(span.end, span.start + 1) } };
}

/** It calls what limits, or asks how often: a number that nobody looks at stops nobody. */
function countsInside(handler: Route['handler']): boolean {
  if (handler === undefined) return false;
  for (const part of partsBelow(handler.body)) {
    const asked = part.kind === 'statement' ? testOf(part.statement) : undefined;
    if (asked && [...expressionsIn(asked)].some(isLimiting)) return true;
    if (part.kind !== 'expression') continue;
    const { expression } = part;
    if (expression.kind === 'conditional' && [...expressionsIn(expression.test)].some(isLimiting)) return true;
    if (expression.kind === 'call' && LIMITER.test(spelledName(expression.callee) ?? '')) return true;
    if (expression.kind === 'literal' && LIMITER.test(literalText(expression)?.slice(0, 60) ?? '')) return true;
  }
  return false;
}

function testOf(statement: Statement): Expression | undefined {
  return statement.kind === 'branch' || statement.kind === 'loop' ? statement.test : undefined;
}

function isLimiting(expression: Expression): boolean {
  return (expression.kind === 'name' || expression.kind === 'member') && LIMITER.test(expression.name);
}

/** Names, members and short texts of a body. */
function spelledWords(body: Module['body']): readonly string[] {
  const words: string[] = [];
  for (const expression of expressionsBelow(body)) {
    if (expression.kind === 'name' || expression.kind === 'member') words.push(expression.name);
    const text = literalText(expression);
    if (text !== undefined && text.length < 60) words.push(text);
  }
  return words;
}
