import { hasOption, optionValues } from './command-line.ts';
import type { EffectBody, EffectRow, RowInput } from './effect-row.ts';
import { isLocalPackage } from './package-name.ts';
import { textOf } from './template-slice.ts';
import { TREE_TOOLS } from './tree-tools.ts';

/**
 * Tools that execute what the tree says: scripts, build files, plug-ins, test code, configuration written in a
 * language. `installs` where they fetch the declared packages too.
 */
const TOOLS: readonly { readonly program: string; readonly words?: string; readonly installs?: true }[] = [
  {
    program: 'npm',
    words: 'run|run-script|rum|urn|test|tst|t|start|stop|restart|rebuild|rb|pack|version|publish|link|diff',
  },
  { program: 'pnpm', words: 'run|run-script|test|t|start|exec|rebuild|build|pack|publish|deploy|-r' },
  { program: 'yarn', words: 'run|test|start|build|workspace|workspaces|exec|pack|lint|node' },
  { program: 'bun', words: 'run|test|build|start' },
  { program: 'deno', words: 'run|task|test|bench|compile|serve|check' },
  ...TREE_TOOLS.map((program) => ({ program })),
  { program: 'poetry', words: 'run|build|publish' },
  { program: 'pdm', words: 'run|build|publish|lock' },
  { program: 'uv', words: 'run|build|lock|export' },
  { program: 'pipenv', words: 'run' },
  { program: 'pip', words: 'wheel' },
  { program: 'pip3', words: 'wheel' },
  { program: 'bundle', words: 'exec' },
  { program: 'php', words: 'artisan|bin/console|vendor/bin/phpunit' },
  { program: 'cargo', words: 'build|b|run|r|test|t|check|c|clippy|bench|doc|nextest|publish|package|tarpaulin|fmt' },
  { program: 'go', words: 'generate|test|build|vet|tool' },
  { program: 'gcloud', words: 'builds submit' },
  { program: 'gcloud', words: 'app|functions deploy' },
  { program: 'dotnet', words: 'build|test|run|publish|pack|msbuild|tool' },
  { program: 'composer', words: 'run|run-script|exec|test|dump-autoload' },
  {
    program: 'mix',
    words: 'compile|test|run|release|deps.compile|format|credo|dialyzer|docs|ecto.migrate|phx.server|hex.publish',
  },
  { program: 'terraform', words: 'init|plan|apply|validate|test|destroy|refresh|import|console' },
  { program: 'tofu', words: 'init|plan|apply|validate|test|destroy|refresh|import|console' },
  { program: 'pulumi', words: 'up|preview|update|destroy|refresh|install' },
  { program: 'direnv', words: 'allow|exec' },
];

export const BUILD_ROWS: readonly EffectRow[] = [
  ...TOOLS.map(
    ({ program, words }): EffectRow => ({
      program,
      ...(words === undefined ? {} : { words }),
      gives: ({ line }) =>
        build(words === undefined ? program : `${program} ${line.operands[0]?.literal ?? ''}`.trim()),
    }),
  ),
  { program: 'yarn', gives: bareYarn },
  { program: 'go', words: 'run', gives: goRun },
  // Options without which these run nothing that the tree says.
  {
    program: 'kustomize',
    words: 'build',
    with: ['--enable-exec', '--enable-alpha-plugins'],
    gives: build('kustomize'),
  },
  { program: ['awk', 'gawk', 'mawk'], with: ['-f', '--file'], gives: withTreeScript },
  { program: ['sed', 'gsed'], with: ['-f', '--file'], gives: withTreeScript },
  { program: 'trivy', words: 'config|fs|filesystem|repo|repository|rootfs|conf', gives: build('trivy') },
  { program: ['tar', 'gtar', 'bsdtar'], gives: unpacked },
  { program: 'unzip', with: ['-:'], gives: build('unzip') },
  { program: ['java', 'javaw'], with: ['-jar', '-cp', '-classpath', '--class-path'], gives: javaProgram },
  {
    program: 'bundle',
    gives: ({ line }) => (line.operands.length === 0 ? { ...build('bundle'), installs: true } : undefined),
  },
];

function build(tool: string): EffectBody & { readonly kind: 'build' } {
  return { kind: 'build', tool, installs: false, lifecycleScripts: false, locked: false };
}

/** An archive of the tree that may write outside it, or names a command: `tar -xPf a.tar`, `tar xPf a.tar`. */
function unpacked({ line }: RowInput): EffectBody | undefined {
  const letters = line.words.slice(1, 4).map((word) => word.literal ?? '');
  const unpacks = letters.some((word, index) => /^-?[a-zA-Z]*x/.test(word) && (index === 0 || word.startsWith('-')));
  const outside = letters.some((word, index) => /^-?[a-zA-Z]*P/.test(word) && (index === 0 || /^-\w/.test(word)));
  const wide = outside || hasOption(line, '--absolute-names', '--to-command');
  return unpacks && wide ? build('tar') : undefined;
}

/** A program text of the tree: `awk -f report.awk`. */
function withTreeScript({ line }: RowInput): EffectBody | undefined {
  const file = optionValues(line, '-f', '--file').map(textOf)[0];
  return file === undefined || /^[/~-]/.test(file) ? undefined : build(`${line.program} -f`);
}

/** A jar or classes of the tree: `java -jar tools/x.jar`. */
function javaProgram({ line }: RowInput): EffectBody | undefined {
  const file = optionValues(line, '-jar', '-cp', '-classpath', '--class-path').map(textOf)[0];
  return file === undefined || /^[/~$]/.test(file) ? undefined : build('java');
}

/** `yarn` alone installs. */
function bareYarn({ line }: RowInput): EffectBody | undefined {
  if (line.operands.length > 0) return undefined;
  const lifecycleScripts = !hasOption(line, '--ignore-scripts');
  const locked = hasOption(line, '--frozen-lockfile', '--immutable');
  return { kind: 'build', tool: 'yarn', installs: true, lifecycleScripts, locked };
}

function goRun({ operands: [target] }: RowInput): EffectBody | undefined {
  return target && isLocalPackage(textOf(target)) ? build('go run') : undefined;
}
