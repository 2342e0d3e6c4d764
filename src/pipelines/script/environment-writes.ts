import type { Effect } from '../effect.ts';
import type { StepScript } from '../model.ts';
import type { CommandLine } from './command-line.ts';
import type { EffectBody } from './effect-row.ts';
import type { ScriptLines } from './script-lines.ts';
import { placeOf } from './template-slice.ts';
import { outputOf, type Written, writtenBy } from './written-text.ts';

type Target = 'env' | 'path' | 'output' | 'summary';

/** Files through which a step of GitHub speaks to later steps. */
const FILES: Readonly<Record<string, Target>> = {
  GITHUB_ENV: 'env',
  GITHUB_PATH: 'path',
  GITHUB_OUTPUT: 'output',
  GITHUB_STATE: 'output',
  GITHUB_STEP_SUMMARY: 'summary',
};
const FILE_NAME = /GITHUB_(?:ENV|PATH|OUTPUT|STATE|STEP_SUMMARY)\b/;

/** Commands that a runner obeys when they are printed. `name` is the first group, the value what follows. */
const PRINTED: readonly { readonly form: RegExp; readonly target: Target }[] = [
  { form: /::set-env\s+name=([^:\s]*)::([^\n]*)/, target: 'env' },
  { form: /::add-path::()([^\n]*)/, target: 'path' },
  { form: /::set-output\s+name=([^:\s]*)::([^\n]*)/, target: 'output' },
  { form: /##vso\[task\.setvariable\s+variable=([^;\]\s]*)[^\]\n]*\]([^\n]*)/i, target: 'env' },
  { form: /##vso\[task\.prependpath\]()([^\n]*)/i, target: 'path' },
];

/** What the commands of a script leave for the environment, outputs or summary of the run. */
export function environmentEffects(lines: ScriptLines): readonly Effect[] {
  return [...fileEffects(lines), ...lines.all.flatMap((line) => printedCommands(line, lines))];
}

/** A value of several lines that has been begun in a file (`NAME<<DELIMITER`) and not ended. */
interface OpenValue {
  readonly name: string;
  readonly delimiter: string;
  /** Nobody can guess the delimiter. */
  readonly guarded: boolean;
  readonly start: number;
  readonly value: string[];
}

function fileEffects(lines: ScriptLines): readonly Effect[] {
  const open = new Map<string, OpenValue>();
  return lines.all.flatMap((line) =>
    writtenBy(line, lines).flatMap((written) => {
      const file = FILE_NAME.exec(written.target.source)?.[0];
      return file === undefined ? [] : readWrite(file, written, open, lines);
    }),
  );
}

function readWrite(
  file: string,
  { line, text }: Written,
  open: Map<string, OpenValue>,
  lines: ScriptLines,
): readonly Effect[] {
  const target = FILES[file] ?? 'env';
  const { start, end } = line.command.span;
  const effect = (from: number, name?: string, value?: string, guarded = false): Effect => ({
    kind: 'set-environment',
    target,
    name,
    value,
    ...(guarded ? { guarded } : {}),
    place: placeOf(lines.script.text, { start: from, end }),
    certainty: 'certain',
  });
  if (target === 'path' || target === 'summary') return [effect(start, undefined, text)];
  const spelled = lines.script.text.text.slice(start, end);
  if (text === undefined && !open.has(file)) return [effect(start)];
  const found: Effect[] = [];
  // Inside a value stands what the command prints, not its name.
  const printed = spelled.includes('\n') ? spelled : `$(${spelled})`;
  for (const row of (text ?? printed).split(/\n|\\n/)) {
    const begun = open.get(file);
    if (begun === undefined) {
      const entry = readEntry(row);
      if (entry?.operator === '=') found.push(effect(start, entry.name, entry.rest));
      else if (entry) {
        const delimiter = unquoted(entry.rest);
        open.set(file, { name: entry.name, delimiter, guarded: isRandom(delimiter, lines), start, value: [] });
      }
    } else if (row.trim() === begun.delimiter) {
      found.push(effect(begun.start, begun.name, begun.value.join('\n'), begun.guarded));
      open.delete(file);
    } else begun.value.push(row);
  }
  return found.length === 0 && text !== undefined && !open.has(file) && text.trim() !== '' ? [effect(start)] : found;
}

const CHANCE = /rand|uuid|mktemp|sha\d*sum|nonce/i;

/** A delimiter that holds a variable or command that chance fills. */
function isRandom(delimiter: string, { script }: ScriptLines): boolean {
  if (CHANCE.test(delimiter)) return delimiter.includes('$');
  const names = new Set([...delimiter.matchAll(/\$\{?(\w+)/g)].map(([, name]) => name));
  if (names.size === 0) return false;
  return script.script.commands.some(({ assignments }) =>
    assignments.some(({ name, value }) => names.has(name) && CHANCE.test(value?.source ?? '')),
  );
}

/** `NAME=value` or `NAME<<DELIMITER`. */
function readEntry(
  row: string,
): { readonly name: string; readonly operator: string; readonly rest: string } | undefined {
  const match = /^\s*["']?([A-Za-z_][A-Za-z0-9_.-]*)(=|<<)(.*)$/.exec(row);
  const [, name, operator, rest] = match ?? [];
  return name === undefined || operator === undefined || rest === undefined ? undefined : { name, operator, rest };
}

function unquoted(text: string): string {
  return text.trim().replace(/^["']|["']$/g, '');
}

function printedCommands(line: CommandLine, lines: ScriptLines): readonly Effect[] {
  const { text } = outputOf(line, lines);
  if (text === undefined || !(text.includes('::') || text.includes('##'))) return [];
  return PRINTED.flatMap(({ form, target }) => {
    const match = form.exec(text);
    if (!match) return [];
    const isOutput = /;\s*isoutput=true/i.test(match[0]);
    const [, name, value] = match;
    const body: EffectBody = {
      kind: 'set-environment',
      target: isOutput ? 'output' : target,
      name: name || undefined,
      value,
    };
    return [{ ...body, place: placeOf(lines.script.text, line.command.span), certainty: 'certain' }];
  });
}

const LANGUAGES_AS_TEXT: ReadonlySet<string> = new Set(['python', 'javascript', 'groovy', 'other']);

/** A program in a language whose statements are not read names one of the files: it may write there. */
export function namedFiles({ language, text }: StepScript): readonly Effect[] {
  if (!LANGUAGES_AS_TEXT.has(language)) return [];
  return [...text.text.matchAll(new RegExp(FILE_NAME, 'g'))].map(({ 0: file, index }) => ({
    kind: 'set-environment',
    target: FILES[file] ?? 'env',
    name: undefined,
    value: undefined,
    place: placeOf(text, { start: index, end: index + file.length }),
    certainty: 'possible',
  }));
}
