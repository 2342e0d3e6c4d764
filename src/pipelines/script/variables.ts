import type { ScriptWord, Span } from '../../syntax/index.ts';
import type { StepScript } from '../model.ts';
import { type CommandLine, programName } from './command-line.ts';
import { readScriptLines, type ScriptLines } from './script-lines.ts';
import { textOf } from './template-slice.ts';
import { outputOf, writtenBy } from './written-text.ts';

/** What gave a variable or file of the script its content, one step back. Spans are offsets into the script's text. */
export interface VariableOrigin {
  /** `$NAME` by its name, a file by its path as spelled. */
  readonly kind: 'variable' | 'file';
  readonly name: string;
  /** Where it is set. */
  readonly span: Span;
  /** The text that is put in, as spelled: a word, the body of a here-document. Look for interpolations in here. */
  readonly texts: readonly Span[];
  /** Variables in that text. */
  readonly variables: readonly string[];
  /** Commands whose output it is: those of a substitution, or the ones before `read` in the pipeline. */
  readonly commands: readonly CommandLine[];
  /** Files that it is read from: `$(cat FILE)`, `$(<FILE)`, `read X < FILE`. */
  readonly files: readonly string[];
}

/** Every place of a script where a variable or a file gets its content, in the order of the text. */
export function variableOrigins(script: StepScript): readonly VariableOrigin[] {
  const lines = readScriptLines(script);
  return lines.all.flatMap((line) => [...assigned(line, lines), ...readFrom(line, lines), ...filesOf(line, lines)]);
}

function assigned(line: CommandLine, lines: ScriptLines): readonly VariableOrigin[] {
  return line.command.assignments.map(({ name, value, span }) => {
    const origin = originOf({ kind: 'variable', name, span }, value ? [value] : [], lines);
    // PowerShell: `$name = command`.
    if (value || line.words.length === 0 || lines.script.language !== 'powershell') return origin;
    return { ...origin, commands: [line], files: filesReadBy(line) };
  });
}

/** `read A B`, `mapfile LIST`, `printf -v NAME …`. */
function readFrom(line: CommandLine, lines: ScriptLines): readonly VariableOrigin[] {
  if (line.program === 'printf' && line.words[1]?.literal === '-v' && line.words[2]) {
    const name = textOf(line.words[2]);
    return [originOf({ kind: 'variable', name, span: line.command.span }, line.words.slice(3), lines)];
  }
  if (!['read', 'mapfile', 'readarray'].includes(line.program ?? '')) return [];
  const feeding = lines.feeding(line);
  const redirects = line.command.redirects.filter(({ operator }) => operator.startsWith('<'));
  const words = redirects.flatMap(({ operator, target }) => (operator === '<<<' && target ? [target] : []));
  const files = redirects.flatMap(({ operator, target }) => (operator === '<' && target ? [textOf(target)] : []));
  const names = line.words
    .slice(1)
    .map(textOf)
    .filter((name) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(name));
  return names.map((name) => {
    const origin = originOf({ kind: 'variable', name, span: line.command.span }, words, lines);
    return {
      ...origin,
      commands: [...origin.commands, ...(feeding ? [feeding] : [])],
      files: [...origin.files, ...files],
    };
  });
}

/** `cat > prompt.md <<EOF`, `echo … > file`, `gh issue view 1 > file`, `cmd | tee file`. */
function filesOf(line: CommandLine, lines: ScriptLines): readonly VariableOrigin[] {
  return writtenBy(line, lines).map((written) => {
    const { spans } = outputOf(written.line, lines);
    const feeding = lines.feeding(written.line);
    const isCopy =
      written.line.program === 'tee' || (written.line.program === 'cat' && written.line.operands.length === 0);
    const commands = spans.length > 0 ? [] : isCopy && feeding ? [feeding] : [written.line];
    const texts = spans.length > 0 || !feeding ? spans : outputOf(feeding, lines).spans;
    return {
      kind: 'file',
      name: textOf(written.target),
      span: line.command.span,
      texts,
      variables: texts.flatMap((span) => lines.variablesIn(span)),
      commands: [...commands, ...texts.flatMap((span) => commandsIn(span, lines))],
      files: commands.flatMap(filesReadBy),
    };
  });
}

type Named = Pick<VariableOrigin, 'kind' | 'name' | 'span'>;

function originOf(named: Named, words: readonly ScriptWord[], lines: ScriptLines): VariableOrigin {
  const texts = words.map(({ span }) => span);
  const commands = texts.flatMap((span) => commandsIn(span, lines));
  return {
    ...named,
    texts,
    variables: texts.flatMap((span) => lines.variablesIn(span)),
    commands,
    files: commands.flatMap(filesReadBy),
  };
}

function commandsIn(span: Span, lines: ScriptLines): readonly CommandLine[] {
  return lines.inside(span).filter(({ command }) => command.nesting.includes('substitution'));
}

const PRINTING_FILES: ReadonlySet<string> = new Set([
  'cat',
  'head',
  'tail',
  'jq',
  'yq',
  'sed',
  'awk',
  'grep',
  'base64',
  'envsubst',
  'tac',
  'sort',
  'Get-Content',
  'gc',
  'type',
  'cut',
  'tr',
]);
/** Their first operand is a program, not a file. */
const WITH_PROGRAM: ReadonlySet<string> = new Set(['jq', 'yq', 'sed', 'awk', 'grep']);

function filesReadBy(line: CommandLine): readonly string[] {
  const inputs = line.command.redirects.flatMap(({ operator, target }) =>
    operator === '<' && target ? [textOf(target)] : [],
  );
  const name = programName(line.words[0]) ?? '';
  if (!PRINTING_FILES.has(name)) return inputs;
  return [...line.operands.slice(WITH_PROGRAM.has(name) ? 1 : 0).map(textOf), ...inputs];
}
