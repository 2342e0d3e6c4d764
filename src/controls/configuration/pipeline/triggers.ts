import type { Severity } from '../../../findings/index.ts';
import type { Pipeline, Trigger } from '../../../pipelines/index.ts';
import type { SheetBuilder } from '../sheet.ts';

/** Events on which the checks of a change run; without them nothing is checked. */
const CHECKING = new Set([
  'push',
  'pull_request',
  'pull_request_target',
  'merge_group',
  'merge_request_event',
  'pr',
  'scm',
]);

const PARTS: ReadonlySet<Pipeline['role']> = new Set(['composite-action', 'action', 'template']);

/**
 * How much a change loses with a pipeline: all that is known of it when a change starts it, less when only others call it,
 * least when it waits for people, labels or comments.
 * @param hasChecks it runs checks that are known here, whose loss is told by itself.
 */
export function weightOfLoss({ triggers, role }: Pipeline, hasChecks: boolean): Severity {
  const events = triggers.map(({ event }) => event);
  const isCalled = events.length > 0 && events.every((event) => event === 'workflow_call');
  if (isCalled || PARTS.has(role)) return hasChecks ? 'low' : 'medium';
  const checks = events.filter((event) => CHECKING.has(event) || event === 'schedule');
  if (hasChecks || events.length === 0 || checks.some((event) => event !== 'pull_request_target')) return 'high';
  return checks.length > 0 ? 'medium' : 'low';
}

/** Who can start a pipeline, and for what it no longer starts. */
export function addTriggers(pipeline: Pipeline, sheet: SheetBuilder): void {
  for (const trigger of pipeline.triggers) {
    addOpenness(trigger, sheet);
    if (!CHECKING.has(trigger.event)) continue;
    const { event, place } = trigger;
    // The one in the place of the other is a wider door, not a missing check.
    const subject = event === 'pull_request_target' ? 'pull_request' : event;
    sheet.add({
      control: 'pipeline-trigger-removed',
      scope: '',
      subject,
      weight: -1,
      shown: `on ${event}`,
      value: '',
      place,
    });
    addFilter(trigger, sheet);
  }
}

function addOpenness({ event, untrusted, privileged, place, types }: Trigger, sheet: SheetBuilder): void {
  if (!untrusted) return;
  const weight = privileged ? 2 : 1;
  const severity = privileged ? 'high' : 'low';
  sheet.add({
    control: 'pipeline-trigger-widened',
    scope: '',
    subject: event,
    weight,
    shown: `on ${event}`,
    value: '',
    place,
    severity,
  });
  for (const { value, place: at } of types)
    if (RISKY_TYPES.has(value))
      sheet.add({
        control: 'pipeline-trigger-label',
        scope: '',
        subject: event,
        weight: -1,
        shown: `types: ${value}`,
        place: at,
      });
}

/** A person with write access has to act before the event fires. */
const RISKY_TYPES = new Set(['labeled', 'assigned']);

function addFilter({ event, branches, paths, place }: Trigger, sheet: SheetBuilder): void {
  const written = [...branches, ...paths];
  const first = written[0];
  const names = written.map(({ value }) => value).sort();
  sheet.add({
    control: 'pipeline-filter-changed',
    scope: '',
    subject: event,
    // A filter keeps the pipeline from some changes: it may keep a check away, or a privileged run.
    weight: 0.001,
    shown: names.length > 0 ? names.join(', ') : 'every branch and path',
    place: first?.place ?? place,
  });
}
