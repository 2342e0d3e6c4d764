import type { FindingDraft } from '../findings/index.ts';

/** Where both rules report the same characters, the first says all that the second does and what it means for the agent. */
const MORE_EXACT: readonly { readonly rule: string; readonly replaces: string }[] = [
  { rule: 'INP002', replaces: 'CI001' },
  { rule: 'INP009', replaces: 'CI001' },
  { rule: 'GAT004', replaces: 'CI014' },
];

/** Of two findings about the same characters for the same reason, only the one that tells more. */
export function keepMoreExact(drafts: readonly FindingDraft[]): readonly FindingDraft[] {
  const replaced = new Set(
    drafts.flatMap((draft) => MORE_EXACT.flatMap((row) => (row.rule === draft.rule ? keyOf(row.replaces, draft) : []))),
  );
  return drafts.filter((draft) => !replaced.has(keyOf(draft.rule, draft)));
}

function keyOf(rule: string, { place: { file, span } }: FindingDraft): string {
  return JSON.stringify([rule, file, span.start, span.end]);
}
