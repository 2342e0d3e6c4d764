import type { StepScript } from '../pipelines/index.ts';
import type { ScriptCommand, ScriptWord } from '../syntax/index.ts';
import { type ScriptRange, within } from './script-range.ts';

/** Programs that print what is in the files that they are given. */
const READERS: ReadonlySet<string> = new Set([
  ...['cat', 'head', 'tail', 'tac', 'nl', 'jq', 'yq', 'sed', 'awk', 'grep', 'envsubst', 'tr', 'cut', 'sort', 'uniq'],
  ...['fold', 'paste', 'iconv', 'base64', 'cp', 'mv', 'Get-Content', 'gc', 'type'],
]);

/** Files that the commands in a part of a script read, as spelled. */
export function filesRead({ script, span }: ScriptRange): readonly string[] {
  return script.script.commands
    .filter((command) => within(command.span, span))
    .flatMap((command) => {
      const redirected = command.redirects
        .filter(({ operator }) => operator === '<')
        .map(({ target }) => target?.literal);
      const reads = READERS.has(command.words[0]?.literal ?? '');
      const named = reads ? command.words.slice(1).map(spelled) : [];
      return [...redirected, ...named].filter((path) => path !== undefined && !path.startsWith('-')).map(String);
    });
}

/** Base names of the files that a script writes. */
export function writtenFiles({ script }: StepScript): readonly string[] {
  return script.commands.flatMap(filesWritten);
}

export function writesTo(command: ScriptCommand, wanted: string): boolean {
  return filesWritten(command).includes(wanted);
}

/** Programs and the options of theirs that name a file to write. */
const OUTPUT_OPTIONS: Readonly<Record<string, RegExp>> = {
  curl: /^(?:-[A-Za-z]*o|--output)$/,
  wget: /^(?:-[A-Za-z]*O|--output-document)$/,
  gh: /^(?:-O|--output)$/,
  git: /^(?:-o|--output)$/,
  sort: /^(?:-o|--output)$/,
  pandoc: /^(?:-o|--output)$/,
  'Invoke-WebRequest': /^-OutFile$/i,
  'Invoke-RestMethod': /^-OutFile$/i,
  iwr: /^-OutFile$/i,
  irm: /^-OutFile$/i,
};

/** Programs that write each file they are given. */
const WRITERS: ReadonlySet<string> = new Set(['tee', 'sponge', 'Out-File', 'Set-Content', 'Add-Content', 'Tee-Object']);
/** Programs that write the last file they are given. */
const COPIERS: ReadonlySet<string> = new Set(['cp', 'mv', 'install', 'ln']);

/** Base names of the files that a command writes: by redirection, by an option, by copying. */
function filesWritten({ redirects, words }: ScriptCommand): readonly string[] {
  const redirected = redirects.flatMap(({ operator, target }) =>
    operator.includes('>') && target ? [spelled(target)] : [],
  );
  const [program = '', ...rest] = words.map(spelled);
  const option = Object.hasOwn(OUTPUT_OPTIONS, program) ? OUTPUT_OPTIONS[program] : undefined;
  const named = option === undefined ? [] : valuesOf(rest, option);
  const operands = rest.filter((word) => !word.startsWith('-'));
  const given = WRITERS.has(program) ? operands : COPIERS.has(program) ? operands.slice(1).slice(-1) : [];
  return [...redirected, ...named, ...given].map(baseName);
}

/** `-o file`, `--output file`, `--output=file`. */
function valuesOf(words: readonly string[], option: RegExp): readonly string[] {
  return words.flatMap((word, index) => {
    const [name = '', value] = word.startsWith('--') ? word.split('=', 2) : [word];
    if (!option.test(name)) return [];
    return [value ?? words[index + 1] ?? ''].filter((path) => path !== '' && path !== '-');
  });
}

function spelled({ literal, source }: ScriptWord): string {
  return literal ?? source;
}

export function baseName(path: string): string {
  return (
    path
      .replace(/^["']|["']$/g, '')
      .split('/')
      .at(-1) ?? path
  );
}
