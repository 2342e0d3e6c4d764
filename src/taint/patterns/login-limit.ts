import type { Module } from '../../code/index.ts';
import { LIMITER } from './project.ts';
import { type Route, routesOf } from './route.ts';
import { lastWord, literalText, spelledName } from './spelled-name.ts';
import { expressionsBelow, partsBelow } from './traversal.ts';
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

function countsInside(handler: Route['handler']): boolean {
  return handler !== undefined && spelledWords(handler.body).some((word) => LIMITER.test(word));
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
