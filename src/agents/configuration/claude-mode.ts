import type { Place } from '../../syntax/index.ts';
import { isBelow } from '../claude-code/version-floors.ts';
import type { InlineSettings } from './claude-command-line.ts';
import { stopperOf } from './claude-controls.ts';
import { leftOutWhole } from './claude-left-out.ts';
import type { AgentConfiguration } from './configuration.ts';
import type { EffectiveFact } from './effective.ts';
import { comesFromChange, type EffectiveInput } from './effective-input.ts';

/** Versions measured: this one took `bypassPermissions` from a project file, that one does not. */
const STILL_TAKEN = '2.1.197';
const NO_LONGER_TAKEN = '2.1.329';
const UNDOCUMENTED = `${STILL_TAKEN} took it from a repository, ${NO_LONGER_TAKEN} does not`;

/** Which permission mode counts, and which of the modes that are written somewhere do not. */
export function modeFacts(
  input: EffectiveInput,
  inline: InlineSettings,
  loaded: readonly AgentConfiguration[],
): readonly EffectiveFact[] {
  const ban = bypassBan(inline, loaded, input);
  const facts: EffectiveFact[] = input.invocation.modeFrom.map((from) => {
    const banned = from.mode === 'bypass' && ban !== undefined;
    const why = banned
      ? `${ban}; the run goes on in the default mode`
      : 'the command line stands above all settings but managed ones';
    return modeFact(from.spelled, banned ? 'no' : 'yes', why, from.place, false);
  });
  if (inline.mode !== undefined) {
    const beaten = input.invocation.modeFrom.length > 0;
    facts.push(
      modeFact(
        inline.mode.text,
        beaten ? 'no' : 'yes',
        beaten ? 'a flag stands above it' : '`--settings` stands above the repository',
        inline.mode.place,
        false,
      ),
    );
  }
  for (const configuration of loaded) {
    const key = configuration.keys.find((one) => one.path === 'permissions.defaultMode');
    if (key === undefined) continue;
    const { inForce, why } = leftOutWhole(configuration, input) ?? projectMode(key.text, input, inline);
    facts.push(modeFact(key.text, inForce, why, key.place, comesFromChange(input, key.place.file)));
  }
  return facts;
}

function projectMode(
  mode: string,
  input: EffectiveInput,
  inline: InlineSettings,
): Pick<EffectiveFact, 'inForce' | 'why'> {
  const control = stopperOf('mode', input);
  if (control !== undefined) return { inForce: 'no', why: `${control} stops it` };
  if (inline.mode !== undefined) return { inForce: 'no', why: '`--settings` names another mode' };
  if (mode === 'auto') return { inForce: 'no', why: 'the mode `auto` is not taken from a repository' };
  if (mode !== 'bypassPermissions')
    return { inForce: 'yes', why: 'the default mode of the repository counts without trust' };
  if (input.version === undefined) return { inForce: 'unknown', why: `${UNDOCUMENTED}; no version is pinned here` };
  if (!isBelow(input.version, NO_LONGER_TAKEN)) return { inForce: 'no', why: UNDOCUMENTED };
  if (isBelow(STILL_TAKEN, input.version)) {
    return { inForce: 'unknown', why: `${UNDOCUMENTED}; when that changed is not documented` };
  }
  return { inForce: 'yes', why: UNDOCUMENTED };
}

function bypassBan(
  inline: InlineSettings,
  loaded: readonly AgentConfiguration[],
  input: EffectiveInput,
): string | undefined {
  if (inline.disablesBypass) return '`--settings` forbids to switch prompts off';
  const found = loaded.some(
    (one) =>
      one.keys.some((key) => key.path === 'permissions.disableBypassPermissionsMode' && key.text === 'disable') &&
      leftOutWhole(one, input) === undefined,
  );
  return found && stopperOf('rules', input) === undefined ? 'the repository forbids to switch prompts off' : undefined;
}

function modeFact(
  mode: string,
  inForce: EffectiveFact['inForce'],
  why: string,
  place: Place,
  fromTree: boolean,
): EffectiveFact {
  return { subject: `permission mode ${mode}`, kind: 'mode', inForce, why, place, fromTree };
}
