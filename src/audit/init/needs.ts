import { TOOLS } from '../../agents/index.ts';
import type { AgentRun, Facts } from '../../facts/index.ts';
import { isNarrowTool } from '../../policy/index.ts';
import { AGENT_SETUPS, type AgentSetup } from './agent-setup.ts';
import { type Dependencies, dependenciesOf } from './dependencies.ts';
import { isOwnFile } from './own-file.ts';

/** What one job needs to do its work, and nothing beside: what the policy grants and the pipeline gives. */
export interface Needs {
  readonly agent: AgentSetup;
  /** It changes files; a second job applies the patch. */
  readonly writes: boolean;
  readonly prompt: string;
  readonly models: readonly string[];
  readonly upstream: string | undefined;
  readonly tools: readonly string[];
  /** Globs that the change may touch. */
  readonly paths: readonly string[];
  /** Registry kinds and hosts. */
  readonly network: readonly string[];
  readonly minutes: number;
  readonly dependencies: Dependencies | undefined;
  /** Agents of the repository that this follows. */
  readonly from: readonly AgentRun[];
  /** What was not carried over, for the person. */
  readonly notes: readonly string[];
}

const REVIEW = 'Review the change of this branch for bugs and security problems. Name file and line of each.';
const REPAIR = 'Find out why the tests fail and mend the cause.';
const DEFAULT_MINUTES = 15;
const MAX_MINUTES = 120;
const MAX_TOOLS = 40;

/** Text of a repository goes into shell, YAML and Groovy: only what means nothing in any of them. */
const PLAIN_PROMPT = /^[A-Za-z0-9][A-Za-z0-9 .,;?()/@%+=_-]{9,499}$/;
const PLAIN_MODEL = /^[A-Za-z0-9][A-Za-z0-9._/*-]{0,99}$/;
const PLAIN_UPSTREAM = /^https:\/\/[A-Za-z0-9.-]{1,253}(?::\d{1,5})?(?:\/[A-Za-z0-9._/-]{0,200})?$/;
const PLAIN_RULE = /^[A-Za-z][A-Za-z0-9_*-]{0,60}(?:\([A-Za-z0-9 .,:/@%+=_*~-]{1,200}\))?$/;
const PLAIN_PATH = /^[A-Za-z0-9._*-]+(?:\/[A-Za-z0-9._*-]+)*$/;

/**
 * What the agents of a repository need, by what their pipelines do.
 * @param product the agent that was asked for; undefined: the one that is used most
 */
export function needsOf(facts: Facts, product: string | undefined): Needs {
  const live = facts.runs.filter(({ role, pipeline }) => role === 'active' && !isOwnFile(pipeline.file.text));
  const agent = chooseAgent(live, product);
  const from = live.filter(({ invocation }) => invocation.product === agent.product);
  const tools = toolsOf(from, agent);
  const writes = tools.kept.some((tool) => WRITING.test(tool)) || from.some(pushes);
  const prompt = promptOf(from, writes ? REPAIR : REVIEW);
  const models = [...new Set(from.flatMap(({ invocation }) => plainText(invocation.model, PLAIN_MODEL)))];
  const granted = grantedTools(tools.kept, agent, writes);
  return {
    agent,
    writes,
    prompt: prompt.text,
    models: models.length > 0 ? models : agent.models,
    upstream: from.flatMap(({ invocation }) => plainText(invocation.endpoint, PLAIN_UPSTREAM))[0],
    tools: granted,
    paths: writes ? pathsOf(tools.kept, facts) : [],
    network: networkOf(granted, agent),
    minutes: minutesOf(from),
    dependencies: granted.some((tool) => /^Bash\((?!git )/i.test(tool))
      ? dependenciesOf(facts.tree, writes ? 'protected' : 'change')
      : undefined,
    from,
    notes: [...otherAgents(live, agent, product), ...tools.notes, ...prompt.notes, ...secretNotes(from, agent)],
  };
}

function chooseAgent(runs: readonly AgentRun[], product: string | undefined): AgentSetup {
  const [fallback] = AGENT_SETUPS;
  if (fallback === undefined) throw new RangeError('there is no agent to set up');
  const counts = AGENT_SETUPS.map((setup) => ({
    setup,
    count: product === setup.product ? Number.POSITIVE_INFINITY : runs.filter(uses(setup)).length,
  }));
  const best = counts.reduce((one, other) => (other.count > one.count ? other : one), { setup: fallback, count: 0 });
  return best.setup;
}

function uses({ product }: AgentSetup): (run: AgentRun) => boolean {
  return ({ invocation }) => invocation.product === product;
}

function otherAgents(runs: readonly AgentRun[], agent: AgentSetup, asked: string | undefined): readonly string[] {
  if (runs.length === 0 && asked === undefined)
    return ['No agent was found; this is a review by Claude Code. Name another with --agent.'];
  const others = new Set(runs.map(({ invocation }) => invocation.product).filter((id) => id !== agent.product));
  return [...others].map((id) => `${id} is used here too; the policy is for ${agent.title}: give it one of its own.`);
}

const WRITING = /^(?:Edit|Write|MultiEdit|NotebookEdit|edit|write)\b/;

function pushes({ exits, capabilities }: AgentRun): boolean {
  return capabilities.write !== 'none' && exits.some(({ kind }) => kind === 'push' || kind === 'merge');
}

interface Kept {
  readonly kept: readonly string[];
  readonly notes: readonly string[];
}

/** The rules that the pipelines give; what would grant everything is left out and named. */
function toolsOf(runs: readonly AgentRun[], agent: AgentSetup): Kept {
  const written = runs.flatMap(({ invocation }) => [...invocation.allow, ...(invocation.restrictTo ?? [])]);
  const texts = [...new Set(written.map(({ text }) => normaliseRule(text.trim())))].slice(0, MAX_TOOLS);
  const plain = texts.filter((text) => PLAIN_RULE.test(text) && isKnownTool(text));
  const kept = plain.filter((text) => isNarrowTool(text) && !isTooWide(text));
  const left = plain.filter((text) => !kept.includes(text));
  const odd = texts.length - plain.length;
  return {
    kept,
    notes: [
      ...(left.length === 0 ? [] : [`Not carried over from ${agent.title}: ${left.join(', ')}. Name the commands.`]),
      ...(odd === 0 ? [] : [`${odd} tool rules were not carried over: they name no tool of ${agent.title}.`]),
    ],
  };
}

const KNOWN_TOOLS: ReadonlySet<string> = new Set([
  ...TOOLS.filter(({ offered }) => offered).flatMap(({ names }) => names),
  ...AGENT_SETUPS.flatMap(({ reads, writes }) => [...reads, ...writes]),
  'bash',
]);

function isKnownTool(text: string): boolean {
  const name = text.split('(', 1)[0] ?? '';
  return KNOWN_TOOLS.has(name) || name.startsWith('mcp__');
}

/** `Bash(npm test:*)` is the older spelling of `Bash(npm test *)`. */
function normaliseRule(text: string): string {
  return text.replace(/:\*\)$/, ' *)');
}

/** Any server, the forge's own client, what carries data away, package managers with every word open. */
const TOO_WIDE =
  /^(?:WebFetch|WebSearch|mcp__.*)$|^(?:Bash|bash)\((?:(?:gh|glab|az|curl|wget|scp|nc|kubectl)\b|git (?:push|\*)|(?:npm|pnpm|yarn|bun|uv|cargo|go) \*)/;

function isTooWide(text: string): boolean {
  return TOO_WIDE.test(text);
}

/** A list of what needs no question leaves out what never needs one; a policy is the whole list. */
function grantedTools(kept: readonly string[], agent: AgentSetup, writes: boolean): readonly string[] {
  if (agent.reads.length === 0) return [];
  const base = kept.length > 0 ? [...agent.reads.filter((tool) => !tool.includes('(')), ...kept] : agent.reads;
  return [...new Set([...base, ...(writes && !base.some((tool) => WRITING.test(tool)) ? agent.writes : [])])];
}

/** What the rules name; else the folders of source text that are there. */
function pathsOf(tools: readonly string[], { tree }: Facts): readonly string[] {
  const named = tools.flatMap((tool) => /^(?:Edit|Write)\(([^)]+)\)$/.exec(tool)?.[1] ?? []);
  const plain = named.map((path) => path.replace(/^\.?\//, '')).filter((path) => PLAIN_PATH.test(path));
  if (plain.length > 0) return [...new Set(plain)];
  const top = new Set(tree.entries.map(({ path }) => path.split('/', 1)[0] ?? ''));
  const folders = ['src', 'lib', 'app', 'pkg', 'internal', 'test', 'tests', 'docs'].filter((name) => top.has(name));
  return folders.length > 0 ? folders.map((name) => `${name}/**`) : ['**'];
}

/** Commands that install reach a registry; the others need none, because dependencies are there before the agent. */
const INSTALLING: readonly (readonly [kind: string, command: RegExp])[] = [
  ['npm', /^Bash\((?:npm|pnpm|yarn) (?:ci|i|install|add)\b/],
  ['pypi', /^Bash\((?:pip3?|uv|poetry) (?:install|add|sync)\b/],
  ['go', /^Bash\(go (?:get|mod)\b/],
  ['cargo', /^Bash\(cargo (?:add|fetch|update)\b/],
];

function networkOf(tools: readonly string[], { host }: AgentSetup): readonly string[] {
  const kinds = INSTALLING.filter(([, command]) => tools.some((tool) => command.test(tool))).map(([kind]) => kind);
  const pages = tools.flatMap((tool) => {
    const domain = /^WebFetch\(domain:([A-Za-z0-9.-]+)\)$/.exec(tool)?.[1];
    return domain === undefined || !domain.includes('.') ? [] : [`GET https://${domain}/*`];
  });
  return [...new Set([...kinds, ...pages, ...(host ? [host.name] : [])])];
}

function minutesOf(runs: readonly AgentRun[]): number {
  const given = runs.flatMap(({ job, step }) => step.timeoutMinutes?.value ?? job.timeoutMinutes?.value ?? []);
  const usable = given.filter((minutes) => Number.isFinite(minutes) && minutes >= 1);
  return usable.length === 0 ? DEFAULT_MINUTES : Math.min(MAX_MINUTES, Math.ceil(Math.max(...usable)));
}

function promptOf(
  runs: readonly AgentRun[],
  otherwise: string,
): { readonly text: string; readonly notes: readonly string[] } {
  const prompts = runs.flatMap(({ invocation }) => invocation.prompts);
  const [plain] = prompts.flatMap((prompt) => plainText(prompt, PLAIN_PROMPT));
  const left = prompts.length > 0 && plain === undefined;
  const note =
    'The prompt was not carried over: it is long, or holds text that others write. Write it into the pipeline.';
  return { text: plain ?? otherwise, notes: left ? [note] : [] };
}

function secretNotes(runs: readonly AgentRun[], { key }: AgentSetup): readonly string[] {
  const reached = runs.flatMap(({ credentials }) => credentials.filter(({ reachable }) => reachable !== 'no'));
  const names = reached.filter((one) => one.class !== 'model-key' && one.name !== key).map(({ name }) => name);
  const plain = [...new Set(names)].filter((name) => /^[A-Za-z_][A-Za-z0-9_.-]*$/.test(name)).slice(0, 10);
  if (plain.length === 0) return [];
  return [`Not given to the agent: ${plain.join(', ')}. What it must call belongs under secrets: with its host.`];
}

function plainText(
  given: { readonly text: string; readonly complete: boolean } | undefined,
  pattern: RegExp,
): readonly string[] {
  const text = given?.text.trim() ?? '';
  return given?.complete === true && pattern.test(text) ? [text] : [];
}
