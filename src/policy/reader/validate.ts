import type { z } from 'zod';
import { SallyportError } from '../../errors/index.ts';
import type { YamlFile, YamlPath } from '../../syntax/index.ts';
import { knownKeys } from './known-keys.ts';
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
  const faults = result.error.issues.map((issue) => placeIssue(issue, [], yaml));
  const [first] = faults.sort((one, other) => one.line - other.line);
  if (first === undefined) throw new SallyportError('SP1101', 'the policy is not valid');
  const { path, message, advice } = describe(first, yaml.value);
  throw new SallyportError('SP1101', message, { at: yaml.locate(path), advice });
}

/** An issue of the schema library with the whole path of what it is about. */
interface PlacedIssue {
  readonly issue: Issue;
  readonly path: YamlPath;
  readonly line: number;
}

interface Fault {
  readonly path: YamlPath;
  readonly message: string;
  readonly advice: string | undefined;
}

/** Goes into the alternative that was meant, so that the place is as exact as it can be. */
function placeIssue(issue: Issue, above: YamlPath, yaml: YamlFile): PlacedIssue {
  const path = [...above, ...issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step))];
  if (issue.code === 'invalid_union') {
    const branch = fittingBranch(issue.errors, valueAt(yaml.value, path));
    if (branch) return placeIssue(branch, path, yaml);
  }
  const unknown = issue.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
  return { issue, path, line: yaml.locate([...path, ...unknown]).line };
}

function describe({ issue, path }: PlacedIssue, root: unknown): Fault {
  const name = path.length === 0 ? 'the policy' : `'${nameOf(path)}'`;
  const value = valueAt(root, path);
  if (issue.code === 'invalid_union') {
    return { path, message: `${name} cannot be ${show(value)}`, advice: 'docs/policy.md shows its forms.' };
  }
  if (issue.code === 'unrecognized_keys') {
    const key = issue.keys[0] ?? '';
    const known = knownKeys(path);
    const near = suggest(key, known);
    const advice = near ? `Did you mean '${near}'?` : `Known here: ${known.join(', ')}.`;
    return { path: [...path, key], message: `unknown key '${cut(key)}'`, advice };
  }
  if (issue.code === 'invalid_value') {
    const values = issue.values.map(String);
    const near = typeof value === 'string' ? suggest(value, values) : undefined;
    const message = value === undefined ? `${name} is missing` : `${name} cannot be ${show(value)}`;
    return { path, message, advice: near ? `Did you mean '${near}'?` : `It can be ${values.join(', ')}.` };
  }
  const missing = issue.code === 'invalid_type' && value === undefined;
  const message = missing ? `${name} is missing` : `${name}: ${issue.message.replace(/^Invalid input: /, '')}`;
  return { path, message, advice: missing ? 'Add it.' : undefined };
}

/** Most characters of the file that a message repeats; the rest of it is at the place that the message names. */
const SHOWN_CHARACTERS = 80;

function show(value: unknown): string {
  return cut(JSON.stringify(value) ?? 'nothing');
}

function cut(text: string): string {
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
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
