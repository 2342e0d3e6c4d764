import { z } from 'zod';

/** The parts of SARIF 2.1.0 that are read; everything else is left alone. */
const text = z.string();
const index = z.int().min(0);
const message = z.object({
  text: text.optional(),
  id: text.optional(),
  arguments: z.array(text).optional(),
});
const tags = z.object({ tags: z.array(text).optional().catch(undefined) });

export const rule = z.object({
  id: text,
  name: text.optional(),
  shortDescription: message.optional(),
  fullDescription: message.optional(),
  help: message.optional(),
  messageStrings: z.record(text, z.object({ text: text.optional() })).optional(),
  defaultConfiguration: z.object({ level: text.optional() }).optional(),
  properties: tags
    .extend({
      'security-severity': z.union([text, z.number()]).optional().catch(undefined),
      precision: text.optional().catch(undefined),
      cwe: z
        .union([text, z.array(text)])
        .optional()
        .catch(undefined),
    })
    .optional(),
});
export type SarifRule = z.infer<typeof rule>;

const component = z.object({ name: text, rules: z.array(z.unknown()).optional() });

const artifactLocation = z.object({ uri: text.optional(), index: index.optional() });
const physicalLocation = z.object({
  artifactLocation: artifactLocation.optional(),
  region: z
    .object({
      startLine: z.int().min(1).optional(),
      startColumn: z.int().min(1).optional(),
      endLine: z.int().min(1).optional(),
      endColumn: z.int().min(1).optional(),
    })
    .optional(),
});
const location = z.object({ physicalLocation: physicalLocation.optional(), message: message.optional() });
export type SarifLocation = z.infer<typeof location>;

export const result = z.object({
  ruleId: text.optional(),
  ruleIndex: z.int().min(-1).optional(),
  rule: z
    .object({
      id: text.optional(),
      index: z.int().min(-1).optional(),
      toolComponent: z.object({ index: z.int().min(-1).optional() }).optional(),
    })
    .optional(),
  kind: text.optional(),
  level: text.optional(),
  message,
  locations: z.array(location).optional(),
  codeFlows: z
    .array(
      z.object({ threadFlows: z.array(z.object({ locations: z.array(z.object({ location: location.optional() })) })) }),
    )
    .optional()
    .catch(undefined),
  suppressions: z.array(z.unknown()).nullish().catch(undefined),
  properties: tags
    .extend({
      issue_severity: text.optional().catch(undefined),
      issue_confidence: text.optional().catch(undefined),
    })
    .optional(),
});
export type SarifResult = z.infer<typeof result>;

export const run = z.object({
  tool: z.object({ driver: component, extensions: z.array(component).optional() }),
  columnKind: text.optional(),
  artifacts: z.array(z.object({ location: artifactLocation.optional() })).optional(),
  invocations: z
    .array(
      z.object({
        executionSuccessful: z.boolean().optional(),
        toolExecutionNotifications: z.array(z.object({ level: text.optional() })).optional(),
      }),
    )
    .optional(),
  /** Null: the scanner failed before it could look (§3.14.23). */
  results: z.array(z.unknown()).nullish(),
});
export type SarifRun = z.infer<typeof run>;

export const log = z.object({ version: text, runs: z.array(z.unknown()) });
