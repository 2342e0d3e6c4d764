import { ACTION_SCHEMAS } from '../expression/context.ts';
import { HIDDEN_FILES } from '../hidden-files.ts';
import { PROTECTED_PATHS } from '../protected-paths.ts';
import { jsonSchema } from '../reader/json-schema.ts';

type Schema = { readonly [key: string]: unknown };

/** The reference part of `docs/policy.md`: every key from the schema, every built-in rule from its table. */
export function renderPolicyReference(): string {
  const root = toSchema(jsonSchema('inline'));
  const sections = Object.entries(properties(root)).map(([name, schema]) => renderSection(name, schema));
  return [...sections, renderExpressions(), renderBuiltIn()].join('\n\n');
}

function renderSection(name: string, schema: Schema): string {
  const rows = rowsOf(schema, '');
  const table = rows.length > 0 ? ['', '| key | meaning |', '|---|---|', ...rows] : [];
  return [`### \`${name}\``, '', description(schema) || 'See below.', ...table].join('\n');
}

/** Every key beneath a section, dotted; the members of a list's long form after `[]`. */
function rowsOf(schema: Schema, prefix: string): readonly string[] {
  const item = toSchema(schema['items']);
  const long = [item, ...alternatives(item)].find((one) => Object.keys(properties(one)).length > 0);
  const nested = Object.keys(properties(schema)).length > 0 ? schema : long;
  if (nested === undefined) return [];
  const path = nested === schema ? prefix : `${prefix}[]`;
  return Object.entries(properties(nested)).flatMap(([key, value]) => {
    const name = path === '' ? key : `${path}.${key}`;
    const text = [description(value), choices(value)].filter((part) => part !== '').join(' ');
    return [`| \`${name}\` | ${text.replaceAll('|', '\\|') || '–'} |`, ...rowsOf(value, name)];
  });
}

function properties(schema: Schema): { readonly [key: string]: Schema } {
  return Object.fromEntries(
    Object.entries(toSchema(schema['properties'])).map(([key, value]) => [key, toSchema(value)]),
  );
}

function alternatives(schema: Schema): readonly Schema[] {
  const list = schema['anyOf'];
  return Array.isArray(list) ? list.map(toSchema) : [];
}

function description(schema: Schema): string {
  const own = schema['description'];
  if (typeof own === 'string') return own;
  return '';
}

function choices(schema: Schema): string {
  const values = schema['enum'];
  return Array.isArray(values) ? `One of ${values.map((value) => `\`${value}\``).join(', ')}.` : '';
}

function toSchema(value: unknown): Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}

function renderExpressions(): string {
  const rows = Object.entries(ACTION_SCHEMAS).map(([plane, fields]) => {
    const names = Object.entries(fields).map(
      ([name, type]) => `\`${name}\` ${typeof type === 'string' ? type : Object.keys(type).join('/')}`,
    );
    return `| ${plane} | ${names.join(', ')} |`;
  });
  return ['### Expressions (`when:`)', '', '| plane | fields of `action` |', '|---|---|', ...rows].join('\n');
}

function renderBuiltIn(): string {
  const rows = PROTECTED_PATHS.map(
    ({ id, effect, operations, reason, globs }) =>
      `| \`${id}\` | ${effect} | ${operations.join(', ')} | ${reason} | ${globs.map((glob) => `\`${glob}\``).join(' ')} |`,
  );
  return [
    '### Built-in rules',
    '',
    '| rule | effect | on | why | paths |',
    '|---|---|---|---|---|',
    ...rows,
    '',
    'Hidden from the agent when git does not track them:',
    '',
    HIDDEN_FILES.map((glob) => `\`${glob}\``).join(' '),
  ].join('\n');
}
