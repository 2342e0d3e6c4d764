import { argumentsOf, lastName, partOf, renderTerm, showTerm, type Term } from '../terms/index.ts';
import type { Surroundings } from './place.ts';

/** A call that registers a handler, a group of handlers, or what runs before all of them. */
export interface Registration {
  readonly verbs: readonly string[];
  readonly path: string;
  readonly handler: string;
  readonly chain: readonly string[];
  /** Arguments that are named functions of ours: they run in the scope of the route. */
  readonly bodies: readonly Term[];
  readonly group: boolean;
}

const VERBS = new Set(['get', 'post', 'put', 'patch', 'delete', 'del', 'head', 'options', 'all', 'any']);
const GROUPS = new Set(['group', 'mount', 'register', 'namespace']);
const PATH = /^(?:\/|$|\^|:|\*)/;

/** Read the registration of a route, if the call is one. */
export function readRegistration(call: Term, at: Surroundings): Registration | undefined {
  const callee = partOf(call, 'callee');
  if (callee === undefined) return undefined;
  const name = lastName(callee).toLowerCase();
  const args = argumentsOf(call);
  if (name === 'use') return callee.kind === 'member' ? readUse(args, at) : undefined;
  const isGroup = GROUPS.has(name);
  const direct = VERBS.has(name) || isGroup;
  const paths = args.slice(0, 2).filter(({ kind }) => kind === 'string');
  if (direct ? paths.length === 0 : name !== 'route' && name !== 'handle' && name !== 'handlefunc') return undefined;
  const verbs = direct && !isGroup ? [name.toUpperCase()] : readVerbs(paths);
  const path = paths.find(({ text }) => PATH.test(text))?.text;
  const rest = args.filter((arg) => !paths.includes(arg));
  if (path === undefined || rest.length === 0 || callee.kind !== 'member') return undefined;
  const last = isGroup ? undefined : rest.at(-1);
  const { handler, around } = unwrapHandler(last);
  const bodies = rest.filter(({ kind }) => kind === 'function');
  const chain = rest.filter((arg) => arg !== last && arg.kind !== 'function');
  return {
    verbs: isGroup ? ['GROUP'] : verbs.length === 0 ? ['ANY'] : verbs,
    path: `${at.group.path}${path}`,
    handler: handler === undefined ? '' : handler.kind === 'function' ? '(…)' : showTerm(handler),
    chain: [...at.group.chain, ...chain.flatMap((arg) => renderChain(arg, at)), ...around],
    bodies,
    group: isGroup,
  };
}

/** Types and functions that make a handler of a function, and run nothing before it. */
const ADAPTERS = /^(?:HandlerFunc|WrapF|WrapH|asyncHandler|expressAsyncHandler|catchAsync|promisify|bind)$/;
const MOST_WRAPPERS = 10;

/** `limit(5, requireSession(http.HandlerFunc(h.show)))`: what is called in the end, and what runs around it, outermost first. */
function unwrapHandler(last: Term | undefined): {
  readonly handler: Term | undefined;
  readonly around: readonly string[];
} {
  const around: string[] = [];
  let handler = last;
  while (handler?.kind === 'call' && around.length < MOST_WRAPPERS) {
    const callee = partOf(handler, 'callee');
    const inner = argumentsOf(handler).findLast(({ kind }) => /^(?:name|member|function|call)$/.test(kind));
    if (callee === undefined || inner === undefined) break;
    if (!ADAPTERS.test(lastName(callee))) around.push(showTerm(callee));
    handler = inner;
  }
  return { handler, around };
}

function readUse(args: readonly Term[], at: Surroundings): Registration | undefined {
  const [first] = args;
  const path = first?.kind === 'string' ? first.text : '';
  const chain = args.filter((arg) => arg.kind !== 'string' && arg.kind !== 'function');
  if (chain.length === 0) return undefined;
  const bodies = args.filter(({ kind }) => kind === 'function');
  return {
    verbs: ['USE'],
    path,
    handler: '',
    chain: chain.flatMap((arg) => renderChain(arg, at)),
    bodies,
    group: false,
  };
}

function renderChain(term: Term, at: Surroundings): readonly string[] {
  if (term.kind === 'list') return term.parts.flatMap((part) => renderChain(part, at));
  return [renderTerm(term, { ...at.rendering, brief: true })];
}

function readVerbs(texts: readonly Term[]): readonly string[] {
  const words = texts.flatMap(({ text }) => text.split(/[\s,|]+/)).map((word) => word.toUpperCase());
  return words.filter((word) => VERBS.has(word.toLowerCase()));
}

const MAPPING =
  /^(?:route|get|post|put|patch|delete|head|all|(?:get|post|put|patch|delete|request)mapping|path|api_view|url)$/i;

/** The verbs and the path that a decorator gives to its function. */
export function readMapping(decorator: Term): { readonly verbs: readonly string[]; readonly path: string } | undefined {
  const call = decorator.parts.find(({ kind }) => kind === 'call') ?? decorator;
  const callee = partOf(call, 'callee') ?? call.parts[0];
  const name = lastName(callee).toLowerCase();
  if (!MAPPING.test(name)) return undefined;
  const args = argumentsOf(call);
  const texts = args.flatMap((arg) => (arg.kind === 'pair' ? arg.parts.slice(1) : [arg]));
  const path = texts.find(({ kind }) => kind === 'string')?.text ?? '';
  const listed = args.flatMap((arg) => (arg.kind === 'pair' ? arg.parts.slice(1) : arg.kind === 'list' ? [arg] : []));
  const words = listed
    .flatMap((value) => (value.kind === 'list' ? value.parts : [value]))
    .map((part) => ({
      ...part,
      text: part.kind === 'member' ? lastName(part) : part.text,
    }));
  const verb = name.replace('mapping', '');
  const verbs = VERBS.has(verb) ? [verb.toUpperCase()] : readVerbs(words.filter(({ text }) => !text.startsWith('/')));
  return { verbs, path };
}
