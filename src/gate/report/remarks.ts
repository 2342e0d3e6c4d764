import { CONTROL_CLASSES, type ControlDiff, describeRule, reportControls } from '../../controls/index.ts';
import type { Finding, RuleDescriptor } from '../../findings/index.ts';
import type { GateResult } from '../model.ts';

/** What the control diff says and no reason of the verdict holds. */
export interface Remarks {
  readonly findings: readonly Finding[];
  readonly rules: readonly RuleDescriptor[];
}

/**
 * The quieter rows of the control diff, for whoever looks at the change anyway: none of them asks for anything, so that
 * none is shown above `low`.
 */
export function remarksOf(result: GateResult, controls: ControlDiff): Remarks {
  const told = [...result.reasons, ...result.lifted].flatMap(({ evidence }) => evidence);
  const changes = controls.changes.filter(
    ({ message, control, severity }) => !told.some((line) => line.endsWith(`: ${message} (${control}, ${severity})`)),
  );
  const findings = reportControls({ ...controls, changes }).map(
    (finding): Finding => ({
      ...finding,
      severity: finding.severity === 'info' ? 'info' : 'low',
    }),
  );
  const names = new Set(findings.map(({ rule }) => rule));
  return { findings, rules: CONTROL_CLASSES.filter(({ id }) => names.has(id)).map(describeRule) };
}
