import { z } from 'zod';

const text = z.string().max(4_000);
const number = z.int().min(0).max(10_000_000);
/** The case of an enum is not guaranteed by providers. */
const lower = z.string().transform((value) => value.toLowerCase().replaceAll('_', '-'));

const claim = z.object({
  quote: text,
  line: number,
  causeLine: number,
  steps: z.array(z.object({ line: number, quote: text })).max(30),
  cwe: number,
  severity: lower.pipe(z.enum(['critical', 'high', 'medium', 'low'])),
  title: text,
});

/** What a finder says about one slice. Nothing of it is believed yet. */
export type Claim = z.infer<typeof claim>;

export const findAnswer = z.object({ findings: z.array(claim).max(100) });

/** After a refusal: what could be judged all the same, and which lines could not. */
export const followUpAnswer = z.object({
  findings: z.array(claim).max(100),
  skipped: z.array(z.object({ from: number, to: number })).max(100),
});

export const verifyAnswer = z.object({
  guardLine: number,
  guardQuote: text,
  verdict: lower.pipe(z.enum(['stands', 'refuted', 'needs-evidence'])),
});
export type Verification = z.infer<typeof verifyAnswer>;

export const patchAnswer = z.object({
  edits: z
    .array(z.object({ startLine: number, endLine: number, oldText: text, newText: z.string().max(20_000) }))
    .max(20),
});
export type ProposedEdits = z.infer<typeof patchAnswer>;

export const checkPatchAnswer = z.object({
  evidenceLine: number,
  evidenceQuote: text,
  behaviour: lower.pipe(z.enum(['kept', 'changed', 'unclear'])),
  verdict: lower.pipe(z.enum(['fixed', 'still-vulnerable', 'inconclusive'])),
});
export type PatchCheckAnswer = z.infer<typeof checkPatchAnswer>;
