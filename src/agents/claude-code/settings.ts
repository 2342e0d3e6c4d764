import type { JsonObject, JsonValue } from '../../system/index.ts';
import { asList, asObject, parseObject } from '../json-fields.ts';
import type { WrittenFlag } from './command-line.ts';
import { valuesOf } from './permissions.ts';

/** What of the person's `--settings` is kept: rules and the model. Everything else could run code or move data. */
export interface KeptSettings {
  readonly allow: readonly string[];
  /** Rules that deny, and those that ask: nobody answers in an unattended run. */
  readonly deny: readonly string[];
  readonly notes: readonly string[];
}

/** Reads the person's `--settings` values. A file is never opened: it may be the repository's. */
export function readPersonSettings(flags: readonly WrittenFlag[]): KeptSettings {
  const allow: string[] = [];
  const deny: string[] = [];
  const notes: string[] = [];
  for (const text of valuesOf(flags, 'settings')) {
    const settings = parseObject(text);
    if (settings === undefined) {
      notes.push('--settings was left out: it names a file or is no JSON object; write its rules into the policy');
      continue;
    }
    const permissions = asObject(settings['permissions']);
    allow.push(...textList(permissions?.['allow']));
    deny.push(...textList(permissions?.['ask']), ...textList(permissions?.['deny']));
    const dropped = Object.keys(settings).filter((key) => key !== 'permissions');
    if (dropped.length > 0)
      notes.push(`--settings: ${dropped.map((key) => JSON.stringify(key)).join(', ')} left out; only rules are kept`);
  }
  return { allow, deny, notes };
}

/**
 * The settings of ours, handed over on the command line, where no file can be changed. They stand above user, project
 * and local settings, so what they say holds even if one of those were read. No word of the person is in them: the CLI
 * drops settings whole when one entry is malformed. Our sandbox is around the whole agent; the CLI's own, inside, could
 * not start and would only weaken.
 */
export const SETTINGS: JsonObject = {
  permissions: { disableBypassPermissionsMode: 'disable' },
  disableAllHooks: true,
  disableAutoMode: 'disable',
  enableAllProjectMcpServers: false,
  sandbox: { enabled: false },
  // The vendor's own look-up of a host would be one more destination; the policy decides on hosts.
  skipWebFetchPreflight: true,
};

function textList(value: JsonValue | undefined): readonly string[] {
  return asList(value).filter((entry) => typeof entry === 'string');
}
