import { entriesOf, entryOf, itemsOf, type Node, nodeAt, type Place, scalarsOf } from '../../syntax/index.ts';
import type { Located, Trigger } from '../model.ts';
import { eventNamed } from './trigger-table.ts';

/** The `on:` entry; a YAML 1.1 tool may have written the key as `true`. */
export function onNode(root: Node | undefined): Node | undefined {
  return (entryOf(root, 'on') ?? entryOf(root, 'true'))?.value;
}

/** The events of a workflow, from a name, a list or a map. */
export function readTriggers(root: Node | undefined, file: string): readonly Trigger[] {
  const on = onNode(root);
  if (on === undefined) return [];
  if (on.kind === 'map') {
    return on.entries.map((entry) => readTrigger(entry.key.text, { file, span: entry.key.span }, entry.value, file));
  }
  return itemsOf(on).flatMap((item) => {
    if (item.kind !== 'scalar' || item.text === '') return [];
    return [readTrigger(item.text, { file, span: item.span }, undefined, file)];
  });
}

function readTrigger(event: string, place: Place, body: Node | undefined, file: string): Trigger {
  const row = eventNamed(event);
  const types = readNames(body, file, 'types');
  const onlyMembers = types.length > 0 && types.every((type) => row.memberTypes?.includes(type.value));
  return {
    event,
    types,
    branches: readNames(body, file, 'branches', 'branches-ignore'),
    paths: readNames(body, file, 'paths', 'paths-ignore'),
    who: onlyMembers ? 'member' : row.who,
    untrusted: row.untrusted,
    privileged: row.privileged,
    place,
  };
}

/** Values of a list that may also be one text. Those of an `-ignore` list carry the `!` of a negative pattern. */
function readNames(body: Node | undefined, file: string, ...keys: readonly string[]): readonly Located<string>[] {
  return keys.flatMap((key) =>
    scalarsOf(nodeAt(body, key)).map((scalar) => ({
      value: key.endsWith('-ignore') ? `!${scalar.text}` : scalar.text,
      place: { file, span: scalar.span },
    })),
  );
}

/** Names of the workflows that a `workflow_run` trigger waits for. */
export function awaitedWorkflows(root: Node | undefined): readonly string[] {
  return scalarsOf(nodeAt(onNode(root), 'workflow_run', 'workflows')).map((scalar) => scalar.text);
}

/** Declared inputs of the events `workflow_dispatch` and `workflow_call`. */
export function declaredInputs(root: Node | undefined, event: 'workflow_dispatch' | 'workflow_call') {
  return entriesOf(nodeAt(onNode(root), event, 'inputs'));
}
