import { z } from 'zod';
import { PREDICATES } from '../predicate-roles.ts';
import { aiChange } from './ai-change-schema.ts';
import { forgeReview } from './forge-review.ts';
import { inventory, reference } from './reference.ts';
import { digestSet, moment, resource, sha256, text } from './schema-parts.ts';

const names = z.array(text).max(10_000);

/** SVR v0.2: only what passed is listed, so an empty list says nothing good. */
const verdict = z.looseObject({
  verifier: z.looseObject({
    id: z.string().min(1).max(1024),
    policies: z.array(z.looseObject({ uri: text, digest: z.strictObject({ sha256 }) })).max(16),
  }),
  timeCreated: moment,
  properties: names,
});

/** SLSA verification summary v1, in the form of the source track. */
const summary = z.looseObject({
  verifier: z.looseObject({ id: z.string().min(1).max(1024) }),
  timeVerified: moment,
  resourceUri: z.string().min(1).max(4096),
  policy: z.looseObject({ uri: text, digest: z.strictObject({ sha256 }) }),
  inputAttestations: z.array(z.looseObject({ uri: text.optional(), digest: digestSet })).max(1000),
  verificationResult: z.enum(['PASSED', 'FAILED']),
  verifiedLevels: names,
});

const vulnerabilities = z.looseObject({
  scanner: z.looseObject({
    uri: z.string().min(1).max(4096),
    result: z
      .array(z.looseObject({ id: text, severity: z.array(z.looseObject({ method: text, score: text })).max(16) }))
      .max(100_000),
  }),
  metadata: z.looseObject({ scanStartedOn: moment, scanFinishedOn: moment }),
});

const testResult = z.looseObject({
  result: z.enum(['PASSED', 'WARNED', 'FAILED']),
  configuration: z.array(resource).max(1000),
  passedTests: names.optional(),
  warnedTests: names.optional(),
  failedTests: names.optional(),
});

const runtimeTrace = z.looseObject({
  monitor: z.looseObject({ type: z.string().min(1).max(1024), configSource: resource.optional() }),
  monitoredProcess: z.looseObject({ hostID: text, type: text, event: text }),
  monitorLog: z.looseObject({}),
});

/** What the predicate of each type of ours looks like. Types of others keep the rules of their own specification. */
export const PREDICATE_SCHEMAS: ReadonlyMap<string, z.ZodType> = new Map<string, z.ZodType>([
  [PREDICATES.aiChange, aiChange],
  [PREDICATES.forgeReview, forgeReview],
  [PREDICATES.reference, reference],
  [PREDICATES.inventory, inventory],
  [PREDICATES.verdict, verdict],
  [PREDICATES.summary, summary],
  [PREDICATES.vulnerabilities, vulnerabilities],
  [PREDICATES.testResult, testResult],
  [PREDICATES.runtimeTrace, runtimeTrace],
]);
