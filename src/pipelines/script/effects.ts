import type { Span } from '../../syntax/index.ts';
import type { Effect } from '../effect.ts';
import type { StepScript } from '../model.ts';
import { type CommandLine, hasOption } from './command-line.ts';
import type { EffectBody, RowInput } from './effect-row.ts';
import { EFFECT_ROWS, type IndexedRow } from './effect-table.ts';
import { environmentEffects, namedFiles } from './environment-writes.ts';
import { programRequests } from './program-requests.ts';
import { readScriptLines, type ScriptLines } from './script-lines.ts';
import { secretFileEffects } from './secret-files.ts';
import { placeOf, textOf } from './template-slice.ts';

/**
 * What the commands of a script do, in the order of the text. `possible` where a word that decides is known only when it
 * runs. A program that no row knows has no effect.
 */
export function scriptEffects(script: StepScript): readonly Effect[] {
  const lines = readScriptLines(script);
  const effects = [
    ...lines.all.flatMap((line) => [...commandEffects(line, lines), ...secretFileEffects(line, lines)]),
    ...environmentEffects(lines),
    ...namedFiles(script),
    ...programRequests(script),
  ];
  return effects.sort((one, other) => one.place.span.start - other.place.span.start);
}

function commandEffects(line: CommandLine, lines: ScriptLines): readonly Effect[] {
  const rows = EFFECT_ROWS.get(line.program ?? '');
  if (rows === undefined || asksAboutItself(line)) return [];
  const { text } = lines.script;
  const place = placeOf(text, spanOfWords(line));
  return rows.flatMap((indexed) => {
    const match = matchRow(indexed, line);
    if (match === undefined) return [];
    const { row } = indexed;
    const input: RowInput = { line, operands: match.operands, text, lines };
    const bodies = typeof row.gives === 'function' ? row.gives(input) : row.gives;
    return listOf(bodies).map((body): Effect => {
      const asked = body.kind === 'permission-check' && !stopsTheScript(text.text, line);
      return {
        ...aim(body, line, lines),
        place,
        certainty: asked ? 'possible' : (row.certainty ?? match.certainty),
      };
    });
  });
}

/** A question about somebody's rights holds nobody up unless its answer ends the script. */
function stopsTheScript(text: string, { command }: CommandLine): boolean {
  return command.nesting.length === 0 || /\bexit\s+(?:[1-9]|"?\$)/.test(text);
}

/** `npm --version`, `docker --help`. */
function asksAboutItself(line: CommandLine): boolean {
  return line.operands.length === 0 && hasOption(line, '--version', '--help', '-V', '-version');
}

/** Says where fetched text goes: a variable or a file. */
function aim(body: EffectBody, line: CommandLine, lines: ScriptLines): EffectBody {
  if (body.kind !== 'fetch-text') return body;
  const enclosing = lines.enclosing(line)?.command;
  const variable = enclosing?.assignments.find(({ value }) =>
    value?.expansions.some(({ span }) => contains(span, line)),
  );
  const last = [line, ...lines.fedBy(line)].at(-1) ?? line;
  const file = last.program === 'tee' ? last.operands[0] : last.command.redirects.find(isOutput)?.target;
  const to = variable ? `$${variable.name}` : file && textOf(file);
  return { ...body, to: to ?? body.to };
}

function contains(span: Span, { command }: CommandLine): boolean {
  return command.span.start >= span.start && command.span.end <= span.end;
}

function isOutput({ operator }: CommandLine['command']['redirects'][number]): boolean {
  return operator === '>' || operator === '>>' || operator === '>|';
}

function listOf(bodies: EffectBody | readonly EffectBody[] | undefined): readonly EffectBody[] {
  if (bodies === undefined) return [];
  return isList(bodies) ? bodies : [bodies];
}

function isList(bodies: EffectBody | readonly EffectBody[]): bodies is readonly EffectBody[] {
  return Array.isArray(bodies);
}

/** Program and arguments; without here-documents and redirects. */
function spanOfWords({ command }: CommandLine): Span {
  const first = command.words[0];
  return { start: first?.span.start ?? command.span.start, end: command.words.at(-1)?.span.end ?? command.span.end };
}

interface RowMatch {
  readonly operands: CommandLine['operands'];
  readonly certainty: Effect['certainty'];
}

function matchRow({ row, wanted }: IndexedRow, line: CommandLine): RowMatch | undefined {
  let certainty: Effect['certainty'] = 'certain';
  for (const [index, alternatives] of wanted.entries()) {
    const word = line.operands[index];
    if (word === undefined) return undefined;
    if (alternatives === undefined) continue;
    if (word.literal !== undefined && !alternatives.includes(word.literal)) return undefined;
    if (word.literal === undefined) {
      if (index === 0) return undefined;
      certainty = 'possible';
    }
  }
  if (row.with && !hasOption(line, ...row.with)) return undefined;
  if (row.without && hasOption(line, ...row.without)) return undefined;
  return { operands: line.operands.slice(wanted.length), certainty };
}
