import type { ScriptCommand, ScriptLanguage, ScriptWord, Span } from '../../syntax/index.ts';
import type { StepScript } from '../model.ts';
import type { TemplateText } from '../value.ts';
import { type CommandLine, programName, readCommandLine } from './command-line.ts';
import { fileRun, pathOf } from './produced-text.ts';
import { languageOfText } from './script-file.ts';
import { joinPath } from './tree-path.ts';
import { unescapedSlice } from './unescaped-slice.ts';

/** A text that became a file of the machine before the step that runs it. */
export interface WrittenText {
  readonly text: TemplateText;
  readonly language: ScriptLanguage;
}

/** Files that one job writes, and texts in one of them: more are not kept. */
const LIMITS = { files: 200, texts: 50 } as const;

/**
 * Scripts that steps of one job write, for the later steps that run them: `cat > fix.sh <<E … E` in one step and
 * `bash fix.sh` in the next. Only text that stands in the pipeline counts; what a program prints is not known.
 */
export class WrittenScripts {
  readonly #texts = new Map<string, readonly WrittenText[]>();

  /** Keeps what the commands of a step put into files. `directory` is where they run, relative to the tree. */
  note(script: StepScript, directory: string): void {
    if (script.language !== 'bash' && script.language !== 'sh') return;
    for (const command of script.script.commands) {
      for (const { path, appends } of filesOf(command)) {
        const texts = textsOf(command, script).map((text) => ({ text, language: languageOfText(path, text.text) }));
        if (texts.length > 0) this.#keep(keyOf(path, directory), texts, appends || command.nesting.length > 0);
      }
    }
  }

  /** A file that a step of the platform writes, such as `writeFile` of Jenkins. */
  add(path: string, text: TemplateText, directory: string): void {
    this.#keep(keyOf(path, directory), [{ text, language: languageOfText(path, text.text) }], false);
  }

  /** The texts of the file that a command runs; `undefined` when no earlier step wrote it. */
  runBy(line: CommandLine, runner: ScriptLanguage | undefined, directory: string): FoundScript | undefined {
    const path = this.#texts.size === 0 ? undefined : fileRun(line, runner);
    const texts = path === undefined ? undefined : this.#texts.get(keyOf(path, directory));
    return path === undefined || texts === undefined ? undefined : { path, texts };
  }

  #keep(key: string, texts: readonly WrittenText[], appends: boolean): void {
    const before = this.#texts.get(key);
    if (before === undefined && this.#texts.size >= LIMITS.files) return;
    this.#texts.set(key, [...(appends ? (before ?? []) : []), ...texts].slice(0, LIMITS.texts));
  }
}

export interface FoundScript {
  readonly path: string;
  readonly texts: readonly WrittenText[];
}

/** A path of the tree by its place there, any other as it is spelled. */
function keyOf(path: string, directory: string): string {
  return /^[/~$]/.test(path) ? path : (joinPath(directory, path) ?? path);
}

function filesOf(command: ScriptCommand): readonly { readonly path: string; readonly appends: boolean }[] {
  const redirected = command.redirects.flatMap(({ operator, target }) =>
    /^(?:&?>>?|>\|)$/.test(operator) ? pathOf(target).map((path) => ({ path, appends: operator.endsWith('>>') })) : [],
  );
  const { program, operands, words } = readCommandLine(command);
  if (program !== 'tee') return redirected;
  const appends = words.some(({ literal }) => literal === '-a' || literal === '--append');
  return [...redirected, ...operands.flatMap(pathOf).map((path) => ({ path, appends }))];
}

/** What `cat <<E`, `tee <<E`, `echo '…'` and `printf '…'` print, where it stands. */
function textsOf(command: ScriptCommand, { text }: StepScript): readonly TemplateText[] {
  const program = programName(command.words[0]);
  if (program === 'cat' || program === 'tee')
    return command.redirects.flatMap(({ hereDocument }) =>
      hereDocument ? [unescapedSlice(text, hereDocument.span, hereDocument.expands ? /[$`\\]/ : undefined)] : [],
    );
  if (program !== 'echo' && program !== 'printf') return [];
  return command.words.slice(1).flatMap((word) => {
    const span = insideQuotes(word);
    return span ? [unescapedSlice(text, span, word.source.startsWith('"') ? /[$`\\"]/ : undefined)] : [];
  });
}

/** The inside of a word that one pair of quotes surrounds. */
function insideQuotes({ source, span }: ScriptWord): Span | undefined {
  const isQuoted = /^'[^']*'$/.test(source) || /^"(?:[^"\\]|\\[\s\S])*"$/.test(source);
  return isQuoted ? { start: span.start + 1, end: span.end - 1 } : undefined;
}
