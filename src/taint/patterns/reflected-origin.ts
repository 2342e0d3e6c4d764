import type { Expression, FunctionNode, Statement } from '../../code/index.ts';
import type { FindingDraft } from '../../findings/index.ts';
import { isTestFile } from '../test-file.ts';
import { alwaysTrue, callsBelow, functionsBelow, mentions, onlyAnswer, ownName } from './functions.ts';
import { literalText, positional, spelledName } from './spelled-name.ts';
import { expressionsIn, partsBelow } from './traversal.ts';
import { type FindWeaknesses, maySpell, weakness } from './weakness.ts';

type Call = Extract<Expression, { kind: 'call' }>;

const MESSAGE = 'Any site may call this with the cookies of a user: the answer permits whatever origin asks';

const SOCKET = 'A WebSocket takes every origin: any site may use it as the user';

/**
 * CODE53 in programs that set the header themselves, and in options of Go and Java: the origin of the request is permitted
 * as it is, with cookies; a WebSocket takes every origin.
 */
export const findReflectedOrigin: FindWeaknesses = ({ module }) => {
  if (isTestFile(module.file.path) || !maySpell(module, /origin/i)) return [];
  const found = new Map<number, FindingDraft>();
  const note = (expression: { readonly place: Call['place'] } | undefined, message: string, subject: string) => {
    if (!expression) return;
    const { place } = expression;
    found.set(
      place.span.start,
      weakness('CODE53', { message, place, subject, severity: 'medium', confidence: 'medium' }),
    );
  };
  for (const node of functionsBelow(module.body)) {
    note(reflectionIn(node), MESSAGE, 'reflected origin');
    note(patternsIn(node), MESSAGE, 'origin pattern');
    if (node.name === 'check_origin' && alwaysTrue(node)) note(onlyAnswer(node), SOCKET, 'check_origin');
  }
  for (const call of callsBelow(module.body)) {
    if (permitsAll(call)) note(call, MESSAGE, 'origin function');
    note(openSocket(call), SOCKET, 'CheckOrigin');
  }
  return [...found.values()];
};

const HEADER = /^access-control-allow-origin$/i;
const CREDENTIALS = /^access-control-allow-credentials$/i;
const SETTERS = /^(?:Set|Add|Header|set|add|header|append|put|setHeader|addHeader|SetHeader)$/;

/** The call that permits the origin of the request, where nothing asks which it is and cookies are let through. */
function reflectionIn({ body }: FunctionNode): Call | undefined {
  const calls = [...callsBelow(body)].filter(({ callee }) => SETTERS.test(ownName(callee)));
  const named = (expression: RegExp) => calls.filter((call) => expression.test(literalText(positional(call, 0)) ?? ''));
  if (!named(CREDENTIALS).some((call) => /^true$/i.test(spelledConstant(positional(call, 1))))) return undefined;
  return named(HEADER).find((call) => {
    const origin = positional(call, 1);
    return origin !== undefined && isOrigin(origin, body) && !isAsked(origin, body);
  });
}

function spelledConstant(expression: Expression | undefined): string {
  return expression?.kind === 'literal' ? String(expression.value) : '';
}

/** `r.Header.Get("Origin")`, `request.getHeader("Origin")`, `req.headers.origin`, or a variable that holds it. */
function isOrigin(expression: Expression, body: readonly Statement[]): boolean {
  if (expression.kind === 'name') return valuesOf(expression.name, body).some((value) => readsOrigin(value));
  return readsOrigin(expression);
}

function readsOrigin(expression: Expression): boolean {
  if (expression.kind === 'logical') return readsOrigin(expression.left);
  if (expression.kind === 'call')
    return (
      /^(?:get|header|getheader)$/i.test(ownName(expression.callee)) &&
      /^origin$/i.test(literalText(positional(expression, 0)) ?? '')
    );
  if (expression.kind === 'member')
    return expression.name === 'origin' && /headers$/.test(spelledName(expression.object) ?? '');
  return expression.kind === 'index' && /^origin$/i.test(literalText(expression.key) ?? '');
}

function valuesOf(name: string, body: readonly Statement[]): readonly Expression[] {
  return [...partsBelow(body)].flatMap((part) => {
    if (part.kind !== 'statement' || part.statement.kind !== 'assign') return [];
    const { target, value } = part.statement;
    return target.kind === 'name' && target.name === name ? value : [];
  });
}

/** Whether a test of the function says more of the origin than that there is one. */
function isAsked(origin: Expression, body: readonly Statement[]): boolean {
  const about = (test: Expression): boolean => {
    if (origin.kind === 'name' ? mentions(test, origin.name) : [...expressionsIn(test)].some(readsOrigin))
      return !isPresence(test);
    return false;
  };
  return [...partsBelow(body)].some((part) => {
    if (part.kind === 'statement') {
      const { statement } = part;
      if (statement.kind === 'branch') return about(statement.test);
      return (
        (statement.kind === 'loop' && statement.test !== undefined && about(statement.test)) ||
        (statement.kind === 'choice' && about(statement.subject))
      );
    }
    return part.kind === 'expression' && part.expression.kind === 'conditional' && about(part.expression.test);
  });
}

function isPresence(test: Expression): boolean {
  if (test.kind === 'unary') return isPresence(test.operand);
  if (test.kind === 'binary') return [test.left, test.right].some((side) => side.kind === 'literal' && !side.value);
  return test.kind === 'name' || readsOrigin(test);
}

/** `cors.Config{AllowOriginFunc: func(string) bool { return true }, AllowCredentials: true}`. */
function permitsAll({ arguments: given }: Call): boolean {
  const credentials = given.some(
    ({ name, value }) => name === 'AllowCredentials' && value.kind === 'literal' && value.value === true,
  );
  return (
    credentials &&
    given.some(({ name = '', value }) => {
      if (name === 'UnsafeWildcardOriginWithAllowCredentials') return value.kind === 'literal' && value.value === true;
      return (
        /^AllowOrigins?(?:\w*)Func$/.test(name) &&
        value.kind === 'function' &&
        (alwaysTrue(value.function) || givesBack(value.function))
      );
    })
  );
}

function givesBack(node: FunctionNode): boolean {
  const answer = onlyAnswer(node);
  return answer?.kind === 'name' && answer.name === node.parameters[0]?.name;
}

const PATTERNS = /^(?:(?:set|add)?AllowedOriginPatterns?|allowedOriginPatterns)$/i;

/** Spring: the pattern `*`, with credentials, in one chain or on one thing. */
function patternsIn({ body }: FunctionNode): Call | undefined {
  const calls = [...callsBelow(body)];
  const open = calls.find(
    (call) =>
      PATTERNS.test(ownName(call.callee)) &&
      call.arguments.some(({ value }) => [...expressionsIn(value)].some((inner) => literalText(inner) === '*')),
  );
  const root = open && rootOf(open);
  if (open === undefined || root === undefined) return undefined;
  return calls.find((call) => {
    const [given] = call.arguments.map(({ value }) => value);
    const isCredentials =
      /^(?:set)?allowCredentials$/i.test(ownName(call.callee)) && given?.kind === 'literal' && given.value === true;
    return isCredentials && rootOf(call) === root && sameChain(call, open);
  });
}

/** On a registry each mapping is a chain of its own; a configuration is set up call by call. */
function sameChain(call: Call, open: Call): boolean {
  const isChained = (outer: Expression): boolean => {
    if (outer === open) return true;
    if (outer.kind === 'call') return outer.callee.kind === 'member' && isChained(outer.callee.object);
    return false;
  };
  return (
    isChained(call) ||
    isChained(open) ||
    (call.callee.kind === 'member' &&
      call.callee.object.kind === 'name' &&
      open.callee.kind === 'member' &&
      open.callee.object.kind === 'name')
  );
}

function rootOf(expression: Expression): string | undefined {
  if (expression.kind === 'name') return expression.name;
  if (expression.kind === 'call') return rootOf(expression.callee);
  return expression.kind === 'member' ? rootOf(expression.object) : undefined;
}

/** `websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}`. */
function openSocket({ callee, arguments: given }: Call): Expression | undefined {
  if (ownName(callee) !== 'Upgrader') return undefined;
  const check = given.find(({ name }) => name === 'CheckOrigin')?.value;
  return check?.kind === 'function' && alwaysTrue(check.function) ? check : undefined;
}
