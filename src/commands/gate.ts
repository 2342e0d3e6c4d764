import { Command, Option } from 'commander';
import { renderReport } from '../findings/index.ts';
import {
  EXIT_OF,
  type GateResult,
  judge,
  locateEvidence,
  remarksOf,
  renderGateHtml,
  renderGateJson,
  renderGateMarkdown,
  renderGateText,
  reportGate,
  SETUP_FORGES,
  type SetupForge,
  trailersFor,
  writeSetup,
} from '../gate/index.ts';
import { systemClock } from '../system/index.ts';
import { bundleGate } from './gate/bundle.ts';
import { addEvidenceOptions, type EvidenceFlags, evidenceOf } from './gate/evidence-flags.ts';
import { type AskedEvidence, type Gathered, gather } from './gate/gather.ts';
import { errorsInJson } from './json-error.ts';
import { wholeNumberWithin } from './number-option.ts';
import { refuseAlone } from './option-pairs.ts';
import { emit, isColoured } from './output-file.ts';
import { saveBundle } from './post/bundle-file.ts';
import { OWN_REPOSITORY, repositoryMeant } from './repository.ts';
import { VERSION } from './version.ts';

const HELP = `
Examples:
  sallyport gate --base origin/main                         may this branch be merged?
  sallyport gate feature --base main --run out --requested-by alice
  sallyport gate --base main --patch changes.patch --run out
  sallyport gate --base main --findings semgrep.sarif --approvals approvals/ --format markdown
  sallyport gate --base main --run out --ask-forge          with the reviews of the pull request, where the policy counts them
  sallyport gate --base main --run out --trailers >> merge-message
  sallyport gate --setup github > ruleset.json              how the forge is made to require it

Policy, trust store and code owners are read from the target: a change does not choose its own judge. Nothing
is fetched, and nobody is asked but the forge, with --ask-forge.

Exit codes: 0 pass · 1 blocked, or people have to approve · 2 usage · 3 evidence is missing · 4 internal error`;

const FORMATS = ['text', 'json', 'markdown', 'html', 'sarif', 'junit'] as const;
type Format = (typeof FORMATS)[number];

interface Flags extends EvidenceFlags {
  readonly repository?: string;
  readonly base?: string;
  readonly patch?: string;
  readonly workingTree: boolean;
  readonly format: Format;
  readonly output?: string;
  readonly trailers: boolean;
  readonly setup?: SetupForge;
  readonly protect: readonly string[];
  readonly integrationId?: number;
  readonly check: 'ci' | 'gate';
}

/** `sallyport gate` */
export function gateCommand(): Command {
  return addEvidenceOptions(
    new Command('gate')
      .description('Say whether a change may be merged, on which evidence, and who can lift what speaks against it.')
      .argument('[head]', 'the change (default: HEAD)')
      .option('--directory, --repository <dir>', OWN_REPOSITORY)
      .option('--base <ref>', 'the ref that it is to be merged into (default: the trunk that it left)')
      .option('--patch <file>', 'the change as a patch on the base, instead of a commit')
      .option('--working-tree', 'the files as they are now, instead of a commit', false)
      .addOption(new Option('--format <format>', 'form of the report').choices([...FORMATS]).default('text'))
      .option('--output <file>', 'write the report to a file')
      .option('--trailers', 'print the trailers for the merge commit, from the signed record; without one none', false)
      .addOption(
        new Option('--setup <forge>', 'print how the forge is made to require this gate').choices([...SETUP_FORGES]),
      )
      .option('--protect <branch...>', 'with --setup: the branches', ['main'])
      .option(
        '--integration-id <id>',
        'with --setup github: the app whose check counts',
        wholeNumberWithin(1, Number.MAX_SAFE_INTEGER),
      )
      .addOption(
        new Option('--check <command>', 'with --setup: whose verdict is posted').choices(['ci', 'gate']).default('ci'),
      ),
  )
    .addHelpText('after', HELP)
    .hook('preAction', refuseAlone('--setup', ['--protect', '--integration-id', '--check']))
    .hook('preAction', refuseAlone('--bundle', ['--bundle-key']))
    .action(errorsInJson(answer));
}

async function answer(head: string | undefined, flags: Flags): Promise<void> {
  if (flags.setup !== undefined) {
    const { protect: branches, integrationId, check } = flags;
    return emit(writeSetup(flags.setup, { branches, integrationId, check }), flags);
  }
  const gathered = await gather(repositoryMeant(flags.repository), await askedOf(head, flags), systemClock.now());
  const result = judge(gathered.evidence, gathered.policy);
  if (flags.bundle !== undefined) await saveBundle(flags.bundle, bundleGate(result, gathered, flags), flags.bundleKey);
  if (flags.trailers) await emit(renderTrailers(gathered), flags);
  else await emit(render(result, gathered, flags), flags);
  process.exitCode = EXIT_OF[result.verdict];
}

/** Nothing for a change without a record: the output goes into a message as it is. */
function renderTrailers({ evidence }: Gathered): string {
  return trailersFor(evidence.origin)
    .map((line) => `${line}\n`)
    .join('');
}

async function askedOf(head: string | undefined, flags: Flags): Promise<AskedEvidence> {
  const { base, patch, workingTree } = flags;
  return { ...(await evidenceOf(flags)), base, head, patch, workingTree };
}

function render(result: GateResult, { evidence, faults, source }: Gathered, { format, output }: Flags): string {
  switch (format) {
    case 'text':
      return renderGateText(locateEvidence(result, source), {
        colour: isColoured({ output }),
      });
    case 'json':
      return renderGateJson(result, evidence, { version: VERSION, faults, source });
    case 'markdown':
      return renderGateMarkdown(locateEvidence(result, source));
    case 'html':
      return renderGateHtml(locateEvidence(result, source));
    case 'sarif':
      return renderReport(reportGate(result, VERSION, source, remarksOf(result, evidence.controls)), format);
    case 'junit':
      return renderReport(reportGate(result, VERSION, source), format);
  }
}
