import type { Expression, FunctionNode } from '../../code/index.ts';
import type { FindingDraft } from '../../findings/index.ts';
import { isTestFile } from '../test-file.ts';
import { lastWord, spelledKey, spelledName } from './spelled-name.ts';
import { expressionsBelow, expressionsIn, partsBelow } from './traversal.ts';
import { type FindWeaknesses, maySpell, weakness } from './weakness.ts';

const PASSWORD = /^(?:password|passwd|pwd|pass_?word|user_?password|plain_?password)$/i;
const HASHED =
  /hash|bcrypt|argon|scrypt|pbkdf|crypt|digest|set_password|make_password|create_user|create_superuser|salt/i;
/** Functions that store what they are given. */
const STORING =
  /^(?:create|insert|insertOne|insert_one|insertMany|save|add|update|updateOne|findOneAndUpdate|build|upsert|dump|write)$/;
/** Classes that hold what was typed for a moment, or send it where it is checked. */
const PASSING =
  /form|schema|request|login|credential|input|auth|client|connection|session|mail|smtp|config|error|dto|serializer|url|engine/i;

/**
 * CODE62: a password of the request becomes a field of a record (`User(password=request.form['password'])`,
 * `User.create({ password: req.body.password })`) in a function that hashes nothing.
 */
export const findPlainPassword: FindWeaknesses = ({ module, project }) => {
  // Where types say what a record is, its layers hash the password that they are given.
  if (module.language === 'go' || module.language === 'java') return [];
  if (isTestFile(module.file.path) || !maySpell(module, /pass|pwd/i)) return [];
  const found: FindingDraft[] = [];
  for (const part of partsBelow(module.body)) {
    if (part.kind === 'function' && takesRequest(part.function) && !hashes(part.function)) {
      found.push(...storedBy(part.function));
    }
  }
  if (found.length === 0 || project.hashesOnSaving) return [];
  return [...new Map(found.map((finding) => [finding.place.span.start, finding])).values()];
};

function takesRequest({ body, parameters }: FunctionNode): boolean {
  if (parameters.some(({ name }) => name !== undefined && /^(?:req|request|ctx)$/.test(name))) return true;
  for (const expression of expressionsBelow(body)) {
    if (expression.kind === 'name' && /^(?:request|req|ctx)$/.test(expression.name)) return true;
  }
  return false;
}

function hashes({ body }: FunctionNode): boolean {
  for (const expression of expressionsBelow(body)) {
    if ((expression.kind === 'name' || expression.kind === 'member') && HASHED.test(expression.name)) return true;
  }
  return false;
}

function storedBy(scope: FunctionNode): readonly FindingDraft[] {
  const found: FindingDraft[] = [];
  const note = (name: string | undefined, value: Expression, holder: string) => {
    if (name === undefined || !PASSWORD.test(name) || !comesFromRequest(value)) return;
    const message = `\`${holder}\` keeps the password as it was typed`;
    found.push(weakness('CODE62', { message, place: value.place, subject: `${scope.name ?? ''} ${holder}` }));
  };
  for (const part of partsBelow(scope.body)) {
    if (part.kind === 'statement' && part.statement.kind === 'assign' && part.statement.target.kind === 'member') {
      const { target, value } = part.statement;
      const holder = spelledName(target.object) ?? '';
      if (!PASSING.test(holder) && holder !== 'self') note(target.name, value, holder);
    }
    if (part.kind !== 'expression' || part.expression.kind !== 'call') continue;
    const holder = spelledName(part.expression.callee) ?? '';
    if (!stores(holder, part.expression.construct)) continue;
    for (const { name, value } of part.expression.arguments) {
      note(name, value, holder);
      if (value.kind !== 'map') continue;
      for (const entry of value.entries) if (entry.kind === 'entry') note(spelledKey(entry.key), entry.value, holder);
    }
  }
  return found;
}

/** `User(…)`, `new User(…)`, `User.create(…)`, `db.users.insert(…)`. */
function stores(holder: string, construct: boolean): boolean {
  if (PASSING.test(holder)) return false;
  const word = lastWord(holder);
  return STORING.test(word) || ((construct || !holder.includes('.')) && /^[A-Z][a-z]/.test(word));
}

/** A part of the request, or a variable that says password. */
function comesFromRequest(value: Expression): boolean {
  if (value.kind === 'name') return PASSWORD.test(value.name);
  if (value.kind === 'call' && value.callee.kind !== 'member') return false;
  for (const inner of expressionsIn(value)) {
    if (inner.kind === 'name' && /^(?:request|req|ctx|form|data|body)$/.test(inner.name)) return true;
  }
  return false;
}
