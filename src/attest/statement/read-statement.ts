import { z } from 'zod';
import { CanonicalError, readCanonical } from '../../ledger/index.ts';
import type { JsonObject } from '../../system/index.ts';
import { STATEMENT_TYPE, type Statement, type StatementFault } from '../model.ts';
import { faultAt } from '../verify/fault.ts';
import { PREDICATE_SCHEMAS } from './predicate-schemas.ts';
import { digestSet, gitId, refName, text } from './schema-parts.ts';

const subject = z.strictObject({
  name: text,
  digest: digestSet.refine((digest) => Object.keys(digest).length > 0, 'must name a digest'),
  uri: text.optional(),
  annotations: z.strictObject({ sourceRefs: z.array(refName).min(1).max(16), baseCommit: gitId }).optional(),
});

const envelope = z.strictObject({
  _type: z.literal(STATEMENT_TYPE),
  subject: z.array(subject).min(1).max(16),
  predicateType: z.string().min(1).max(1024),
  predicate: z.custom<JsonObject>((value) => typeof value === 'object' && value !== null && !Array.isArray(value)),
});

/**
 * The signed payload as a statement. It must be canonical JSON (RFC 8785): two readers must not see two meanings in
 * what one signature covers.
 */
export function readStatement(payload: Buffer): Statement | StatementFault {
  let value: JsonObject;
  try {
    value = readCanonical(payload);
  } catch (error) {
    if (!(error instanceof CanonicalError)) throw error;
    return faultAt('predicate-type', `the payload ${error.message}`, 'form');
  }
  const shape = envelope.safeParse(value);
  if (!shape.success) return formFault('statement', shape.error);
  const predicate = PREDICATE_SCHEMAS.get(shape.data.predicateType)?.safeParse(shape.data.predicate);
  if (predicate?.success === false) return formFault('predicate', predicate.error);
  // Exact optional properties: what the schema left out is not there, and `undefined` never stands for it.
  return {
    ...shape.data,
    subject: shape.data.subject.map(({ name, digest, uri, annotations }) => ({
      name,
      digest,
      ...(uri === undefined ? {} : { uri }),
      ...(annotations === undefined ? {} : { annotations }),
    })),
  };
}

function formFault(what: string, { issues: [issue] }: z.ZodError): StatementFault {
  return faultAt('predicate-type', `the ${what} is malformed: ${issue?.path.join('.')} ${issue?.message}`, 'form');
}
