import type { Module } from '../../code/index.ts';
import { changesState, type Route, routesOf } from './route.ts';
import { lastWord, literalText, positional, spelledName } from './spelled-name.ts';
import { expressionsBelow } from './traversal.ts';
import { type FindWeaknesses, weakness } from './weakness.ts';

/** Names of checks of who calls. */
const CHECK =
  /login|auth|jwt|permission|protect|require|admin|role|session|user_passes|secured|verify|passport|guard|acl|current_?user|logged|signed_?in|ensure|oauth|bearer|api_?key/i;
/** Names that look like one and are none. */
const NO_CHECK =
  /limit|throttle|csrf|valid|cors|cache|schema|body|upload|^get_db$|^get_session$|require_(?:http_methods|GET|POST|safe)/i;

/** Paths that are open on purpose. */
const OPEN =
  /log-?(?:in|out)|sign-?(?:in|up|out)|register|health|status|ping|metrics|static|public|asset|forgot|reset|callback|webhook|hook|oauth|token|favicon|docs|openapi|swagger|about|contact|home|robots|verify|confirm|version|captcha|auth/i;

/**
 * CODE59: a route without the check that most of its siblings in the file have. Only a route that changes something, has
 * a parameter or speaks of administration is reported, and none that asks inside its body who calls.
 */
export const findMissingAuthentication: FindWeaknesses = ({ module }) => {
  const routes = routesOf(module);
  const guarded = routes.filter((route) => route.guards.some(isCheck));
  const open = routes.filter((route) => !guarded.includes(route) && !asksInside(route));
  if (guarded.length < 2 || guarded.length < open.length || guardsEverything(module)) return [];
  return open.filter(isSensitive).map((route) => {
    const check = guarded.flatMap(({ guards }) => guards.filter(isCheck))[0] ?? '';
    const message = `${guarded.length} routes of this file demand \`${check}\`; \`${route.path || route.name}\` does not`;
    const severity = changesState(route) || /admin/i.test(route.path) ? 'high' : 'medium';
    return weakness('CODE59', {
      message,
      severity,
      place: route.place,
      subject: `${route.methods.join()} ${route.path}`,
    });
  });
};

function isCheck(name: string): boolean {
  const word = lastWord(name);
  return CHECK.test(name) && !NO_CHECK.test(word);
}

function isSensitive(route: Route): boolean {
  const { path, name } = route;
  if (path === '' || path === '/' || OPEN.test(path) || OPEN.test(lastWord(name))) return false;
  return changesState(route) || /[<:{*]/.test(path) || /admin|manage|internal/i.test(path);
}

/** The body looks at who calls, or refuses some. */
function asksInside({ handler }: Route): boolean {
  if (handler === undefined) return false;
  for (const expression of expressionsBelow(handler.body)) {
    const name = spelledName(expression);
    if (name === undefined) continue;
    if (/(?:^|\.)(?:current_user|session|user|get_jwt_identity|get_current_user|g\.user|isAuthenticated)\b/i.test(name))
      return true;
    if (expression.kind === 'call' && (isCheck(name) || refuses(expression))) return true;
  }
  return false;
}

function refuses(call: Parameters<typeof positional>[0]): boolean {
  const first = positional(call, 0);
  return first?.kind === 'literal' && (first.value === 401 || first.value === 403);
}

/** `app.use(auth)`, `before_request`: every route of the file is behind it. */
function guardsEverything(module: Module): boolean {
  for (const expression of expressionsBelow(module.body)) {
    if (expression.kind !== 'call' || expression.callee.kind !== 'member') continue;
    const { name } = expression.callee;
    if (name === 'before_request') return true;
    const first = positional(expression, 0);
    if (name === 'use' && first !== undefined && literalText(first) === undefined) {
      const spelled = spelledName(first);
      // Session and passport middleware recognise a user; they turn nobody away.
      if (spelled !== undefined && isCheck(spelled) && !/session|initialize/i.test(spelled)) return true;
    }
  }
  return module.body.some(
    (statement) =>
      statement.kind === 'function' &&
      statement.function.decorators.some((decorator) => lastWord(spelledName(decorator) ?? '') === 'before_request'),
  );
}
