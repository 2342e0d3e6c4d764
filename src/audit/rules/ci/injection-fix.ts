import type { Edit, Fix } from '../../../findings/index.ts';
import type { Interpolation, Step, StepScript } from '../../../pipelines/index.ts';
import { entryOf, type MapNode } from '../../../syntax/index.ts';

/** Move the given expressions of a shell script into the step's environment. Undefined where the script's quoting forbids it. */
export function environmentFix(step: Step, interpolations: readonly Interpolation[], source: string): Fix | undefined {
  const { run, node } = step;
  if (run === undefined || node?.kind !== 'map' || (run.language !== 'bash' && run.language !== 'sh')) return undefined;
  const names = new Map<string, string>();
  const edits: Edit[] = [];
  for (const interpolation of interpolations) {
    const quotes = quotesAround(run, interpolation.index);
    if (quotes === undefined || quotes === 'single') return undefined;
    const name = names.get(interpolation.source) ?? nameFor(interpolation.source, step, names);
    names.set(interpolation.source, name);
    const { file, span } = interpolation.place;
    edits.push({ file, span, text: quotes === 'double' ? `\${${name}}` : `"\${${name}}"` });
  }
  const entries = [...names].map(([source, name]) => `${name}: \${{ ${source} }}`);
  const insertion = environmentEdit(node, entries, step.place.file, source);
  if (insertion === undefined || edits.length === 0) return undefined;
  const title = 'Pass the values as environment variables';
  return { title, safety: 'safe', edits: [insertion, ...edits], creates: [] };
}

/** How the word around a character is quoted there. Undefined outside of words, for instance in a here-document. */
function quotesAround({ script, text }: StepScript, index: number): 'none' | 'single' | 'double' | undefined {
  for (const command of script.commands) {
    const words = [...command.words, ...command.assignments.flatMap(({ value }) => value ?? [])];
    const word = words.find(({ span }) => span.start <= index && index < span.end);
    if (word !== undefined) return quotesBefore(text.text.slice(word.span.start, index));
  }
  return undefined;
}

function quotesBefore(spelled: string): 'none' | 'single' | 'double' {
  let open: 'none' | 'single' | 'double' = 'none';
  for (let at = 0; at < spelled.length; at++) {
    const character = spelled[at];
    if (character === '\\' && open !== 'single') at++;
    else if (character === "'" && open !== 'double') open = open === 'single' ? 'none' : 'single';
    else if (character === '"' && open !== 'single') open = open === 'double' ? 'none' : 'double';
  }
  return open;
}

function nameFor(source: string, step: Step, taken: ReadonlyMap<string, string>): string {
  const words = source.match(/[A-Za-z]\w*/g) ?? [];
  const base = words.slice(-2).join('_').toUpperCase() || 'VALUE';
  const used = new Set([...step.environment.map(({ name }) => name), ...taken.values()]);
  for (let count = 1; ; count++) {
    const name = count === 1 ? base : `${base}_${count}`;
    if (!used.has(name)) return name;
  }
}

/** Insert entries into the step's `env:`, or a new `env:` before `run:`. */
function environmentEdit(node: MapNode, entries: readonly string[], file: string, source: string): Edit | undefined {
  const environment = entryOf(node, 'env');
  const run = entryOf(node, 'run');
  if (run === undefined) return undefined;
  if (environment === undefined) {
    const column = columnOf(source, run.key.span.start);
    const lines = entries.map((entry) => `\n${' '.repeat(column + 2)}${entry}`).join('');
    return insert(file, run.key.span.start, `env:${lines}\n${' '.repeat(column)}`);
  }
  const first = environment.value.kind === 'map' ? environment.value.entries[0] : undefined;
  if (first === undefined || environment.value.span.start !== first.key.span.start || first.aliased) return undefined;
  const margin = ' '.repeat(columnOf(source, first.key.span.start));
  return insert(file, first.key.span.start, entries.map((entry) => `${entry}\n${margin}`).join(''));
}

function insert(file: string, at: number, text: string): Edit {
  return { file, span: { start: at, end: at }, text };
}

function columnOf(source: string, offset: number): number {
  return offset - (source.lastIndexOf('\n', offset - 1) + 1);
}
