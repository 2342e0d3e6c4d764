import type { Readers, ScriptLanguage, ScriptWord, SourceFile, SourceTree } from '../../syntax/index.ts';
import type { StepScript } from '../model.ts';
import type { TemplateText } from '../value.ts';
import { type CommandLine, hasOption, optionValues } from './command-line.ts';
import { runnerLanguage, SHELLS } from './nested-shell.ts';
import { packageScriptsOf, readPackageScripts } from './package-scripts.ts';
import { JUST_SYNTAX, MAKE_SYNTAX, type Recipe, readRecipes } from './recipes.ts';
import { isScriptPath, languageOfFile, textOfFile } from './script-file.ts';
import { readTasks } from './task-file.ts';
import { textOf } from './template-slice.ts';
import { readToxCommands } from './tox-file.ts';
import { type Bases, directoryOf, joinPath, treePathOf } from './tree-path.ts';
import type { FoundScript, WrittenScripts } from './written-scripts.ts';

/** Something of the repository that a command runs. */
export interface Called {
  /** The same for the same script. */
  readonly id: string;
  /** As a person would name it: `npm run review`, `scripts/review.sh`. */
  readonly via: string;
  /** `undefined`: it could not be read. */
  readonly texts: readonly CalledText[] | undefined;
}

interface CalledText {
  readonly text: TemplateText;
  readonly language: ScriptLanguage;
  readonly directory: string;
  readonly file: string;
}

/** Programs whose first argument that names a script of the tree is what they run. */
const RUNNERS: ReadonlySet<string> = new Set([
  'python',
  'python3',
  'node',
  'tsx',
  'ts-node',
  'bun',
  'deno',
  'npx',
  'bunx',
  'uv',
  'poetry',
  'pipenv',
  'ruby',
  'perl',
  'php',
  'pwsh',
  'powershell',
  'pnpm',
  'yarn',
]);

/** Of these, programs that do nothing else with a script. */
const INTERPRETERS: ReadonlySet<string> = new Set([
  ...['python', 'python3', 'node', 'tsx', 'ts-node', 'ruby', 'perl', 'php', 'pwsh', 'powershell'],
]);

const SCRIPT_ENDING = /\.(?:py|rb|pl|php|ps1|[cm]?[jt]s)$/;

/** Where the scripts of a command are looked for. */
export interface CallContext {
  readonly tree: SourceTree;
  readonly readers: Readers;
  /** What earlier steps of the job wrote. */
  readonly written: WrittenScripts | undefined;
}

/** What a command runs of the tree, or of what an earlier step wrote. */
export function calledBy(
  line: CommandLine,
  { text }: StepScript,
  bases: Bases,
  { tree, readers, written }: CallContext,
): readonly Called[] {
  const program = line.program ?? '';
  const handed = written?.runBy(line, runnerLanguage(program), bases.directory);
  if (handed) return [handedCall(handed, bases)];
  const scripts = packageScriptsOf(line, bases.directory);
  if (scripts) {
    const found = readPackageScripts(scripts, tree, readers);
    const directory = directoryOf(scripts.manifest);
    const texts = found?.map((one) => ({ text: one.text, language: 'sh' as const, directory, file: directory }));
    return texts?.length === 0 ? [] : [{ id: `${scripts.manifest}#${scripts.names.join()}`, via: scripts.via, texts }];
  }
  if (Object.hasOwn(RECIPE_TOOLS, program)) return recipesOf(line, program, bases, tree, readers);
  const [first] = line.words;
  if (first && isOwnScript(first)) return [fileCall(first, text, bases, tree)];
  if (Object.hasOwn(SHELLS, program) || program === 'source' || program === '.')
    return shellCall(line, text, bases, tree);
  return RUNNERS.has(program) ? runnerCall(line, text, bases, tree) : [];
}

function handedCall({ path, texts }: FoundScript, { directory }: Bases): Called {
  const file = directoryOf(path);
  const [first] = texts;
  const id = `written ${path} ${first?.text.place.file} ${first?.text.place.span.start}`;
  return { id, via: path, texts: texts.map((one) => ({ ...one, directory, file })) };
}

/** `./x`, `scripts/x.sh`, `$GITHUB_ACTION_PATH/x.sh`; not `/usr/bin/x`. */
function isOwnScript(word: ScriptWord): boolean {
  const start = word.pieces[0];
  if (start === undefined) return isScriptPath(word.pieces.at(-1) ?? '');
  return start.includes('/') && !/^[/~]/.test(start) && !start.includes('://') && !start.includes('=');
}

function shellCall(line: CommandLine, text: TemplateText, bases: Bases, tree: SourceTree): readonly Called[] {
  const words = line.words.slice(1);
  if (words.some((word) => /^-[A-Za-z]*[cs]$/.test(word.literal ?? ''))) return [];
  const file = words.find((word, index) => !/^[-+]/.test(word.pieces[0] ?? '') && words[index - 1]?.literal !== '-o');
  if (file === undefined || file.expansions.some(({ kind }) => kind === 'process')) return [];
  if (file.literal !== undefined && /^[/~]/.test(file.literal)) return [];
  return [fileCall(file, text, bases, tree)];
}

function runnerCall(line: CommandLine, text: TemplateText, bases: Bases, tree: SourceTree): readonly Called[] {
  const file = line.words.slice(1, 6).find((word) => {
    const path = isScriptPath(word.pieces.at(-1) ?? '') ? treePathOf(word, text, bases) : undefined;
    return path !== undefined && hasFile(tree, path);
  });
  const called = file ?? missingScript(line, text);
  return called ? [fileCall(called, text, bases, tree)] : [];
}

/** `python scripts/x.py` where the tree at hand has no such file: the tree on the machine may be another one. */
function missingScript(line: CommandLine, text: TemplateText): ScriptWord | undefined {
  const [first] = line.operands;
  const path = first?.literal;
  if (first === undefined || path === undefined || !INTERPRETERS.has(line.program ?? '')) return undefined;
  if (hasOption(line, '-c', '-m', '-e', '-p', '--eval', '--print', '-Command')) return undefined;
  if (!SCRIPT_ENDING.test(path) || /^[/~$]|:\/\//.test(path)) return undefined;
  // A file that the same script writes first is no file of any tree.
  return text.text.indexOf(path) < first.span.start ? undefined : first;
}

function hasFile(tree: SourceTree, path: string): boolean {
  return tree.read(path) !== undefined;
}

function fileCall(word: ScriptWord, text: TemplateText, bases: Bases, tree: SourceTree): Called {
  const path = treePathOf(word, text, bases);
  const file = path === undefined ? undefined : tree.read(path);
  if (path === undefined || file === undefined || !('text' in file)) {
    return { id: `?${path ?? word.source}`, via: textOf(word), texts: undefined };
  }
  const called = {
    text: textOfFile(file),
    language: languageOfFile(file),
    directory: bases.directory,
    file: directoryOf(path),
  };
  return { id: path, via: path, texts: [called] };
}

/** Programs that run recipes of a file, where they look for it and how it is read. */
const RECIPE_TOOLS: Readonly<
  Record<
    string,
    {
      readonly files: readonly string[];
      readonly fileOptions: readonly string[];
      readonly directoryOptions: readonly string[];
      /** What is to be run, when it is not named by operands. */
      readonly names?: (line: CommandLine) => readonly string[];
      readonly read: (file: SourceFile, readers: Readers, wanted: readonly string[]) => readonly Recipe[];
    }
  >
> = {
  make: {
    files: ['GNUmakefile', 'makefile', 'Makefile'],
    fileOptions: ['-f', '--file', '--makefile'],
    directoryOptions: ['-C', '--directory'],
    read: (file) => readRecipes(file, MAKE_SYNTAX),
  },
  gmake: {
    files: ['GNUmakefile', 'makefile', 'Makefile'],
    fileOptions: ['-f', '--file', '--makefile'],
    directoryOptions: ['-C', '--directory'],
    read: (file) => readRecipes(file, MAKE_SYNTAX),
  },
  just: {
    files: ['justfile', 'Justfile', '.justfile'],
    fileOptions: ['-f', '--justfile'],
    directoryOptions: ['-d', '--working-directory'],
    read: (file) => readRecipes(file, JUST_SYNTAX),
  },
  task: {
    files: ['Taskfile.yml', 'Taskfile.yaml', 'taskfile.yml', 'Taskfile.dist.yml'],
    fileOptions: ['-t', '--taskfile'],
    directoryOptions: ['-d', '--dir'],
    read: readTasks,
  },
  tox: {
    files: ['tox.ini'],
    fileOptions: ['-c', '--conf'],
    directoryOptions: ['--root'],
    names: (line) => optionValues(line, '-e', '--env').flatMap((word) => textOf(word).split(',')),
    read: (file, _readers, wanted) => readToxCommands(file, wanted),
  },
};

function recipesOf(
  line: CommandLine,
  program: string,
  bases: Bases,
  tree: SourceTree,
  readers: Readers,
): readonly Called[] {
  const tool = RECIPE_TOOLS[program];
  if (tool === undefined) return [];
  const names = tool.names?.(line) ?? line.operands.map(textOf).filter((name) => !name.includes('='));
  if (tool.names && names.length === 0) return [];
  const [moved] = optionValues(line, ...tool.directoryOptions);
  const [named] = optionValues(line, ...tool.fileOptions);
  const directory = moved ? joinPath(bases.directory, textOf(moved)) : bases.directory;
  const paths =
    directory === undefined
      ? []
      : (named ? [textOf(named)] : tool.files).flatMap((name) => joinPath(directory, name) ?? []);
  const via = [program, ...names].join(' ');
  const file = paths.map((path) => tree.read(path)).find((found) => found !== undefined);
  if (file === undefined || !('text' in file) || directory === undefined)
    return [{ id: `?${directory}#${via}`, via, texts: undefined }];
  const recipes = tool.read(file, readers, names);
  const first = recipes.find(({ name }) => !name.startsWith('.'))?.name;
  const wanted = names.length > 0 ? names : first === undefined ? [] : [first];
  return wanted.map((name) => {
    const found = withPrerequisites(name, recipes);
    const texts = found?.map(({ text }) => ({
      text,
      language: 'sh' as const,
      directory,
      file: directoryOf(file.path),
    }));
    return { id: `${file.path}#${name}`, via: `${program} ${name}`, texts };
  });
}

const MOST_PREREQUISITES = 50;

/** A recipe behind the recipes it needs, each once; undefined when there is none of this name. */
function withPrerequisites(name: string, recipes: readonly Recipe[]): readonly Recipe[] | undefined {
  if (!recipes.some((recipe) => recipe.name === name)) return undefined;
  const needed: string[] = [name];
  for (let index = 0; index < needed.length && needed.length < MOST_PREREQUISITES; index++) {
    for (const recipe of recipes.filter((one) => one.name === needed[index])) {
      for (const other of recipe.prerequisites) if (!needed.includes(other)) needed.push(other);
    }
  }
  const wanted = new Set(needed.slice(0, MOST_PREREQUISITES));
  return recipes.filter((recipe) => wanted.has(recipe.name) && recipe.text.text.trim() !== '');
}
