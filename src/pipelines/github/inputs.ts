import { entriesOf, type Node, nodeAt, scalarAt } from '../../syntax/index.ts';
import type { ValueKind, ValueOrigin } from '../value.ts';
import { declaredInputs } from './triggers.ts';
import type { ValueScope } from './value-flow.ts';

type Inputs = ValueScope['inputs'];

const TYPE_KINDS: { readonly [type: string]: ValueKind } = {
  boolean: 'boolean',
  number: 'number',
  choice: 'enumeration',
  environment: 'enumeration',
  string: 'text',
};

function kindOfType(type: string | undefined): ValueKind {
  return type !== undefined && Object.hasOwn(TYPE_KINDS, type) ? (TYPE_KINDS[type] ?? 'text') : 'text';
}

/** What the declared inputs of a workflow can hold. One that a caller can set is as trustworthy as the caller. */
export function readWorkflowInputs(root: Node | undefined): Inputs {
  const manual = declaredInputs(root, 'workflow_dispatch').map(
    (entry) => [entry.key.text.toLowerCase(), describe(entry.value, 'insider')] as const,
  );
  const called = declaredInputs(root, 'workflow_call').map(
    (entry) => [entry.key.text.toLowerCase(), describe(entry.value, 'input')] as const,
  );
  return new Map([...manual, ...called]);
}

function describe(node: Node, origin: ValueOrigin) {
  return { kind: kindOfType(scalarAt(node, 'type')?.text), origin };
}

/** Inputs of an action have no types: each is a text. */
export function readActionInputs(root: Node | undefined): Inputs {
  return new Map(
    entriesOf(nodeAt(root, 'inputs')).map((entry) => [
      entry.key.text.toLowerCase(),
      { kind: 'text', origin: 'input' } as const,
    ]),
  );
}
