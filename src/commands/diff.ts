import { Command, Option } from 'commander';
import { loadGrammars } from '../code/index.ts';
import { compareControls, grammarsFor } from '../controls/index.ts';
import { SallyportError } from '../errors/index.ts';
import { loadReaders } from '../syntax/index.ts';
import { type Comparison, exitOf } from './diff/comparison.ts';
import { createLineReader } from './diff/excerpt.ts';
import { formatDiffHtml } from './diff/html.ts';
import { formatDiffJson, formatDiffSarif } from './diff/machine.ts';
import { formatDiffMarkdown } from './diff/markdown.ts';
import { formatDiffText } from './diff/text.ts';
import { errorsInJson } from './json-error.ts';
import { emit, isColoured } from './output-file.ts';
import { OWN_REPOSITORY, repositoryMeant } from './repository.ts';
import { readSides } from './review/sides.ts';
import { VERSION } from './version.ts';

const HELP = `
Examples:
  sallyport diff                            what this branch does to controls, since it left the trunk
  sallyport diff v1.4.0..v1.5.0             between two releases
  sallyport diff main --explain             why each change matters, and what to do
  sallyport diff --working-tree             what is not committed yet
  sallyport diff main..feature --format html --output diff.html

Exit codes: 0 nothing weakened · 1 something weakened at high, or a check itself disarmed · 2 usage ·
3 a part could not be compared · 4 internal error`;

const FORMATS = ['text', 'markdown', 'html', 'sarif', 'json'] as const;

interface Flags {
  readonly workingTree: boolean;
  readonly format: (typeof FORMATS)[number];
  readonly output?: string;
  readonly explain: boolean;
  readonly repository?: string;
}

/** `sallyport diff` */
export function diffCommand(): Command {
  return new Command('diff')
    .description('Show what a change does to security controls: weakened, moved, strengthened, added.')
    .argument('[range]', 'BASE..HEAD, or BASE alone (default: where the branch left the trunk, to HEAD)')
    .option('--directory, --repository <dir>', OWN_REPOSITORY)
    .option('--working-tree', 'the files as they are now, against BASE or HEAD', false)
    .addOption(new Option('--format <format>', 'form of the report').choices([...FORMATS]).default('text'))
    .option('--output <file>', 'write the report to a file')
    .option('--explain', 'say why each change matters and what to do', false)
    .addHelpText('after', HELP)
    .action(errorsInJson(answer));
}

async function answer(range: string | undefined, flags: Flags): Promise<void> {
  const { workingTree, explain } = flags;
  const commits = parseRange(range);
  if (workingTree && commits.head !== undefined)
    throw new SallyportError('SP1001', `${JSON.stringify(range)} names a commit, and --working-tree the files`, {
      advice: 'Leave out ..HEAD or --working-tree.',
    });
  const { base, head } = await readSides(repositoryMeant(flags.repository), {
    ...commits,
    workingTree,
    all: false,
  });
  if (base === undefined) throw new SallyportError('SP2302', 'there is nothing to compare with');
  const readers = await loadReaders();
  using grammars = await loadGrammars(grammarsFor(base, head));
  const diff = compareControls({ base, head, readers, grammars });
  const comparison = { diff, base, head, lines: createLineReader(base, head), explain, version: VERSION };
  await emit(render(comparison, flags), flags);
  process.exitCode = exitOf(diff);
}

/** As git writes ranges; both forms count from where HEAD left BASE, as in a review. */
function parseRange(range: string | undefined): {
  readonly base: string | undefined;
  readonly head: string | undefined;
} {
  if (range === undefined) return { base: undefined, head: undefined };
  const [base = '', head, ...rest] = range.split(/\.{2,3}/);
  if (base === '' || rest.length > 0)
    throw new SallyportError('SP1001', `${JSON.stringify(range)} is no range: write BASE..HEAD`);
  return { base, head: head === '' ? undefined : head };
}

function render(comparison: Comparison, { format, output }: Flags): string {
  switch (format) {
    case 'text':
      return formatDiffText(comparison, isColoured({ output }));
    case 'markdown':
      return formatDiffMarkdown(comparison);
    case 'html':
      return formatDiffHtml(comparison);
    case 'sarif':
      return formatDiffSarif(comparison);
    case 'json':
      return formatDiffJson(comparison);
  }
}
