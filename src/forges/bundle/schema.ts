import { z } from 'zod';
import { BUNDLE_LIMITS, POSTING_COMMANDS, POSTING_VERDICTS, type PostingBundle, type PostingFinding } from './model.ts';

const { text, name, path } = BUNDLE_LIMITS;

const Text = z.string().max(text);
const Name = z.string().max(name);
const Commit = z.string().regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/);
const Line = z.number().int().min(1).max(10_000_000);
/** Ours alone: other labels start pipelines and lift holds, and whoever writes a bundle must not set them. */
const Label = z.string().regex(/^sallyport: [a-z0-9][a-z0-9 -]{0,37}$/);
/** As git takes names of branches: nothing hidden, no blank. */
const Branch = z.string().regex(/^[^\p{C}\p{Z}~^:?*[\\]{1,1000}$/u);
/** Relative, with `/`, and nothing in it that leads out. */
const RelativePath = z
  .string()
  .min(1)
  .max(path)
  .refine((value) => !value.startsWith('/') && !value.split('/').some((part) => part === '..' || part === ''));

const Suggestion = z
  .strictObject({ startLine: Line, endLine: Line, text: Text })
  .refine(({ startLine, endLine }) => startLine <= endLine);

const Step = z.strictObject({
  role: z.string().regex(/^[a-z-]{1,30}$/),
  path: RelativePath,
  line: Line.optional(),
  message: Text,
});

/** One finding of a bundle. */
export const FindingSchema: z.ZodType<PostingFinding> = z
  .strictObject({
    fingerprint: z.string().regex(/^[0-9a-f]{8,64}$/),
    rule: Name.min(1),
    severity: z.enum(['critical', 'high', 'medium', 'low', 'info']),
    confidence: z.enum(['high', 'medium', 'low']),
    title: Name,
    message: Text,
    detail: Text.optional(),
    advice: Text,
    path: RelativePath,
    startLine: Line.optional(),
    endLine: Line.optional(),
    side: z.enum(['base', 'head']),
    flow: z.array(Step).max(BUNDLE_LIMITS.flow),
    suggestion: Suggestion.optional(),
  })
  .refine(({ startLine, endLine }) => (startLine === undefined) === (endLine === undefined))
  .refine(({ startLine, endLine }) => (startLine ?? 1) <= (endLine ?? 1) || startLine === undefined);

const Reason = z.strictObject({
  code: z.string().regex(/^[A-Za-z0-9._-]{1,40}$/),
  verdict: z.enum(['needs-approval', 'blocked', 'incomplete']),
  message: Text,
  evidence: z.array(Text).max(BUNDLE_LIMITS.evidence),
  liftedBy: Text,
});

/** The whole file: what is not named here is refused. */
export const BundleSchema: z.ZodType<PostingBundle> = z
  .strictObject({
    format: z.literal('sallyport-posting/1'),
    producer: z.strictObject({
      command: z.enum(POSTING_COMMANDS),
      version: z.string().regex(/^[0-9A-Za-z.+-]{1,64}$/),
    }),
    createdAt: z.iso.datetime(),
    change: z.strictObject({ headCommit: Commit, baseCommit: Commit.optional(), targetBranch: Branch.optional() }),
    verdict: z.enum(POSTING_VERDICTS),
    blocks: z.boolean(),
    complete: z.boolean(),
    statement: Text,
    notes: z.array(Text).max(BUNDLE_LIMITS.notes),
    reasons: z.array(Reason).max(BUNDLE_LIMITS.reasons),
    findings: z.array(FindingSchema).max(BUNDLE_LIMITS.findings),
    omitted: z.number().int().min(0).max(1_000_000_000),
    labels: z.strictObject({
      add: z.array(Label).max(BUNDLE_LIMITS.labels),
      remove: z.array(Label).max(BUNDLE_LIMITS.labels),
    }),
  })
  // No verdict can call itself harmless: a pass must not block, and what is blocked must.
  .refine(({ verdict, blocks }) => (verdict === 'incomplete' ? true : blocks === (verdict !== 'pass')));
