import type { Expression, FunctionNode, Module } from '../../code/index.ts';
import type { Place } from '../../syntax/index.ts';
import { keyword, lastWord, literalText, positional, spelledName } from './spelled-name.ts';
import { expressionsBelow, partsBelow } from './traversal.ts';

/** A function that answers a path, with what stands before it. */
export interface Route {
  readonly path: string;
  /** Upper case; `ANY` where the registration names none. */
  readonly methods: readonly string[];
  readonly handler: FunctionNode | undefined;
  /** What the handler is called; empty for a function without a name. */
  readonly name: string;
  /** Decorators, middleware and dependencies, as spelled. */
  readonly guards: readonly string[];
  readonly place: Place;
}

type Call = Extract<Expression, { kind: 'call' }>;

const VERBS: ReadonlySet<string> = new Set(['get', 'post', 'put', 'delete', 'patch', 'all', 'del']);
const ROUTERS: ReadonlySet<string> = new Set([...VERBS, 'route', 'api_route', 'websocket']);

/** The routes that a module registers by decorator or by call. */
export function routesOf(module: Module): readonly Route[] {
  if (module.language === 'python') return decoratedRoutes(module);
  return module.language === 'javascript' || module.language === 'typescript' ? registeredRoutes(module) : [];
}

function decoratedRoutes(module: Module): readonly Route[] {
  const routes: Route[] = [];
  for (const part of partsBelow(module.body)) {
    if (part.kind !== 'function') continue;
    const handler = part.function;
    const registrations = handler.decorators.filter(isRegistration);
    const others = handler.decorators.filter((decorator) => !isRegistration(decorator));
    for (const call of registrations) {
      const path = literalText(positional(call, 0)) ?? literalText(keyword(call, 'rule')) ?? '';
      const guards = [...others, ...dependencies(call, handler)].flatMap((guard) => spelledName(guard) ?? []);
      const name = handler.name ?? '';
      routes.push({ path, methods: methodsOf(call), handler, name, guards, place: call.place });
    }
  }
  return routes;
}

function isRegistration(decorator: Expression): decorator is Call {
  if (decorator.kind !== 'call' || decorator.callee.kind !== 'member') return false;
  const path = positional(decorator, 0) ?? keyword(decorator, 'rule');
  return ROUTERS.has(decorator.callee.name) && (path === undefined || path.kind === 'literal' || path.kind === 'text');
}

function methodsOf(call: Call): readonly string[] {
  const verb = call.callee.kind === 'member' ? call.callee.name : '';
  if (VERBS.has(verb)) return [verb === 'all' ? 'ANY' : verb === 'del' ? 'DELETE' : verb.toUpperCase()];
  const methods = keyword(call, 'methods');
  if (methods?.kind !== 'list') return ['GET'];
  return methods.items.flatMap((item) => literalText(item)?.toUpperCase() ?? []);
}

/** What FastAPI runs before the handler: `Depends(…)` as a default value or in `dependencies`. */
function dependencies(call: Call, handler: FunctionNode): readonly Expression[] {
  const listed = keyword(call, 'dependencies');
  const given = [
    ...(listed?.kind === 'list' ? listed.items : []),
    ...handler.parameters.flatMap((p) => p.default ?? []),
  ];
  return given.flatMap((dependency) => {
    if (dependency.kind !== 'call' || !/^(?:Depends|Security)$/.test(lastWord(spelledName(dependency) ?? '')))
      return [];
    return positional(dependency, 0) ?? dependency;
  });
}

function registeredRoutes(module: Module): readonly Route[] {
  const routes: Route[] = [];
  for (const expression of expressionsBelow(module.body)) {
    if (expression.kind !== 'call' || expression.callee.kind !== 'member' || !VERBS.has(expression.callee.name))
      continue;
    const path = literalText(positional(expression, 0));
    if (path === undefined || !/^[/*]/.test(path) || expression.arguments.length < 2) continue;
    const given = expression.arguments.slice(1).flatMap(({ value }) => (value.kind === 'list' ? value.items : [value]));
    const last = given.at(-1);
    const handler = last?.kind === 'function' ? last.function : undefined;
    const name = handler?.name ?? (last === undefined ? '' : (spelledName(last) ?? ''));
    const guards = given.slice(0, -1).flatMap((guard) => spelledName(guard) ?? []);
    routes.push({ path, methods: methodsOf(expression), handler, name, guards, place: expression.callee.place });
  }
  return routes;
}

/** Whether the route can change something. */
export function changesState({ methods }: Route): boolean {
  return methods.some((method) => !['GET', 'HEAD', 'OPTIONS'].includes(method));
}
