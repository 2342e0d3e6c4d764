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
  const settings = parseObject(file.text.replace(/^\ufeff/, ''));
  if (settings === undefined)
    return { inForce: 'no', why: 'the file is no JSON object, and Claude Code leaves all of it out' };
  const fault = isLeftOut(settings, version);
  if (fault === undefined) return undefined;
  const why = `Claude Code leaves the whole file out for what it says as \`${fault.key}\``;
  return fault.leftOut === 'yes' ? { inForce: 'no', why } : { inForce: 'unknown', why: `${why}, in some versions` };
}
