import { ALWAYS, readFormula } from '../formula.ts';
import { isQuestionName } from '../lexicon.ts';
import type { ControlLanguage } from '../model.ts';
import {
  argumentsOf,
  lastName,
  namesOf,
  partOf,
  partsOf,
  renderTerm,
  showTerm,
  staysOutside,
  type Term,
  type TermKind,
  termsIn,
} from '../terms/index.ts';
import { forgetAnswers, rememberAnswer } from './answers.ts';
import {
  noteStray,
  visitAssert,
  visitBranch,
  visitChoice,
  visitConditional,
  visitShortCircuit,
  visitTry,
} from './branches.ts';
import { noteError, visitAwait, visitCall } from './calls.ts';
import { formulaKey, isAnswer } from './conditions.ts';
import { leavingOf } from './exit.ts';
import type { Fact, FactSheet, Scope } from './fact.ts';
import { type Surroundings, TOP } from './place.ts';
import { readMapping } from './routes.ts';
import { factsOfValue } from './settings.ts';
import { hostOf } from './values.ts';
import type { Draft, FactWalk, OpenScope } from './walk.ts';
import { countWords } from './words.ts';

/** Cap: a hostile file costs a bounded amount of work. */
const FACTS = 60_000;

/** Walks the terms of one side of a file and writes down what is said about controls. */
export class FactCollector implements FactWalk {
  readonly facts: Fact[] = [];
  readonly scopes = new Map<string, OpenScope>();
  readonly words = new Map<string, number>();
  readonly renames: ReadonlyMap<string, ReadonlyMap<string, string>>;
  readonly language: ControlLanguage;
  order = 0;

  /** `renames`: by scope, what a variable is called on the other side. */
  constructor(language: ControlLanguage, renames: ReadonlyMap<string, ReadonlyMap<string, string>> = new Map()) {
    this.language = language;
    this.renames = renames;
  }

  /** Read one piece of a file. */
  read(term: Term, owner: string): void {
    const at = owner === '' ? TOP : { ...TOP, scope: owner };
    this.open(owner, term);
    countWords(term, this.words);
    this.statements(term.kind === 'block' ? term.parts : [term], at);
  }

  /** The top of a file and its classes are there even when nothing of them is read. */
  openOwners(owners: Iterable<string>): void {
    for (const name of ['', ...owners])
      this.scopes.set(name, { start: 0, end: 0, term: undefined, declared: [], names: new Set() });
  }

  get sheet(): FactSheet {
    const scopes = new Map<string, Scope>();
    for (const [name, scope] of this.scopes) scopes.set(name, { name, ...scope });
    return { facts: this.facts, scopes, words: this.words };
  }

  add<Kind extends Fact['kind']>(kind: Kind, term: Term, at: Surroundings, draft: Draft<Kind>): void {
    if (this.facts.length >= FACTS) return;
    const { scope, under } = at;
    // The draft has exactly the fields that the kind adds; the compiler cannot see that through the type parameter.
    this.facts.push({ kind, scope, under, order: this.order++, term, ...draft } as unknown as Fact);
  }

  open(name: string, term: Term): OpenScope {
    const open = this.scopes.get(name);
    if (open) return open;
    const scope = { start: term.start, end: term.end, term, declared: [], names: new Set<string>() };
    this.scopes.set(name, scope);
    return scope;
  }

  statements(statements: readonly Term[], around: Surroundings): void {
    let at = around;
    let decorators: Term[] = [];
    for (const [index, statement] of statements.entries()) {
      if (statement.kind === 'decorator') {
        decorators.push(statement);
        continue;
      }
      const isLast = index === statements.length - 1;
      if ((statement.kind === 'return' || statement.kind === 'throw') && !isLast) this.dead(statement, at);
      this.visit(statement, at, decorators);
      at = rememberAnswer(statement, statements, index + 1, at);
      decorators = [];
    }
    if (decorators.length > 0) this.decorators(decorators, at);
  }

  /** An exit with statements after it: they never run. */
  dead(statement: Term, at: Surroundings): void {
    const leaving = leavingOf([statement], at.scope);
    if (leaving === undefined) return;
    const draft = { formula: ALWAYS, exit: leaving.exit, answer: leaving.answer, errorOf: undefined };
    this.add('check', statement, at, { ...draft, key: `always ${leaving.exit}` });
  }

  visit(term: Term, at: Surroundings, decorators: readonly Term[] = []): void {
    // The head of a class that is read piece by piece: its decorators stand before its bases.
    if (decorators.length > 0 && term.kind !== 'function' && term.kind !== 'class') this.decorators(decorators, at);
    const visitor = VISITORS[term.kind];
    if (visitor === undefined) this.plain(term, at);
    else visitor(this, term, at, decorators);
  }

  parts(term: Term, at: Surroundings): void {
    for (const part of term.parts) this.visit(part, at);
  }

  render(term: Term, at: Surroundings): string {
    return renderTerm(term, at.rendering);
  }

  plain(term: Term, at: Surroundings): void {
    const scope = this.scopes.get(at.scope);
    if (term.kind === 'name' && term.role !== 'property' && term.role !== 'key') scope?.names.add(term.text);
    if (term.kind === 'parameter' || term.kind === 'catch')
      this.declare(partOf(term, 'name') ?? partOf(term, 'parameters'), at);
    if (term.kind === 'import') this.import(term, at);
    if (term.kind === 'decorator') this.decorators([term], at);
    if (term.kind === 'member' && /(?:^|\.)(?:process\.env|os\.environ|import\.meta\.env)\.\w+$/.test(showTerm(term))) {
      this.add('capability', term, at, { key: `env ${lastName(term)}`, what: 'environment', name: lastName(term) });
    }
    const host = term.kind === 'string' || term.kind === 'text' ? hostOf(term.text) : undefined;
    if (host !== undefined) this.add('capability', term, at, { key: `host ${host}`, what: 'host', name: host });
    for (const draft of factsOfValue(term, at)) this.push(term, at, draft);
    const holder = term.kind === 'pair' ? holderOf(at.holder, term.parts[0]?.text ?? '') : at.holder;
    for (const part of term.parts) {
      if (term.kind === 'pair' && part.kind === 'function') this.function(part, at, [], term.parts[0]?.text);
      else
        this.visit(
          term.kind === 'not' ? { ...part, role: 'test' } : part,
          holder === at.holder ? at : { ...at, holder },
        );
    }
  }

  push(term: Term, at: Surroundings, draft: ReturnType<typeof factsOfValue>[number]): void {
    const { kind, ...rest } = draft;
    // Drafts carry their kind beside exactly the fields of that kind.
    this.add(kind, term, at, rest as unknown as Draft<typeof kind>);
  }

  declare(target: Term | undefined, at: Surroundings): void {
    const scope = this.scopes.get(at.scope);
    if (target === undefined || scope === undefined) return;
    for (const part of termsIn(target, staysOutside)) {
      if (
        part.kind === 'name' &&
        part.role !== 'property' &&
        !scope.declared.includes(part.text) &&
        scope.declared.length < 200
      )
        scope.declared.push(part.text);
    }
  }

  import(term: Term, at: Surroundings): void {
    const source = partOf(term, 'source');
    const name = source === undefined ? '' : source.kind === 'string' ? source.text : renderTerm(source);
    if (name !== '') this.add('capability', term, at, { key: `import ${name}`, what: 'import', name });
  }

  function(term: Term, at: Surroundings, decorators: readonly Term[], givenName: string | undefined): void {
    const own = partOf(term, 'name')?.text ?? givenName;
    const receiver = partOf(term, 'receiver');
    const type = receiver === undefined ? undefined : lastNameIn(receiver);
    const name = [at.scope, type, own].filter((part) => part !== undefined && part !== '').join('.');
    const scope = own === undefined ? at.scope : name;
    const opened = this.open(scope, term);
    const rename = this.renames.get(scope);
    const inner: Surroundings = {
      ...at,
      scope,
      under: own === undefined ? at.under : [],
      holder: '',
      spawned: own === undefined && at.spawned,
      rendering: rename === undefined ? forgetAnswers(at) : { rename },
    };
    this.decorators([...decorators, ...partsOf(term, 'decorator'), ...modifiersOf(term)], inner);
    for (const parameters of [...partsOf(term, 'parameters'), ...partsOf(term, 'receiver')]) {
      for (const parameter of parameters.kind === 'list' ? parameters.parts : [parameters]) {
        if (parameter.kind === 'name') this.declare(parameter, inner);
        this.visit(parameter, inner);
      }
    }
    for (const text of opened.declared) opened.names.add(text);
    const body = partOf(term, 'body');
    if (body === undefined) return;
    if (body.kind === 'block') this.statements(body.parts, inner);
    else this.return({ ...body, kind: 'return', parts: [body] }, inner);
  }

  class(term: Term, at: Surroundings, decorators: readonly Term[]): void {
    const own = partOf(term, 'name')?.text ?? '';
    const scope = [at.scope, own].filter((part) => part !== '').join('.');
    this.open(scope, term);
    const inner = { ...at, scope, holder: own };
    this.decorators([...decorators, ...partsOf(term, 'decorator'), ...modifiersOf(term)], inner);
    for (const part of term.parts) {
      if (part.role !== 'name' && part.role !== 'decorator' && !decoratorsIn(part).length) this.visit(part, inner);
    }
  }

  decorators(decorators: readonly Term[], at: Surroundings): void {
    for (const decorator of decorators) {
      const call = decorator.parts.find(({ kind }) => kind === 'call') ?? decorator;
      const callee = partOf(call, 'callee') ?? call.parts[0];
      const name = callee === undefined ? '' : namesOf(callee).join('.');
      const args = argumentsOf(call);
      const mapping = readMapping(decorator);
      if (mapping !== undefined && at.scope !== '') {
        const { verbs, path } = mapping;
        const key = `${path} ${verbs.join()}`;
        this.add('route', decorator, at, { key, verbs, path, handler: at.scope, chain: [] });
      }
      const rendered = args.map((arg) => this.render(arg, at));
      this.add('decorator', decorator, at, { key: `@${name}(${rendered.join()})`, name, arguments: rendered });
      for (const arg of args) this.visit(arg, { ...at, holder: name });
    }
  }

  return(term: Term, at: Surroundings): void {
    const [value] = term.parts;
    const asked = isQuestionName(at.scope.slice(at.scope.lastIndexOf('.') + 1));
    // A constant inside a branch is told by the check.
    const told = value?.kind === 'constant' && at.under.length > 0;
    if (
      value !== undefined &&
      !told &&
      (isAnswer(value) || (asked && /^(?:name|member|call|await)$/.test(value.kind)))
    ) {
      const formula = readFormula(value, true, at.rendering);
      const constant = value.kind === 'constant';
      this.add('result', term, at, { formula, constant, key: `return ${formulaKey(formula)}` });
    }
    for (const part of term.parts) {
      if (part.kind === 'function') this.function(part, at, [], undefined);
      else this.visit({ ...part, role: 'test' }, at);
    }
  }

  assign(term: Term, at: Surroundings): void {
    const left = partOf(term, 'left');
    const right = partOf(term, 'right');
    const name = left === undefined ? '' : lastName(left);
    if (left?.kind === 'name' || left?.kind === 'other' || left?.kind === 'list' || left?.kind === 'map')
      this.declare(left, at);
    for (const draft of factsOfValue(term, at)) this.push(term, at, draft);
    if (right !== undefined && isAnswer(right) && right.kind !== 'constant' && right.kind !== 'call') {
      const formula = readFormula(right, true, at.rendering);
      this.add('condition', right, at, { formula, key: `${name} = ${formulaKey(formula)}` });
    }
    if (left?.kind === 'member' || left?.kind === 'index') {
      const value = right === undefined ? '' : this.render(right, at);
      this.add('write', term, at, { key: this.render(term, at), target: showTerm(left), value });
    }
    if (left) this.visit(left, at);
    if (right?.kind === 'function') this.function(right, at, [], name === '' ? undefined : name);
    else if (right) this.visit({ ...right, role: 'right' }, { ...at, holder: name });
    if (left !== undefined && right !== undefined) noteError(this, left, right);
  }
}

type Visitor = (walk: FactCollector, term: Term, at: Surroundings, decorators: readonly Term[]) => void;

const VISITORS: { readonly [kind in TermKind]?: Visitor } = {
  function: (walk, term, at, decorators) => walk.function(term, at, decorators, undefined),
  class: (walk, term, at, decorators) => walk.class(term, at, decorators),
  block: (walk, term, at) => walk.statements(term.parts, at),
  if: visitBranch,
  conditional: visitConditional,
  and: visitShortCircuit,
  or: (walk, term, at) => {
    noteStray(walk, term, at);
    walk.plain(term, at);
  },
  choice: visitChoice,
  try: visitTry,
  assert: visitAssert,
  return: (walk, term, at) => walk.return(term, at),
  spawn: (walk, term, at) => walk.parts(term, { ...at, spawned: true }),
  call: (walk, term, at) => visitCall(walk, term, at, false),
  new: (walk, term, at) => visitCall(walk, term, at, false),
  await: visitAwait,
  assign: (walk, term, at) => walk.assign(term, at),
  delete: (walk, term, at) => {
    const target = showTerm(term).replace(/^delete /, '');
    walk.add('delete', term, at, { key: walk.render(term, at), target });
    walk.parts(term, at);
  },
};

function lastNameIn(term: Term): string | undefined {
  return [...termsIn(term)].filter(({ kind }) => kind === 'name').at(-1)?.text;
}

/** Java writes annotations among the modifiers. */
function modifiersOf(term: Term): readonly Term[] {
  return term.parts.flatMap((part) =>
    part.kind === 'decorator' && part.role === undefined ? [part] : decoratorsIn(part),
  );
}

function decoratorsIn(term: Term): readonly Term[] {
  return term.kind === 'other' ? term.parts.filter(({ kind }) => kind === 'decorator') : [];
}

function holderOf(holder: string, name: string): string {
  return [...holder.split('.').slice(-2), name].filter((part) => part !== '').join('.');
}
