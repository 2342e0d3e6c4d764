import type { Rule } from '../../rule.ts';
import { certificateChecks } from './certificates.ts';
import { lateControl, leakyAllowList, metadataService, observedEgress, openEgress } from './egress.ts';
import {
  boundEverywhere,
  clearText,
  exportedPrompts,
  redirectedModel,
  secretHeaders,
  unknownProxy,
} from './endpoints.ts';

/** Where the agent, and what it holds, can go. */
export const NET_RULES: readonly Rule[] = [
  openEgress,
  observedEgress,
  leakyAllowList,
  redirectedModel,
  certificateChecks,
  unknownProxy,
  secretHeaders,
  clearText,
  exportedPrompts,
  lateControl,
  metadataService,
  boundEverywhere,
];
