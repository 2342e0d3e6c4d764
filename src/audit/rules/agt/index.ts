/** How the agent is invoked. */
import type { Rule } from '../../rule.ts';
import { BOUND_RULES } from './bounds.ts';
import { brokenPayload } from './control-payload.ts';
import { ignoredInput } from './dead-input.ts';
import { installInAgentStep, POWER_RULES } from './granted-power.ts';
import { hardeningMissing, hardeningOff, sandboxOff } from './hardening.ts';
import { denyListHoles, misreadPatterns } from './pattern-meaning.ts';
import { allowWithoutEffect, promptsOff } from './prompts-off.ts';
import { STARTED_AS_RULES } from './started-as.ts';
import { approvalIsNoRestriction, editsOnUntrustedTree, noToolRestriction } from './tool-limits.ts';

/** AGT001 to AGT023, in the order of their ids. */
export const AGT_RULES: readonly Rule[] = [
  promptsOff,
  allowWithoutEffect,
  noToolRestriction,
  approvalIsNoRestriction,
  ...POWER_RULES,
  installInAgentStep,
  misreadPatterns,
  denyListHoles,
  brokenPayload,
  ignoredInput,
  editsOnUntrustedTree,
  sandboxOff,
  hardeningOff,
  hardeningMissing,
  ...STARTED_AS_RULES,
  ...BOUND_RULES,
].sort((one, other) => (one.id < other.id ? -1 : 1));
