import { z } from 'zod';
import { MERGE_ORIGINS } from '../action.ts';
import { CARRY_OVER, FORGE_REVIEWS } from '../document.ts';
import { PATH_CLASSES } from '../path-classes.ts';
import { ruleFields } from './rule-fields.ts';
import { text } from './schema-text.ts';

/** Most findings of each severity. */
export const counts = {
  critical: z.int().min(0).optional(),
  high: z.int().min(0).optional(),
  medium: z.int().min(0).optional(),
  low: z.int().min(0).optional(),
};
const mergeSelector = {
  paths: z.array(text).min(1).optional().describe('Globs: the rule is about changes that touch one of them.'),
  classes: z
    .array(z.enum(PATH_CLASSES))
    .min(1)
    .optional()
    .describe(`Path classes: ${PATH_CLASSES.map((name) => `\`${name}\``).join(', ')}.`),
  weakened: z
    .array(text)
    .min(1)
    .optional()
    .describe('Weakened controls by name or group (`guard`, `route`, `await-removed`, …); `*` for any.'),
  meta: z
    .array(text)
    .min(1)
    .optional()
    .describe('Classes that disarm checks themselves (`ci`, `agent-config`, `test-removed`, …); `*` for any.'),
  origins: z
    .array(z.enum(MERGE_ORIGINS))
    .min(1)
    .optional()
    .describe('Narrows the rule to changes of these origins, whatever else it selects.'),
  ...ruleFields,
};
const mergeRule = z.strictObject(mergeSelector);
const mergeRequirement = z.strictObject({
  ...mergeSelector,
  approvals: z.int().min(0).max(20).optional().describe('People who must have approved; fewer give `ask`.'),
  findings: z.strictObject(counts).optional().describe('Most findings by severity; more give `deny`.'),
  attestations: z.array(text).min(1).optional().describe('Statements that must be present.'),
  countDispatcher: z
    .boolean()
    .optional()
    .describe('The person who sent the agent off, as the signed run record names them, counts as one of `approvals`.'),
  review: z.literal('reviewed').optional().describe('The whole change was reviewed.'),
  runRecord: z.boolean().optional().describe('A signed run record stands behind the change.'),
  size: z
    .strictObject({
      files: z.int().min(0).optional(),
      lines: z.int().min(0).optional().describe('Added and removed.'),
      binaryFiles: z.int().min(0).optional(),
    })
    .optional()
    .describe('The largest change; a larger one gives `deny`.'),
});
/** What a change needs before it is merged. */
export const merge = z
  .strictObject({
    require: z
      .array(mergeRequirement)
      .max(200)
      .optional()
      .describe(
        'What a change must bring. All entries that apply must be met; a change to which none applies is not allowed.',
      ),
    allow: z.array(mergeRule).max(200).optional(),
    ask: z.array(mergeRule).max(200).optional(),
    deny: z.array(mergeRule).max(200).optional(),
    carryOver: z
      .enum(CARRY_OVER)
      .optional()
      .describe(
        'Whether an approval still counts when only the base moved: `clean-merge`, when the merge of the approved head into the new base, made again, is without conflict and is exactly what is to be merged; default `never`.',
      ),
    forgeReviews: z
      .enum(FORGE_REVIEWS)
      .optional()
      .describe(
        'Whether an approving review in the forge counts as an approval, where an approver of the trust store gave it on the head commit; default `support`: it is shown and does not count.',
      ),
  })
  .describe(
    'What a change needs before it is merged, beside the reasons of docs/gate.md. Without this section: no finding of high severity, and two approvals for a change that an agent wrote or that shows signs of one.',
  );

const signer = text.describe('Id of a signer of the trust store.');
/** What must be signed. */
export const signed = z
  .strictObject({
    files: z
      .array(z.strictObject({ path: text.describe('A glob.'), signer }))
      .max(200)
      .optional()
      .describe('Files that must be signed: the bundle stands beside the file, with `.sigstore.json` after its name.'),
    images: z
      .array(
        z.strictObject({
          image: text.describe(
            'The image without tag and digest, with `*`. Compared in full too: `node` is `docker.io/library/node`.',
          ),
          signer,
        }),
      )
      .max(200)
      .optional()
      .describe(
        'Images in which pipelines run, and which they build on: named by digest, with their bundle at `.sallyport/images/sha256-<digest>.sigstore.json`.',
      ),
  })
  .describe('What a change may bring or use only signed, as cosign signs it. An organisation adds to it.');
