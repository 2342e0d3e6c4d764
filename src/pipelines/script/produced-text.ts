import type { Script, ScriptCommand, ScriptLanguage, ScriptWord, Span } from '../../syntax/index.ts';
import { type CommandLine, programName, readCommandLine } from './command-line.ts';
import { lastValue } from './known-words.ts';
import { type MappedText, textOfSpan, textOfWords } from './word-text.ts';

/** Shell text that one command of a script produces and another one runs. */
export interface ProducedTexts {
  /** `echo '…' | bash`: what the command before this one in the pipe prints. */
  piped(command: ScriptCommand, language: ScriptLanguage): readonly MappedText[];
  /** `bash -c "$(cat <<E …)"`, `source <(echo …)`, `eval "$CMD"`; `undefined` for a word that is no such expansion. */
  inWord(word: ScriptWord, language: ScriptLanguage): readonly MappedText[] | undefined;
  /** `cat > run.sh <<E … E` and then `bash run.sh`: what the script itself put into the file before. */
  inFile(line: CommandLine, runner: ScriptLanguage | undefined): readonly MappedText[];
}

/** Writers of one file and commands of one substitution that are looked at. */
const MOST_PRODUCERS = 50;

/** What the commands of a script print, into a pipe, a substitution or a file. */
export function producedTexts(script: Script, text: string): ProducedTexts {
  const { commands } = script;
  const pipes = new Map<number, ScriptCommand[]>();
  const files = new Map<string, ScriptCommand[]>();
  for (const command of commands) {
    if (command.pipeline.length > 1) grouped(pipes, command.pipeline.id, command);
    for (const path of writtenPaths(command)) grouped(files, path, command);
  }
  const before = ({ pipeline: { id, position } }: ScriptCommand) =>
    (pipes.get(id) ?? []).findLast((other) => other.pipeline.position === position - 1 && other.words.length > 0);
  const inside = (span: Span) =>
    commands.filter((one) => one.span.start > span.start && one.span.end < span.end).slice(0, MOST_PRODUCERS);
  const printed = (command: ScriptCommand, language: ScriptLanguage) => printedBy(command, text, language);
  return {
    piped: (command, language) => {
      const feeder = before(command);
      return feeder ? printed(feeder, language) : [];
    },
    inWord: (word, language) => {
      const [expansion, ...others] = word.expansions;
      const isWhole = expansion && word.pieces.every((piece) => piece === undefined);
      if (!isWhole || others.length > 0) return undefined;
      if (expansion.kind === 'variable') {
        const value = lastValue(word, script);
        return value && [textOfWords([value], language)];
      }
      return inside(expansion.span).flatMap((command) => printed(command, language));
    },
    inFile: (line, runner) => {
      const path = fileRun(line, runner);
      if (path === undefined) return [];
      return (files.get(path) ?? [])
        .filter(({ span }) => span.start < line.command.span.start)
        .slice(-MOST_PRODUCERS)
        .flatMap((writer) => {
          const source = programName(writer.words[0]) === 'tee' ? before(writer) : undefined;
          // `{ echo …; echo …; } > run.sh`: the redirection stands around the commands.
          const writers = writer.words.length > 0 ? [writer] : inside(writer.span);
          return [...writers, ...(source ? [source] : [])].flatMap((one) => printed(one, runner ?? 'bash'));
        });
    },
  };
}

function grouped<Key>(groups: Map<Key, ScriptCommand[]>, key: Key, command: ScriptCommand): void {
  const group = groups.get(key);
  if (group) group.push(command);
  else groups.set(key, [command]);
}

/** Files that a command writes, by redirection or `tee`, without `./`. */
function writtenPaths(command: ScriptCommand): readonly string[] {
  const redirected = command.redirects.flatMap(({ operator, target }) =>
    /^(?:&?>>?|>\|)$/.test(operator) ? pathOf(target) : [],
  );
  const line = readCommandLine(command);
  return [...redirected, ...(line.program === 'tee' ? line.operands.flatMap(pathOf) : [])];
}

/** A path as spelled, so that `"$RUNNER_TEMP/run.sh"` is the same file in both places. */
export function pathOf(word: ScriptWord | undefined): readonly string[] {
  const spelled = word?.literal ?? word?.source.replace(/^"(.*)"$/, '$1').replace(/\$\{(\w+)\}/g, '$$$1');
  return spelled === undefined || spelled === '' ? [] : [spelled.replace(/^\.\//, '')];
}

/** The file that `bash run.sh`, `source run.sh`, `./run.sh` or `python run.py` runs. */
export function fileRun(line: CommandLine, runner: ScriptLanguage | undefined): string | undefined {
  const isRunner = runner !== undefined || line.program === 'source' || line.program === '.';
  const word = isRunner ? line.words.slice(1).find(({ pieces }) => !/^[-+]/.test(pieces[0] ?? '')) : line.words[0];
  const [path] = pathOf(word);
  // Without a slash the shell looks for a program, not for the file.
  return isRunner || (word?.source.includes('/') ?? false) ? path : undefined;
}

/** What a command is known to print: the arguments of `echo` and `printf`, a here-document that goes through `cat`. */
function printedBy(command: ScriptCommand, text: string, language: ScriptLanguage): readonly MappedText[] {
  const { program, words } = readCommandLine(command);
  if (program === 'cat' || program === 'tee' || program === 'envsubst') {
    return command.redirects.flatMap(({ operator, target, hereDocument }) => {
      if (hereDocument) return [textOfSpan(text, hereDocument.span, language)];
      return operator === '<<<' && target ? [textOfWords([target], language)] : [];
    });
  }
  if (program !== 'echo' && program !== 'printf') return [];
  const given = words.slice(1).filter(({ literal }) => !/^-[neE]+$/.test(literal ?? ''));
  const isTemplate = program === 'printf' && given.length > 1 && /^(?:%s(?:\\n)?)+$/.test(given[0]?.literal ?? '');
  const printed = isTemplate ? given.slice(1) : given;
  if (printed.length === 0) return [];
  if (program === 'echo') return [textOfWords(printed, language)];
  return printed.map((word) => textOfWords([word], language));
}
