import { renderJson, renderPatch } from '../../findings/index.ts';
import type { OpenedRequest } from '../../forges/index.ts';
import type { Healing, PatchCheck } from '../../review/index.ts';
import { escapeCiCommand, escapeTerminal } from '../../text/index.ts';

const OUTCOMES: Readonly<Record<PatchCheck['outcome'], string>> = {
  passed: 'passed',
  failed: 'failed',
  open: 'open',
  'not-asked': 'not asked',
};

/** Where a patch was put: a branch of this clone, or one of the forge with a request for it. */
export type Placed =
  | { readonly branch: string; readonly commit: string }
  | { readonly branch: string; readonly request: OpenedRequest };

/** The judgement as people read it, the patch below it. */
export function formatHealing({ target, files, judgement }: Healing, placed: Placed | undefined): string {
  const { state, checks } = judgement;
  const lines = [
    `${target.rule} ${target.place.file}: ${target.message}`,
    ...checks.map(({ check, outcome, reason }) => `  ${check}: ${OUTCOMES[outcome]}: ${reason}`),
    `Patch: ${state}.`,
    ...(placed ? [sentenceAbout(placed)] : []),
    '',
  ];
  const patch = renderPatch(files).split('\n');
  return escapeCiCommand([...lines, ...patch].map((line) => escapeTerminal(line)).join('\n'));
}

function sentenceAbout(placed: Placed): string {
  if ('commit' in placed) return `Committed on the branch ${placed.branch} as ${placed.commit}.`;
  const { number, url, target } = placed.request;
  return `Opened request ${number} from ${placed.branch} to ${target}: ${url}`;
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
    branch: placed ? { name: placed.branch, commit: 'commit' in placed ? placed.commit : null } : null,
    request: placed && 'request' in placed ? { ...placed.request } : null,
  });
}
