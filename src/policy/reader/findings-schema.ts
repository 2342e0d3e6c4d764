import { z } from 'zod';
import { date, text } from './schema-text.ts';

/** What the audit ignores and demands. */
export const audit = z
  .strictObject({
    ignore: z
      .array(
        z.strictObject({
          fingerprint: z
            .string()
            .regex(/^[0-9a-f]{64}$/, 'a fingerprint has 64 hexadecimal digits')
            .describe('The finding, as reports name it.'),
          reason: text.describe('Why it is accepted.'),
          until: date.optional().describe('The last day on which it is accepted, `2027-01-31`.'),
        }),
      )
      .max(1000)
      .optional()
      .describe('Findings that are accepted.'),
    require: z
      .strictObject({
        none: z
          .array(text)
          .min(1)
          .max(200)
          .describe(
            'No finding of these: a rule (`PATH01`), a family (`PATH`), or a severity and above (`critical`). One that is left makes the audit fail, whatever the profile shows.',
          ),
      })
      .optional()
      .describe('What must not be found.'),
    failOn: z
      .enum(['critical', 'high', 'medium', 'low', 'info', 'never'])
      .optional()
      .describe('The severity from which the audit fails; default `high`.'),
  })
  .describe(
    "What `sallyport audit` accepts and demands. An organisation's requirement is not met by an acceptance of the repository.",
  );

/** What the review leaves out, and decisions of people. */
export const review = z
  .strictObject({
    exclude: z
      .array(
        z.strictObject({
          paths: z.array(text).min(1).max(200).describe('Globs of files that are not reviewed.'),
          reason: text.describe('Why not.'),
        }),
      )
      .max(200)
      .optional()
      .describe('Files that are left out. Every report lists them.'),
    decisions: z
      .array(
        z.strictObject({
          fingerprint: z
            .string()
            .regex(/^[0-9a-f]{64}$/, 'a fingerprint has 64 hexadecimal digits')
            .describe('The finding, as reports name it.'),
          decision: z
            .enum(['false-positive', 'accepted-risk'])
            .describe('Nothing is wrong there, or it is and somebody lives with it.'),
          reason: text.describe('Why.'),
          author: text.describe('Who decided.'),
          until: date.optional().describe('The last day on which it holds, `2027-01-31`. An accepted risk needs one.'),
        }),
      )
      .max(1000)
      .optional()
      .describe('What people decided about findings. They stay in the report.'),
    failOn: z
      .enum(['critical', 'high', 'medium', 'low', 'info', 'never'])
      .optional()
      .describe('The severity from which a finding blocks; default `high`.'),
    threatModel: z
      .enum(['service', 'library'])
      .optional()
      .describe('`library`: what callers pass to exported functions is from outside, too; default `service`.'),
  })
  .describe('What `sallyport review` leaves out and accepts, read from the base of a change.');
