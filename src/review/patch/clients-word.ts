import type { Expression, FunctionNode, Module, Target } from '../../code/index.ts';
import { allStatementsOf, functionsOf } from '../code-walk.ts';
import { codeOf, namesIn, partsBelow, writtenText } from './spot.ts';

/** What a client writes into a request, as frameworks of four languages give it. */
const SENT = new RegExp(
  [
    String.raw`(?:req|request|ctx\.request|context\.req|c\.req)\??\.(?:body|query|params|headers|args|form|values|json|GET|POST|query_params|path_params)\b[\w.?()[\]'"-]*`,
    String.raw`(?:req|request|r|c|ctx)\.(?:get|header|getParameter|getHeader|Query|DefaultQuery|Param|PostForm|FormValue|PostFormValue|PathValue|QueryParam|GetHeader)\(['"][\w-]+['"]\)`,
    String.raw`r\.(?:URL\.Query\(\)|Header)\.Get\("[\w-]+"\)`,
    String.raw`chi\.URLParam\(r,"[\w-]+"\)`,
    String.raw`mux\.Vars\(r\)\["[\w-]+"\]`,
  ]
    .map((form) => `^${form}$`)
    .join('|'),
);
/** Whoever knows these may be the right one. */
const PROOF =
  /pass|pwd|token|secret|key|code|otp|pin|sig|mac|csrf|xsrf|nonce|sess|cookie|auth(?!ors?(?![a-z]))|answer|captcha|cred|digest|hash|jwt|cert|ticket|invit/i;
/** Who somebody says he is, and what he may. */
const CLAIMED =
  /(?:user|users|username|owner|email|mail|author|account|role|admin|name|group|tenant)(?:_?id)?['")\]]*$/i;

const BY_ANNOTATION = /(?:^|\.)(?:PathVariable|RequestParam|RequestHeader|QueryParam|PathParam|HeaderParam|FormParam)$/;

/** Names that hold nothing but what a client wrote, whatever part of it they hold. */
export interface ClientsWord {
  /** Whether a value is what a client wrote, or worked out from that alone. */
  holds(value: Expression): boolean;
  /** Whether it says who the client is, or what he may do. */
  claims(value: Expression): boolean;
  /** Whether a parameter of that name is filled by the framework with what the client wrote. */
  fills(parameter: string): boolean;
}

/** One name may get what it holds from another, that from a third. */
const ROUNDS = 3;

/** What of a file is a client's own word. */
export function clientsWordIn(module: Module): ClientsWord {
  const names = new Map<string, string>();
  const textOf = (value: Expression): string => codeOf(value, module.file);
  const sentBy = (value: Expression): string | undefined => {
    const text = value.kind === 'name' ? names.get(value.name) : textOf(value);
    return text !== undefined && SENT.test(text) && !PROOF.test(text) ? text : undefined;
  };
  const holds = (value: Expression): boolean => sentBy(value) !== undefined || isWorkedOutOf(value, holds);
  const filled = new Set(functionsOf(module).flatMap(parametersSent));
  for (const name of filled) names.set(name, `req.params.${name}`);
  const given = allStatementsOf(module).flatMap((statement) => (statement.kind === 'assign' ? statement : []));
  for (let round = 0; round < ROUNDS; round++) {
    for (const { target, value } of given.filter((one) => holds(one.value)))
      for (const { name, member } of boundIn(target))
        names.set(name, sentBy(value)?.concat(member) ?? `req.body.${name}`);
    // What is given something else as well may be that.
    for (const { target } of given.filter((one) => !holds(one.value)))
      for (const { name } of boundIn(target)) names.delete(name);
  }
  const claims = (value: Expression): boolean =>
    CLAIMED.test(sentBy(value) ?? '') || /\bheaders?\b/i.test(sentBy(value) ?? '');
  return { holds, claims, fills: (parameter) => filled.has(parameter) };
}

interface Bound {
  readonly name: string;
  /** What of the value it is: `.id` of `const { id } = req.body`. */
  readonly member: string;
}

function boundIn(target: Target): readonly Bound[] {
  if (target.kind === 'name') return [{ name: target.name, member: '' }];
  if (target.kind === 'map')
    return target.entries.flatMap(({ key, target: inner }) =>
      boundIn(inner).map(({ name }) => ({ name, member: `.${key}` })),
    );
  return target.kind === 'list' ? [...namesIn([target])].map((name) => ({ name, member: '' })) : [];
}

/** Decorators of FastAPI: what is no part of the address and of a plain type comes from the query. */
const WITH_QUERY = /^(?:get|post|put|patch|delete)$/;
const PLAIN_TYPE = /^(?:int|str|float|bool)(?:\s*\|\s*None)?$/;
const FROM_CLIENT = /^(?:Query|Path|Body|Form|Header|Cookie)$/;

/** Parameters that the framework fills from the request, by their annotation or by the decorator that names them. */
function parametersSent({ parameters, decorators }: FunctionNode): readonly string[] {
  const paths = partsBelow(decorators).flatMap((part) => writtenText(part) ?? []);
  const takesQuery = decorators.some((mark) => mark.kind === 'call' && WITH_QUERY.test(spelled(mark)));
  return parameters.flatMap(({ name, decorators: marks, annotation, default: given }) => {
    if (name === undefined || PROOF.test(name)) return [];
    const isMarked = marks.some((mark) => BY_ANNOTATION.test(spelled(mark)));
    const isNamed = paths.some((path) => new RegExp(String.raw`[<{](?:\w+:)?${name}(?::\w+)?[>}]`).test(path));
    const isPlain = PLAIN_TYPE.test(annotation ?? '') && (given === undefined || given.kind === 'literal');
    const isOfClient = given?.kind === 'call' && FROM_CLIENT.test(spelled(given));
    return isMarked || isNamed || (takesQuery && (isPlain || isOfClient)) ? [name] : [];
  });
}

function spelled(value: Expression): string {
  if (value.kind === 'call') return spelled(value.callee);
  return value.kind === 'name' || value.kind === 'member' ? value.name : '';
}

/** They give another form of what they are given, or say something of its form. */
const OF_FORM =
  /^(?:Number|parseInt|parseFloat|String|int|float|str|len|isinstance|isNaN|isInteger|isFinite|Atoi|ParseInt|ParseUint|parseLong|valueOf|trim|strip|TrimSpace|lower|upper|toLowerCase|toUpperCase|isEmpty|isBlank|isdigit|isnumeric|isalnum|isDigit|from|toString|atob|btoa|b64decode|encodeURIComponent|decodeURIComponent|quote|unquote|replace|replaceAll|slice|substring)$/;
/** Modules and classes that hold them. */
const HOLDERS = /^(?:Number|Buffer|base64|strconv|strings|Integer|Long|String|StringUtils)$/;

function isWorkedOutOf(value: Expression, holds: (part: Expression) => boolean): boolean {
  if (value.kind === 'unary') return holds(value.operand);
  if (value.kind === 'member') return /^(?:length|size)$/.test(value.name) && holds(value.object);
  if (value.kind === 'typed') return value.value !== undefined && holds(value.value);
  if (value.kind !== 'call' || !OF_FORM.test(spelled(value.callee))) return false;
  const { callee } = value;
  const of = callee.kind === 'member' && !(callee.object.kind === 'name' && HOLDERS.test(callee.object.name));
  const [first] = value.arguments;
  return of && callee.kind === 'member' ? holds(callee.object) : first !== undefined && holds(first.value);
}
