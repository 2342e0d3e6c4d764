import { z } from 'zod';
import { CONFIDENCES, SEVERITIES } from '../../findings/index.ts';
import { CATEGORIES } from './categories.ts';
import { readArgumentPath, readCondition } from './condition.ts';
import { expandBraces } from './expansion.ts';
import { PATTERN_RULE_IDS } from './pattern-rules.ts';

/** A catalogue file as a schema. `docs/formats/catalogue.md` explains it with examples. */

const text = z.string().min(1).max(2000);
const id = z
  .string()
  .max(80)
  .regex(/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/, 'an id is lower case words joined by hyphens');

/**
 * One or more names; each is expanded. A name is segments joined by dots, of which only the first and the last may be
 * `*`; a convention adds `GLOB#NAME(PARAMETERS)`.
 */
const match = z
  .union([text, z.array(text).min(1).max(200)])
  .transform((value) => (typeof value === 'string' ? [value] : value))
  .transform((patterns, context) =>
    patterns.flatMap((pattern) => {
      const names = pattern.includes('#') ? [pattern] : expandBraces(pattern);
      if (names === undefined) context.addIssue(`${pattern}: more than 500 alternatives`);
      const wrong = names?.find((name) => !isPattern(name));
      if (wrong !== undefined) context.addIssue(`${wrong}: a name is segments joined by dots; \`*\` is first or last`);
      return names ?? [];
    }),
  );

function isPattern(name: string): boolean {
  if (name.includes('#')) return true;
  if (name === '*' || /[{}\s]/.test(name)) return false;
  const segments = name.split('.');
  return segments.every((segment, index) => {
    return segment !== '' && (segment === '*' ? index === 0 || index === segments.length - 1 : !segment.includes('*'));
  });
}

const argumentPath = z.union([z.int().min(-9).max(99), text]).transform((path) => readArgumentPath(String(path)));

const conditions = z
  .array(
    text.transform((value, context) => {
      const condition = readCondition(value);
      if (condition !== undefined) return condition;
      context.addIssue(`\`${value}\` is no condition: write \`shell is true\`, \`0 equals md5\` or \`0 matches ^sha\``);
      return z.NEVER;
    }),
  )
  .default([]);

const category = z.enum(CATEGORIES);

const common = {
  id,
  match,
  source: text.optional().describe('Where the behaviour is documented; default: the group.'),
};

const source = z.strictObject({
  ...common,
  form: z.enum(['member', 'call', 'parameter', 'name']).default('member'),
  what: text.describe('What of outsiders it holds: `a query parameter`.'),
  clears: z.array(category).optional(),
  doubts: z.array(category).optional().describe('For these a flow from it is shown with the profile `all` only.'),
  into: z.int().min(0).max(20).optional().describe('Of a call: it fills this argument, not its result.'),
  begins: text.optional().describe('What its text certainly begins with.'),
  relative: z.boolean().optional().describe('Its text is a path that does not begin at the root.'),
  unless: conditions.optional().describe('Of a call: what makes it another method.'),
});

const weight = {
  cwe: z.int().min(1).max(9999).optional(),
  severity: z.enum(SEVERITIES).optional(),
  confidence: z.enum(CONFIDENCES).default('high'),
};

const sink = z.strictObject({
  ...common,
  form: z.enum(['call', 'construct', 'assign', 'return', 'attribute', 'tag']).default('call'),
  arguments: z.array(argumentPath).default([]),
  category,
  takes: z
    .enum(['structure', 'record', 'address', 'selector', 'length'])
    .optional()
    .describe(
      'Only this does harm: an object; an object whose members nobody named; an address whose scheme nobody checked; what may begin with markup; a long text.',
    ),
  ...weight,
  when: conditions,
  unless: conditions,
  message: text.optional(),
});

const sanitizer = z.strictObject({
  ...common,
  form: z.enum(['value', 'guard', 'response', 'check']).default('value'),
  clears: z.array(z.union([category, z.literal('*')])).min(1),
  when: conditions,
});

const propagator = z.strictObject({
  ...common,
  from: z.array(z.union([z.int(), z.enum(['receiver', 'all'])])),
  to: z.union([z.int(), z.enum(['result', 'receiver', 'nothing'])]),
});

const entryPoint = z.strictObject({
  ...common,
  form: z.enum(['decorator', 'registration', 'convention', 'method', 'export']),
  tainted: z.union([z.array(z.union([z.int(), text])), z.literal('all')]).default([]),
  binds: z.array(text).optional(),
  arity: z.int().min(0).max(20).optional(),
  relative: z.boolean().optional().describe('Its parameters hold paths that do not begin at the root.'),
  addressed: z
    .boolean()
    .optional()
    .describe('Its address names its parameters; what it does not, a decorator of the program may give.'),
  clears: z.array(category).optional(),
  what: text,
});

const pattern = z.strictObject({
  ...common,
  form: z.enum(['call', 'construct', 'assign', 'member', 'entry']).default('call'),
  rule: z.enum(PATTERN_RULE_IDS).describe('The rule of which this is one way to break it.'),
  ...weight,
  files: z.array(text).optional(),
  tier: z.enum(['regular', 'pedantic']).optional(),
  when: conditions,
  unless: conditions,
  message: text,
  advice: text.optional(),
});

const group = z.strictObject({
  library: text,
  source: text.describe('Where the behaviour is documented.'),
  sources: z.array(source).default([]),
  entryPoints: z.array(entryPoint).default([]),
  sinks: z.array(sink).default([]),
  sanitizers: z.array(sanitizer).default([]),
  propagators: z.array(propagator).default([]),
  patterns: z.array(pattern).default([]),
});

export const catalogueFile = z.strictObject({
  version: z.literal(1),
  languages: z.array(z.enum(['javascript', 'typescript', 'python', 'go', 'java'])).min(1),
  groups: z.array(group),
});

export type CatalogueFile = z.output<typeof catalogueFile>;
