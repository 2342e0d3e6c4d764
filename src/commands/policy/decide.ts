import { existsSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { Command, Option } from 'commander';
import {
  ADAPTERS,
  anyCommand,
  MEASURED_VERSIONS,
  type PermissionMode,
  type PredictedDecision,
  type PredictionPlace,
  predictDecision,
} from '../../agents/index.ts';
import { SallyportError } from '../../errors/index.ts';
import { compilePolicy, type Decision, defaultPolicy, INITIAL_STATE, type Policy } from '../../policy/index.ts';
import { loadReaders, loadShellGrammar } from '../../syntax/index.ts';
import { isObject, type JsonObject, type JsonValue } from '../../system/index.ts';
import { escapeCiCommand, escapeJson, revealHidden } from '../../text/index.ts';
import { errorsInJson } from '../json-error.ts';
import { type AgentSettings, readAgentSettings } from './agent-settings.ts';
import { OWN_POLICY, policyMeant, readPolicy } from './documents.ts';
import { registriesHere } from './registries.ts';

const HELP = `
Examples:
  sallyport policy decide -- npm test
  sallyport policy decide --agent-version 2.1.197 -- 'cd sub && git status'
  sallyport policy decide --tool Write --policy sallyport.yaml -- .github/workflows/ci.yml
  sallyport policy decide --settings user=$HOME/.claude/settings.json --mode dontAsk --format json -- npm test

Answers twice: what Sallyport would do under the policy, and what the Claude Code CLI alone would do under its settings.
Without --settings it reads .claude/settings.json and .claude/settings.local.json of the working directory. The CLI's
rules were measured on ${MEASURED_VERSIONS.map(({ version }) => version).join(' and ')}; any other version gets the stricter answer.

Exit codes: 0 Sallyport would allow the call · 1 it would refuse it · 2 usage, or a policy that is not valid`;

interface Flags {
  readonly tool: string;
  readonly input?: string;
  readonly policy?: string | undefined;
  readonly settings: readonly string[];
  readonly agentVersion: string;
  readonly mode?: PermissionMode;
  readonly trusted: boolean;
  readonly format: 'text' | 'json';
}

/** Which input a word of the command line is, by tool; a file for every other one. */
const ARGUMENTS: ReadonlyMap<string, string> = new Map([
  ['Bash', 'command'],
  ['Monitor', 'command'],
  ['WebFetch', 'url'],
  ['WebSearch', 'query'],
  ['Agent', 'subagent_type'],
  ['Glob', 'path'],
  ['Grep', 'path'],
  ['NotebookEdit', 'notebook_path'],
]);
const MODES: readonly PermissionMode[] = ['default', 'acceptEdits', 'dontAsk', 'bypassPermissions', 'plan', 'auto'];
const EXIT_REFUSED = 1;

/** `sallyport policy decide` */
export function decidePolicyCommand(): Command {
  const newest = MEASURED_VERSIONS.at(-1)?.version ?? '';
  return new Command('decide')
    .description('Say what the policy, and what the Claude Code CLI alone, would do with one tool call.')
    .argument('[words...]', 'the command, file, address or query of the call')
    .option('--tool <name>', 'the tool that is called', 'Bash')
    .option('--input <json>', 'the whole input of the call')
    .option('--policy <file>', `${OWN_POLICY.slice(0, -1)}, else the built-in one)`)
    .option('--settings <file...>', "settings of the CLI, as FILE (the project's) or SOURCE=FILE", [])
    .option('--agent-version <version>', 'version of the CLI', newest)
    .addOption(new Option('--mode <mode>', "the CLI's --permission-mode").choices(MODES))
    .option('--trusted', 'somebody accepted the trust dialog for this folder', false)
    .addOption(new Option('--format <format>', 'form of the answer').choices(['text', 'json']).default('text'))
    .addHelpText('after', HELP)
    .action(errorsInJson(decide));
}

interface Answers {
  readonly call: { readonly tool: string; readonly input: JsonObject };
  readonly policy: Decision;
  readonly agent: PredictedDecision;
  readonly settings: AgentSettings;
}

async function decide(words: readonly string[], given: Flags): Promise<void> {
  const flags = { ...given, policy: policyMeant(given.policy) };
  const call = { tool: flags.tool, input: inputOf(words, flags) };
  const place = placeHere();
  const settings = readAgentSettings(flags.settings, await loadReaders(), flags.agentVersion);
  using grammar = await loadShellGrammar();
  const { agentVersion: version, mode, trusted } = flags;
  const { flagDirectory } = settings;
  const asked = mode === undefined ? {} : { mode };
  const input = { settings: settings.settings, flagDirectory, trusted, version, place, ...asked };
  const agent = predictDecision(input, call, grammar);
  const policy = strictest(await loadPolicy(flags.policy, place.directory), call, place.directory);
  const answers = { call, policy, agent, settings };
  process.stdout.write(
    flags.format === 'json'
      ? `${escapeJson(JSON.stringify(jsonOf(answers, flags), undefined, 2))}\n`
      : textOf(answers, flags),
  );
  if (policy.verdict !== 'allow') process.exitCode = EXIT_REFUSED;
}

function inputOf(words: readonly string[], flags: Flags): JsonObject {
  if (flags.input !== undefined) return parseInput(flags.input);
  const [first] = words;
  if (first === undefined) {
    throw new SallyportError('SP1001', 'policy decide: name the call, for example `-- npm test`', {
      advice: 'Run `sallyport policy decide --help`.',
    });
  }
  const text = words.length === 1 ? first : words.map(quoteWord).join(' ');
  return { [ARGUMENTS.get(flags.tool) ?? 'file_path']: text };
}

function parseInput(text: string): JsonObject {
  try {
    const value: JsonValue = JSON.parse(text);
    if (isObject(value)) return value;
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
  }
  throw new SallyportError('SP1001', '--input: it is no JSON object');
}

/** A word of the command line, quoted again where the shell of the agent would read it otherwise. */
function quoteWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

function placeHere(): PredictionPlace {
  return { directory: process.cwd(), home: homedir(), resolve: realPath, exists: existsSync };
}

/** The target of a path's links; of a path that does not exist, that of the folder above it. */
function realPath(path: string): string {
  if (existsSync(path)) return realpathSync(path);
  const slash = path.lastIndexOf('/');
  return slash <= 0 ? path : `${realPath(path.slice(0, slash))}${path.slice(slash)}`;
}

async function loadPolicy(file: string | undefined, workspaceRoot: string): Promise<Policy> {
  if (file === undefined) return defaultPolicy('claude-code');
  const repository = await readPolicy(file);
  const agent = repository.agent ?? 'claude-code';
  return await compilePolicy({ repository, agent, workspaceRoot, registries: registriesHere, now: Date.now() });
}

/** A call may be several actions: the first that is not allowed decides, else the last. */
function strictest(policy: Policy, call: Answers['call'], root: string): Decision {
  const adapter = ADAPTERS.find(({ id }) => id === 'claude-code') ?? anyCommand;
  const actions = adapter.actions({ id: 'call', name: call.tool, input: call.input }, root);
  const decisions = actions.map((action) => policy.decide(action, INITIAL_STATE));
  const decision = decisions.find(({ verdict }) => verdict !== 'allow') ?? decisions.at(-1);
  return decision ?? { verdict: 'deny', rule: 'default', reason: 'the call is no action that a policy knows' };
}

function jsonOf({ call, policy, agent, settings }: Answers, { agentVersion, policy: file }: Flags): object {
  return {
    format: 'sallyport-policy-decide/1',
    call,
    sallyport: { policy: file ?? 'built in', ...policy },
    claudeCode: { version: agentVersion, ...agent, ...agentPlace(agent, settings) },
    dropped: settings.dropped.map(({ path }) => path),
  };
}

function agentPlace({ source, rule }: PredictedDecision, { placeOf }: AgentSettings): { readonly at?: string } {
  const at = source === undefined || rule === undefined ? undefined : placeOf(source, rule);
  return at === undefined ? {} : { at };
}

function textOf({ call, policy, agent, settings }: Answers, { agentVersion, policy: file }: Flags): string {
  const at = policy.at && `${policy.at.file}:${policy.at.line}:${policy.at.column}`;
  const { at: agentAt } = agentPlace(agent, settings);
  const headless = agent.verdict === 'ask' ? ' (refused where nobody can be asked)' : '';
  const lines = [
    `${call.tool} ${JSON.stringify(call.input)}`,
    '',
    `Sallyport, ${file ?? 'built-in policy'}: ${policy.verdict}`,
    `  rule    ${policy.rule}${at === undefined ? '' : ` at ${at}`}`,
    `  reason  ${policy.reason}`,
    '',
    `Claude Code ${agentVersion} alone: ${agent.verdict}${headless}`,
    `  rule    ${agent.rule === undefined ? `none: ${agent.by}` : `${agent.rule}${agentAt === undefined ? '' : ` at ${agentAt}`}`}`,
    `  reason  ${agent.reason}`,
    ...settings.dropped.map(({ path, why }) => `\n${path} ${why}: the CLI drops it whole and says nothing`),
  ];
  return `${lines.map((line) => escapeCiCommand(revealHidden(line))).join('\n')}\n`;
}
