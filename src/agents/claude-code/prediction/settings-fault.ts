import { isArray, isObject, type JsonObject, type JsonValue } from '../../../system/index.ts';
import { type Behaviour, behavioursOf } from './behaviour.ts';

type Check = (value: JsonValue, behaviour: Behaviour) => boolean;

const MODES: ReadonlySet<JsonValue> = new Set([
  'default',
  'acceptEdits',
  'dontAsk',
  'bypassPermissions',
  'plan',
  'auto',
]);

const isText: Check = (value) => typeof value === 'string';
const isSwitch: Check = (value) => typeof value === 'boolean';
const isNumber: Check = (value) => typeof value === 'number';
const isDisable: Check = (value) => value === 'disable';
const isTexts: Check = (value) => isArray(value) && value.every((entry) => typeof entry === 'string');

/** What a key must hold. Rules and variables of another type are left out one by one, so they are not here. */
const KEYS: readonly (readonly [route: string, accepts: Check])[] = [
  ['permissions', isObject],
  ['permissions.allow', isArray],
  ['permissions.ask', isArray],
  ['permissions.deny', isArray],
  ['permissions.additionalDirectories', isTexts],
  ['permissions.defaultMode', (mode, { knowsManual }) => MODES.has(mode) || (knowsManual && mode === 'manual')],
  ['permissions.disableBypassPermissionsMode', isDisable],
  ['permissions.disableAutoMode', isDisable],
  ['sandbox', isObject],
  ['sandbox.enabled', isSwitch],
  ['sandbox.autoAllowBashIfSandboxed', isSwitch],
  ['sandbox.allowUnsandboxedCommands', isSwitch],
  ['sandbox.excludedCommands', isTexts],
  ['env', isObject],
  ['hooks', (hooks) => !isObject(hooks) || Object.values(hooks).every(isHookList)],
  ['allowManagedPermissionRulesOnly', isSwitch],
  ['disableAllHooks', isSwitch],
  ['apiKeyHelper', isText],
  ['model', isText],
  ['cleanupPeriodDays', isNumber],
];

/** The field that the text of a hook stands in, by its type; other types are not known to the CLI. */
const HOOK_TEXTS: ReadonlyMap<JsonValue | undefined, string> = new Map([
  ['command', 'command'],
  ['prompt', 'prompt'],
  ['agent', 'prompt'],
  ['http', 'url'],
]);

/**
 * The first key for which the CLI leaves a whole settings file out, silently in an unattended run, with every rule in it:
 * a known key with a value of another type. Measured on both versions; unknown keys, and rules that are none, do no harm.
 *
 * @returns `permissions.defaultMode`; undefined when the file is used.
 */
export function settingsFault(settings: JsonObject, behaviour: Behaviour): string | undefined {
  return KEYS.find(([route, accepts]) => {
    const value = valueAt(settings, route);
    return value !== undefined && !accepts(value, behaviour);
  })?.[0];
}

/**
 * Whether a version leaves the file out; where it was not measured, or none is named, `unknown` when the measured ones
 * differ.
 */
export function isLeftOut(
  settings: JsonObject,
  version: string | undefined,
): { readonly leftOut: 'yes' | 'unknown'; readonly key: string } | undefined {
  const faults = behavioursOf(version ?? '').map((behaviour) => settingsFault(settings, behaviour));
  const key = faults.find((fault) => fault !== undefined);
  return key === undefined ? undefined : { leftOut: faults.includes(undefined) ? 'unknown' : 'yes', key };
}

/**
 * Managed settings lose a faulty entry only; older versions left out all that stands beside it.
 */
export function withoutFaults(settings: JsonObject, behaviour: Behaviour): JsonObject {
  const fault = settingsFault(settings, behaviour);
  if (fault === undefined) return settings;
  const [head = '', tail] = fault.split('.');
  const { [head]: faulty, ...others } = settings;
  if (tail === undefined || !isObject(faulty) || !behaviour.keepsBesideFaults) return withoutFaults(others, behaviour);
  const { [tail]: _left, ...kept } = faulty;
  return withoutFaults({ ...others, [head]: kept }, behaviour);
}

function valueAt(settings: JsonObject, route: string): JsonValue | undefined {
  const [head = '', tail] = route.split('.');
  const value = settings[head];
  if (tail === undefined) return value;
  return isObject(value) ? value[tail] : undefined;
}

function isHookList(groups: JsonValue): boolean {
  return isArray(groups) && groups.every(isHookGroup);
}

function isHookGroup(group: JsonValue): boolean {
  if (!isObject(group) || !isArray(group['hooks'])) return false;
  const { matcher } = group;
  return (matcher === undefined || typeof matcher === 'string') && group['hooks'].every(isHook);
}

function isHook(hook: JsonValue): boolean {
  if (!isObject(hook)) return false;
  const { type, timeout } = hook;
  if (type === 'mcp_tool') return true;
  const field = HOOK_TEXTS.get(type);
  if (field === undefined || typeof hook[field] !== 'string') return false;
  return timeout === undefined || (typeof timeout === 'number' && timeout > 0);
}
