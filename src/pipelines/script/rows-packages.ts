import type { ScriptWord } from '../../syntax/index.ts';
import { hasOption, optionValues } from './command-line.ts';
import type { EffectBody, EffectRow, RowInput } from './effect-row.ts';
import { isLocalPackage, type NameStyle, readPackageName } from './package-name.ts';
import { textOf } from './template-slice.ts';

/** A package manager's command that installs what the tree declares when it is called without names. */
interface InstallForm {
  readonly program: string | readonly string[];
  readonly words: string;
  readonly ecosystem: string;
  readonly style: NameStyle;
  /** Options that stop scripts of packages. Absent: the ecosystem runs none at install. */
  readonly scriptsOff?: readonly string[];
  /** Runs no package scripts unless told to. */
  readonly scriptsNever?: true;
  /** The form, or one of these options, holds to the lock file. */
  readonly locked?: true | readonly string[];
  /** Options whose value is a list in the tree or a path of it. */
  readonly fromTree?: readonly string[];
  readonly versionOption?: readonly string[];
  /** Without names it installs nothing. */
  readonly needsName?: true;
}

const NO_SCRIPTS = ['--ignore-scripts'];

const INSTALL_FORMS: readonly InstallForm[] = [
  { program: 'npm', words: 'ci|clean-install', ecosystem: 'npm', style: 'at', scriptsOff: NO_SCRIPTS, locked: true },
  {
    program: 'npm',
    words: 'install|i|add|in|update|up|install-test|it',
    ecosystem: 'npm',
    style: 'at',
    scriptsOff: NO_SCRIPTS,
  },
  {
    program: 'pnpm',
    words: 'install|i|add|update|up',
    ecosystem: 'npm',
    style: 'at',
    scriptsOff: NO_SCRIPTS,
    locked: ['--frozen-lockfile'],
  },
  {
    program: 'yarn',
    words: 'install|add|global',
    ecosystem: 'npm',
    style: 'at',
    scriptsOff: ['--ignore-scripts', '--mode'],
    locked: ['--frozen-lockfile', '--immutable'],
  },
  {
    program: 'bun',
    words: 'install|i|add|update',
    ecosystem: 'npm',
    style: 'at',
    scriptsOff: NO_SCRIPTS,
    locked: ['--frozen-lockfile'],
  },
  { program: 'deno', words: 'install|add', ecosystem: 'npm', style: 'at', scriptsNever: true, locked: ['--frozen'] },
  {
    program: ['pip', 'pip3'],
    words: 'install',
    ecosystem: 'pypi',
    style: 'double-equals',
    scriptsOff: ['--only-binary'],
    locked: ['--require-hashes'],
    fromTree: ['-r', '--requirement', '-e', '--editable'],
  },
  {
    program: 'uv',
    words: 'sync',
    ecosystem: 'pypi',
    style: 'double-equals',
    scriptsOff: ['--no-build'],
    locked: ['--locked', '--frozen'],
  },
  { program: 'uv', words: 'add', ecosystem: 'pypi', style: 'double-equals', needsName: true },
  { program: 'poetry', words: 'install', ecosystem: 'pypi', style: 'double-equals', locked: true },
  { program: 'poetry', words: 'add', ecosystem: 'pypi', style: 'at', needsName: true },
  { program: 'pipenv', words: 'install', ecosystem: 'pypi', style: 'double-equals', locked: ['--deploy'] },
  { program: 'pdm', words: 'install|sync', ecosystem: 'pypi', style: 'double-equals', locked: ['--frozen-lockfile'] },
  { program: 'conda', words: 'install', ecosystem: 'conda', style: 'equals', scriptsNever: true, fromTree: ['--file'] },
  { program: 'mamba', words: 'install', ecosystem: 'conda', style: 'equals', scriptsNever: true, fromTree: ['--file'] },
  {
    program: 'bundle',
    words: 'install|update',
    ecosystem: 'gem',
    style: 'plain',
    locked: ['--frozen', '--deployment'],
  },
  {
    program: 'gem',
    words: 'install|i',
    ecosystem: 'gem',
    style: 'plain',
    versionOption: ['-v', '--version'],
    needsName: true,
  },
  {
    program: 'composer',
    words: 'install|update|require',
    ecosystem: 'composer',
    style: 'plain',
    scriptsOff: ['--no-scripts'],
    locked: ['--no-update'],
  },
  {
    program: 'cargo',
    words: 'install|binstall',
    ecosystem: 'cargo',
    style: 'at',
    locked: ['--locked'],
    versionOption: ['--version', '--vers', '--rev'],
    fromTree: ['--path'],
  },
  { program: 'go', words: 'install|get', ecosystem: 'go', style: 'at', scriptsNever: true, locked: true },
  { program: 'dotnet', words: 'restore', ecosystem: 'nuget', style: 'plain', locked: ['--locked-mode'] },
  {
    program: 'dotnet',
    words: 'tool install',
    ecosystem: 'nuget',
    style: 'plain',
    versionOption: ['--version'],
    needsName: true,
  },
  { program: ['apt', 'apt-get'], words: 'install', ecosystem: 'apt', style: 'equals', needsName: true },
  { program: 'apk', words: 'add', ecosystem: 'apk', style: 'equals', needsName: true },
  { program: ['dnf', 'yum', 'microdnf'], words: 'install', ecosystem: 'rpm', style: 'plain', needsName: true },
  { program: 'brew', words: 'install', ecosystem: 'brew', style: 'at', needsName: true },
  {
    program: 'choco',
    words: 'install',
    ecosystem: 'choco',
    style: 'plain',
    versionOption: ['--version'],
    needsName: true,
  },
  {
    program: 'winget',
    words: 'install',
    ecosystem: 'winget',
    style: 'plain',
    versionOption: ['--version', '-v'],
    needsName: true,
  },
  { program: 'mix', words: 'deps.get', ecosystem: 'hex', style: 'plain', locked: ['--check-locked'] },
  { program: 'pod', words: 'install', ecosystem: 'cocoapods', style: 'plain', locked: ['--deployment'] },
  { program: 'mise', words: 'install|use', ecosystem: 'mise', style: 'at' },
  { program: 'asdf', words: 'install', ecosystem: 'asdf', style: 'plain' },
  { program: 'pre-commit', words: 'install', ecosystem: 'pre-commit', style: 'plain' },
];

/** Programs that install a package for one run and start it. */
interface RunForm {
  readonly program: string;
  readonly words?: string;
  readonly ecosystem: string;
  readonly style: NameStyle;
  readonly packageOption: readonly string[];
}

const RUN_FORMS: readonly RunForm[] = [
  { program: 'npx', ecosystem: 'npm', style: 'at', packageOption: ['-p', '--package'] },
  { program: 'bunx', ecosystem: 'npm', style: 'at', packageOption: ['-p', '--package'] },
  { program: 'npm', words: 'exec|x', ecosystem: 'npm', style: 'at', packageOption: ['-p', '--package'] },
  { program: 'pnpm', words: 'dlx', ecosystem: 'npm', style: 'at', packageOption: ['--package'] },
  { program: 'pnpx', ecosystem: 'npm', style: 'at', packageOption: ['--package'] },
  { program: 'yarn', words: 'dlx', ecosystem: 'npm', style: 'at', packageOption: ['-p', '--package'] },
  { program: 'bun', words: 'x', ecosystem: 'npm', style: 'at', packageOption: ['-p', '--package'] },
  { program: 'uvx', ecosystem: 'pypi', style: 'at', packageOption: ['--from'] },
  { program: 'uv', words: 'tool run', ecosystem: 'pypi', style: 'at', packageOption: ['--from'] },
  { program: 'uv', words: 'tool install', ecosystem: 'pypi', style: 'double-equals', packageOption: ['--from'] },
  { program: 'pipx', words: 'run|install', ecosystem: 'pypi', style: 'double-equals', packageOption: ['--spec'] },
  { program: 'go', words: 'run', ecosystem: 'go', style: 'at', packageOption: [] },
];

export const PACKAGE_ROWS: readonly EffectRow[] = [
  ...INSTALL_FORMS.map(
    (form): EffectRow => ({ program: form.program, words: form.words, gives: (input) => installation(form, input) }),
  ),
  ...RUN_FORMS.map(
    (form): EffectRow => ({
      program: form.program,
      ...(form.words === undefined ? {} : { words: form.words }),
      certainty: 'possible',
      gives: (input) => singleRun(form, input),
    }),
  ),
  { program: ['python', 'python3', 'py'], with: ['-m'], gives: pythonModule },
  { program: 'uv', words: 'pip install', gives: (input) => installation(UV_PIP, input) },
  {
    program: 'corepack',
    words: 'enable|prepare|use',
    gives: { kind: 'install', ecosystem: 'npm', name: 'corepack', version: undefined, pipedToShell: false },
  },
];

const UV_PIP: InstallForm = {
  program: 'uv',
  words: 'pip install',
  ecosystem: 'pypi',
  style: 'double-equals',
  locked: ['--require-hashes'],
  fromTree: ['-r', '--requirement', '-e', '--editable'],
};

function installation(form: InstallForm, { line, operands }: RowInput): readonly EffectBody[] {
  const names = operands.filter((word) => !(form.words.includes('global') && word.literal === 'add'));
  const foreign = names.filter((word) => !isLocalPackage(textOf(word)));
  const installs = foreign.map((word) =>
    named(
      form.ecosystem,
      form.style,
      word,
      form.versionOption ? optionValues(line, ...form.versionOption)[0] : undefined,
    ),
  );
  const fromTree = hasOption(line, ...(form.fromTree ?? [])) || foreign.length < names.length;
  if (form.needsName ? !fromTree : foreign.length > 0 && !fromTree) return installs;
  const tool = line.program ?? '';
  const lifecycleScripts = form.scriptsNever !== true && !hasOption(line, ...(form.scriptsOff ?? []));
  const locked = form.locked === true || hasOption(line, ...(form.locked ?? []));
  return [{ kind: 'build', tool, installs: true, lifecycleScripts, locked }, ...installs];
}

function named(ecosystem: string, style: NameStyle, word: ScriptWord, version: ScriptWord | undefined): EffectBody {
  const read = readPackageName(textOf(word), style);
  return {
    kind: 'install',
    ecosystem,
    name: read.name,
    version: read.version ?? (version && textOf(version)),
    pipedToShell: false,
  };
}

function singleRun(form: RunForm, { line, operands }: RowInput): EffectBody | undefined {
  const [first] = operands;
  // Behind the package stand the options of what it runs: `npx agent -p prompt`.
  const given = optionValues(line, ...form.packageOption).find(({ span }) => !first || span.start < first.span.start);
  const word = given ?? first;
  if (word === undefined) return undefined;
  const name = textOf(word);
  if (isLocalPackage(name))
    return { kind: 'build', tool: line.program ?? '', installs: false, lifecycleScripts: false, locked: false };
  return named(form.ecosystem, form.style, word, undefined);
}

/** `python -m pip install …`, `python -m pytest`. */
function pythonModule({ line, ...input }: RowInput): readonly EffectBody[] {
  const index = line.words.findIndex((word) => word.literal === '-m');
  const name = line.words[index + 1]?.literal ?? '';
  if (name !== 'pip')
    return [{ kind: 'build', tool: `python -m ${name}`, installs: false, lifecycleScripts: false, locked: false }];
  const [subcommand, ...operands] = line.operands;
  const pip = INSTALL_FORMS.find((form) => form.ecosystem === 'pypi');
  return subcommand?.literal === 'install' && pip
    ? installation(pip, { ...input, line: { ...line, program: 'pip' }, operands })
    : [];
}
