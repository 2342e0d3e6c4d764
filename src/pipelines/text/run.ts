import type { Readers, Script, ScriptLanguage, SourceTree } from '../../syntax/index.ts';
import type { Entry, Step, StepScript } from '../model.ts';
import { readStepScript, scriptEffects, traceScripts, type WrittenScripts } from '../script/index.ts';
import { placeOf, sliceTemplate } from '../script/template-slice.ts';
import type { TemplateText } from '../value.ts';
import { environmentReads, type ShellVariable, shellVariablesOf } from './shell-variables.ts';
import { addExpressions, type FoundExpression } from './template-text.ts';

/** Turns variables of a script into expressions; `assigned` names belong to the script itself. */
export type NameVariables = (
  text: string,
  variables: readonly ShellVariable[],
  assigned: ReadonlySet<string>,
) => readonly FoundExpression[];

export interface RunContext {
  readonly tree: SourceTree;
  readonly readers: Readers;
  readonly name: NameVariables;
  /** Names that earlier commands of the same shell assigned. */
  readonly assigned: ReadonlySet<string>;
  /** Where the commands run, relative to the root. */
  readonly directory: string;
  /** What earlier steps of the job wrote; what this one writes is added. */
  readonly written: WrittenScripts;
}

/** What a text of commands is and does: read, followed into the repository's scripts, its variables named. */
export function readRun(
  text: TemplateText,
  language: ScriptLanguage,
  context: RunContext,
): Pick<Step, 'followed' | 'effects'> & { readonly run: StepScript } {
  const read = readStepScript(text, language, context.readers);
  const assigned = new Set([...context.assigned, ...assignedNames(read.script)]);
  const expressions = context.name(text.text, shellVariablesOf(text.text, read.script), assigned);
  const run = { ...read, text: addExpressions(text, expressions) };
  const { tree, readers, directory, written } = context;
  const trace = traceScripts(run, directory, tree, readers, { written });
  const followed = trace.followed.map((one) => ({ ...one, script: named(one.script, context) }));
  for (const script of [run, ...followed.map(({ script }) => script)]) written.note(script, directory);
  return {
    run,
    followed,
    // A script that the tree at hand lacks may lie in the tree that the machine has.
    effects: [...scriptEffects(run), ...followed.flatMap(({ script }) => scriptEffects(script)), ...trace.unfollowed],
  };
}

/** A script that the step runs sees the variables of the platform, too. */
function named(script: StepScript, { name }: RunContext): StepScript {
  const own = new Set(assignedNames(script.script));
  return { ...script, text: addExpressions(script.text, name(script.text.text, variablesOf(script), own)) };
}

function variablesOf({ text, script }: StepScript): readonly ShellVariable[] {
  return script.language === 'python' || script.language === 'javascript'
    ? environmentReads(text.text)
    : shellVariablesOf(text.text, script);
}

const DECLARING: ReadonlySet<string> = new Set(['export', 'declare', 'readonly', 'local', 'typeset']);

/** Names that a script gives a value, by assignment, `export`, a loop or `read`. */
export function assignedNames(script: Script): readonly string[] {
  return script.commands.flatMap(({ assignments, words }) => {
    const names = assignments.map(({ name }) => name);
    const program = words[0]?.literal ?? '';
    if (DECLARING.has(program)) names.push(...words.slice(1).map((word) => (word.pieces[0] ?? '').split('=')[0] ?? ''));
    if (program === 'read')
      names.push(...words.slice(1).flatMap((word) => (word.literal?.startsWith('-') ? [] : [word.literal ?? ''])));
    return names.filter((name) => name !== '');
  });
}

/** Variables that a script leaves behind for what runs in the same shell after it, with their values as written. */
export function assignedEntries({ script, text: spelled }: StepScript): readonly Entry[] {
  const text = withoutShownSecrets(spelled, script);
  return script.commands.flatMap(({ assignments, words, nesting }) => {
    if (nesting.some((one) => one === 'substitution' || one === 'subshell' || one === 'text')) return [];
    const declares = DECLARING.has(words[0]?.literal ?? '');
    if (words.length > 0 && !declares) return [];
    const own = assignments.flatMap(({ name, value, span }): readonly Entry[] => {
      if (value === undefined) return [];
      return [makeAssigned(name, text, { start: span.start, end: span.start + name.length }, value.span)];
    });
    const declared = declares ? words.slice(1) : [];
    const exported = declared.flatMap(({ span, source }): readonly Entry[] => {
      const name = /^([A-Za-z_]\w*)=/.exec(source)?.[1];
      if (name === undefined) return [];
      const middle = span.start + name.length;
      return [makeAssigned(name, text, { start: span.start, end: middle }, { start: middle + 1, end: span.end })];
    });
    return [...own, ...exported];
  });
}

/** Programs that show a secret to a server and print the answer. */
const CLIENTS: ReadonlySet<string> = new Set([
  ...['curl', 'wget', 'http', 'https', 'xh', 'gh', 'glab', 'git', 'aws', 'az', 'gcloud', 'vault', 'kubectl', 'docker'],
  ...['npm', 'ssh', 'psql', 'mysql', 'jira', 'acli', 'Invoke-RestMethod', 'Invoke-WebRequest', 'irm', 'iwr'],
]);

/** `ID=$(curl -H "Authorization: $TOKEN" …)` holds the answer, not the token. */
function withoutShownSecrets(text: TemplateText, { commands }: Script): TemplateText {
  const clients = commands.filter(
    ({ nesting, words }) => nesting.includes('substitution') && CLIENTS.has(words[0]?.literal ?? ''),
  );
  if (clients.length === 0) return text;
  const isShown = (index: number): boolean => clients.some(({ span }) => span.start <= index && index < span.end);
  const interpolations = text.interpolations.filter(
    ({ index, values }) => !(values.length > 0 && values.every(({ origin }) => origin === 'secret') && isShown(index)),
  );
  return { ...text, interpolations };
}

function makeAssigned(
  name: string,
  text: TemplateText,
  key: { readonly start: number; readonly end: number },
  value: { readonly start: number; readonly end: number },
): Entry {
  const source = text.text.slice(value.start, value.end);
  const quote = source[0];
  const quoted =
    source.length > 1 && (quote === '"' || quote === "'") && source.indexOf(quote, 1) === source.length - 1;
  const inner = quoted ? { start: value.start + 1, end: value.end - 1 } : value;
  return { name, keyPlace: placeOf(text, key), value: sliceTemplate(text, inner), node: undefined };
}
