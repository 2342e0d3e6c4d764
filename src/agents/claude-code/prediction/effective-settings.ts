import type { JsonObject, JsonValue } from '../../../system/index.ts';
import { asList, asObject } from '../../json-fields.ts';
import type { Behaviour } from './behaviour.ts';
import { type PermissionMode, type PredictionInput, SETTINGS_SOURCES, type SettingsSource } from './decision.ts';
import { isWhole, type PermissionRule, type RuleList, readRule } from './permission-rule.ts';
import { absolutePath, type Ground } from './place.ts';
import { settingsFault, withoutFaults } from './settings-fault.ts';

/** More rules no honest file has; one beyond that would be left out, so nothing is approved then. */
const MOST_RULES = 2_000;

export interface SandboxSettings {
  readonly enabled: boolean;
  readonly autoAllows: boolean;
  readonly allowsUnsandboxed: boolean;
  readonly excluded: readonly string[];
}

/** What the sources together say (reference: agents §2.1). */
export interface EffectiveSettings {
  readonly rules: readonly PermissionRule[];
  readonly mode: PermissionMode;
  readonly modeSource: SettingsSource | undefined;
  readonly sandbox: SandboxSettings;
  /** The `hooks` objects in force. */
  readonly hooks: readonly JsonObject[];
  readonly ground: Ground;
  /** More rules than are read. */
  readonly overflows: boolean;
}

const LISTS: readonly RuleList[] = ['allow', 'ask', 'deny'];

/** Merge settings: lists join, for a scalar the highest source wins. */
export function mergeSettings(given: PredictionInput, behaviour: Behaviour): EffectiveSettings {
  const input = { ...given, settings: usedSettings(given.settings, behaviour) };
  const silenced = onlyManagedRules(input) && !behaviour.flagsOutliveManaged;
  const rules = [...settingsRules(input, behaviour), ...(silenced ? [] : flagRules(input))];
  const { mode, modeSource } = modeOf(input, behaviour);
  const isClassified = mode === 'auto' || (mode === 'plan' && !behaviour.plansWithAgents);
  return {
    rules: rules.slice(0, MOST_RULES).filter((rule) => !(isClassified && approvesAnything(rule))),
    overflows: rules.length > MOST_RULES,
    mode,
    modeSource,
    sandbox: sandboxOf(input, behaviour),
    hooks: hooksOf(input),
    ground: { place: input.place, directories: directoriesOf(input, behaviour), flagDirectory: input.flagDirectory },
  };
}

/** Settings without the files that the CLI leaves out for a fault in them. */
function usedSettings(settings: PredictionInput['settings'], behaviour: Behaviour): PredictionInput['settings'] {
  const used: { [source in SettingsSource]?: JsonObject } = {};
  for (const source of SETTINGS_SOURCES) {
    const one = settings[source];
    if (one === undefined) continue;
    if (source === 'managed') used[source] = withoutFaults(one, behaviour);
    else if (settingsFault(one, behaviour) === undefined) used[source] = one;
  }
  return used;
}

/** Managed settings may say that no other rules count, neither those that grant nor those that refuse. */
function onlyManagedRules({ settings }: PredictionInput): boolean {
  return settings.managed?.['allowManagedPermissionRulesOnly'] === true;
}

/** Where a classifier decides, the CLI leaves approvals of whole tools out that run code. */
function approvesAnything(rule: PermissionRule): boolean {
  return rule.list === 'allow' && isWhole(rule) && /^(?:Bash|Agent|Task)$/.test(rule.tool);
}

/** Grants of the repository count only where somebody trusted the folder; what it refuses always does. */
function mayGrant(source: SettingsSource, input: PredictionInput, behaviour: Behaviour): boolean {
  const { trusted, localTracked } = input;
  if (source === 'project') return trusted === true;
  if (source !== 'local' || trusted === true) return true;
  return localTracked !== true && (behaviour.grantsOutsideGit || isInGit(input.place));
}

function isInGit({ directory, exists }: PredictionInput['place']): boolean {
  const folders = directory.split('/').map((_, index, names) => names.slice(0, index + 1).join('/'));
  return folders.some((folder) => exists(`${folder}/.git`));
}

function settingsRules(input: PredictionInput, behaviour: Behaviour): readonly PermissionRule[] {
  const sources = onlyManagedRules(input) ? (['managed'] as const) : SETTINGS_SOURCES;
  return sources.flatMap((source) => {
    const lists = permissions(input.settings[source]);
    return LISTS.filter((list) => list !== 'allow' || mayGrant(source, input, behaviour)).flatMap((list) =>
      texts(lists?.[list]).flatMap((text) => readRule(text, list, source) ?? []),
    );
  });
}

function flagRules({ allowed = [], disallowed = [] }: PredictionInput): readonly PermissionRule[] {
  return [...allowed.flatMap((text) => spoken(text, 'allow')), ...disallowed.flatMap((text) => spoken(text, 'deny'))];
}

function spoken(text: string, list: RuleList): readonly PermissionRule[] {
  const rule = readRule(text, list, 'flag');
  return rule === undefined ? [] : [{ ...rule, spoken: true }];
}

function directoriesOf(input: PredictionInput, behaviour: Behaviour): readonly string[] {
  const listed = SETTINGS_SOURCES.filter((source) => mayGrant(source, input, behaviour)).flatMap((source) =>
    texts(permissions(input.settings[source])?.['additionalDirectories']),
  );
  const added = [...(input.directories ?? []), ...listed].map((path) => absolutePath(path, input.place));
  return [input.place.directory, ...added];
}

const MODES: ReadonlyMap<JsonValue, PermissionMode> = new Map<JsonValue, PermissionMode>([
  ['default', 'default'],
  ['manual', 'default'],
  ['acceptEdits', 'acceptEdits'],
  ['dontAsk', 'dontAsk'],
  ['bypassPermissions', 'bypassPermissions'],
  ['plan', 'plan'],
  ['auto', 'auto'],
]);

function modeOf(input: PredictionInput, behaviour: Behaviour): Pick<EffectiveSettings, 'mode' | 'modeSource'> {
  const sources = highestFirst();
  const found = sources.flatMap((source) => {
    const written = permissions(input.settings[source])?.['defaultMode'];
    const mode = written === undefined ? undefined : MODES.get(written);
    return mode !== undefined && isHonoured(mode, source, behaviour) ? [{ mode, modeSource: source }] : [];
  });
  const managed = found.find(({ modeSource }) => modeSource === 'managed');
  const asked = input.mode === undefined ? undefined : { mode: input.mode, modeSource: undefined };
  const chosen = managed ?? asked ?? found[0] ?? { mode: 'default', modeSource: undefined };
  const isForbidden = sources.some(
    (source) => permissions(input.settings[source])?.['disableBypassPermissionsMode'] === 'disable',
  );
  return chosen.mode === 'bypassPermissions' && isForbidden ? { mode: 'default', modeSource: undefined } : chosen;
}

function isHonoured(mode: PermissionMode, source: SettingsSource, behaviour: Behaviour): boolean {
  if (source !== 'project' && source !== 'local') return true;
  if (mode === 'auto') return false;
  return mode !== 'bypassPermissions' || behaviour.honoursProjectBypass;
}

function sandboxOf({ settings }: PredictionInput, behaviour: Behaviour): SandboxSettings {
  const objects = highestFirst()
    .map((source) => asObject(settings[source]?.['sandbox']))
    .filter((object) => object !== undefined);
  const first = (key: string) => objects.map((object) => object[key]).find((value) => typeof value === 'boolean');
  return {
    enabled: first('enabled') === true,
    autoAllows: (first('autoAllowBashIfSandboxed') ?? behaviour.autoAllowsInSandbox) === true,
    allowsUnsandboxed: first('allowUnsandboxedCommands') !== false,
    excluded: objects.flatMap((object) => texts(object['excludedCommands'])),
  };
}

function hooksOf({ settings }: PredictionInput): readonly JsonObject[] {
  const onlyManaged = settings.managed?.['allowManagedHooksOnly'] === true;
  const switched = highestFirst().find((source) => typeof settings[source]?.['disableAllHooks'] === 'boolean');
  const isOff = switched !== undefined && settings[switched]?.['disableAllHooks'] === true;
  return SETTINGS_SOURCES.filter((source) => source === 'managed' || !(onlyManaged || isOff))
    .map((source) => asObject(settings[source]?.['hooks']))
    .filter((hooks) => hooks !== undefined);
}

function highestFirst(): readonly SettingsSource[] {
  return SETTINGS_SOURCES.toReversed();
}

function permissions(settings: JsonObject | undefined): JsonObject | undefined {
  return asObject(settings?.['permissions']);
}

function texts(value: JsonValue | undefined): readonly string[] {
  return asList(value).filter((entry) => typeof entry === 'string');
}
