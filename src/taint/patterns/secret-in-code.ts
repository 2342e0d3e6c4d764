import type { ClassNode, Expression, Module, Target } from '../../code/index.ts';
import type { FindingDraft } from '../../findings/index.ts';
import { findLiteralKeys } from '../../text/index.ts';
import { isTestFile } from '../test-file.ts';
import { looksSecret } from './secret-value.ts';
import { literalText, spelledKey } from './spelled-name.ts';
import { partsBelow } from './traversal.ts';
import { type FindWeaknesses, weakness } from './weakness.ts';

/** Names of values that nobody else may know. */
const SECRET_NAME =
  /^(?:.*[_-])?(?:pass(?:word|wd|phrase)?|pwd|secret|secret_?key|api_?key|apikey|auth_?token|access_?token|(?:private|account|storage|shared|master|encryption|signing|secret_?access)_?key|(?:bot|refresh|bearer|deploy|webhook)_?token|client_?secret|jwt_?secret|db_?pass(?:word)?)$/i;
/** Endings of names in camel case: `dbPassword`, `jwtSecret`. */
const SECRET_CAMEL = /(?:Password|Passwd|Secret|SecretKey|ApiKey|AccessToken|AuthToken|PrivateKey)$/;

/**
 * CODE50: a key of a known shape anywhere in the file, and a constant given to a name that says password, secret or key.
 * Neither message nor subject holds any part of the value beyond what `findLiteralKeys` shows.
 */
export const findSecretInCode: FindWeaknesses = ({ module }) => {
  const keys = shapedKeys(module);
  if (isTestFile(module.file.path)) return keys;
  const named = namedSecrets(module).filter(
    ({ place }) => !keys.some((key) => key.place.span.start < place.span.end && place.span.start < key.place.span.end),
  );
  return [...keys, ...named];
};

function shapedKeys({ file }: Module): readonly FindingDraft[] {
  return findLiteralKeys(file.text).flatMap(({ name, start, end, confidence }) => {
    if (confidence === 'low') return [];
    const place = { file: file.path, span: { start, end } };
    const message = `A ${name} stands in the code`;
    return weakness('CODE50', { message, confidence, severity: 'critical', place, subject: `shape ${name}` });
  });
}

function namedSecrets(module: Module): readonly FindingDraft[] {
  const found: FindingDraft[] = [];
  const note = (name: string | undefined, value: Expression | undefined) => {
    if (name === undefined || value === undefined || !(SECRET_NAME.test(name) || SECRET_CAMEL.test(name))) return;
    const text = literalText(value);
    if (text === undefined || !looksSecret(text, name)) return;
    const message = `\`${name}\` is a constant of ${text.length} characters`;
    found.push(
      weakness('CODE50', {
        message,
        confidence: 'medium',
        severity: 'medium',
        place: value.place,
        subject: `name ${name}`,
      }),
    );
  };
  const noteFields = ({ members }: ClassNode) => {
    for (const { name, value } of members) note(name, value);
  };
  for (const part of partsBelow(module.body)) {
    if (part.kind === 'statement' && part.statement.kind === 'class') noteFields(part.statement.class);
    if (part.kind === 'expression' && part.expression.kind === 'class') noteFields(part.expression.class);
    if (part.kind === 'statement' && part.statement.kind === 'assign')
      note(targetName(part.statement.target), part.statement.value);
    if (part.kind === 'function') for (const { name, default: value } of part.function.parameters) note(name, value);
    if (part.kind !== 'expression') continue;
    const { expression } = part;
    if (expression.kind === 'call') for (const { name, value } of expression.arguments) note(name, value);
    if (expression.kind !== 'map') continue;
    for (const entry of expression.entries) if (entry.kind === 'entry') note(spelledKey(entry.key), entry.value);
  }
  return found;
}

function targetName(target: Target): string | undefined {
  if (target.kind === 'name' || target.kind === 'member') return target.name;
  return target.kind === 'index' ? literalText(target.key) : undefined;
}
