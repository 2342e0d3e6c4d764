import type { z } from 'zod';
import { SallyportError } from '../../errors/index.ts';
import type { YamlFile, YamlPath } from '../../syntax/index.ts';
import { jsonSchema } from './json-schema.ts';
import { type DocumentInput, documentSchema } from './schema.ts';
import { suggest } from './suggest.ts';

type Issue = z.core.$ZodIssue;

/**
 * Check a file against the schema.
 * @throws SallyportError SP1101 at the first fault, with the nearest known name for an unknown one.
 */
export function validateDocument(yaml: YamlFile): DocumentInput {
  const result = documentSchema.safeParse(yaml.value);
  if (result.success) return result.data;
  const faults = result.error.issues.map((issue) => describe(issue, [], yaml));
  const [first] = faults.sort((one, other) => compare(one, other));
  if (first === undefined) throw new SallyportError('SP1101', 'the policy is not valid');
  throw new SallyportError('SP1101', first.message, { at: yaml.locate(first.path), advice: first.advice });
}

interface Fault {
  readonly path: YamlPath;
  readonly message: string;
  readonly advice: string | undefined;
  readonly line: number;
}

function compare(one: Fault, other: Fault): number {
  return one.line - other.line;
}

function describe(issue: Issue, above: YamlPath, yaml: YamlFile): Fault {
  const path = [...above, ...issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step))];
  if (issue.code === 'invalid_union') {
    const branch = fittingBranch(issue.errors, valueAt(yaml.value, path));
    if (branch) return describe(branch, path, yaml);
  }
  const name = path.length === 0 ? 'the policy' : `'${nameOf(path)}'`;
  if (issue.code === 'invalid_union') {
    const shown = JSON.stringify(valueAt(yaml.value, path)) ?? 'nothing';
    return fault(path, `${name} cannot be ${shown}`, 'docs/policy.md shows its forms.', yaml);
  }
  if (issue.code === 'unrecognized_keys') {
    const key = issue.keys[0] ?? '';
    const known = keysAt(path);
    const near = suggest(key, known);
    const advice = near ? `Did you mean '${near}'?` : `Known here: ${known.join(', ')}.`;
    return fault([...path, key], `unknown key '${key}'`, advice, yaml);
  }
  if (issue.code === 'invalid_value') {
    const value = valueAt(yaml.value, path);
    const values = issue.values.map(String);
    const near = typeof value === 'string' ? suggest(value, values) : undefined;
    const message = value === undefined ? `${name} is missing` : `${name} cannot be ${JSON.stringify(value)}`;
    return fault(path, message, near ? `Did you mean '${near}'?` : `It can be ${values.join(', ')}.`, yaml);
  }
  const missing = issue.code === 'invalid_type' && valueAt(yaml.value, path) === undefined;
  const message = missing ? `${name} is missing` : `${name}: ${issue.message.replace(/^Invalid input: /, '')}`;
  return fault(path, message, missing ? 'Add it.' : undefined, yaml);
}

function fault(path: YamlPath, message: string, advice: string | undefined, yaml: YamlFile): Fault {
  return { path, message, advice, line: yaml.locate(path).line };
}

/** Of the alternatives the one that has the shape of what stands there, for its more precise message. */
function fittingBranch(branches: readonly (readonly Issue[])[], value: unknown): Issue | undefined {
  const fitting = branches.filter(
    (issues) => !issues.some(({ code, path }) => code === 'invalid_type' && path.length === 0),
  );
  const chosen = typeof value === 'object' || fitting.length === 1 ? fitting[0] : undefined;
  return chosen?.[0];
}

function nameOf(path: YamlPath): string {
  return path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`))
    .join('')
    .replace(/^\./, '');
}

function valueAt(value: unknown, path: YamlPath): unknown {
  return path.reduce<unknown>((at, step) => {
    if (Array.isArray(at) && typeof step === 'number') return at[step];
    return isRecord(at) && Object.hasOwn(at, step) ? at[step] : undefined;
  }, value);
}

function isRecord(value: unknown): value is { readonly [key: string | number]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The keys that the schema knows at a place: the JSON Schema is walked, since it is plain data. */
function keysAt(path: YamlPath): readonly string[] {
  let nodes: readonly unknown[] = [jsonSchema('inline')];
  for (const step of path) {
    nodes = nodes.flatMap(alternatives).flatMap((node) => {
      if (!isRecord(node)) return [];
      if (typeof step === 'number') return [node['items']];
      return isRecord(node['properties']) ? [node['properties'][step]] : [];
    });
  }
  const keys = nodes.flatMap(alternatives).flatMap((node) => {
    const properties = isRecord(node) ? node['properties'] : undefined;
    return isRecord(properties) ? Object.keys(properties) : [];
  });
  return [...new Set(keys)];
}

function alternatives(node: unknown): readonly unknown[] {
  const anyOf = isRecord(node) ? node['anyOf'] : undefined;
  return Array.isArray(anyOf) ? [node, ...anyOf] : [node];
}
