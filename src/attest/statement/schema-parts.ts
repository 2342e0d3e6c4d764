import { z } from 'zod';

/** Pieces that several statements share. */
export const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 hexadecimal digits');
export const gitId = z.string().regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/, 'must be a full object name');
/** RFC 3339 with `Z`: two spellings of one moment would be two statements. */
export const moment = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?Z$/, 'must be a moment in UTC')
  .refine((text) => Number.isFinite(Date.parse(text)), 'must be a moment in UTC');
export const refName = z.string().regex(/^refs\/[^\u0000- ~^:?*[\\\u007f]{1,500}$/, 'must be the full name of a ref');
export const text = z.string().max(4096);
export const count = z.int().min(0);
export const digestSet = z.record(z.string().regex(/^[A-Za-z0-9]{1,32}$/), z.string().regex(/^[0-9a-f]{8,128}$/));

/** in-toto `ResourceDescriptor`, as far as we write it. */
export const resource = z.looseObject({ uri: text.optional(), name: text.optional(), digest: digestSet.optional() });
