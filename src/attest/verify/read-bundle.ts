import { materialOf, type SignerMaterial, statementBundle } from '../bundle/bundle.ts';
import { BUNDLE_LIMITS, nestsDeeper, repeatsKey } from '../bundle/limits.ts';
import { PAYLOAD_TYPE, type StatementFault } from '../model.ts';
import { faultAt } from './fault.ts';

/** A bundle that has the right form. Nothing of it is believed yet. */
export interface UnverifiedBundle {
  readonly payload: Buffer;
  readonly signature: Buffer;
  readonly material: SignerMaterial;
}

/** Steps 1 to 4: limits, schema, exactly one signature, payload type. */
export function readBundle(text: Buffer): UnverifiedBundle | StatementFault {
  const parsed = parseWithin(text);
  if ('step' in parsed) return parsed;
  const shape = statementBundle.safeParse(parsed.value);
  if (!shape.success) {
    const [issue] = shape.error.issues;
    return faultAt('schema', `the bundle is not of version 0.3: ${issue?.path.join('.')} ${issue?.message}`);
  }
  const { payload, payloadType, signatures } = shape.data.dsseEnvelope;
  const [only] = signatures;
  if (only === undefined || signatures.length > 1)
    return faultAt('one-signature', `the envelope has ${signatures.length} signatures instead of one`);
  if (payloadType !== PAYLOAD_TYPE)
    return faultAt('payload-type', `the payload is of type ${JSON.stringify(payloadType)}`);
  const material = materialOf(shape.data);
  // A key id is a second name for the key, outside the signature: two names must not say two things.
  if (only.keyid !== undefined && only.keyid !== '' && !(material.kind === 'key' && only.keyid === material.hint))
    return faultAt('schema', 'the signature names another key than the bundle');
  const [bytes, signature] = [decode(payload), decode(only.sig)];
  if (bytes === undefined || signature === undefined) return faultAt('schema', 'base64 is not in its one form');
  return { payload: bytes, signature, material };
}

/** Steps 1 and a part of 2, for any JSON that is handed to us. */
export function parseWithin(text: Buffer): { readonly value: unknown } | StatementFault {
  if (text.length > BUNDLE_LIMITS.bytes) return faultAt('limits', `more than ${BUNDLE_LIMITS.bytes} bytes`);
  if (nestsDeeper(text, BUNDLE_LIMITS.depth))
    return faultAt('limits', `nested deeper than ${BUNDLE_LIMITS.depth} levels`);
  const decoded = text.toString('utf8');
  const value = parseJson(decoded);
  if (value === undefined) return faultAt('schema', 'the bundle is not JSON');
  return repeatsKey(decoded) ? faultAt('schema', 'an object of the bundle has a key twice') : { value };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Which character it was is of no use to whoever reads the verdict.
    return undefined;
  }
}

/** Base64 decodes from many texts to the same bytes; only the text that encodes back to itself is taken. */
export function decode(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
}
