import { entryOf, type MapNode, type Node, nodeAt, type Place, scalarAt, scalarsOf } from '../../syntax/index.ts';
import type { Located, Trigger } from '../model.ts';
import { placeIn } from '../text/template-text.ts';
import { listItems, valueAt } from './structure.ts';

type Kind = Pick<Trigger, 'event' | 'who' | 'untrusted' | 'privileged'>;

const PUSH: Kind = { event: 'push', who: 'member', untrusted: false, privileged: true };
/** Builds of forks get no secrets unless a setting of the project gives them; nobody can see it in the file. */
const PULL_REQUEST: Kind = { event: 'pr', who: 'anyone', untrusted: true, privileged: false };
const SCHEDULE: Kind = { event: 'schedule', who: 'schedule', untrusted: false, privileged: true };
const MANUAL: Kind = { event: 'manual', who: 'member', untrusted: false, privileged: true };
const PIPELINE: Kind = { event: 'pipeline', who: 'other-pipeline', untrusted: false, privileged: true };
const WEBHOOK: Kind = { event: 'webhook', who: 'anyone', untrusted: true, privileged: true };

/** What starts a pipeline; without `trigger:` and `pr:` every push and every pull request of a GitHub repository does. */
export function readTriggers(root: MapNode, file: string): readonly Trigger[] {
  const start = placeIn(file, { start: root.span.start, end: root.span.start });
  const triggers: Trigger[] = [];
  addBranches(triggers, root, 'trigger', PUSH, start, file);
  addBranches(triggers, root, 'pr', PULL_REQUEST, start, file);
  const schedules = entryOf(root, 'schedules');
  if (schedules) triggers.push(makeTrigger(SCHEDULE, placeIn(file, schedules.key.span), undefined, file));
  const resources = valueAt(root, 'resources');
  for (const item of listItems(valueAt(resources, 'pipelines'))) {
    const trigger = entryOf(item, 'trigger');
    if (trigger && scalarAt(trigger.value)?.text !== 'none')
      triggers.push(makeTrigger(PIPELINE, placeIn(file, trigger.key.span), undefined, file));
  }
  for (const item of listItems(valueAt(resources, 'webhooks'))) {
    triggers.push(makeTrigger(WEBHOOK, placeIn(file, item.span), undefined, file));
  }
  const parameters = entryOf(root, 'parameters');
  if (parameters) triggers.push(makeTrigger(MANUAL, placeIn(file, parameters.key.span), undefined, file));
  return triggers;
}

function addBranches(triggers: Trigger[], root: MapNode, key: string, kind: Kind, start: Place, file: string): void {
  const entry = entryOf(root, key);
  if (entry === undefined) triggers.push(makeTrigger(kind, start, undefined, file));
  else if (scalarAt(entry.value)?.text !== 'none')
    triggers.push(makeTrigger(kind, placeIn(file, entry.key.span), entry.value, file));
}

function makeTrigger(kind: Kind, place: Place, body: Node | undefined, file: string): Trigger {
  const branches =
    body?.kind === 'list'
      ? namesIn(body, '', file)
      : [
          ...namesIn(nodeAt(body, 'branches', 'include'), '', file),
          ...namesIn(nodeAt(body, 'branches', 'exclude'), '!', file),
        ];
  const paths = [
    ...namesIn(nodeAt(body, 'paths', 'include'), '', file),
    ...namesIn(nodeAt(body, 'paths', 'exclude'), '!', file),
  ];
  return { ...kind, types: [], branches, paths, place };
}

function namesIn(node: Node | undefined, prefix: string, file: string): readonly Located<string>[] {
  return scalarsOf(node).map((scalar) => ({ value: `${prefix}${scalar.text}`, place: placeIn(file, scalar.span) }));
}
