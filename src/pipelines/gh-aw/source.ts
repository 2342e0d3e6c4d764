import {
  entryOf,
  type Node,
  nodeAt,
  type Place,
  type Readers,
  type SourceFile,
  type SourceTree,
  scalarAt,
} from '../../syntax/index.ts';
import { flatten } from '../github/dependency-bot.ts';
import { readPermissions } from '../github/permissions.ts';
import { readNumber } from '../github/step.ts';
import { findExpressions, readEntries, readValues } from '../github/template.ts';
import { EMPTY_SCOPE } from '../github/value-flow.ts';
import type { Condition, Entry, Job, Pipeline, Step } from '../model.ts';
import type { TemplateText } from '../value.ts';
import { readAgenticTriggers, readRolesGate } from './agentic-triggers.ts';

const SOURCE = /^\.github\/workflows\/.+\.md$/;

/** Keys that only an agentic workflow or a part of one has. */
const OWN_KEYS = ['engine', 'safe-outputs', 'tools', 'network', 'mcp-servers', 'imports', 'sandbox'];

/** Every Markdown source of an agentic workflow, and the shared parts that others import. */
export function readAgenticSources(tree: SourceTree, readers: Readers): readonly Pipeline[] {
  return tree.entries.flatMap((entry): readonly Pipeline[] => {
    if (entry.kind === 'submodule' || !SOURCE.test(entry.path)) return [];
    const file = tree.read(entry.path);
    if (file === undefined || !('text' in file)) return [];
    const { meta, body } = readers.frontMatter(file);
    const own = OWN_KEYS.some((key) => entryOf(meta.root, key) !== undefined);
    if (!own && entryOf(meta.root, 'on') === undefined) return [];
    return [readSource(file, meta.root, meta.gaps, bodyText(file, body))];
  });
}

/** The prompt: everything behind the front matter. */
function bodyText(file: SourceFile, span: Place['span']): TemplateText {
  const text = file.text.slice(span.start, span.end);
  const offsetOf = (index: number): number => span.start + index;
  const interpolations = findExpressions(text).map(({ index, length, source }) => ({
    place: { file: file.path, span: { start: offsetOf(index), end: offsetOf(index + length) } },
    index,
    length,
    source,
    expanded: 'before' as const,
    values: readValues(source, EMPTY_SCOPE),
  }));
  return { text, place: { file: file.path, span }, interpolations, offsetOf };
}

function readSource(file: SourceFile, root: Node | undefined, gaps: Pipeline['gaps'], prompt: TemplateText): Pipeline {
  const permissions = readPermissions(entryOf(root, 'permissions'), file.path);
  const environment = readEntries(nodeAt(root, 'env'), file.text, file.path, EMPTY_SCOPE);
  const name = scalarAt(root, 'name');
  const concurrency = entryOf(root, 'concurrency');
  return {
    platform: 'gh-aw',
    role: 'agentic-source',
    file,
    name: name === undefined ? undefined : { value: name.text, place: { file: file.path, span: name.span } },
    triggers: readAgenticTriggers(root, file.path),
    permissions,
    environment,
    concurrency: concurrency === undefined ? undefined : { file: file.path, span: concurrency.span },
    jobs: entryOf(root, 'on') === undefined ? [] : [agentJob(file, root, permissions, prompt)],
    inputs: [],
    outputs: [],
    includes: [],
    root,
    gaps,
    special: { kind: 'gh-aw', entries: root === undefined ? [] : flatten(root, file.path) },
  };
}

/** The one job that the source describes: the agent with its prompt. What the compiler adds is in the lock file. */
function agentJob(
  file: SourceFile,
  root: Node | undefined,
  permissions: Job['permissions'],
  prompt: TemplateText,
): Job {
  const place: Place = { file: file.path, span: root?.span ?? { start: 0, end: 0 } };
  const condition = rolesCondition(root, file.path);
  const engine = scalarAt(root, 'engine') ?? scalarAt(root, 'engine', 'id');
  const inputs: readonly Entry[] = [
    { name: 'prompt', keyPlace: prompt.place, value: prompt, node: undefined },
    ...(engine === undefined ? [] : readEngine(engine.text, { file: file.path, span: engine.span })),
  ];
  return {
    id: 'agent',
    name: undefined,
    place,
    body: place,
    condition,
    needs: [],
    runner: { labels: [], kind: 'hosted' },
    container: undefined,
    services: [],
    permissions,
    deployment: undefined,
    environment: [],
    timeoutMinutes: readNumber(nodeAt(root, 'timeout-minutes'), file.path),
    concurrency: undefined,
    outputs: [],
    steps: [agentStep(inputs, place)],
    calls: undefined,
    effects: [],
    node: root,
  };
}

function readEngine(text: string, place: Place): readonly Entry[] {
  const value = { text, place, interpolations: [], offsetOf: (index: number) => place.span.start + index };
  return [{ name: 'engine', keyPlace: place, value, node: undefined }];
}

function agentStep(inputs: readonly Entry[], place: Place): Step {
  const nothing = {
    name: undefined,
    condition: undefined,
    workingDirectory: undefined,
    continueOnError: undefined,
    timeoutMinutes: undefined,
    uses: undefined,
    run: undefined,
    node: undefined,
  };
  return { ...nothing, index: 0, id: 'agent', place, environment: [], inputs, followed: [], inner: [], effects: [] };
}

function rolesCondition(root: Node | undefined, file: string): Condition | undefined {
  const gate = readRolesGate(root, file);
  if (gate === undefined) return undefined;
  const text = { text: '', place: gate.place, interpolations: [], offsetOf: () => gate.place.span.start };
  return { text, references: [], gates: [gate], ways: [{ gates: [gate] }], alwaysTrue: false, runsAfterFailure: false };
}
