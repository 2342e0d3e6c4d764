import { readFormula } from '../formula.ts';
import { countStrong, isCredentialHeader, meaningOf } from '../lexicon.ts';
import { argumentsOf, lastName, namesOf, partOf, type Term } from '../terms/index.ts';
import { formulaKey, isAnswer } from './conditions.ts';
import type { Surroundings } from './place.ts';
import { readRegistration } from './routes.ts';
import { factsOfValue } from './settings.ts';
import { randomnessOf, sinkOf } from './values.ts';
import type { FactWalk } from './walk.ts';

export function visitAwait(walk: FactWalk, term: Term, at: Surroundings): void {
  const [inner] = term.parts;
  if (inner?.kind === 'call') visitCall(walk, { ...inner, role: term.role }, at, true);
  else walk.parts(term, at);
}

export function visitCall(walk: FactWalk, term: Term, at: Surroundings, awaited: boolean): void {
  const callee = partOf(term, 'callee');
  if (callee === undefined) {
    walk.parts(term, at);
    return;
  }
  const registration = readRegistration(term, at);
  if (registration) {
    visitRegistration(walk, term, registration, at);
    return;
  }
  noteCapabilities(walk, term, callee, at);
  const names = namesOf(callee);
  const args = argumentsOf(term);
  walk.add('call', term, at, {
    key: walk.render(term, at),
    names,
    meaning: term.kind === 'new' || constructsObject(walk, names) ? 'none' : meaningOf(names),
    arguments: args.map((arg) => walk.render(arg, at)),
    awaited,
    spawned: at.spawned,
    error: 'unknown',
    targets: 0,
    alone: term.role === undefined,
  });
  noteDeletion(walk, term, names, args, at);
  noteAnswer(walk, term, names, args, at);
  for (const draft of factsOfValue(term, at)) walk.push(term, at, draft);
  walk.visit(callee, at);
  const spawned =
    at.spawned ||
    /^(?:Thread|submit|runAsync|setTimeout|setImmediate|nextTick|create_task|ensure_future|start_new_thread)$/.test(
      names.at(-1) ?? '',
    );
  for (const arg of args) walk.visit(arg, { ...at, spawned, holder: names.slice(-2).join('.') });
}

/** `done(null, file.type === 'png')`: a function that answers through what it was given. */
function noteAnswer(
  walk: FactWalk,
  term: Term,
  names: readonly string[],
  [error, value, ...more]: readonly Term[],
  at: Surroundings,
): void {
  if (
    names.length !== 1 ||
    value === undefined ||
    more.length > 0 ||
    !/^(?:cb|callback|done|next)$/.test(names[0] ?? '')
  )
    return;
  const isFine = error?.kind === 'constant' && /^(?:null|undefined|false)$/.test(error.text);
  const asks = value.kind === 'call' && /^(?:includes|has|test|some|every|startsWith|endsWith)$/.test(lastName(value));
  const constant = value.kind === 'constant';
  if (!isFine || !(isAnswer(value) || asks) || (constant && at.under.length > 0)) return;
  const formula = readFormula(value, true, at.rendering);
  walk.add('result', term, at, { formula, constant, key: `return ${formulaKey(formula)}` });
}

/** `delete(fields, "password")`, `headers.Del(token)`, `user.pop("secret")`: taken out, as by a `delete` statement. */
function noteDeletion(
  walk: FactWalk,
  term: Term,
  names: readonly string[],
  args: readonly Term[],
  at: Surroundings,
): void {
  const target = args.map((arg) => walk.render(arg, at)).join(', ');
  if (term.role !== undefined || !/^(?:delete|Del|pop|unset|omit|remove|removeHeader)$/.test(names.at(-1) ?? ''))
    return;
  if (countStrong(target) > 0 || isCredentialHeader(target))
    walk.add('delete', term, at, { key: walk.render(term, at), target });
}

/** Python makes an object by calling its class. */
function constructsObject(walk: FactWalk, names: readonly string[]): boolean {
  return walk.language === 'python' && /^_*[A-Z]/.test(names.at(-1) ?? '');
}

function noteCapabilities(walk: FactWalk, term: Term, callee: Term, at: Surroundings): void {
  const sink = loadsSafely(term) ? undefined : sinkOf(callee);
  const name = namesOf(callee).join('.');
  const scope = walk.scopes.get(at.scope);
  if (sink !== undefined) walk.add('capability', term, at, { key: `sink ${name}`, what: 'sink', name, does: sink });
  const randomness = randomnessOf(callee);
  if (randomness !== undefined)
    walk.add('capability', term, at, { key: `random ${randomness}`, what: 'random', name: `${randomness} ${name}` });
  const [first] = argumentsOf(term);
  if (/^(?:require|import)$/.test(name) && first?.kind === 'string')
    walk.add('capability', term, at, { key: `import ${first.text}`, what: 'import', name: first.text });
  if (/(?:^|\.)(?:getenv|Getenv|LookupEnv|environ\.get)$/.test(name) && first?.kind === 'string')
    walk.add('capability', term, at, { key: `env ${first.text}`, what: 'environment', name: first.text });
  if (callee.kind === 'name') scope?.names.add(callee.text);
}

/** `yaml.load(text, Loader=yaml.SafeLoader)` makes plain values only. */
function loadsSafely(call: Term): boolean {
  return argumentsOf(call).some((arg) => /^C?(?:Safe|Base)Loader$/.test(lastName(arg.parts[1] ?? arg)));
}

function visitRegistration(
  walk: FactWalk,
  term: Term,
  found: NonNullable<ReturnType<typeof readRegistration>>,
  at: Surroundings,
): void {
  const { verbs, path, handler, chain, bodies, group } = found;
  walk.add('route', term, at, {
    key: `${verbs.join()} ${path} ${handler} ${chain.join()}`,
    verbs,
    path,
    handler,
    chain,
  });
  for (const body of bodies) {
    if (group) walk.function(body, { ...at, group: { path, chain } }, [], undefined);
    else walk.function(body, { ...at, scope: '' }, [], `${verbs.join('|')} ${path}`);
  }
  // What stands in the chain is told by the route; the settings that are given to it are not.
  for (const arg of argumentsOf(term)) {
    if (arg.kind === 'call') for (const inner of argumentsOf(arg)) walk.visit(inner, { ...at, holder: lastName(arg) });
  }
  const callee = partOf(term, 'callee');
  if (callee) walk.visit(callee, at);
}

/** Go: `_ = check()` and `x, _ := check()` drop the error of the call. */
export function noteError(walk: FactWalk, left: Term, right: Term): void {
  const targets = left.kind === 'other' ? left.parts : [left];
  const last = targets.at(-1);
  if (right.kind !== 'call' || last?.kind !== 'name') return;
  const index = walk.facts.findIndex(
    (fact) => fact.term.start === right.start && fact.kind === 'call' && fact.term.end === right.end,
  );
  const fact = walk.facts[index];
  if (fact?.kind !== 'call') return;
  const error = last.text === '_' ? 'dropped' : /^(?:err|error)\w*$/i.test(last.text) ? 'handled' : 'unknown';
  walk.facts[index] = { ...fact, error, targets: targets.length };
}
