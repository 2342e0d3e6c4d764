import { classifyContext, environmentEntry, resolveText, type ValueReference } from '../../../pipelines/index.ts';
import { environmentsOf, type StepScope } from './job-walk.ts';

/**
 * What a step's output can hold, where the job itself shows it: written from a template or an environment variable, or
 * by an action whose outputs are an outsider's text. Any other value comes back as it is. `source` is the expression
 * around it: `fromJSON(steps.pull.outputs.data).number` takes one field of what the forge answered.
 */
export function outputValues(scope: StepScope, value: ValueReference, source: string): readonly ValueReference[] {
  const [root, id, part, output] = value.name.split('.');
  if (root !== 'steps' || part !== 'outputs' || output === undefined) return [value];
  const writer = scope.job.steps.find((step) => step.id === id);
  if (writer === undefined) return [value];
  const found: ValueReference[] = [];
  for (const effect of writer.effects) {
    if (effect.kind === 'fetch-text' && isOutput(effect.to, output)) {
      found.push(fetchedValue(effect.what, value.name, source));
    }
    if (effect.kind === 'set-environment' && effect.target === 'output' && effect.name === output) {
      found.push(...writtenValues({ ...scope, step: writer }, effect.value ?? '', value));
    }
  }
  return found.length === 0 ? [value] : found;
}

const FIELD =
  /^\s{0,200}fromjson\(\s{0,20}steps\.[\w-]{1,100}\.outputs\.[\w-]{1,100}\s{0,20}\)((?:\.[\w-]{1,100}){1,10})\s{0,200}$/i;

/** An answer of the forge has the fields of its events, and its numbers and names of branches are no free text. */
function fetchedValue(what: string, name: string, source: string): ValueReference {
  const fields = FIELD.exec(source)?.[1]?.split('.').slice(1) ?? [];
  if (fields.length === 0 || !['issue', 'pull-request', 'comment'].includes(what))
    return { name, kind: 'text', origin: 'outsider' };
  return classifyContext(['github', 'event', 'pull_request', ...fields]);
}

function isOutput(to: string | undefined, output: string): boolean {
  if (to === undefined || !to.startsWith('outputs.')) return false;
  const name = to.slice('outputs.'.length);
  return name === output || (name.startsWith('*') && output.endsWith(name.slice(1)));
}

const CONTEXT = /\$\{\{\s*((?:github|inputs|matrix|needs)\.[\w.*-]+)\s*\}\}/g;
const VARIABLE = /\$(?:\{(\w+)\}|(\w+))/g;
const PAYLOAD = /\bcontext\.payload\.([\w.]+)/g;

/** Values named in the text that a script writes to its output. */
function writtenValues(writer: StepScope, written: string, otherwise: ValueReference): readonly ValueReference[] {
  const contexts = [...written.matchAll(CONTEXT)].map((match) => classifyContext((match[1] ?? '').split('.')));
  const payload = [...written.matchAll(PAYLOAD)].map((match) =>
    classifyContext(['github', 'event', ...(match[1] ?? '').split('.')]),
  );
  const environments = environmentsOf(writer);
  const variables = [...written.matchAll(VARIABLE)].flatMap((match) => {
    const entry = environmentEntry(match[1] ?? match[2] ?? '', environments);
    return entry === undefined ? [otherwise] : resolveText(entry.value, environments);
  });
  return [...contexts, ...payload, ...variables];
}
