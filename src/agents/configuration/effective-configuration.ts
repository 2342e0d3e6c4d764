import { claudeFacts } from './claude-effective.ts';
import type { EffectiveFact } from './effective.ts';
import type { EffectiveInput } from './effective-input.ts';
import { productFacts } from './other-products.ts';
import { isExact } from './server-origin.ts';

/**
 * What will really be in force for this start of an agent, what will not, and why: the command line first, then the
 * repository's files in their order. Absence of a fact means that nothing was written.
 */
export function effectiveConfiguration(input: EffectiveInput): readonly EffectiveFact[] {
  // `latest` and ranges name no version: what depends on it is unknown then.
  const version = input.version !== undefined && isExact(input.version) ? input.version : undefined;
  const known = { ...input, version };
  return input.invocation.product === 'claude-code' ? claudeFacts(known) : productFacts(known);
}
