import type { Expression, FunctionNode, Statement } from '../../code/index.ts';
import type { FindingDraft, Severity } from '../../findings/index.ts';
import { isTestFile } from '../test-file.ts';
import { lastWord, literalText, spelledName } from './spelled-name.ts';
import { expressionsBelow, expressionsIn, partsBelow } from './traversal.ts';
import { detailsOfJava, stacksOfGo } from './typed-error-detail.ts';
import { type FindWeaknesses, weakness } from './weakness.ts';

type Handler = Extract<Statement, { kind: 'try' }>['handlers'][number];

const ANSWER =
  /^(?:send|json|jsonp|end|write|render|html|text|body|code|status|make_response|jsonify|HttpResponse\w*|JsonResponse|Response|HTMLResponse|JSONResponse|PlainTextResponse|HTTPException|abort|flash)$/;
/** Classes whose text the program wrote itself. */
const OWN_TEXT = /validation|http|value|key|notfound|doesnotexist|permission|type|invalid/i;

/**
 * CODE61: the text or traceback of a caught exception is part of an answer. In Python only inside functions that are
 * handlers of requests: by a decorator with a path, or by a first parameter `request`.
 */
export const findErrorDetail: FindWeaknesses = ({ module }) => {
  if (isTestFile(module.file.path)) return [];
  if (module.language === 'python') return pythonDetails(module.body);
  if (module.language === 'go') return /debug\.Stack/.test(module.file.text) ? stacksOfGo(module.body) : [];
  return module.language === 'java' ? detailsOfJava(module.body) : scriptDetails(module.body);
};

function pythonDetails(body: readonly Statement[]): readonly FindingDraft[] {
  const found: FindingDraft[] = [];
  for (const part of partsBelow(body)) {
    if (part.kind !== 'function' || !answersRequests(part.function)) continue;
    const whole = asHandler(part.function);
    if (whole) found.push(...shownBy(whole, part.function.name ?? ''));
    for (const inner of partsBelow(part.function.body)) {
      if (inner.kind !== 'statement' || inner.statement.kind !== 'try') continue;
      for (const handler of inner.statement.handlers) found.push(...shownBy(handler, part.function.name ?? ''));
    }
  }
  return found;
}

function answersRequests({ decorators, parameters }: FunctionNode): boolean {
  if (parameters[0]?.name === 'request' || parameters[0]?.name === 'req') return true;
  return decorators.some((decorator) => {
    const name = decorator.kind === 'call' ? lastWord(spelledName(decorator) ?? '') : '';
    return /^(?:route|get|post|put|delete|patch|api_view|view_config|(?:app_)?errorhandler|exception_handler|action)$/.test(
      name,
    );
  });
}

/** A function that is called for every error that nobody caught (Flask's `errorhandler`, FastAPI's `exception_handler`). */
function asHandler({ decorators, parameters, body }: FunctionNode): Handler | undefined {
  const isForAll = decorators.some((decorator) => {
    if (decorator.kind !== 'call') return false;
    const name = lastWord(spelledName(decorator) ?? '');
    const [error] = decorator.arguments.map(({ value }) => value);
    const isAny = error === undefined || spelledName(error) === 'Exception' || literalText(error) === '500';
    return /^(?:app_)?errorhandler$|^exception_handler$/.test(name) && isAny;
  });
  return isForAll ? { binding: parameters.at(-1)?.name, types: [], body } : undefined;
}

/** What one `except` block answers with. */
function shownBy({ binding, types, body }: Handler, path: string): readonly FindingDraft[] {
  const own = types.length > 0 && types.every((type) => OWN_TEXT.test(type));
  const found: FindingDraft[] = [];
  for (const part of partsBelow(body)) {
    if (part.kind !== 'statement' || part.statement.kind !== 'return' || part.statement.value === undefined) continue;
    const detail = detailIn(part.statement.value, binding);
    if (detail === undefined) continue;
    const severity: Severity = own && detail !== 'traceback' ? 'low' : 'medium';
    const message = `The ${detail} of the exception is part of the answer`;
    found.push(weakness('CODE61', { message, severity, place: part.statement.place, subject: `${path} ${detail}` }));
  }
  return found;
}

/** Which part of an exception stands in an expression. */
function detailIn(value: Expression, binding: string | undefined): 'traceback' | 'text' | undefined {
  let text = false;
  for (const expression of expressionsIn(value)) {
    const name = spelledName(expression) ?? '';
    if (/(?:^|\.)(?:format_exc|format_exception|print_exc|exc_info|stack)(?:\(\))?$/.test(name)) return 'traceback';
    if (binding !== undefined && shows(expression, binding)) text = true;
  }
  return text ? 'text' : undefined;
}

/** `str(error)`, `f"{error}"`, `error.args`, `error.message`. */
function shows(expression: Expression, binding: string): boolean {
  const isError = (inner: Expression | undefined) => inner?.kind === 'name' && inner.name === binding;
  if (expression.kind === 'text') return expression.parts.some(isError);
  if (expression.kind === 'member')
    return isError(expression.object) && /^(?:args|message|stack|detail|sqlMessage)$/.test(expression.name);
  if (expression.kind !== 'call') return false;
  const name = lastWord(spelledName(expression) ?? '');
  if (expression.callee.kind === 'member' && expression.callee.name === 'format')
    return expression.arguments.some(({ value }) => isError(value));
  if (expression.callee.kind === 'member' && expression.callee.name === 'toString')
    return isError(expression.callee.object);
  return (
    /^(?:str|repr|String|jsonify|inspect|stringify)$/.test(name) &&
    expression.arguments.some(({ value }) => isError(value))
  );
}

/** `res.send(err)`, `res.json({ error: err.message })`, in a `catch` or in a callback whose first parameter is an error. */
function scriptDetails(body: readonly Statement[]): readonly FindingDraft[] {
  const found = new Map<number, FindingDraft>();
  const look = (statements: readonly Statement[], binding: string) => {
    for (const expression of expressionsBelow(statements)) {
      const finding = answerWith(expression, binding);
      if (finding !== undefined) found.set(finding.place.span.start, finding);
    }
  };
  for (const part of partsBelow(body)) {
    if (part.kind === 'statement' && part.statement.kind === 'try') {
      for (const handler of part.statement.handlers)
        if (handler.binding !== undefined) look(handler.body, handler.binding);
    } else if (part.kind === 'expression') {
      const finding = answeredStack(part.expression);
      if (finding !== undefined) found.set(finding.place.span.start, finding);
    } else if (part.kind === 'function') {
      const first = part.function.parameters[0]?.name;
      if (first !== undefined && /^(?:e|err|error|ex|exception)$/.test(first)) look(part.function.body, first);
    }
  }
  return [...found.values()];
}

/** `.onError(({ error }) => ({ message: error.stack }))`: what such a function gives is the answer (Elysia, Hono, H3). */
function answeredStack(expression: Expression): FindingDraft | undefined {
  if (expression.kind !== 'call' || expression.callee.kind !== 'member' || expression.callee.name !== 'onError')
    return undefined;
  for (const { value } of expression.arguments) {
    if (value.kind !== 'function') continue;
    for (const part of partsBelow(value.function.body)) {
      if (part.kind !== 'statement' || part.statement.kind !== 'return' || part.statement.value?.kind !== 'map')
        continue;
      if (detailIn(part.statement.value, undefined) !== 'traceback') continue;
      const message = 'The traceback of the exception is part of the answer';
      return weakness('CODE61', { message, place: part.statement.value.place, subject: 'onError traceback' });
    }
  }
  return undefined;
}

function answerWith(expression: Expression, binding: string): FindingDraft | undefined {
  if (expression.kind !== 'call' || expression.callee.kind !== 'member') return undefined;
  const root = (spelledName(expression.callee) ?? '').split('.')[0] ?? '';
  if (
    !/^(?:res|response|reply|ctx|context|c|NextResponse|Response)$/.test(root) ||
    !ANSWER.test(expression.callee.name)
  )
    return undefined;
  const given = expression.arguments.map(({ value }) => value);
  const whole = given.some((value) => value.kind === 'name' && value.name === binding);
  const detail = given.map((value) => detailIn(value, binding)).find((part) => part !== undefined);
  const inside = given.some((value) => value.kind === 'map' && hasWhole(value, binding));
  if (!whole && !inside && detail === undefined) return undefined;
  const severity: Severity = detail === 'text' && !whole ? 'low' : 'medium';
  const message = `The ${detail ?? 'whole'} of the exception is part of the answer`;
  const place = expression.place;
  return weakness('CODE61', { message, severity, place, subject: `${literalText(given[0]) ?? root} ${binding}` });
}

function hasWhole(map: Extract<Expression, { kind: 'map' }>, binding: string): boolean {
  return map.entries.some(({ value }) => value.kind === 'name' && value.name === binding);
}
