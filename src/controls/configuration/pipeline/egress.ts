import type { Job, Step } from '../../../pipelines/index.ts';
import type { SheetBuilder } from '../sheet.ts';

/** Actions that watch what leaves a job, or stop it. */
const WATCHERS = /^(?:step-security\/harden-runner|bullfrogsec\/bullfrog)$/i;

/** What keeps a job from speaking to every host. It protects its own job: it is gone with it, and no check of the change. */
export function addEgress({ id: scope, steps }: Job, sheet: SheetBuilder): void {
  for (const { uses, inputs, place } of steps) {
    if (uses === undefined || !WATCHERS.test(uses.name)) continue;
    const blocks = inputOf(inputs, /^egress[-_]policy$/i) === 'block';
    const control = 'pipeline-egress-opened';
    const shown = `${uses.name}: ${blocks ? 'block' : 'audit'}`;
    sheet.add({ control, scope, subject: 'egress', weight: blocks ? -2 : -1, shown, place });
    if (!blocks) continue;
    for (const host of inputOf(inputs, /^allowed[-_](?:endpoints|domains|ips)$/i).split(/[\s,]+/))
      if (host !== '')
        sheet.add({
          control,
          scope,
          subject: `egress to ${host}`,
          weight: host.includes('*') ? 2 : 1,
          shown: `allowed: ${host}`,
          place,
          severity: 'medium',
          quietWhenNew: true,
        });
  }
}

function inputOf(inputs: Step['inputs'], name: RegExp): string {
  return (
    inputs
      .find((input) => name.test(input.name))
      ?.value.text.trim()
      .toLowerCase() ?? ''
  );
}
