import type { ReasonRow } from '../reason.ts';
import { CONFIGURATION_REASONS } from './configuration.ts';
import { CONTROL_REASONS } from './controls.ts';
import { FINDING_REASONS } from './findings.ts';
import { MERGE_REASONS, POLICY_REASONS } from './merge.ts';
import { RUN_RECORD_REASONS } from './run-record.ts';
import { SHAPE_REASONS } from './shape.ts';
import { TEXT_REASONS } from './text.ts';

/** Everything that can speak against a change, by code. */
export const REASONS: readonly ReasonRow[] = [
  ...RUN_RECORD_REASONS,
  ...CONFIGURATION_REASONS,
  ...CONTROL_REASONS,
  ...FINDING_REASONS,
  ...TEXT_REASONS,
  ...SHAPE_REASONS,
  ...MERGE_REASONS,
  ...POLICY_REASONS,
];
