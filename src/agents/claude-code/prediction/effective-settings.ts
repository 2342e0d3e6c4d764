import type { JsonObject, JsonValue } from '../../../system/index.ts';
import { asList, asObject } from '../../json-fields.ts';
import type { Behaviour } from './behaviour.ts';
import { type PermissionMode, type PredictionInput, SETTINGS_SOURCES, type SettingsSource } from './decision.ts';
import { type PermissionRule, type RuleList, readRule } from './permission-rule.ts';
import { absolutePath, type Ground } from './place.ts';

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
export function mergeSettings(input: PredictionInput, behaviour: Behaviour): EffectiveSettings {
  const rules = [...settingsRules(input), ...flagRules(input)];
  const { mode, modeSource } = modeOf(input, behaviour);
  return {
    rules: rules.slice(0, MOST_RULES),
    overflows: rules.length > MOST_RULES,
    mode,
    modeSource,
    sandbox: sandboxOf(input, behaviour),
    hooks: hooksOf(input),
    ground: { place: input.place, directories: directoriesOf(input) },
  };
}

/** Grants of the repository count only where somebody trusted the folder; what it refuses always does. */
function mayGrant(source: SettingsSource, { trusted, localTracked, settings }: PredictionInput): boolean {
  if (source !== 'managed' && permissions(settings.managed)?.['allowManagedPermissionRulesOnly'] === true) return false;
  if (source !== 'managed' && settings.managed?.['allowManagedPermissionRulesOnly'] === true) return false;
  if (source === 'project') return trusted === true;
  return source !== 'local' || localTracked !== true || trusted === true;
}

function settingsRules(input: PredictionInput): readonly PermissionRule[] {
  return SETTINGS_SOURCES.flatMap((source) => {
    const lists = permissions(input.settings[source]);
    return LISTS.filter((list) => list !== 'allow' || mayGrant(source, input)).flatMap((list) =>
      texts(lists?.[list]).flatMap((text) => readRule(text, list, source) ?? []),
    );
  });
}

function flagRules({ allowed = [], disallowed = [] }: PredictionInput): readonly PermissionRule[] {
  return [
    ...allowed.flatMap((text) => readRule(text, 'allow', 'flag') ?? []),
    ...disallowed.flatMap((text) => readRule(text, 'deny', 'flag') ?? []),
  ];
}

function directoriesOf(input: PredictionInput): readonly string[] {
  const listed = SETTINGS_SOURCES.filter((source) => mayGrant(source, input)).flatMap((source) =>
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
