import { join } from 'node:path';
import { SallyportError } from '../../errors/index.ts';
import type { AgentAdapter, AgentLaunch, LaunchContext } from '../adapter.ts';
import { mountsFor } from '../mounts.ts';
import { actionsOf } from '../tool-vocabulary.ts';
import { type CommandLine, parseCommandLine } from './command-line.ts';
import { claudeEnvironment } from './environment.ts';
import { findInstallation, isClaudeFile } from './installation.ts';
import { type NativePermissions, planPermissions, valuesOf } from './permissions.ts';
import { deniedPaths, offeredTools } from './second-wall.ts';
import { readPersonSettings, SETTINGS } from './settings.ts';
import { readReports } from './stream.ts';
import { TOOLS } from './tools.ts';
import { judgeVersion } from './version-floors.ts';

/** Claude Code (`claude`), started so that nothing of the repository configures it. */
export const claudeCode: AgentAdapter = {
  id: 'claude-code',
  title: 'Claude Code',
  dialect: 'anthropic-messages',
  recognises: (command) => programIndex(command) !== undefined,
  installedVersion: async (program) => findInstallation(program).version,
  launch,
  actions: (call, workspace) => actionsOf(call, workspace, TOOLS),
  observe: readReports,
};

/** Where in the command the CLI stands: first, or second when a script runtime stands before it. */
function programIndex(command: readonly string[]): 0 | 1 | undefined {
  const [first = '', second = ''] = command;
  if (isClaudeFile(first)) return 0;
  return /\/claude-code\/cli(?:-wrapper)?\.c?js$/.test(second) && isClaudeFile(second) ? 1 : undefined;
}

function launch(context: LaunchContext, version: string | undefined): AgentLaunch {
  const at = programIndex(context.command) ?? 0;
  const installation = findInstallation(context.command[at] ?? context.command[0]);
  const warnings = admitVersion(version ?? installation.version, context.allowKnownVulnerable);
  const line = parseCommandLine(context.command.slice(at + 1));
  const person = readPersonSettings(line.flags);
  const permissions = planPermissions(line, person.allow, offeredTools(context.policy));
  const configDirectory = join(context.home, '.claude');
  const runtime = at === 1 && installation.binary.endsWith('.js') ? context.command[0] : undefined;
  const deny = ['mcp__*', ...valuesOf(line.flags, 'deny'), ...person.deny, ...deniedPaths(context.policy)];
  const args = [
    ...keptArguments(line),
    ...ourArguments(permissions, deny),
    ...(line.words.length > 0 ? ['--', ...line.words] : []),
  ];
  return {
    command: runtime === undefined ? [installation.binary, ...args] : [runtime, installation.binary, ...args],
    environment: claudeEnvironment(context, configDirectory, context.inherited ?? {}),
    files: [
      // The user's settings file exists, empty and read-only, so that the agent cannot create one and be obeyed by itself.
      { path: join(configDirectory, 'settings.json'), content: '{}\n', mode: 0o444, writable: false },
    ],
    readOnly: [...installation.readOnly, ...(runtime === undefined ? [] : mountsFor(runtime, context.workspace))],
    notes: [...warnings, ...permissions.notes, ...person.notes, ...droppedFlags(line)],
  };
}

/** Throws SP1602 for a version below the floor, or an unreadable one, unless the person said to run it all the same. */
function admitVersion(version: string | undefined, allowed: boolean): readonly string[] {
  const judged = judgeVersion(version);
  if (judged.verdict === 'sound') return [];
  if (judged.verdict === 'unknown') {
    if (allowed) return ['the version of Claude Code could not be read; it runs because you said so'];
    throw new SallyportError('SP1602', 'the version of Claude Code could not be read');
  }
  const holes = judged.holes.map((row) => `${row.hole} (fixed in ${row.fixedIn}; here: ${row.wall})`);
  if (judged.verdict === 'refused' && !allowed)
    throw new SallyportError('SP1602', `Claude Code ${version} is too old to start safely: ${holes.join('; ')}`);
  return holes.map((hole) => `Claude Code ${version} has a known hole: ${hole}`);
}

/** What the person wrote and may keep. Values are bound with `=`, so that none can be read as a flag of its own. */
function keptArguments(line: CommandLine): readonly string[] {
  return line.flags
    .filter(({ row }) => row.treatment === 'keep')
    .flatMap(({ row, values }) => {
      const name = row.names.find((spelled) => spelled.startsWith('--')) ?? '';
      return values.length === 0 ? [name] : values.map((value) => `${name}=${value}`);
    });
}

/** Ours stand behind the person's. */
function ourArguments(permissions: NativePermissions, deny: readonly string[]): readonly string[] {
  return [
    '--print',
    '--setting-sources=user',
    `--settings=${JSON.stringify(SETTINGS)}`,
    '--strict-mcp-config',
    '--disable-slash-commands',
    '--no-session-persistence',
    `--permission-mode=${permissions.mode}`,
    `--tools=${permissions.tools.join(',')}`,
    ...(permissions.allow.length > 0 ? [`--allowedTools=${permissions.allow.join(',')}`] : []),
    `--disallowedTools=${deny.join(',')}`,
  ];
}

function droppedFlags(line: CommandLine): readonly string[] {
  const headless = line.flags.some((flag) => flag.row.names.includes('--print'));
  return [
    ...line.flags
      .filter((flag) => flag.row.treatment === 'drop')
      .map((flag) => `${flag.row.names.at(-1)} was left out: ${flag.row.because}`),
    ...(headless ? [] : ['--print was added: an unattended run has no terminal']),
  ];
}
