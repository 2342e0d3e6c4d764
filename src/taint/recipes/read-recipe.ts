import {
  type DockerInstruction,
  type Gap,
  type MappedText,
  type Readers,
  readDockerfile,
  type Script,
  type ScriptLanguage,
  type SourceFile,
  type Span,
} from '../../syntax/index.ts';
import { readMakeScripts } from './makefile.ts';
import { unwrap } from './program.ts';
import type { Recipe, RecipeCommand } from './recipe.ts';
import { recipeKind } from './recipe-file.ts';

/** Reads scripts; the other readers are not needed here. */
export type ScriptReaders = Pick<Readers, 'script'>;

/** Commands of one file that are looked at; what lies behind them is a gap. */
const MOST_COMMANDS = 5_000;
/** Arguments are matched as one line, up to here. */
const LONGEST_LINE = 8_000;

interface Reading {
  readonly recipe: Recipe;
  readonly gaps: readonly Gap[];
}

/** Reads a shell script or a Dockerfile; what a reader did not understand is a gap. */
export function readRecipe(file: SourceFile, readers: ScriptReaders): Reading {
  const kind = recipeKind(file.path);
  if (kind === 'dockerfile') return readDockerRecipe(file, readers);
  return kind === 'makefile' ? readMakeRecipe(file, readers) : readShellRecipe(file, readers);
}

/** Where a piece of shell text stands in its file. */
interface Source {
  readonly file: SourceFile;
  readonly text: string;
  readonly script: number;
  spanOf(span: Span): Span;
}

function readShellRecipe(file: SourceFile, readers: ScriptReaders): Reading {
  const source: Source = { file, text: file.text, script: 0, spanOf: (span) => span };
  const script = readers.script(file.text, 'bash');
  return {
    recipe: { kind: 'shell', file, commands: commandsOf(script, source), instructions: [], at: placer(file) },
    gaps: gapsOf(script, source),
  };
}

function readMakeRecipe(file: SourceFile, readers: ScriptReaders): Reading {
  const commands: RecipeCommand[] = [];
  const gaps: Gap[] = [];
  let number = 0;
  for (const mapped of readMakeScripts(file)) {
    if (commands.length >= MOST_COMMANDS) {
      gaps.push(tooMany(file, mapped.offsetOf(0)));
      break;
    }
    const script = readers.script(mapped.text, 'sh');
    const source = sourceOf(file, mapped, number++);
    commands.push(...commandsOf(script, source));
    gaps.push(...gapsOf(script, source));
  }
  return { recipe: { kind: 'makefile', file, commands, instructions: [], at: placer(file) }, gaps };
}

function sourceOf(file: SourceFile, mapped: MappedText, script: number): Source {
  return {
    file,
    text: mapped.text,
    script,
    spanOf: ({ start, end }) => ({
      start: mapped.offsetOf(start),
      end: end > start ? mapped.offsetOf(end - 1) + 1 : mapped.offsetOf(start),
    }),
  };
}

function readDockerRecipe(file: SourceFile, readers: ScriptReaders): Reading {
  const { instructions, gaps } = readDockerfile(file);
  const commands: RecipeCommand[] = [];
  const unread: Gap[] = [...gaps];
  let language: ScriptLanguage = 'sh';
  let number = 0;
  for (const instruction of instructions) {
    if (instruction.keyword === 'SHELL') language = shellOf(instruction);
    if (commands.length >= MOST_COMMANDS) {
      unread.push(tooMany(file, instruction.span.start));
      break;
    }
    for (const mapped of scriptsOf(instruction)) {
      const script = readers.script(mapped.text, language);
      const source = sourceOf(file, mapped, number++);
      commands.push(...commandsOf(script, source));
      unread.push(...gapsOf(script, source));
    }
  }
  return { recipe: { kind: 'dockerfile', file, commands, instructions, at: placer(file) }, gaps: unread };
}

function tooMany(file: SourceFile, start: number): Gap {
  const span = { start, end: file.text.length };
  return { kind: 'cap', message: `more than ${MOST_COMMANDS} commands`, place: { file: file.path, span } };
}

function placer(file: SourceFile): Recipe['at'] {
  return (span) => ({ file: file.path, span });
}

function shellOf({ exec = [] }: DockerInstruction): ScriptLanguage {
  const program = exec[0]?.value.text.toLowerCase() ?? '';
  if (/powershell|pwsh/.test(program)) return 'powershell';
  return /(?:^|\\)cmd(?:\.exe)?$/.test(program) ? 'cmd' : 'bash';
}

/** What a shell reads of an instruction: its line, the script of `["sh", "-c", "…"]`, or a here-document alone. */
function scriptsOf({ keyword, exec, body, hereDocuments }: DockerInstruction): readonly MappedText[] {
  if (keyword !== 'RUN' && keyword !== 'CMD' && keyword !== 'ENTRYPOINT') return [];
  if (exec === undefined) {
    const documents = hereDocuments.map((one) => one.body);
    if (/^<<-?["']?[\w.-]+["']?$/.test(body.text.trim())) return documents;
    return /^(?:ba|da|z|k)?sh\b/.test(body.text) ? [body, ...documents] : [body];
  }
  const [program, flag, script] = exec.map(({ value }) => value);
  const isShell = /(?:^|\/)(?:ba|da|z|k)?sh$/.test(program?.text ?? '');
  return isShell && script !== undefined && /^-\w*c$/.test(flag?.text ?? '') ? [script] : [];
}

function commandsOf({ commands }: Script, { file, text, script, spanOf }: Source): readonly RecipeCommand[] {
  return commands.map((command): RecipeCommand => {
    const started = unwrap(command.words);
    const line = started.arguments.map((word) => word.text).join(' ');
    const end = Math.max(command.span.end, ...command.redirects.map(({ hereDocument }) => hereDocument?.span.end ?? 0));
    return {
      ...started,
      line: line.slice(0, LONGEST_LINE),
      command,
      text: text.slice(command.span.start, Math.min(end, command.span.start + LONGEST_LINE)),
      script,
      place: { file: file.path, span: spanOf(command.span) },
    };
  });
}

function gapsOf({ unread }: Script, { file, spanOf }: Source): readonly Gap[] {
  return unread.map(({ message, span }): Gap => {
    return {
      kind: 'syntax',
      message: `a part of the script was not read: ${message}`,
      place: { file: file.path, span: spanOf(span) },
    };
  });
}
