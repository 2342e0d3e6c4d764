import { renderJson, renderPatch } from '../../findings/index.ts';
import type { Healing, PatchCheck } from '../../review/index.ts';
import { escapeCiCommand, escapeTerminal } from '../../text/index.ts';

const OUTCOMES: Readonly<Record<PatchCheck['outcome'], string>> = {
  passed: 'passed',
  failed: 'failed',
  open: 'open',
  'not-asked': 'not asked',
};

/** Where a patch was put. */
export interface Placed {
  readonly branch: string;
  readonly commit: string;
}

/** The judgement as people read it, the patch below it. */
export function formatHealing({ target, files, judgement }: Healing, placed: Placed | undefined): string {
  const { state, checks } = judgement;
  const lines = [
    `${target.rule} ${target.place.file}: ${target.message}`,
    ...checks.map(({ check, outcome, reason }) => `  ${check}: ${OUTCOMES[outcome]}: ${reason}`),
    `Patch: ${state}.`,
    ...(placed ? [`Committed on the branch ${placed.branch} as ${placed.commit}.`] : []),
    '',
  ];
  const patch = renderPatch(files).split('\n');
  return escapeCiCommand([...lines, ...patch].map((line) => escapeTerminal(line)).join('\n'));
}

/** `sallyport-heal/1`, as docs/review.md describes it. */
export function renderHealing({ target, files, judgement }: Healing, placed: Placed | undefined): string {
  return renderJson({
    format: 'sallyport-heal/1',
    fingerprint: target.fingerprint,
    rule: target.rule,
    file: target.place.file,
    state: judgement.state,
    checks: judgement.checks.map((check) => ({ ...check })),
    patch: renderPatch(files),
    branch: placed ? { name: placed.branch, commit: placed.commit } : null,
  });
}
