import type { ScriptWord, Span } from '../../syntax/index.ts';
import { type CommandLine, programName } from './command-line.ts';
import type { ScriptLines } from './script-lines.ts';
import { textOf } from './template-slice.ts';

/** What a command puts into a file. */
export interface Written {
  /** The command that writes. */
  readonly line: CommandLine;
  readonly target: ScriptWord;
  readonly appends: boolean;
  /** The text as spelled, without quotes; `undefined` when it is the output of a program. */
  readonly text: string | undefined;
  /** Where that text stands: arguments or a here-document. */
  readonly spans: readonly Span[];
  /** A part of the text is known only when it runs. */
  readonly open: boolean;
}

const PRINTING: ReadonlySet<string> = new Set([
  'echo',
  'printf',
  'Write-Output',
  'Write-Host',
  'write-output',
  'write-host',
]);
const COPYING: ReadonlySet<string> = new Set(['tee', 'Out-File', 'Set-Content', 'Add-Content', 'Tee-Object']);

/** Every file that a command writes by redirection, `tee` or the cmdlets of PowerShell. */
export function writtenBy(line: CommandLine, lines: ScriptLines): readonly Written[] {
  return [...byRedirect(line, lines), ...byArgument(line, lines)];
}

function byRedirect(line: CommandLine, lines: ScriptLines): readonly Written[] {
  const { command } = line;
  return command.redirects.flatMap(({ operator, target }) => {
    if (target === undefined || !/^(&?>>?|>\|)$/.test(operator)) return [];
    const writers = command.words.length > 0 ? [line] : lines.inside(command.span).filter(printsToBlock);
    return (writers.length > 0 ? writers : [line]).map((writer) => ({
      line: writer,
      target,
      appends: operator.endsWith('>>'),
      ...outputOf(writer, lines),
    }));
  });
}

function printsToBlock({ command }: CommandLine): boolean {
  const isLast = command.pipeline.position === command.pipeline.length - 1;
  return (
    isLast &&
    !command.nesting.includes('substitution') &&
    command.redirects.every(({ operator }) => !operator.includes('>'))
  );
}

function byArgument(line: CommandLine, lines: ScriptLines): readonly Written[] {
  if (!COPYING.has(line.program ?? '')) return [];
  const appends =
    line.words.some((word) => /^(-a|--append|-Append)$/i.test(word.literal ?? '')) || line.program === 'Add-Content';
  const value = valueOfCmdlet(line);
  const feeding = lines.feeding(line);
  const output = value ? describe([value]) : feeding ? outputOf(feeding, lines) : outputOf(line, lines);
  return line.operands.filter((word) => word !== value).map((target) => ({ line, target, appends, ...output }));
}

/** `Add-Content -Path P -Value V`, `Set-Content P V`. */
function valueOfCmdlet(line: CommandLine): ScriptWord | undefined {
  if (line.program === 'tee') return undefined;
  const index = line.words.findIndex((word) => /^-value$/i.test(word.literal ?? ''));
  return index >= 0 ? line.words[index + 1] : line.operands[1];
}

type Output = Pick<Written, 'text' | 'spans' | 'open'>;

const UNKNOWN: Output = { text: undefined, spans: [], open: true };

/** What a command prints, when it prints its arguments or a here-document. */
export function outputOf(line: CommandLine, lines: ScriptLines): Output {
  const { text } = lines.script.text;
  const body = line.command.redirects.find(({ hereDocument }) => hereDocument)?.hereDocument;
  if (body) {
    const open = body.expands && (body.expansions.length > 0 || hasInterpolation(lines, body.span));
    return { text: text.slice(body.span.start, body.span.end), spans: [body.span], open };
  }
  const string = line.command.redirects.find(({ operator }) => operator === '<<<')?.target;
  if (string) return describe([string]);
  if (!PRINTING.has(programName(line.words[0]) ?? '')) return UNKNOWN;
  const words = line.words.slice(1).filter((word) => !/^-[neE]+$/.test(word.literal ?? ''));
  return line.program === 'printf' ? describe(fillFormat(words)) : describe(words);
}

function hasInterpolation(lines: ScriptLines, span: Span): boolean {
  return lines.script.text.interpolations.some(({ index }) => index >= span.start && index < span.end);
}

function describe(words: readonly ScriptWord[]): Output {
  return {
    text: words.map(textOf).join(' '),
    spans: words.map(({ span }) => span),
    open: words.some((word) => word.literal === undefined),
  };
}

/** `printf 'NAME=%s\n' "$X"`: the first blank of the format takes the first argument. */
function fillFormat(words: readonly ScriptWord[]): readonly ScriptWord[] {
  const [format, first] = words;
  if (format?.literal === undefined || first === undefined) return words;
  const filled = format.literal.replace(/%s/, () => textOf(first)).replace(/\\n/g, '\n');
  const literal = first.literal === undefined ? undefined : filled;
  return [{ ...format, source: filled, literal, span: { start: format.span.start, end: first.span.end } }];
}
