import type { PatchAccount } from '../../review/index.ts';

/** What became of the patches that a model made. */
export function formatPatches({ asked, states }: PatchAccount): string {
  const { verified, unverified, rejected, none } = states;
  return `Patches for ${asked} findings: ${verified} verified, ${unverified} not verified, ${rejected} rejected, ${none} not made.\n`;
}
