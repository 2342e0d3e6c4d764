import { entriesOf, nodeAt, type Readers, type SourceTree } from '../../syntax/index.ts';
import type { TemplateText } from '../value.ts';
import type { CommandLine } from './command-line.ts';
import { hasOption, optionValues } from './command-line.ts';
import { textOf } from './template-slice.ts';
import { joinPath } from './tree-path.ts';

/** Scripts of a `package.json` that a command runs. */
export interface PackageScripts {
  readonly manifest: string;
  /** In the order in which they run; those that do not exist are left out by the reader. */
  readonly names: readonly string[];
  /** The one that must exist. */
  readonly wanted: string | undefined;
  readonly via: string;
}

const INSTALLING = ['preinstall', 'install', 'postinstall', 'preprepare', 'prepare', 'postprepare'];
/** Sub-commands of yarn, pnpm and bun that are not names of scripts. */
const OWN_COMMANDS: ReadonlySet<string> = new Set([
  ...[
    'add',
    'remove',
    'upgrade',
    'up',
    'update',
    'why',
    'list',
    'ls',
    'info',
    'config',
    'cache',
    'dlx',
    'x',
    'exec',
    'init',
    'create',
  ],
  ...[
    'link',
    'unlink',
    'pack',
    'publish',
    'version',
    'audit',
    'outdated',
    'workspaces',
    'workspace',
    'global',
    'set',
    'plugin',
  ],
  ...[
    'import',
    'rebuild',
    'store',
    'fetch',
    'prune',
    'dedupe',
    'setup',
    'env',
    'login',
    'logout',
    'whoami',
    'npm',
    'bin',
    'install',
    'i',
    'ci',
  ],
  ...['build', 'pm', 'node'],
]);

/** Which package scripts a command line runs; undefined when it runs none. */
export function packageScriptsOf(line: CommandLine, directory: string): PackageScripts | undefined {
  const tool = line.program ?? '';
  if (!['npm', 'pnpm', 'yarn', 'bun'].includes(tool)) return undefined;
  const manifest = manifestOf(line, directory);
  const [first, second] = line.operands.map(textOf);
  if (manifest === undefined) return undefined;
  if (first === undefined ? tool === 'yarn' && line.words.length === 1 : isInstall(first, line)) {
    if (hasOption(line, '--ignore-scripts')) return undefined;
    return { manifest, names: INSTALLING, wanted: undefined, via: [tool, first ?? ''].join(' ').trim() };
  }
  const name = nameOfScript(tool, first, second);
  if (name === undefined) return undefined;
  const via = first === 'run' || first === 'run-script' ? `${tool} run ${name}` : `${tool} ${name}`;
  return { manifest, names: [`pre${name}`, name, `post${name}`], wanted: name, via };
}

function isInstall(first: string, line: CommandLine): boolean {
  return (
    ['ci', 'install', 'i', 'clean-install'].includes(first) &&
    line.operands.length === 1 &&
    !hasOption(line, '-g', '--global')
  );
}

function nameOfScript(tool: string, first: string | undefined, second: string | undefined): string | undefined {
  if (first === 'run' || first === 'run-script') return second;
  if (first === 'test' || first === 't' || first === 'tst') return tool === 'bun' ? undefined : 'test';
  if (first === 'start' || first === 'stop' || first === 'restart') return first;
  if (tool === 'npm' || first === undefined) return undefined;
  return OWN_COMMANDS.has(first) && !(first === 'build' && tool !== 'bun') ? undefined : first;
}

function manifestOf(line: CommandLine, directory: string): string | undefined {
  const [given] = optionValues(line, '--prefix', '--cwd', '--dir', '-C');
  if (hasOption(line, '-w', '--workspace', '--filter', '-F')) return undefined;
  if (given && given.literal === undefined) return undefined;
  return joinPath(directory, `${given?.literal ?? '.'}/package.json`);
}

/** The texts of scripts of a manifest; undefined when the manifest or the wanted script is not there. */
export function readPackageScripts(
  { manifest, names, wanted }: PackageScripts,
  tree: SourceTree,
  readers: Pick<Readers, 'json'>,
): readonly { readonly name: string; readonly text: TemplateText }[] | undefined {
  const file = tree.read(manifest);
  if (file === undefined || !('text' in file)) return wanted === undefined ? [] : undefined;
  const entries = entriesOf(nodeAt(readers.json(file).root, 'scripts'));
  const found = names.flatMap((name) => {
    const value = entries.findLast(({ key }) => key.text === name)?.value;
    if (value?.kind !== 'scalar') return [];
    const place = { file: manifest, span: value.span };
    const text: TemplateText = {
      text: value.text,
      place,
      interpolations: [],
      offsetOf: (index) => value.offsetOf(index),
    };
    return [{ name, text }];
  });
  return wanted === undefined || found.some(({ name }) => name === wanted) ? found : undefined;
}
