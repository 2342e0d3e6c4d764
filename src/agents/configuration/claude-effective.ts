import type { Place } from '../../syntax/index.ts';
import { isBelow } from '../claude-code/version-floors.ts';
import { commandLineFacts, type InlineSettings, readInlineSettings } from './claude-command-line.ts';
import { isCodeRunning, isRouting, leavesOut, stopperOf, type Vector } from './claude-controls.ts';
import { leftOutWhole } from './claude-left-out.ts';
import { modeFacts } from './claude-mode.ts';
import type { AgentConfiguration } from './configuration.ts';
import type { EffectiveFact } from './effective.ts';
import { comesFromChange, type EffectiveInput, isSwitchedOn } from './effective-input.ts';
import { MANAGED_ONLY_KEYS, USER_ONLY_KEYS } from './setting-scopes.ts';

type Answer = Pick<EffectiveFact, 'inForce' | 'why'>;

/**
 * What an unattended Claude Code in a folder that nobody trusted will obey. Source: measurements on 2.1.329 and
 * 2.1.197; vendor documentation, `permissions.md`, "What runs before you trust a folder".
 */
export function claudeFacts(input: EffectiveInput): readonly EffectiveFact[] {
  const inline = readInlineSettings(input);
  const own = input.configurations.filter((one) => one.role !== 'example' && one.role !== 'plugin');
  return [
    ...commandLineFacts(input, inline),
    ...modeFacts(
      input,
      inline,
      own.filter((one) => isLoadedSettings(one, input)),
    ),
    ...own.flatMap((configuration) => factsOf(configuration, input, inline)),
  ];
}

function factsOf(
  configuration: AgentConfiguration,
  input: EffectiveInput,
  inline: InlineSettings,
): readonly EffectiveFact[] {
  if (configuration.product !== 'claude-code' && configuration.kind !== 'instructions') return [];
  switch (configuration.kind) {
    case 'settings':
      return settingsFacts(configuration, input, inline);
    case 'mcp':
      return configuration.servers.map((server) =>
        factOf(
          input,
          `mcp server ${server.name}`,
          'mcp',
          serverAnswer(server.name, configuration, input),
          server.place,
        ),
      );
    case 'skill':
    case 'command':
      return skillFacts(configuration, input);
    case 'subagent':
      return subagentFacts(configuration, input);
    case 'instructions':
      return instructionFacts(configuration, input);
    default:
      return [];
  }
}

/** Project settings count only in the folder the agent starts in; local ones there or at the root. */
function isLoadedSettings(configuration: AgentConfiguration, input: EffectiveInput): boolean {
  const path = configuration.file.path;
  const here = input.directory === '' ? '' : `${input.directory}/`;
  if (path === `${here}.claude/settings.json`) return true;
  return path === `${here}.claude/settings.local.json` || path === '.claude/settings.local.json';
}

function settingsFacts(
  configuration: AgentConfiguration,
  input: EffectiveInput,
  inline: InlineSettings,
): readonly EffectiveFact[] {
  const elsewhere: Answer | undefined = isLoadedSettings(configuration, input)
    ? (leftOutLocal(configuration, input) ?? leftOutWhole(configuration, input))
    : { inForce: 'no', why: 'Claude Code reads project settings only from the folder it starts in' };
  const settle = (vector: Vector, otherwise: Answer): Answer => elsewhere ?? stopped(vector, input) ?? otherwise;
  const put = (subject: string, kind: EffectiveFact['kind'], answer: Answer, place: Place): EffectiveFact =>
    factOf(input, subject, kind, answer, place);
  return [
    ...configuration.hooks.map((hook) =>
      put(`hook ${hook.event}`, 'hook', settle('hooks', hookAnswer(configuration, inline)), hook.place),
    ),
    ...configuration.helpers.map((helper) =>
      put(
        `helper ${helper.key}`,
        'helper',
        settle(helperVector(helper.key), helperAnswer(helper.key, helper.unattended, input)),
        helper.place,
      ),
    ),
    ...configuration.environment.map(({ name, place }) =>
      put(`env ${name}`, 'environment', settle(variableVector(name), variableAnswer(name, inline)), place),
    ),
    ...configuration.allow.map((rule) =>
      put(
        `allow ${rule.text}`,
        'allow',
        settle('rules', {
          inForce: 'no',
          why: 'allow rules of the repository are not used while nobody has trusted the folder, and an unattended run never asks',
        }),
        rule.place,
      ),
    ),
    ...configuration.deny.map((rule) =>
      put(
        `deny ${rule.text}`,
        'deny',
        settle('rules', { inForce: 'yes', why: 'deny rules count from every source that is loaded' }),
        rule.place,
      ),
    ),
    ...configuration.ask.map((rule) =>
      put(
        `ask ${rule.text}`,
        'ask',
        settle('rules', {
          inForce: 'yes',
          why: 'ask rules count from every source; with nobody to ask the call is refused',
        }),
        rule.place,
      ),
    ),
    ...keyFacts(configuration, input, inline, settle),
  ];
}

function keyFacts(
  configuration: AgentConfiguration,
  input: EffectiveInput,
  inline: InlineSettings,
  settle: (vector: Vector, otherwise: Answer) => Answer,
): readonly EffectiveFact[] {
  return configuration.keys.flatMap((key) => {
    if (key.path === 'disableAllHooks' && key.text === 'true') {
      return [factOf(input, 'disableAllHooks', 'hook', settle('hooks', switchAnswer(inline)), key.place)];
    }
    if (!key.path.startsWith('sandbox.')) return [];
    const answer = settle('sandbox', sandboxAnswer(key.path, input));
    return [factOf(input, `${key.path} = ${key.text}`, 'sandbox', answer, key.place)];
  });
}

function switchAnswer({ disableAllHooks }: InlineSettings): Answer {
  if (disableAllHooks !== undefined) return { inForce: 'no', why: '`--settings` decides, and wins against this file' };
  const why =
    'the repository switches off hooks of the user settings too; only `--settings` and managed settings win against it';
  return { inForce: 'yes', why };
}

function sandboxAnswer(path: string, input: EffectiveInput): Answer {
  if (MANAGED_ONLY_KEYS.has(path)) return { inForce: 'no', why: 'only managed settings may set this key' };
  if (USER_ONLY_KEYS.has(path)) return { inForce: 'no', why: 'only user and managed settings may set this key' };
  if (path === 'sandbox.autoAllowBashIfSandboxed' && isSwitchedOn(input, 'CLAUDE_CODE_SUBPROCESS_ENV_SCRUB')) {
    return { inForce: 'no', why: 'CLAUDE_CODE_SUBPROCESS_ENV_SCRUB turns the automatic approval in the sandbox off' };
  }
  return {
    inForce: 'yes',
    why: 'sandbox keys of the repository are applied without trust, those that grant commands among them',
  };
}

function hookAnswer(configuration: AgentConfiguration, inline: InlineSettings): Answer {
  if (inline.disableAllHooks === true)
    return { inForce: 'no', why: '`--settings` disables all hooks, and nothing in the repository can undo that' };
  const own = configuration.keys.some((key) => key.path === 'disableAllHooks' && key.text === 'true');
  if (own && inline.disableAllHooks === undefined) return { inForce: 'no', why: 'the same file disables all hooks' };
  return { inForce: 'yes', why: 'an unattended run never shows the trust dialog, so hooks of the repository run' };
}

function helperVector(key: string): Vector {
  return key === 'apiKeyHelper' ? 'key-helper' : 'provider-helper';
}

function helperAnswer(key: string, unattended: boolean, input: EffectiveInput): Answer {
  if (unattended) return { inForce: 'yes', why: 'credential helpers of the repository run without trust' };
  if (key !== 'otelHeadersHelper' && key !== 'mcpServers.*.headersHelper') {
    return { inForce: 'no', why: 'it runs only in interactive sessions, or only from user or managed settings' };
  }
  return sinceVersion(input, '2.1.238', 'it needs a trusted folder', 'it runs without trust');
}

function variableVector(name: string): Vector {
  return isRouting(name) ? 'routing' : 'shell-variables';
}

function variableAnswer(name: string, inline: InlineSettings): Answer {
  if (inline.environment.has(name)) return { inForce: 'no', why: '`--settings` sets the same variable and wins' };
  if (isRouting(name))
    return {
      inForce: 'yes',
      why: 'the `env` block of the repository beats the variables of the job: requests, with the key in them, go where it says',
    };
  if (isCodeRunning(name))
    return {
      inForce: 'yes',
      why: 'the `env` block of the repository beats the variables of the job, and this one makes programs run other code',
    };
  return { inForce: 'yes', why: 'the `env` block of the repository beats the variables of the job' };
}

function serverAnswer(name: string, configuration: AgentConfiguration, input: EffectiveInput): Answer {
  const path = configuration.file.path;
  const here = input.directory === '' ? '.mcp.json' : `${input.directory}/.mcp.json`;
  if (path !== here && path !== '.mcp.json')
    return { inForce: 'no', why: 'only the `.mcp.json` of the project is read' };
  const control = stopped('mcp', input);
  if (control !== undefined) return control;
  const refused = input.configurations.some(
    (one) =>
      isLoadedSettings(one, input) &&
      one.keys.some((key) => key.path === 'disabledMcpjsonServers' && key.text === name),
  );
  if (refused) return { inForce: 'no', why: '`disabledMcpjsonServers` names it' };
  if (input.invocation.via === 'sdk' && input.invocation.settingSources === undefined) return SDK_UNKNOWN;
  return { inForce: 'yes', why: 'an unattended run connects every server of `.mcp.json`, approved or not' };
}

const SDK_UNKNOWN: Answer = {
  inForce: 'unknown',
  why: 'the SDK reads project configuration only where its options name the setting source `project`, which is not visible here',
};

function skillFacts(configuration: AgentConfiguration, input: EffectiveInput): readonly EffectiveFact[] {
  const answer = (otherwise: Answer): Answer => stopped('skill', input) ?? otherwise;
  return [
    ...configuration.allow.map((rule) =>
      factOf(input, `allow ${rule.text}`, 'skill', answer(grantAnswer(input)), rule.place),
    ),
    ...configuration.inlineCommands.map((one) =>
      factOf(
        input,
        `command ${one.command}`,
        'skill',
        answer({
          inForce: 'yes',
          why: "it runs as soon as the text is invoked, if the text's own allowed tools cover it",
        }),
        one.place,
      ),
    ),
    ...configuration.hooks.map((hook) =>
      factOf(
        input,
        `hook ${hook.event}`,
        'hook',
        answer({ inForce: 'yes', why: 'hooks of a skill run once it is invoked' }),
        hook.place,
      ),
    ),
  ];
}

function grantAnswer(input: EffectiveInput): Answer {
  if (input.version !== undefined && isBelow(input.version, '2.1.198')) {
    return { inForce: 'no', why: 'up to 2.1.197 a skill did not grant itself tools' };
  }
  return {
    inForce: 'yes',
    why: 'the tools that a skill or command allows itself are never gated by trust; they count once it is invoked',
  };
}

function subagentFacts(configuration: AgentConfiguration, input: EffectiveInput): readonly EffectiveFact[] {
  const answer =
    stopped('subagent', input) ??
    sinceVersion(
      input,
      '2.1.238',
      'hooks, servers and modes of subagent files need a trusted folder',
      'hooks, servers and modes of subagent files take effect without trust',
    );
  const mode = configuration.keys.find((key) => key.path === 'permissionMode');
  return [
    ...configuration.hooks.map((hook) => factOf(input, `hook ${hook.event}`, 'hook', answer, hook.place)),
    ...configuration.servers.map((server) => factOf(input, `mcp server ${server.name}`, 'mcp', answer, server.place)),
    ...(mode === undefined ? [] : [factOf(input, `permission mode ${mode.text}`, 'mode', answer, mode.place)]),
  ];
}

function instructionFacts(configuration: AgentConfiguration, input: EffectiveInput): readonly EffectiveFact[] {
  const { product, file } = configuration;
  if (product !== 'claude-code' && product !== 'any') return [];
  const place: Place = { file: file.path, span: configuration.instructions?.span ?? { start: 0, end: 0 } };
  return [
    factOf(
      input,
      `instructions ${file.path}`,
      'instructions',
      instructionAnswer(product === 'any', file.path, input),
      place,
    ),
  ];
}

function instructionAnswer(shared: boolean, path: string, input: EffectiveInput): Answer {
  if (isSwitchedOn(input, 'CLAUDE_CODE_DISABLE_CLAUDE_MDS'))
    return { inForce: 'no', why: 'CLAUDE_CODE_DISABLE_CLAUDE_MDS is set' };
  if (!shared) return { inForce: 'yes', why: 'instruction files are read whatever the setting sources are' };
  const imported = input.configurations.some(
    (one) => one.product === 'claude-code' && one.imports.some((item) => item.target.endsWith(path)),
  );
  if (imported) return { inForce: 'yes', why: 'an instruction file imports it' };
  return { inForce: 'unknown', why: 'the model may read it, and some versions load it themselves' };
}

function leftOutLocal(configuration: AgentConfiguration, input: EffectiveInput): Answer | undefined {
  if (configuration.role !== 'local' || !leavesOut(input.invocation.settingSources, 'local')) return undefined;
  return { inForce: 'no', why: '`--setting-sources` leaves local settings out' };
}

function stopped(vector: Vector, input: EffectiveInput): Answer | undefined {
  const control = stopperOf(vector, input);
  return control === undefined ? undefined : { inForce: 'no', why: `${control} stops it` };
}

/** An answer that changed with a version: `no` from there on, `yes` before, unknown when no version is named. */
function sinceVersion(input: EffectiveInput, floor: string, after: string, before: string): Answer {
  if (input.version === undefined)
    return { inForce: 'unknown', why: `since ${floor} ${after}; before, ${before}; no version is pinned here` };
  if (isBelow(input.version, floor)) return { inForce: 'yes', why: `below ${floor} ${before}` };
  return { inForce: 'no', why: `since ${floor} ${after}` };
}

function factOf(
  input: EffectiveInput,
  subject: string,
  kind: EffectiveFact['kind'],
  answer: Answer,
  place: Place,
): EffectiveFact {
  return { subject, kind, ...answer, place, fromTree: comesFromChange(input, place.file) };
}
