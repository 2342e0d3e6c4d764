import { isLeftOut } from '../claude-code/prediction/index.ts';
import { parseObject } from '../json-fields.ts';
import type { AgentConfiguration } from './configuration.ts';
import type { EffectiveFact } from './effective.ts';
import type { EffectiveInput } from './effective-input.ts';

/**
 * Why Claude Code reads nothing of a settings file: the text is no JSON, or a known key holds what it cannot. An unattended
 * run leaves such a file out without a word, with every rule in it that refuses. Measured on 2.1.329 and 2.1.197.
 */
export function leftOutWhole(
  { file }: AgentConfiguration,
  { version }: EffectiveInput,
): Pick<EffectiveFact, 'inForce' | 'why'> | undefined {
  if (parseObject(withoutMark(file.text)) === undefined)
    return { inForce: 'no', why: 'the file is no JSON object, and Claude Code leaves all of it out' };
  return faultOf(file.text, version, 'the whole file');
}

/** The same for what `--settings` brings, which the run then goes on without. Measured on 2.1.330. */
export function givenLeftOut(text: string, version: string | undefined): ReturnType<typeof leftOutWhole> {
  return faultOf(text, version, 'all of these settings');
}

function faultOf(text: string, version: string | undefined, what: string): ReturnType<typeof leftOutWhole> {
  const settings = parseObject(withoutMark(text));
  const fault = settings === undefined ? undefined : isLeftOut(settings, version);
  if (fault === undefined) return undefined;
  const why = `Claude Code leaves ${what} out for what it says as \`${fault.key}\``;
  return fault.leftOut === 'yes' ? { inForce: 'no', why } : { inForce: 'unknown', why: `${why}, in some versions` };
}

function withoutMark(text: string): string {
  return text.replace(/^\ufeff/, '');
}

/**
 * The key for which Claude Code leaves a settings file out as a whole that parses; `unknown` where the measured versions
 * differ. Undefined when the file is used, or is no JSON object at all.
 */
export function faultyKeyOf(text: string): ReturnType<typeof isLeftOut> {
  const settings = parseObject(withoutMark(text));
  return settings === undefined ? undefined : isLeftOut(settings, undefined);
}
