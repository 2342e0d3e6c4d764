import { entriesOf, itemsOf, type Node, nodeAt, type ScalarNode, scalarAt } from '../../syntax/index.ts';
import { isSecretName } from '../text/names.ts';
import { payloadKind } from '../text/payload.ts';
import type { ShellVariable } from '../text/shell-variables.ts';
import { type FoundExpression, scalarText } from '../text/template-text.ts';
import type { TemplateText, ValueKind, ValueOrigin, ValueReference } from '../value.ts';
import { listItems } from './structure.ts';

type Row = readonly [name: string, kind: ValueKind, origin: ValueOrigin];

/** Predefined variables by what they can hold (Azure Pipelines documentation, "Use predefined variables"). */
const ROWS: readonly Row[] = [
  ['Build.SourceVersionMessage', 'text', 'outsider'],
  ['Build.SourceVersionAuthor', 'line', 'outsider'],
  ['Build.SourceBranch', 'ref', 'outsider'],
  ['Build.SourceBranchName', 'ref', 'outsider'],
  ['Build.RequestedFor', 'line', 'outsider'],
  ['Build.RequestedForEmail', 'line', 'outsider'],
  ['System.PullRequest.SourceBranch', 'ref', 'outsider'],
  ['System.PullRequest.SourceRepositoryURI', 'line', 'outsider'],
  ['System.PullRequest.TargetBranch', 'ref', 'insider'],
  ['System.PullRequest.PullRequestId', 'number', 'platform'],
  ['System.PullRequest.PullRequestNumber', 'number', 'platform'],
  ['System.PullRequest.SourceCommitId', 'sha', 'platform'],
  ['System.PullRequest.IsFork', 'boolean', 'platform'],
  ['System.AccessToken', 'line', 'secret'],
  ['Build.SourceVersion', 'sha', 'platform'],
  ['Build.BuildId', 'number', 'platform'],
  ['Build.Reason', 'enumeration', 'platform'],
];

const TABLE: ReadonlyMap<string, ValueReference> = new Map(
  ROWS.map(([name, kind, origin]) => [name.toLowerCase(), { name, kind, origin }]),
);
const BY_ENVIRONMENT: ReadonlyMap<string, ValueReference> = new Map(
  ROWS.filter(([, , origin]) => origin !== 'secret').map(([name, kind, origin]) => [
    environmentName(name),
    { name, kind, origin },
  ]),
);

/** A variable as a process sees it: upper case, dots as underscores. */
function environmentName(name: string): string {
  return name.replaceAll('.', '_').toUpperCase();
}

const PARAMETER_KINDS: Readonly<Record<string, ValueKind>> = { boolean: 'boolean', number: 'number' };

/** Values of one variable, and how long a chain of variables may be. */
const MOST_VALUES = 50;
const DEEPEST = 100;

/** What names stand for in a file: its parameters, and the variables of the pipeline, its stages and jobs. */
export class AzureScope {
  readonly #variables: ReadonlyMap<string, ScalarNode>;
  /** What was worked out already, and what is being worked out. */
  readonly #values = new Map<string, readonly ValueReference[]>();
  readonly #open = new Set<string>();
  readonly #parameters: ReadonlyMap<string, readonly ValueReference[]>;

  constructor(variables: ReadonlyMap<string, ScalarNode>, parameters: ReadonlyMap<string, readonly ValueReference[]>) {
    this.#variables = variables;
    this.#parameters = parameters;
  }

  /** The same names, with more variables in front. */
  withVariables(more: ReadonlyMap<string, ScalarNode>): AzureScope {
    return more.size === 0 ? this : new AzureScope(new Map([...this.#variables, ...more]), this.#parameters);
  }

  /** The names inside a template, which sees its own parameters and the variables around it. */
  withParameters(parameters: ReadonlyMap<string, readonly ValueReference[]>): AzureScope {
    return new AzureScope(this.#variables, parameters);
  }

  text(file: string, node: ScalarNode): TemplateText {
    return scalarText(file, node, (text) => this.find(text));
  }

  /** `${{ … }}`, `$(name)` and `$[ … ]`: all three are put in before a shell sees the text. */
  find(text: string): readonly FoundExpression[] {
    return [
      ...findBetween(text, '${{', '}}', (source) => this.#ofExpression(source)),
      ...findBetween(text, '$[', ']', (source) => this.#ofExpression(source)),
      ...findMacros(text, (name) => this.variable(name)),
    ].sort((left, right) => left.index - right.index);
  }

  /** Values of a variable, followed through the definitions of the file. */
  variable(name: string): readonly ValueReference[] {
    const key = name.toLowerCase();
    const known = this.#values.get(key);
    if (known) return known;
    const defined = this.#open.has(key) || this.#open.size > DEEPEST ? undefined : this.#variables.get(key);
    if (defined === undefined) return [undefinedVariable(name)];
    this.#open.add(key);
    const inner = this.find(defined.text).flatMap((one) => one.values);
    this.#open.delete(key);
    const first = inner.filter((value, index) => inner.findIndex((other) => other.name === value.name) === index);
    const values: readonly ValueReference[] =
      first.length === 0 ? [{ name, kind: 'constant', origin: 'configuration' }] : first.slice(0, MOST_VALUES);
    this.#values.set(key, values);
    return values;
  }

  #ofExpression(source: string): readonly ValueReference[] {
    const found: ValueReference[] = [];
    const outside = source.slice(0, 4000);
    for (const [, dotted, quoted, rest = ''] of outside.matchAll(
      /\bparameters(?:\.([\w-]+)|\[\s*'([^']+)'\s*\])((?:\.[\w-]+)*)/g,
    )) {
      found.push(...this.#parameter(dotted ?? quoted ?? '', rest));
    }
    for (const [, dotted, quoted] of outside.matchAll(/\bvariables(?:\.([\w.-]+)|\[\s*'([^']+)'\s*\])/g)) {
      found.push(...this.variable(dotted ?? quoted ?? ''));
    }
    for (const [name] of outside.matchAll(/\b(?:dependencies|stageDependencies)\.[\w.[\]'-]+/g)) {
      found.push({ name, kind: 'line', origin: 'output' });
    }
    return found;
  }

  /** What a parameter can hold; of a webhook, the field of its body that `rest` names. */
  #parameter(name: string, rest: string): readonly ValueReference[] {
    const known = this.#parameters.get(name) ?? [
      { name: `parameters.${name}`, kind: 'line', origin: 'insider' } as const,
    ];
    return known.map((value) =>
      value.origin === 'outsider' && value.name === `parameters.${name}`
        ? { ...value, name: `${value.name}${rest}`, kind: payloadKind(rest) }
        : value,
    );
  }

  /** Variables that are not secret are in every process's environment under their upper-case names. */
  shellExpressions(
    text: string,
    variables: readonly ShellVariable[],
    assigned: ReadonlySet<string>,
  ): readonly FoundExpression[] {
    return variables.flatMap(({ name, index, length }): readonly FoundExpression[] => {
      if (assigned.has(name)) return [];
      const known = BY_ENVIRONMENT.get(name.toUpperCase());
      const defined = [...this.#variables.keys()].find((key) => environmentName(key) === name.toUpperCase());
      const values = known ? [known] : defined ? this.variable(defined) : undefined;
      const source = text.slice(index, index + length);
      return values ? [{ index, length, source, expanded: 'shell', values }] : [];
    });
  }
}

function undefinedVariable(name: string): ValueReference {
  const known = TABLE.get(name.toLowerCase());
  if (known) return known;
  if (isSecretName(name)) return { name, kind: 'line', origin: 'secret' };
  const predefined = /^(?:Agent|Build|System|Pipeline|Environment)\./i.test(name);
  return predefined
    ? { name, kind: 'enumeration', origin: 'platform' }
    : { name, kind: 'line', origin: 'configuration' };
}

function findBetween(
  text: string,
  open: string,
  close: string,
  values: (source: string) => readonly ValueReference[],
): readonly FoundExpression[] {
  const found: FoundExpression[] = [];
  for (let at = text.indexOf(open); at >= 0; ) {
    const end = closingOf(text, at + open.length, close);
    if (end < 0) break;
    const source = text.slice(at + open.length, end).trim();
    found.push({
      index: at,
      length: end + close.length - at,
      source,
      expanded: 'before',
      values: values(source),
    });
    at = text.indexOf(open, end);
  }
  return found;
}

/** Brackets inside a runtime expression belong to it. */
function closingOf(text: string, from: number, close: string): number {
  if (close !== ']') return text.indexOf(close, from);
  let depth = 0;
  for (let index = from; index < Math.min(text.length, from + 4000); index++) {
    if (text[index] === '[') depth++;
    else if (text[index] === ']' && depth-- === 0) return index;
  }
  return -1;
}

/** `$(name)`; what is not a variable's name is the shell's own substitution. */
function findMacros(text: string, values: (name: string) => readonly ValueReference[]): readonly FoundExpression[] {
  return [...text.matchAll(/\$\(([A-Za-z_][\w.]*)\)/g)].map((match) => {
    const name = match[1] ?? '';
    return {
      index: match.index,
      length: match[0].length,
      source: name,
      expanded: 'before',
      values: values(name),
    };
  });
}

/** Webhooks, whose bodies come as parameters (Azure Pipelines documentation, "resources.webhooks"). */
export function webhookParameters(root: Node | undefined): ReadonlyMap<string, readonly ValueReference[]> {
  const webhooks = listItems(nodeAt(root, 'resources', 'webhooks')).flatMap((item) => scalarAt(item, 'webhook') ?? []);
  return new Map(
    webhooks.map(({ text }) => [text, [{ name: `parameters.${text}`, kind: 'text', origin: 'outsider' }] as const]),
  );
}

/** Declared parameters with what each can hold. */
export function declaredParameters(root: Node | undefined): ReadonlyMap<string, readonly ValueReference[]> {
  const found = new Map<string, readonly ValueReference[]>();
  const node = nodeAt(root, 'parameters');
  for (const item of node?.kind === 'list' ? itemsOf(node) : []) {
    const name = scalarAt(item, 'name')?.text;
    if (name === undefined) continue;
    const type = scalarAt(item, 'type')?.text ?? 'string';
    const kind = nodeAt(item, 'values') ? 'enumeration' : (PARAMETER_KINDS[type] ?? 'line');
    found.set(name, [{ name: `parameters.${name}`, kind, origin: 'insider' }]);
  }
  for (const { key } of entriesOf(node))
    found.set(key.text, [{ name: `parameters.${key.text}`, kind: 'line', origin: 'insider' }]);
  return found;
}
