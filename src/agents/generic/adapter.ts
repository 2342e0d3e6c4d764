import { basename } from 'node:path';
import { SallyportError } from '../../errors/index.ts';
import type { AgentAdapter, AgentLaunch, LaunchContext } from '../adapter.ts';
import { TOOLS } from '../claude-code/tools.ts';
import { modelEnvironment } from '../model-environment.ts';
import { mountsFor } from '../mounts.ts';
import { actionsOf } from '../tool-vocabulary.ts';
import { findScript } from './interpreters.ts';
import { KNOWN_AGENTS, type KnownAgent } from './known-agents.ts';

/** Any command that is no known agent: a script, a shell line, an agent of one's own. */
export const anyCommand: AgentAdapter = makeAdapter(undefined);

/** The recognised agents that start through this adapter by their rows of data. */
export const knownAgents: readonly AgentAdapter[] = KNOWN_AGENTS.map(makeAdapter);

function makeAdapter(agent: KnownAgent | undefined): AgentAdapter {
  return {
    id: agent?.id ?? 'generic',
    title: agent?.title ?? 'command',
    dialect: agent === undefined ? 'anthropic-messages' : agent.dialect,
    recognises: (command) => agent === undefined || isAgent(agent, command),
    installedVersion: async () => undefined,
    launch: (context) => launch(agent, context),
    // An agent of one's own on the same wire usually names its tools as Claude Code does.
    actions: (call, workspace) => actionsOf(call, workspace, agent?.tools ?? TOOLS),
    observe: () => [],
  };
}

/** By the program's name, or by its npm package when the program is a script of one. */
function isAgent(agent: KnownAgent, command: readonly string[]): boolean {
  return command.slice(0, 2).some((word, index) => {
    if (agent.packages.some((name) => word.includes(`/node_modules/${name}/`))) return true;
    return agent.programs.includes(basename(word)) && (index === 0 || word.startsWith('/'));
  });
}

function launch(agent: KnownAgent | undefined, context: LaunchContext): AgentLaunch {
  refuseWithoutModel(agent, context);
  const [program, ...args] = context.command;
  const script = findScript(context.command);
  const head = script === undefined ? 0 : args.indexOf(script) + 1;
  const own = args.slice(head);
  const { kept, dropped } = withoutForbidden(agent, withoutSandbox(agent, own));
  return {
    command: [program, ...args.slice(0, head), ...addFlags(agent, kept)],
    environment: {
      ...(agent === undefined || agent.dialect === 'anthropic-messages' ? modelEnvironment(context) : {}),
      ...agent?.environment,
    },
    files: [],
    readOnly: [program, ...(script === undefined ? [] : [script])].flatMap((file) =>
      mountsFor(file, context.workspace),
    ),
    notes: [
      ...dropped.map((flag) => `${flag} was left out: it would trust the repository`),
      ...nestedAgents(agent === undefined ? args : []).map(
        (name) => `${name} is started by another program, so its own safe start does not apply: call it directly`,
      ),
      ...(agent?.notes ?? []).map((note) => `${agent?.title}: ${note}`),
    ],
  };
}

/** An agent that can reach no model would start, try for a while and fail with an error of its own about the network. */
function refuseWithoutModel(agent: KnownAgent | undefined, { command, policy }: LaunchContext): void {
  if (agent?.provider === undefined || policy.network.length > 0) return;
  if (command.includes('--version') || command.includes('--help')) return;
  const { hosts, key } = agent.provider;
  throw new SallyportError(
    'SP1605',
    `${agent.title} could reach no model: its model API is not brokered, and the policy grants no host`,
    {
      advice: `Grant its host (usually ${hosts.join(' and ')}) under network.allow and its key (${key}) under secrets; see docs/agents.md.`,
    },
  );
}

/** Agents that another command would start: `sh -c "claude …"`, `timeout 60 claude`, `npx @openai/codex`. */
function nestedAgents(args: readonly string[]): readonly string[] {
  const words = new Set(args.flatMap((argument) => argument.split(/[\s;&|()`'"]+/)).map((word) => basename(word)));
  const names = [
    'claude',
    'claude-code',
    ...KNOWN_AGENTS.flatMap(({ programs, packages }) => [...programs, ...packages.map((name) => basename(name))]),
  ];
  return [...new Set(names)].filter((name) => words.has(name));
}

function isFlag(word: string, flag: string): boolean {
  return word === flag || word.startsWith(`${flag}=`);
}

/** The person's words without the flags that are never handed on, nor the words that are their values. */
function withoutForbidden(
  agent: KnownAgent | undefined,
  args: readonly string[],
): { readonly kept: readonly string[]; readonly dropped: readonly string[] } {
  const [kept, dropped]: [string[], string[]] = [[], []];
  for (let at = 0; at < args.length; at += 1) {
    const word = args[at] ?? '';
    const forbidden = agent?.forbiddenFlags.some((flag) => isFlag(word, flag)) === true;
    (forbidden ? dropped : kept).push(word);
    if (forbidden && agent?.forbiddenWithValue?.includes(word) === true) at += 1;
  }
  return { kept, dropped };
}

/** The person's words without what they say about the agent's own sandbox. */
function withoutSandbox(agent: KnownAgent | undefined, args: readonly string[]): readonly string[] {
  const own = agent?.ownSandbox;
  if (own === undefined) return args;
  const kept: string[] = [];
  for (let at = 0; at < args.length; at += 1) {
    const [word = '', next = ''] = [args[at], args[at + 1]];
    if (word === '--') return [...kept, ...args.slice(at)];
    const config = /^(?:-c|--config)$/.test(word) ? next : /^--config=(.*)$/s.exec(word)?.[1];
    const saysConfig = config?.trimStart().startsWith(own.config) === true;
    if (own.options.includes(word) || (saysConfig && config === next)) at += 1;
    else if (!saysConfig && !own.options.some((option) => word.startsWith(`${option}=`))) kept.push(word);
  }
  return kept;
}

function addFlags(agent: KnownAgent | undefined, args: readonly string[]): readonly string[] {
  const sandbox = agent?.ownSandbox?.by ?? [];
  for (const { subcommands, flags } of agent?.addedFlags ?? []) {
    const added = [...flags.filter((flag) => !args.includes(flag)), ...sandbox];
    if (subcommands === undefined) return [...added, ...args];
    const [first = '', ...rest] = args;
    if (subcommands.includes(first)) return [first, ...added, ...rest];
  }
  return [...sandbox, ...args];
}
