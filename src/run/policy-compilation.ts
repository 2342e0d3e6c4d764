import { compilePolicy, type Policy } from '../policy/index.ts';
import type { PolicySource } from './policy-source.ts';

/** The one compilation that every process of a run makes. Apart from the reading, which only the supervisor does. */
export function compileSource(source: PolicySource): Promise<Policy> {
  return compilePolicy({ ...source, registries: (kinds) => kinds.flatMap((kind) => source.registries[kind] ?? []) });
}
