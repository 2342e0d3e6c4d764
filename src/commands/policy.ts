import { Command, Option } from 'commander';
import { claudeCode, TOOLS } from '../agents/index.ts';
import { SallyportError } from '../errors/index.ts';
import {
  compilePolicy,
  defaultPolicy,
  explainPolicy,
  jsonSchema,
  type KnownNames,
  type LintWarning,
  lintPolicy,
  PATH_CLASS_RULES,
  type Policy,
  type PolicyDocument,
  runPolicyTests,
} from '../policy/index.ts';
import { escapeCiCommand, escapeJson, revealHidden } from '../text/index.ts';
import { printError } from './error-line.ts';
import { errorsInJson } from './json-error.ts';
import { decidePolicyCommand } from './policy/decide.ts';
import { OWN_POLICY, ownPolicy, policyMeant, readPolicy, readPolicyText } from './policy/documents.ts';
import { narrowPolicyCommand } from './policy/narrow.ts';
import { registriesHere } from './policy/registries.ts';
import { replayPolicyCommand } from './policy/replay.ts';

const EXIT_FAILED = 1;

interface Flags {
  readonly format: 'text' | 'json';
  readonly organisation?: string;
}

const EXAMPLES = `
Examples:
  sallyport policy check
  sallyport policy explain --organisation org.yaml
  sallyport policy test ci/review.yaml --format json
  sallyport policy decide -- npm test
  sallyport policy replay runs/*/ --policy new.yaml
  sallyport policy narrow runs/*/ > narrow.yaml
  sallyport policy schema > sallyport.schema.json

Exit codes: 0 in order (warnings included) · 1 an inline test failed · 2 the file has an error`;

/** `sallyport policy check|explain|test|decide|replay|narrow|schema` */
export function policyCommand(): Command {
  const policy = new Command('policy').description('Check, explain and test a policy.').addHelpText('after', EXAMPLES);
  policy
    .command('check')
    .description('Report errors with file:line:column, and what is legal but probably not meant.')
    .argument('[file]', OWN_POLICY)
    .addOption(formatOption())
    .addOption(organisationOption())
    .action(check);
  policy
    .command('explain')
    .description('Print the effective policy in plain words; where there is no file, the built-in default.')
    .argument('[file]', OWN_POLICY)
    .addOption(formatOption())
    .addOption(organisationOption())
    .action(errorsInJson(explain));
  policy
    .command('test')
    .description('Run the `tests:` of a policy.')
    .argument('[file]', OWN_POLICY)
    .addOption(formatOption())
    .addOption(organisationOption())
    .action(errorsInJson(test));
  policy.addCommand(decidePolicyCommand());
  policy.addCommand(replayPolicyCommand());
  policy.addCommand(narrowPolicyCommand());
  policy
    .command('schema')
    .description('Print the JSON Schema of the policy file.')
    .action(async () => printJson(await jsonSchema()));
  return policy;
}

function formatOption(): Option {
  return new Option('--format <format>', 'form of the answer').choices(['text', 'json']).default('text');
}

function organisationOption(): Option {
  return new Option('--organisation <file>', "the organisation's policy, which can only tighten");
}

interface Loaded {
  readonly repository: PolicyDocument | undefined;
  readonly organisation: PolicyDocument | undefined;
  /** Those of the two that are there. */
  readonly documents: readonly PolicyDocument[];
  readonly policy: Policy;
}

async function load(file: string | undefined, flags: Flags): Promise<Loaded> {
  const repository = file === undefined ? undefined : await readPolicy(file);
  const organisation = flags.organisation === undefined ? undefined : await readPolicy(flags.organisation);
  const documents = [repository, organisation].filter((document) => document !== undefined);
  const read = { repository, organisation, documents };
  if (documents.length === 0) return { ...read, policy: defaultPolicy('claude-code') };
  const policy = await compilePolicy({
    repository,
    organisation,
    agent: repository?.agent ?? 'claude-code',
    registries: registriesHere,
    now: Date.now(),
  });
  return { ...read, policy };
}

async function check(named: string | undefined, flags: Flags): Promise<void> {
  const file = named ?? ownPolicy();
  try {
    const { documents, policy } = await load(file, flags);
    await checkAuditSections(documents);
    const warnings = (
      await Promise.all(documents.map(async (document) => lintPolicy(document, await namesFor(document))))
    ).flat();
    if (flags.format === 'json') printJson({ valid: true, digest: policy.digest, warnings });
    else
      print(
        [
          ...warnings.map(formatWarning),
          `${nameOf(file, flags)}: in order, ${warnings.length} warning${warnings.length === 1 ? '' : 's'}`,
        ].join('\n'),
      );
  } catch (error) {
    if (!(error instanceof SallyportError) || flags.format !== 'json') throw error;
    const { code, message, at, advice } = error;
    printJson({ valid: false, error: { code, message, at, advice } });
    printError(error);
    process.exitCode = error.exitCode;
  }
}

/** What was checked: the file alone, or what it comes to under the organisation's. */
function nameOf(file: string, { organisation }: Flags): string {
  return organisation === undefined ? file : `${file} under ${organisation}`;
}

/** What the agent of a policy can be asked to do; empty for one whose tools we have no list of. */
function toolsOf({ agent }: PolicyDocument): readonly string[] {
  return agent === undefined || agent === claudeCode.id ? TOOLS.flatMap(({ names }) => names) : [];
}

/** The table of controls is loaded only for a policy that names some. */
async function namesFor(document: PolicyDocument): Promise<KnownNames> {
  const tools = toolsOf(document);
  const { merge = [] } = document.rules;
  if (!merge.some(({ weakened, meta }) => weakened !== undefined || meta !== undefined)) return { tools };
  const { CONTROL_CLASSES } = await import('../controls/index.ts');
  const paths = PATH_CLASS_RULES.map((row) => row.class);
  return {
    tools,
    controls: CONTROL_CLASSES.flatMap(({ id, group }) => [id, group]),
    meta: [...paths, ...CONTROL_CLASSES.flatMap(({ id, meta }) => (meta ? [id] : []))],
  };
}

/** The rules are loaded only for a policy that names some. */
async function checkAuditSections(documents: readonly PolicyDocument[]): Promise<void> {
  const demanding = documents.filter(({ audit }) => audit !== undefined);
  if (demanding.length === 0) return;
  const { allRules, readAuditPolicy } = await import('../audit/index.ts');
  for (const document of demanding) {
    const file = { path: document.file, text: readPolicyText(document.file) };
    readAuditPolicy({ repository: { document, file } }, allRules());
  }
}

async function explain(named: string | undefined, flags: Flags): Promise<void> {
  const { documents, policy, repository, organisation } = await load(policyMeant(named), flags);
  if (flags.format === 'text') {
    print(await explainPolicy(policy, { repository, organisation }));
    return;
  }
  const { agent, origins, digest, limits, network, secrets, model, workspace } = policy;
  const rules = documents.map((document) => ({ file: document.file, rules: document.rules }));
  printJson({ agent, origins, digest, limits, network, secrets, model, workspace, documents: rules });
}

async function test(named: string | undefined, flags: Flags): Promise<void> {
  const { documents, policy } = await load(named ?? ownPolicy(), flags);
  const outcomes = (await Promise.all(documents.map((document) => runPolicyTests(document, policy)))).flat();
  const failed = outcomes.filter(({ passed }) => !passed);
  if (flags.format === 'json') printJson({ passed: failed.length === 0, outcomes });
  else {
    const lines = outcomes.map(({ test: { name, expect, by }, decision, passed }) => {
      const wanted = passed ? '' : ` — expected ${expect}${by === undefined ? '' : ` by ${by}`}`;
      return `${passed ? 'ok  ' : 'FAIL'} ${name}: ${decision.verdict} by ${decision.rule}${wanted}`;
    });
    print([...lines, `${outcomes.length} tests, ${failed.length} failed`].join('\n'));
  }
  if (failed.length > 0) process.exitCode = EXIT_FAILED;
}

function formatWarning({ at, kind, rule, message }: LintWarning): string {
  const where = at ? `${at.file}:${at.line}:${at.column}: ` : '';
  return `${where}${kind}: ${message} (${rule})`;
}

/** What a policy says is text: the file may be that of a change. */
function print(text: string): void {
  process.stdout.write(`${escapeCiCommand(revealHidden(text))}\n`);
}

function printJson(value: object): void {
  process.stdout.write(`${escapeJson(JSON.stringify(value, undefined, 2))}\n`);
}
