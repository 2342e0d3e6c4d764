import {
  entriesOf,
  itemsOf,
  type MapEntry,
  type Node,
  type Place,
  type Readers,
  type SourceFile,
  type SourceTree,
  type Span,
  scalarAt,
} from '../../../syntax/index.ts';
import { addPolicies } from '../iam.ts';
import { addNetworkRules } from '../network-rules.ts';
import { addOptions } from '../options/options.ts';
import type { SheetBuilder } from '../sheet.ts';
import { listBlocks, type TerraformBlock } from './blocks.ts';
import { PROTECTING_TYPES, RUNNING_BLOCKS, RUNNING_TYPES } from './resource-rows.ts';
import { addSources } from './sources.ts';
import { readUseSites } from './use-sites.ts';

const FILES = /\.(?:tf|tofu)(?:\.json)?$|\.tfvars(?:\.json)?$/;

export function isTerraform(path: string): boolean {
  return FILES.test(path);
}

/**
 * What a file of Terraform or OpenTofu says: each resource is a scope of its own, known by folder and address, so that it
 * is the same in another file of its folder.
 */
export function addTerraform(
  root: Node,
  { file, tree, readers }: { readonly file: SourceFile; readonly tree: SourceTree; readonly readers: Readers },
  sheet: SheetBuilder,
): void {
  const folder = file.path.slice(0, file.path.lastIndexOf('/') + 1);
  const session: Session = { file, folder, readers, sheet, uses: once(() => readUseSites(tree, folder)) };
  if (/\.tfvars(?:\.json)?$/.test(file.path))
    for (const { key, value, span } of entriesOf(root)) addValue(key.text, value, span, '', session);
  else for (const block of listBlocks(root)) addBlock(block, session);
}

/** One file while it is read. */
interface Session {
  readonly file: SourceFile;
  /** With the slash at its end; empty at the root. */
  readonly folder: string;
  readonly readers: Readers;
  readonly sheet: SheetBuilder;
  /** By the name of a variable, the arguments that it is given to. */
  readonly uses: () => ReadonlyMap<string, ReadonlySet<string>>;
}

function addBlock(block: TerraformBlock, session: Session): void {
  const { file, folder, readers, sheet } = session;
  const { kind, type, name, body, span } = block;
  const address = [kind === 'resource' ? '' : kind, type, name].filter((part) => part !== '').join('.');
  const scope = `${folder}${address}`;
  const placeOf = (at: { readonly span: Span }): Place => ({ file: file.path, span: at.span });
  sheet.movableScope(scope, placeOf({ span: { start: span.start, end: span.start } }));
  if (kind === 'variable' || kind === 'locals') {
    for (const { key, value, span: at } of entriesOf(body))
      if (kind === 'locals') addValue(key.text, value, at, scope, session);
      else if (key.text === 'default') addValue(name, value, at, scope, session);
    return;
  }
  addSources(block, scope, placeOf, sheet);
  addPrograms(block, scope, placeOf, sheet);
  addOptions(within(type === '' ? name : type, body), file, scope, sheet);
  addPolicies(body, { file, scope, readers, sheet });
  addNetworkRules(body, file, scope, `${type}.${name}`, sheet);
  if (kind === 'resource' && PROTECTING_TYPES.some((row) => row.test(type)) && scalarAt(body, 'count')?.text !== '0')
    sheet.add({
      control: 'protecting-resource-removed',
      scope,
      subject: address,
      weight: -1,
      shown: address,
      place: placeOf({ span: { start: span.start, end: span.start } }),
      standing: true,
    });
}

/** A value under the names of what it is used for. */
function addValue(name: string, value: Node, span: Span, scope: string, session: Session): void {
  const { file, readers, sheet } = session;
  for (const use of new Set([name, ...(session.uses().get(name) ?? [])])) {
    const node = within(use, value, span);
    addOptions(node, file, scope, sheet);
    addNetworkRules(node, file, scope, name, sheet);
  }
  addPolicies(value, { file, scope, readers, sheet });
}

function addPrograms(
  { kind, type, body }: TerraformBlock,
  scope: string,
  placeOf: (at: { readonly span: Span }) => Place,
  sheet: SheetBuilder,
): void {
  const add = (subject: string, at: { readonly span: Span }, shown: string): void =>
    sheet.add({
      control: 'infrastructure-runs-program',
      scope,
      subject,
      weight: 1,
      shown: shown.trim().slice(0, 200),
      place: placeOf(at),
    });
  for (const entry of entriesOf(body).filter(({ key }) => key.text === 'provisioner'))
    for (const { key, value } of itemsOf(entry.value).flatMap(entriesOf))
      if (RUNNING_BLOCKS.has(key.text)) add(key.text, entry, scalarAt(value, 'command')?.text ?? key.text);
  if ((kind === 'data' || kind === 'resource') && RUNNING_TYPES.test(type)) {
    const program = entriesOf(body).find(({ key }) => /^(?:program|command|lifecycle_commands)$/.test(key.text));
    if (program)
      add(
        type,
        program,
        itemsOf(program.value)
          .map((item) => (item.kind === 'scalar' ? item.text : ''))
          .join(' '),
      );
  }
}

/** The node below a key, so that rows which look at the way to a value see it. */
function within(key: string, value: Node, span: Span = value.span): Node {
  const entry: MapEntry = {
    key: { kind: 'scalar', span, value: key, text: key, style: 'plain', offsetOf: () => span.start },
    value,
    span,
    aliased: false,
  };
  return { kind: 'map', span, entries: [entry], tag: undefined };
}

function once<Answer>(ask: () => Answer): () => Answer {
  let answer: { readonly value: Answer } | undefined;
  return () => {
    answer ??= { value: ask() };
    return answer.value;
  };
}
