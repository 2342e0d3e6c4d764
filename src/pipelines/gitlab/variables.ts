import { entriesOf, type ScalarNode, scalarAt } from '../../syntax/index.ts';
import type { Entry } from '../model.ts';
import { carriesText, isSecretName } from '../text/names.ts';
import { type ShellVariable, scanVariables } from '../text/shell-variables.ts';
import { type FoundExpression, placeIn, scalarText } from '../text/template-text.ts';
import type { TemplateText, ValueReference } from '../value.ts';
import type { Layer, Written } from './configuration.ts';
import { predefinedVariable } from './predefined.ts';

/** Values of one variable, and how long a chain of variables may be. */
const MOST_VALUES = 50;
const DEEPEST = 100;

/** The variables that a file gives a job, the strongest definition of each name. */
export class VariableScope {
  readonly #defined = new Map<string, Written<ScalarNode>>();
  /** What was worked out already, and what is being worked out. */
  readonly #values = new Map<string, readonly ValueReference[]>();
  readonly #open = new Set<string>();

  /** Later maps do not replace what earlier ones said. */
  add(written: Written | undefined): void {
    for (const { key, value } of entriesOf(written?.node)) {
      const node = value.kind === 'scalar' ? value : scalarAt(value, 'value');
      if (node && written && !this.#defined.has(key.text))
        this.#defined.set(key.text, { file: written.file, node, key });
    }
  }

  /** Text of a variable that the file defines without naming others. */
  constant(name: string): string | undefined {
    const text = this.#defined.get(name)?.node.text;
    return text?.includes('$') ? undefined : text;
  }

  entries(): readonly Entry[] {
    return [...this.#defined].map(([name, { file, node, key }]) => ({
      name,
      keyPlace: placeIn(file, (key ?? node).span),
      value: this.text(file, node, name),
      node,
    }));
  }

  /** A scalar of the file in which the platform fills in variables and inputs. */
  text(file: string, node: ScalarNode, inside?: string): TemplateText {
    return scalarText(file, node, (text) => [
      ...findInputs(text),
      ...scanVariables(text).map((one) => this.#found(text, one, 'before', inside)),
    ]);
  }

  /** Variables that the shell fills in; `assigned` are set by the script itself and say nothing about the platform. */
  shellExpressions(
    text: string,
    variables: readonly ShellVariable[],
    assigned: ReadonlySet<string>,
  ): readonly FoundExpression[] {
    return variables.filter(({ name }) => !assigned.has(name)).map((one) => this.#found(text, one, 'shell', undefined));
  }

  #found(
    text: string,
    one: ShellVariable,
    expanded: FoundExpression['expanded'],
    inside: string | undefined,
  ): FoundExpression {
    const { name, index, length } = one;
    const source = text.slice(index, index + length);
    return { index, length, source, expanded, values: this.valuesOf(name, inside) };
  }

  /** Everything that a variable can hold, followed through the definitions of the file. */
  valuesOf(name: string, inside?: string): readonly ValueReference[] {
    const known = this.#values.get(name);
    if (known) return known;
    // A variable that names itself means the one of the project; so does one in a circle.
    const defined =
      name === inside || this.#open.has(name) || this.#open.size > DEEPEST ? undefined : this.#defined.get(name);
    if (defined === undefined) return this.#undefinedValues(name);
    this.#open.add(name);
    const inner = scanVariables(defined.node.text).flatMap((one) => this.valuesOf(one.name, name));
    this.#open.delete(name);
    const first = inner.filter((value, index) => inner.findIndex((other) => other.name === value.name) === index);
    const values: readonly ValueReference[] =
      first.length === 0 ? [{ name, kind: 'constant', origin: 'configuration' }] : first.slice(0, MOST_VALUES);
    this.#values.set(name, values);
    return values;
  }

  #undefinedValues(name: string): readonly ValueReference[] {
    const predefined = predefinedVariable(name);
    if (predefined) return [predefined];
    if (isSecretName(name)) return [{ name, kind: 'line', origin: 'secret' }];
    if (carriesText(name)) return [{ name, kind: NUMBER.test(name) ? 'number' : 'text', origin: 'outsider' }];
    return [{ name, kind: 'line', origin: 'configuration' }];
  }
}

/** The number of an issue or note, not its text. */
const NUMBER = /_(?:I?ID|NUMBER)$/;

/** `$[[ inputs.name ]]`, filled in while the configuration is put together. */
function findInputs(text: string): readonly FoundExpression[] {
  const found: FoundExpression[] = [];
  for (let at = text.indexOf('$[['); at >= 0; at = text.indexOf('$[[', at + 3)) {
    const end = text.indexOf(']]', at);
    if (end < 0) break;
    const source = text.slice(at + 3, end).trim();
    const name = source.split('|')[0]?.trim() ?? source;
    found.push({
      index: at,
      length: end + 2 - at,
      source,
      expanded: 'before',
      values: [{ name, kind: 'line', origin: 'input' }],
    });
  }
  return found;
}

/** The variables of a job, the strongest first: its own, then those of the whole file. */
export function jobScope(
  layers: readonly Layer[],
  global: readonly Written[],
  inherits: (name: string) => boolean,
): VariableScope {
  const scope = new VariableScope();
  for (const { file, node } of layers) {
    for (const entry of node.entries) {
      if (entry.key.text === 'variables') scope.add({ file, node: entry.value, key: entry.key });
    }
  }
  for (const { file, node, key } of global) {
    if (node.kind !== 'map') continue;
    scope.add({ file, node: { ...node, entries: node.entries.filter((entry) => inherits(entry.key.text)) }, key });
  }
  return scope;
}
