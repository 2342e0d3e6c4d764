import { z } from 'zod';
import { aiChange } from './ai-change-schema.ts';

/** The JSON Schema of the predicate `ai-change`, for whoever reads it without us. `docs/schema/` holds it. */
export function aiChangeJsonSchema(): object {
  return { title: 'ai-change v0.1', ...z.toJSONSchema(aiChange) };
}
