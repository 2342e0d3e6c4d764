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
  const kept = own.filter((word) => !(agent?.forbiddenFlags ?? []).some((flag) => isFlag(word, flag)));
  const dropped = own.filter((word) => !kept.includes(word));
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
  const { host, key } = agent.provider;
  throw new SallyportError(
    'SP1605',
    `${agent.title} could reach no model: its model API is not brokered, and the policy grants no host`,
    {
      advice: `Grant its host (usually ${host}) under network.allow and its key (${key}) under secrets; see docs/agents.md.`,
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

function addFlags(agent: KnownAgent | undefined, args: readonly string[]): readonly string[] {
  for (const { subcommand, flags } of agent?.addedFlags ?? []) {
    if (subcommand === undefined) return [...flags, ...args];
    if (args[0] === subcommand) return [subcommand, ...flags, ...args.slice(1)];
  }
  return args;
}
