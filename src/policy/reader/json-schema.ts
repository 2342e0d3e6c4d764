import { z } from 'zod';
import { documentSchema } from './schema.ts';

/** What the standard knows of the formats that zod writes; a strict validator refuses any other. The pattern stays. */
const STANDARD_FORMATS: ReadonlySet<string> = new Set(['uri', 'date', 'date-time', 'email', 'hostname', 'regex']);

/**
 * The JSON Schema of the policy file (draft 2020-12).
 * @param reused `ref` keeps it short for files, `inline` makes it easy to walk
 */
export function jsonSchema(reused: 'ref' | 'inline' = 'ref'): object {
  const schema = z.toJSONSchema(documentSchema, {
    target: 'draft-2020-12',
    io: 'input',
    reused,
    override: ({ jsonSchema: part }) => {
      if (part.format !== undefined && !STANDARD_FORMATS.has(part.format)) delete part.format;
    },
  });
  return { ...schema, title: 'Sallyport policy, version 1' };
}
