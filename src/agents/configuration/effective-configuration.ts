import { claudeFacts } from './claude-effective.ts';
import type { EffectiveFact } from './effective.ts';
import type { EffectiveInput } from './effective-input.ts';
import { productFacts } from './other-products.ts';

/**
 * What will really be in force for this start of an agent, what will not, and why: the command line first, then the
 * repository's files in their order. Absence of a fact means that nothing was written.
 */
export function effectiveConfiguration(input: EffectiveInput): readonly EffectiveFact[] {
  return input.invocation.product === 'claude-code' ? claudeFacts(input) : productFacts(input);
}
