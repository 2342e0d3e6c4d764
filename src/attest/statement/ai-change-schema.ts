import { z } from 'zod';
import { count, gitId, moment, refName, resource, sha256, text } from './schema-parts.ts';

/**
 * The predicate `ai-change` v0.1 (docs/formats/ai-change.md). Every field must be there; what is not known is `null` or
 * an empty list, so that leaving a field out can never make a change look better.
 */
const file = z.strictObject({
  path: text,
  status: z.enum(['added', 'removed', 'modified', 'type']),
  mode: z
    .string()
    .regex(/^[0-7]{6}$/)
    .describe('Of the new file; of the old one where it was removed.'),
  oldBlob: gitId.nullable(),
  newBlob: gitId.nullable(),
  aiLines: z
    .array(z.strictObject({ from: count, to: count }))
    .max(100_000)
    .nullable()
    .describe('Lines of the new file that the run wrote, from 1, both ends in it; null where it is no text.'),
});

const change = z.strictObject({
  repository: text.min(1),
  targetRef: refName,
  baseCommit: gitId,
  headCommit: gitId,
  headTree: gitId,
  changeDigest: z
    .strictObject({ alg: z.literal('sha256'), value: sha256 })
    .describe('For display and search. No decision rests on it: two different changes may share it.'),
  files: z.array(file).max(100_000),
  commits: z.array(gitId).min(1).max(10_000).describe('All of base..head, oldest first.'),
});

const trigger = z.strictObject({
  event: text,
  url: text.nullable(),
  actor: text.nullable(),
  actorAssociation: text.nullable(),
});

const dispatch = z.strictObject({
  trigger: trigger.nullable(),
  requestedBy: text.nullable(),
  untrustedInputs: z
    .array(
      z.strictObject({
        kind: z.enum(['issue', 'comment', 'pr', 'web', 'dependency']),
        uri: text.nullable(),
        sha256: sha256.nullable(),
      }),
    )
    .max(10_000),
});

const agent = z.strictObject({
  name: text,
  version: text.nullable(),
  binary: resource.nullable(),
  model: z.strictObject({ requested: text.nullable(), observedAtBroker: z.array(text).max(100) }),
  provider: text.nullable(),
  tools: z
    .array(z.strictObject({ name: text.min(1), allowed: count, denied: count }))
    .max(1000)
    .describe('Tools that the model called, and how often the policy let it.'),
  config: z
    .array(z.strictObject({ name: text.min(1), digest: z.strictObject({ gitBlob: gitId }) }))
    .max(1000)
    .describe('Settings, instructions and hooks at the base, as git blobs.'),
  promptDigest: text.nullable().describe('Salted: the plain digest of a short prompt can be guessed.'),
  sessionIds: z.array(text).max(1000),
});

const policy = z.strictObject({
  digest: z.strictObject({ sha256 }).describe('Of the compiled policy, as every record of the run has it.'),
  source: z.strictObject({ sha256: sha256.nullable() }).describe('Of the policy file at the base; null: none there.'),
  engineVersion: text,
  mode: z.enum(['enforce', 'observe']),
  decisions: z.strictObject({ allow: count, deny: count, ask: count, modified: count }),
  overrides: z.array(text).max(1000),
});

const sandbox = z.strictObject({
  backend: text,
  isolation: z.strictObject({
    proven: z.boolean(),
    checks: count,
    evidence: z.strictObject({ sha256 }).describe('Leaf hash of the record that holds the self-test.'),
  }),
  credentialsInside: z.boolean(),
  teardown: z.strictObject({
    clean: z.boolean(),
    processesLeft: count,
    filesLeft: count,
    evidence: z.strictObject({ sha256 }),
  }),
});

const log = z.strictObject({
  format: z.literal('sallyport-ledger/1'),
  runId: text.min(1),
  entries: count,
  root: sha256,
  verdict: text.describe('Of `sallyport log verify` when this was signed.'),
  gaps: count,
  redactions: count,
});

const producer = z.strictObject({
  name: z.literal('sallyport'),
  version: text,
  digest: z.strictObject({ sha256 }).nullable(),
  workflow: text.nullable(),
});

export const aiChange = z.strictObject({
  change,
  dispatch,
  agent,
  policy,
  sandbox,
  log,
  producer,
  createdAt: moment,
});

export type AiChange = z.infer<typeof aiChange>;
