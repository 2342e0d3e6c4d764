import type { Expression, Module } from '../../code/index.ts';
import { isTestFile } from '../test-file.ts';
import { CSRF_CHECK } from './project.ts';
import { lastWord, literalText, spelledName } from './spelled-name.ts';
import { expressionsBelow, partsBelow } from './traversal.ts';
import { type FindWeaknesses, maySpell, weakness } from './weakness.ts';

/**
 * CODE48: Django settings whose middleware leaves the CSRF check out; an application that keeps users in a session
 * cookie, changes things by POST and knows no CSRF check in any of its files.
 */
export const findMissingCsrf: FindWeaknesses = ({ module, project }) => {
  if (isTestFile(module.file.path)) return [];
  const settings = djangoMiddleware(module);
  if (settings !== undefined) {
    const message = 'The middleware of Django leaves out `CsrfViewMiddleware`';
    return [weakness('CODE48', { message, place: settings.place, subject: 'MIDDLEWARE' })];
  }
  const place = sessionSetUp(module);
  if (place === undefined || project.checksOrigin.has(module.language)) return [];
  if (!project.changesState.has(module.language)) return [];
  const message = 'Users are kept in a session cookie, and no request is checked for where it comes from';
  return [
    weakness('CODE48', { message, place, severity: 'medium', confidence: 'low', subject: 'session without check' }),
  ];
};

/** The list of Django middleware, when it is written out without the check. */
function djangoMiddleware(module: Module): Expression | undefined {
  for (const part of partsBelow(module.body, () => false)) {
    if (part.kind !== 'statement' || part.statement.kind !== 'assign' || part.statement.target.kind !== 'name')
      continue;
    const { target, value } = part.statement;
    if (!/^MIDDLEWARE(?:_CLASSES)?$/.test(target.name) || value.kind !== 'list') continue;
    const names = value.items.flatMap((item) => literalText(item) ?? []);
    // Without sessions there is no cookie to misuse.
    if (names.some((name) => name.endsWith('.SessionMiddleware')) && !names.some((name) => CSRF_CHECK.test(name)))
      return value;
  }
  return undefined;
}

/** Where sessions are switched on: `app.use(session(…))`, `LoginManager(app)`, `session['user'] = …` in Flask. */
function sessionSetUp(module: Module): Expression['place'] | undefined {
  if (module.language !== 'python') {
    if (!imports(module, /^(?:express-session|cookie-session)$/)) return undefined;
    for (const expression of expressionsBelow(module.body)) {
      if (expression.kind !== 'call' || lastWord(spelledName(expression) ?? '') !== 'use') continue;
      const first = expression.arguments[0]?.value;
      if (first?.kind === 'call' && /session/i.test(spelledName(first.callee) ?? '')) return first.place;
    }
    return undefined;
  }
  if (!imports(module, /^flask(?:_login)?$/)) return undefined;
  for (const part of partsBelow(module.body)) {
    if (part.kind === 'statement' && part.statement.kind === 'assign') {
      const { target } = part.statement;
      if (target.kind === 'index' && spelledName(target.object) === 'session') return part.statement.place;
    }
    if (part.kind === 'expression' && part.expression.kind === 'call') {
      if (/^(?:flask_login\.)?(?:LoginManager|login_user)\(\)$/.test(spelledName(part.expression) ?? ''))
        return part.expression.place;
    }
  }
  return undefined;
}

function imports(module: Module, wanted: RegExp): boolean {
  if (!maySpell(module, /session|flask/)) return false;
  if (module.body.some((statement) => statement.kind === 'import' && wanted.test(statement.from))) return true;
  for (const expression of expressionsBelow(module.body)) {
    if (expression.kind !== 'call' || spelledName(expression.callee) !== 'require') continue;
    if (wanted.test(literalText(expression.arguments[0]?.value) ?? '')) return true;
  }
  return false;
}
