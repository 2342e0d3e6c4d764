import { assemble } from './assemble.ts';
import { type FoundAgent, findAgent } from './find-agent.ts';
import type { CommandWord, GivenEntry, Invocation } from './invocation.ts';
import { readOptions } from './options.ts';
import { type PlacedText, placedEntry } from './placed-text.ts';
import type { ProductRow } from './product.ts';
import type { Tag, Written } from './tag.ts';

/** Forge tokens that command line tools read. */
const FORGE_TOKENS = ['GH_TOKEN', 'GITHUB_TOKEN', 'GITLAB_TOKEN', 'CI_JOB_TOKEN', 'SYSTEM_ACCESSTOKEN', 'GITEA_TOKEN'];

/**
 * The agent that a command starts, or `undefined` when it starts none: a name in an argument, a version query or a
 * configuration command is no run. `environment` holds the variables in force, the nearest first.
 */
export function recogniseCommand(
  words: readonly CommandWord[],
  environment: readonly GivenEntry[],
): Invocation | undefined {
  const agent = findAgent(words);
  if (agent === undefined) return undefined;
  const first = agent.index + 1;
  const read = readOptions(agent.row, agent.words, first);
  const operands = promptOperands(agent.row, read.operands);
  if (operands === undefined || !isRun(agent.row, read.written)) return undefined;
  const given = [...agent.assigned, ...environment];
  const written = [
    ...agent.wrapped,
    ...read.written,
    ...operands.map((value) => promptWritten(agent, value)),
    ...readEnvironment(agent.row, given),
  ];
  const found = {
    via: 'command',
    place: agent.program.place,
    spelled: agent.program.text,
    version: agent.version,
  } as const;
  return withInput(assemble(agent.row, found, written), agent);
}

/** Variables that the product or its tools read. */
export function readEnvironment(row: ProductRow, environment: readonly GivenEntry[]): readonly Written[] {
  const seen = new Set<string>();
  return environment.flatMap((entry) => {
    if (seen.has(entry.name)) return [];
    seen.add(entry.name);
    const tag = variableTag(row, entry);
    if (tag === undefined) return [];
    const value = placedEntry(entry, 'environment');
    return [{ tag, spelled: entry.name, keyPlace: entry.keyPlace, value, builtIn: false }];
  });
}

function variableTag(row: ProductRow, { name, text }: GivenEntry): Tag | undefined {
  const variable = row.variables.find(({ names }) => names.includes(name));
  if (variable) {
    const speaks = variable.values === undefined || variable.values.includes(text.trim().toLowerCase());
    return speaks ? variable.tag : undefined;
  }
  if (row.keys.includes(name)) return 'secret:model';
  if (row.endpoints.includes(name)) return 'endpoint';
  if (FORGE_TOKENS.includes(name)) return 'secret:forge';
  if (/^(?:CLAUDE|GEMINI|CODEX|COPILOT|OPENCODE|GOOSE|AIDER|QWEN)_/.test(name)) return 'environment';
  return undefined;
}

/** Operands behind the subcommand; `undefined` when the first words make it something else than a run. */
function promptOperands(row: ProductRow, operands: readonly PlacedText[]): readonly PlacedText[] | undefined {
  const names = operands.map(({ text }) => text);
  const run = row.runs.find((words) => words.every((word, index) => names[index] === word));
  if (run) return operands.slice(run.length);
  if (row.starts === 'subcommand') return undefined;
  return row.others.includes(names[0] ?? '') ? undefined : operands;
}

/** Signs of an unattended run. */
const STARTING: ReadonlySet<Tag> = new Set<Tag>(['headless', 'prompt', 'prompt-file', 'bypass', 'tools-allow']);

function isRun(row: ProductRow, written: readonly Written[]): boolean {
  if (written.some(({ tag }) => tag === 'no-run')) return false;
  return row.starts !== 'headless' || written.some(({ tag }) => STARTING.has(tag));
}

function promptWritten(agent: FoundAgent, value: PlacedText): Written {
  return { tag: 'prompt', spelled: agent.program.text, keyPlace: value.place, value, builtIn: false };
}

/** Without a prompt in the command line it comes from standard input. */
function withInput(invocation: Invocation, agent: FoundAgent): Invocation {
  const inArguments = invocation.prompts.some(({ text }) => text !== '-');
  if (inArguments) return invocation;
  const input = {
    text: '',
    place: agent.program.place,
    from: { kind: 'standard-input' },
    complete: false,
  } as const;
  return { ...invocation, prompts: [input] };
}
