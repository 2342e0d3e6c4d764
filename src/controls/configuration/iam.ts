import {
  entriesOf,
  itemsOf,
  type MapNode,
  type Node,
  nodeAt,
  type Place,
  type Readers,
  type ScalarNode,
  type SourceFile,
  scalarAt,
  scalarsOf,
} from '../../syntax/index.ts';
import type { SheetBuilder } from './sheet.ts';

const DEEPEST = 40;
const MOST_NODES = 100_000;
/** Pairs of an action and a resource of one statement; beyond it both are compared each on its own. */
const MOST_PAIRS = 400;
/** Policies in text: JSON in a here-document. */
const MOST_TEXTS = 20;

/** Where a policy stands, and what reads policies that are written as text. */
export interface PolicyContext {
  readonly file: SourceFile;
  readonly scope: string;
  readonly readers: Readers;
  readonly sheet: SheetBuilder;
}

/**
 * Policies of AWS's form (`Effect`, `Action`, `Resource`, `Principal`, `Condition`), wherever they stand in a file, also as
 * Terraform's blocks. What is allowed counts as pairs of action and resource: how statements are cut, ordered and named
 * means nothing.
 */
export function addPolicies(root: Node | undefined, context: PolicyContext): void {
  const open: Visit[] = root ? [{ node: root, depth: 0, isStatement: false }] : [];
  let count = 0;
  let texts = 0;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, depth } = next;
    if (depth > DEEPEST || ++count > MOST_NODES) return;
    if (node.kind === 'list') for (const item of node.items) open.push({ ...next, node: item, depth: depth + 1 });
    else if (node.kind === 'map') {
      const effect = effectOf(node, next.isStatement);
      if (effect !== undefined) addStatement(node, effect, context);
      for (const { key, value } of node.entries)
        open.push({ node: value, depth: depth + 1, isStatement: key.text === 'statement' });
    } else if (isPolicyText(node) && texts++ < MOST_TEXTS) {
      const text = ' '.repeat(node.offsetOf(0)) + node.text;
      const { root: inner } = context.readers.json({ path: context.file.path, text });
      if (inner) open.push({ node: inner, depth: depth + 1, isStatement: false });
    }
  }
}

interface Visit {
  readonly node: Node;
  readonly depth: number;
  /** Below the key `statement`: a block of `aws_iam_policy_document`, which allows where it does not say. */
  readonly isStatement: boolean;
}

/** Only text that stands in the file as it is: places in it are places in the file. */
function isPolicyText({ text, offsetOf }: ScalarNode): boolean {
  return (
    /^\s{0,200}\{/.test(text) && text.includes('"Statement"') && offsetOf(text.length) - offsetOf(0) === text.length
  );
}

function effectOf(node: MapNode, isStatement: boolean): 'Allow' | 'Deny' | undefined {
  const effect = scalarAt(node, 'Effect')?.text ?? scalarAt(node, 'effect')?.text;
  if (effect === 'Allow' || effect === 'Deny') return effect;
  return isStatement && effect === undefined ? 'Allow' : undefined;
}

/** Both spellings: policies as documents, and as data sources of Terraform. */
const ACTIONS = ['Action', 'Actions', 'actions'];
const NOT_ACTIONS = ['NotAction', 'not_actions'];
const RESOURCES = ['Resource', 'Resources', 'resources'];
const NOT_RESOURCES = ['NotResource', 'not_resources'];

interface Part {
  readonly text: string;
  /** 1 for one thing, 2 for a pattern, 3 for everything; all but a few is nearly everything. */
  readonly width: number;
  readonly node: ScalarNode;
}

function partsOf(node: Node, keys: readonly string[], notKeys: readonly string[]): readonly Part[] {
  const scalarsAt = (names: readonly string[]) => names.flatMap((key) => scalarsOf(nodeAt(node, key)));
  return [
    ...scalarsAt(keys).map((one) => ({ text: one.text, width: widthOf(one.text), node: one })),
    ...scalarsAt(notKeys).map((one) => ({ text: `all but ${one.text}`, width: 3, node: one })),
  ];
}

function addStatement(node: MapNode, effect: 'Allow' | 'Deny', context: PolicyContext): void {
  const actions = partsOf(node, ACTIONS, NOT_ACTIONS);
  const resources = partsOf(node, RESOURCES, NOT_RESOURCES);
  if (effect === 'Deny') addRefusals(actions, context);
  else {
    addRights(actions, resources, context);
    addPrincipals(node, context);
    addConditions(node, context);
  }
}

function addRefusals(actions: readonly Part[], { file, scope, sheet }: PolicyContext): void {
  for (const { text, node } of actions)
    sheet.add({
      control: 'iam-deny-removed',
      scope,
      subject: `deny action ${text}`,
      weight: -1,
      shown: text,
      place: placeOf(node, file),
      standing: true,
      severity: 'high',
    });
}

function addRights(actions: readonly Part[], resources: readonly Part[], context: PolicyContext): void {
  if (actions.length === 0 || resources.length === 0 || actions.length * resources.length > MOST_PAIRS)
    for (const part of [...actions, ...resources]) addRight(part.text, part.width, part, context);
  else
    for (const action of actions)
      for (const resource of resources) {
        const width = Math.max(action.width, resource.width);
        const place = resource.width > action.width ? resource : action;
        addRight(`${action.text} on ${resource.text}`, width, place, context);
      }
}

function addRight(text: string, width: number, { node }: Part, { file, scope, sheet }: PolicyContext): void {
  sheet.add({
    control: 'iam-widened',
    scope,
    subject: text.slice(0, 300),
    weight: width,
    shown: text,
    place: placeOf(node, file),
    severity: width > 1 ? 'high' : 'medium',
  });
}

function addPrincipals(node: MapNode, { file, scope, sheet }: PolicyContext): void {
  for (const one of principalsOf(node))
    sheet.add({
      control: 'iam-widened',
      scope,
      subject: `principal ${one.text}`,
      weight: one.text === '*' ? 3 : 1,
      shown: `principal ${one.text}`,
      place: placeOf(one, file),
      severity: one.text === '*' ? 'critical' : 'medium',
    });
}

function principalsOf(node: MapNode): readonly ScalarNode[] {
  const blocks = valuesAt(node, 'principals').flatMap((block) => scalarsOf(nodeAt(block, 'identifiers')));
  const principal = nodeAt(node, 'Principal');
  const named =
    principal?.kind === 'map' ? principal.entries.flatMap(({ value }) => scalarsOf(value)) : scalarsOf(principal);
  return [...named, ...blocks];
}

function addConditions(node: MapNode, context: PolicyContext): void {
  for (const { key, value } of entriesOf(nodeAt(node, 'Condition')))
    for (const one of entriesOf(value)) addCondition(`${key.text} ${one.key.text}`, one.value, context);
  for (const block of valuesAt(node, 'condition')) {
    const name = `${scalarAt(block, 'test')?.text ?? ''} ${scalarAt(block, 'variable')?.text ?? ''}`;
    const values = nodeAt(block, 'values');
    if (values) addCondition(name, values, context);
  }
}

function addCondition(subject: string, values: Node, { file, scope, sheet }: PolicyContext): void {
  const texts = scalarsOf(values).map(({ text }) => text);
  sheet.add({
    control: 'iam-condition-removed',
    scope,
    subject,
    // A pattern keeps out less than a name.
    weight: texts.some((text) => text.includes('*')) ? -1 : -2,
    shown: texts.sort().join(', '),
    place: placeOf(values, file),
  });
}

/** Each time a block is written, and each item of a list in its place. */
function valuesAt(node: MapNode, key: string): readonly Node[] {
  return node.entries.filter((entry) => entry.key.text === key).flatMap(({ value }) => itemsOf(value));
}

function placeOf({ span }: Pick<Place, 'span'>, { path }: SourceFile): Place {
  return { file: path, span };
}

function widthOf(text: string): number {
  if (text === '*' || text === '*:*') return 3;
  return text.includes('*') ? 2 : 1;
}
