import { z } from 'zod';
import { documentSchema } from './schema.ts';

/**
 * The JSON Schema of the policy file (draft 2020-12).
 * @param reused `ref` keeps it short for files, `inline` makes it easy to walk
 */
export function jsonSchema(reused: 'ref' | 'inline' = 'ref'): object {
  const schema = z.toJSONSchema(documentSchema, { target: 'draft-2020-12', io: 'input', reused });
  return { ...schema, title: 'Sallyport policy, version 1' };
}
