import { z } from 'zod';
import { date, text } from './schema-text.ts';

/** What a session can have met. */
export const label = z.enum(['untrusted', 'secret']);

/** What the long form of every rule may have. */
export const ruleFields = {
  id: text
    .regex(/^[a-z0-9][a-z0-9._/-]*$/i, 'an id has letters, digits and . _ / -')
    .optional()
    .describe('Name of the rule in decisions and records; unique in the file.'),
  when: z
    .string()
    .min(1)
    .max(2000)
    .optional()
    .describe(
      'CEL expression over `action` and `session`; the rule applies only when it is true. An error in it denies.',
    ),
  after: z
    .array(label)
    .min(1)
    .optional()
    .describe('The rule applies once the session has seen all of these: `untrusted` text, a `secret`.'),
  reason: text.optional().describe('One sentence, shown to the agent and to people.'),
  observe: z.boolean().optional().describe('Only note what the rule would have decided; needs `until`.'),
  until: date
    .optional()
    .describe('With `observe`: the rule is enforced from this date. On an allow rule: the grant ends on this date.'),
};
