import { ANTHROPIC_MESSAGES } from './anthropic/dialect.ts';
import type { ModelDialect } from './dialect.ts';

/** Every wire format the broker speaks, by the name that agents' adapters use. */
export const DIALECTS = {
  'anthropic-messages': ANTHROPIC_MESSAGES,
} as const satisfies Record<string, ModelDialect>;

export type DialectName = keyof typeof DIALECTS;
