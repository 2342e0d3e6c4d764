import { createHash } from 'node:crypto';
import { z } from 'zod';
import { SallyportError } from '../../errors/index.ts';
import { CanonicalError, canonicalize } from '../../ledger/index.ts';
import type { JsonValue } from '../../system/index.ts';
import { BUNDLE_LIMITS, type PostingBundle } from './model.ts';
import { BundleSchema } from './schema.ts';

const Envelope = z.strictObject({ sha256: z.string().regex(/^[0-9a-f]{64}$/), bundle: z.unknown() });

/** The file of a bundle: two fields, the digest of the second first. UTF-8, ended by a line break. */
export function writeBundle(bundle: PostingBundle): string {
  return `${JSON.stringify({ sha256: digestOf(bundle), bundle }, undefined, 2)}\n`;
}

/**
 * Reads the file of a bundle: size, form, digest. Whoever reads it believes nothing in it but that it is well formed.
 * @throws SallyportError SP2408
 */
export function readBundle(content: Uint8Array): PostingBundle {
  if (content.length > BUNDLE_LIMITS.bytes)
    throw new SallyportError('SP2408', `the bundle is larger than ${BUNDLE_LIMITS.bytes} bytes`);
  const { sha256, bundle } = parse(Envelope, jsonOf(content), 'the bundle');
  const read = parse(BundleSchema, bundle, 'the bundle');
  if (digestOf(read) !== sha256)
    throw new SallyportError('SP2408', 'the digest of the bundle does not fit its content');
  return read;
}

/**
 * SHA-256 over the canonical JSON (RFC 8785) of the bundle.
 * @throws SallyportError SP2408 for text that has no canonical form
 */
function digestOf(bundle: PostingBundle): string {
  const value: JsonValue = JSON.parse(JSON.stringify(bundle));
  try {
    return createHash('sha256').update(canonicalize(value)).digest('hex');
  } catch (error) {
    if (error instanceof CanonicalError) throw new SallyportError('SP2408', 'the bundle holds half a character');
    throw error;
  }
}

function jsonOf(content: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(content));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError)
      throw new SallyportError('SP2408', 'the bundle is not JSON in UTF-8');
    throw error;
  }
}

function parse<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const where = issue?.path.map(String).join('.').slice(0, 100);
  throw new SallyportError('SP2408', `${what} is not of its format${where ? ` at ${where}` : ''} (${issue?.code})`);
}
