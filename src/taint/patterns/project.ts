import type { CodeLanguage, Module } from '../../code/index.ts';
import { changesState, routesOf } from './route.ts';
import { lastWord, literalText, spelledName } from './spelled-name.ts';
import { expressionsBelow, partsBelow } from './traversal.ts';
import { maySpell } from './weakness.ts';

/** Names of what counts or slows attempts. */
export const LIMITER = /limit|throttl|brute|slow[-_]?down|axes|captcha|lockout|bottleneck|attempt|defender/i;

/** Names of checks of where a request comes from. */
export const CSRF_CHECK = /csrf|csurf|xsrf|lusca|seasurf|double[-_]?submit|same[-_]?origin/i;

/** What some file of the project sets up for all, by language. Each file is looked at once. */
export interface Project {
  readonly limits: ReadonlySet<CodeLanguage>;
  readonly checksOrigin: ReadonlySet<CodeLanguage>;
  readonly changesState: ReadonlySet<CodeLanguage>;
  readonly hashesOnSaving: boolean;
}

/** Looks only when somebody asks, and once: most programs have nothing to which an answer matters. */
export function readProject(modules: readonly Module[]): Project {
  const languages = (holds: (module: Module) => boolean): (() => ReadonlySet<CodeLanguage>) =>
    once(() => {
      const found = new Set<CodeLanguage>();
      for (const module of modules) if (!found.has(module.language) && holds(module)) found.add(module.language);
      return found;
    });
  const limits = languages(setsUpLimiter);
  const checksOrigin = languages(namesProtection);
  const changing = languages((module) => routesOf(module).some(changesState));
  const hashing = once(() => modules.some(hashesOnSaving));
  return {
    get limits() {
      return limits();
    },
    get checksOrigin() {
      return checksOrigin();
    },
    get changesState() {
      return changing();
    },
    get hashesOnSaving() {
      return hashing();
    },
  };
}

function once<T>(work: () => T): () => T {
  let answer: { readonly value: T } | undefined;
  return () => {
    answer ??= { value: work() };
    return answer.value;
  };
}

/** A limiter for the whole application: `Limiter(default_limits=…)`, `app.use(limiter)`, an entry of the settings. */
function setsUpLimiter(module: Module): boolean {
  if (!maySpell(module, LIMITER)) return false;
  for (const expression of expressionsBelow(module.body)) {
    if (expression.kind === 'literal' && module.language === 'python') {
      if (/^(?:axes|defender|django_ratelimit|ratelimit)(?:\.|$)/.test(String(expression.value))) return true;
      continue;
    }
    if (expression.kind !== 'call') continue;
    const name = lastWord(spelledName(expression) ?? '');
    if (/limiter/i.test(name) && expression.arguments.some((argument) => argument.name === 'default_limits'))
      return true;
    const used = name === 'use' || name === 'register' || name === 'add_middleware' ? expression.arguments : [];
    // One that stands before a certain address counts nobody at the others.
    const address = literalText(used[0]?.value);
    if (address !== undefined && !/^\/?$|\*|log-?in|auth|sign|user|account|api|session|password/i.test(address))
      continue;
    if (used.some(({ value }) => LIMITER.test(spelledName(value) ?? ''))) return true;
  }
  return false;
}

/** Any import, name or text that speaks of the check. */
function namesProtection(module: Module): boolean {
  if (!maySpell(module, CSRF_CHECK) && !maySpell(module, /FlaskForm/)) return false;
  for (const part of partsBelow(module.body)) {
    if (part.kind === 'statement' && part.statement.kind === 'import') {
      const { from, names } = part.statement;
      if (CSRF_CHECK.test(from) || names.some(({ exported }) => CSRF_CHECK.test(exported))) return true;
    }
    if (part.kind !== 'expression') continue;
    const { expression } = part;
    const word = expression.kind === 'name' || expression.kind === 'member' ? expression.name : literalText(expression);
    if (word !== undefined && word.length < 80 && CSRF_CHECK.test(word)) return true;
    if (expression.kind === 'name' && expression.name === 'FlaskForm') return true;
  }
  return false;
}

/** A hook of the object mapper hashes before each save. */
function hashesOnSaving(module: Module): boolean {
  if (!maySpell(module, /save|before/i)) return false;
  for (const expression of expressionsBelow(module.body)) {
    if (expression.kind !== 'call') continue;
    const name = lastWord(spelledName(expression) ?? '');
    const first = expression.arguments[0]?.value;
    if (name === 'pre' && first?.kind === 'literal' && first.value === 'save') return true;
    if (/^(?:beforeCreate|beforeSave|beforeInsert|BeforeInsert)$/.test(name)) return true;
  }
  return false;
}
