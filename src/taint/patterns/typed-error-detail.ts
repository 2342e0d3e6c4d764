import type { Expression, Statement } from '../../code/index.ts';
import type { FindingDraft } from '../../findings/index.ts';
import { callsBelow, functionsBelow, mentions, ownName } from './functions.ts';
import { spelledName } from './spelled-name.ts';
import { expressionsIn, partsBelow } from './traversal.ts';
import { weakness } from './weakness.ts';

type Call = Extract<Expression, { kind: 'call' }>;
type Handler = Extract<Statement, { kind: 'try' }>['handlers'][number];

/** Calls of `net/http`, Gin, Echo, Fiber and chi that answer a request. */
const ANSWERS_OF_GO =
  /^(?:Error|String|JSON|IndentedJSON|Data|HTML|Blob|AbortWithStatusJSON|SendString|Send|Write|WriteString|Fprint|Fprintf|Fprintln|PlainText)$/;
/** What writes to the program's own log or screen has the same names. */
const OWN_LOG = /(?:^|[./])(?:log|logger|slog|zap|logrus|os|fmt\.Print\w*|t|b)$/i;

/** CODE61: the stack of a panic is part of an answer: `http.Error(w, string(debug.Stack()), 500)`. */
export function stacksOfGo(body: readonly Statement[]): readonly FindingDraft[] {
  return [...callsBelow(body)].flatMap((call) => {
    const holder = call.callee.kind === 'member' ? (spelledName(call.callee.object) ?? '') : '';
    if (!ANSWERS_OF_GO.test(ownName(call.callee)) || OWN_LOG.test(holder)) return [];
    const [writer] = call.arguments;
    if (/^Fprint/.test(ownName(call.callee)) && /Std(?:err|out)$/.test(spelledName(writer?.value ?? call) ?? ''))
      return [];
    return call.arguments.some(({ value }) => holds(value, isStackOfGo)) ? detail(call, 'traceback') : [];
  });
}

function isStackOfGo(expression: Expression): boolean {
  return expression.kind === 'call' && /(?:^|[./])debug\.Stack\(\)$/.test(spelledName(expression) ?? '');
}

/** Methods that put a text into an answer: servlets, JAX-RS, Spring, Javalin, Micronaut, Vert.x. */
const ANSWERS_OF_JAVA = /^(?:entity|body|write|print|println|result|html|json|sendError|ok|serverError|end|of)$/;
const ANSWER_OF_JAVA =
  /(?:^|\.)(?:Response|ResponseEntity|HttpResponse|ServerResponse|ProblemDetail)\b|getWriter\(\)|getOutputStream\(\)|(?:^|\.)(?:ctx|context|response|resp|res|rc)\b/;

/** CODE61: a handler of exceptions answers with the stack or the text of what was caught. */
export function detailsOfJava(body: readonly Statement[]): readonly FindingDraft[] {
  const found = new Map<number, FindingDraft>();
  const note = (statements: readonly Statement[], binding: string) => {
    for (const finding of shownBy(statements, binding)) found.set(finding.place.span.start, finding);
  };
  for (const handler of handlersIn(body)) if (handler.binding !== undefined) note(handler.body, handler.binding);
  for (const node of functionsBelow(body)) {
    const [first] = node.parameters;
    const handles = /(?:Exception|Throwable)$/.test(first?.annotation ?? '');
    if (first?.name !== undefined && handles) note(node.body, first.name);
  }
  for (const call of callsBelow(body)) {
    const [type, handler] = call.arguments.map(({ value }) => value);
    if (!/^(?:exception|onError|error)$/.test(ownName(call.callee)) || !type || handler?.kind !== 'function') continue;
    const name = handler.function.parameters[0]?.name;
    if (name !== undefined) note(handler.function.body, name);
  }
  return [...found.values()];
}

function handlersIn(body: readonly Statement[]): readonly Handler[] {
  return [...partsBelow(body)].flatMap((part) =>
    part.kind === 'statement' && part.statement.kind === 'try' ? part.statement.handlers : [],
  );
}

function shownBy(body: readonly Statement[], binding: string): readonly FindingDraft[] {
  const traced = new Set<string>();
  return [...callsBelow(body)].flatMap((call): readonly FindingDraft[] => {
    const [given] = call.arguments.map(({ value }) => value);
    const holder = call.callee.kind === 'member' ? call.callee.object : undefined;
    if (ownName(call.callee) === 'printStackTrace' && given && holder?.kind === 'name' && holder.name === binding) {
      if (/(?:getWriter|getOutputStream)\(\)$/.test(spelledName(given) ?? '')) return [detail(call, 'traceback')];
      for (const inner of expressionsIn(given)) if (inner.kind === 'name') traced.add(inner.name);
      return [];
    }
    if (!ANSWERS_OF_JAVA.test(ownName(call.callee)) || !ANSWER_OF_JAVA.test(spelledName(call.callee) ?? '')) return [];
    const kinds = call.arguments.map(({ value }) => kindOf(value, binding, traced));
    const kind = kinds.includes('traceback') ? 'traceback' : kinds.find((one) => one !== undefined);
    return kind === undefined ? [] : [detail(call, kind)];
  });
}

function kindOf(value: Expression, binding: string, traced: ReadonlySet<string>): 'traceback' | 'text' | undefined {
  const isStack = (inner: Expression): boolean =>
    inner.kind === 'call' && /^getStackTrace(?:AsString)?$/.test(ownName(inner.callee)) && mentions(inner, binding);
  if (holds(value, isStack) || [...traced].some((name) => mentions(value, name))) return 'traceback';
  const isText = (inner: Expression): boolean =>
    inner.kind === 'call' &&
    inner.callee.kind === 'member' &&
    inner.callee.object.kind === 'name' &&
    inner.callee.object.name === binding &&
    inner.callee.name === 'toString';
  return holds(value, isText) ? 'text' : undefined;
}

function holds(value: Expression, test: (inner: Expression) => boolean): boolean {
  for (const inner of expressionsIn(value)) if (test(inner)) return true;
  return false;
}

function detail(call: Call, kind: 'traceback' | 'text'): FindingDraft {
  const message = `The ${kind} of the exception is part of the answer`;
  const severity = kind === 'traceback' ? 'medium' : 'low';
  return weakness('CODE61', { message, severity, place: call.place, subject: `${ownName(call.callee)} ${kind}` });
}
