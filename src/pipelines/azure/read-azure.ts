import {
  entriesOf,
  type MapNode,
  type Node,
  type Readers,
  type SourceFile,
  type SourceTree,
  scalarAt,
} from '../../syntax/index.ts';
import type { Entry, Job, Pipeline, PlatformFacts, Reference, Trigger } from '../model.ts';
import { WrittenScripts } from '../script/index.ts';
import { makePipeline } from '../text/step.ts';
import { impliedText, placeIn } from '../text/template-text.ts';
import { readJobs, variableEntries } from './jobs.ts';
import { type StepContext, templateReference } from './steps.ts';
import { listItems, repositoriesIn, valueAt, valuesByName } from './structure.ts';
import { readTriggers } from './triggers.ts';
import { AzureScope, declaredParameters, webhookParameters } from './values.ts';

const PIPELINE_FILE = /(?:^|\/)(?:[^/]*[.-])?azure-pipelines?[^/]*\.ya?ml$/i;
const PART_FILE =
  /(?:^|\/)(?:\.azure-?pipelines?|azure-pipelines|\.azuredevops|\.azdo|\.ado|\.pipelines|\.vsts)\/.*\.ya?ml$/i;
/** Steps of one pipeline, those of templates counted each time they are used. */
const MOST_STEPS = 5_000;

const OLD_FILE = /(?:^|\/)\.vsts-ci\.ya?ml$/i;

/** Every Azure pipeline of a tree. Templates of the repository are read where they are used, and alone only when nothing uses them. */
export function readAzure(tree: SourceTree, readers: Readers): readonly Pipeline[] {
  const read = tree.entries.flatMap(({ kind, path }): readonly AzureFile[] => {
    if (kind !== 'file' || !(PIPELINE_FILE.test(path) || PART_FILE.test(path) || OLD_FILE.test(path))) return [];
    const file = tree.read(path);
    if (file === undefined) return [];
    if ('kind' in file) return [{ file: { path, text: '' }, root: undefined, gaps: [file] }];
    const reading = readers.yaml(file);
    const root = reading.root?.kind === 'map' ? reading.root : undefined;
    if (reading.gaps.length === 0 && !isPipeline(root)) return [];
    return [{ file, root, gaps: reading.gaps }];
  });
  const pipelines = read.map((one) => readPipeline(one, tree, readers));
  const used = new Set(pipelines.flatMap(({ role, jobs }) => (role === 'workflow' ? jobs.flatMap(filesOf) : [])));
  return pipelines.filter(({ role, file }) => role !== 'template' || !used.has(file.path));
}

interface AzureFile {
  readonly file: SourceFile;
  readonly root: MapNode | undefined;
  readonly gaps: Pipeline['gaps'];
}

function isPipeline(root: MapNode | undefined): boolean {
  return (
    ['steps', 'jobs', 'stages', 'extends', 'variables'].some((key) => valueAt(root, key) !== undefined) &&
    valueAt(root, 'on') === undefined
  );
}

/** Files whose content a job shows. */
function filesOf(job: Job): readonly string[] {
  const inSteps = (steps: Job['steps'], depth: number): readonly string[] =>
    depth === 0 ? [] : steps.flatMap((step) => [step.place.file, ...inSteps(step.inner, depth - 1)]);
  return [job.place.file, ...inSteps(job.steps, 14)].filter((file) => file !== '');
}

function readPipeline({ file, root, gaps }: AzureFile, tree: SourceTree, readers: Readers): Pipeline {
  const role = isTemplate(root, file.path) ? 'template' : 'workflow';
  if (root === undefined) return makePipeline({ platform: 'azure', role, file, gaps });
  const triggers = role === 'template' ? [] : readTriggers(root, file.path);
  const repositories = repositoriesIn(root, file.path);
  const variables = valuesByName(valueAt(root, 'variables'));
  const scope = new AzureScope(variables, new Map([...declaredParameters(root), ...webhookParameters(root)]));
  const context: StepContext = {
    tree,
    readers,
    scope,
    file: file.path,
    provenance: triggers.some(({ event }) => event === 'pr') ? 'pull-request' : 'base',
    windows: false,
    path: [file.path],
    repositories: new Map(repositories.map(({ alias, reference }) => [alias, reference])),
    templates: { opened: new Map(), left: MOST_STEPS },
    written: new WrittenScripts(),
  };
  const jobs = readJobs(root, context, containersIn(root));
  const name = scalarAt(root, 'name');
  return makePipeline({
    platform: 'azure',
    role,
    file,
    name: name && { value: name.text, place: placeIn(file.path, name.span) },
    triggers,
    environment: variableEntries(valueAt(root, 'variables'), context),
    jobs,
    inputs: parameterEntries(root, file.path),
    includes: [...repositories.map(({ reference }) => reference), ...templatesIn(root, context)],
    root,
    gaps: [...gaps, ...unresolved(jobs, tree), ...capOf(context, root)],
    special: special(root, triggers, file.path),
  });
}

/** A part is meant to be used by others: it has parameters or steps and nothing that starts it, and no usual name. */
function isTemplate(root: MapNode | undefined, path: string): boolean {
  if (PIPELINE_FILE.test(path)) return false;
  return !['trigger', 'pr', 'schedules', 'resources', 'pool', 'extends'].some(
    (key) => valueAt(root, key) !== undefined,
  );
}

function containersIn(root: MapNode): ReadonlyMap<string, Node> {
  const found = new Map<string, Node>();
  for (const item of listItems(valueAt(valueAt(root, 'resources'), 'containers'))) {
    const alias = scalarAt(item, 'container')?.text;
    if (alias) found.set(alias, item);
  }
  return found;
}

function parameterEntries(root: MapNode, file: string): readonly Entry[] {
  const node = valueAt(root, 'parameters');
  const items = node?.kind === 'list' ? listItems(node) : [];
  const listed = items.flatMap((item): readonly Entry[] => {
    const name = scalarAt(item, 'name');
    if (name === undefined) return [];
    const place = placeIn(file, name.span);
    return [
      {
        name: name.text,
        keyPlace: place,
        value: impliedText(scalarAt(item, 'default')?.text ?? '', place),
        node: item,
      },
    ];
  });
  const mapped = entriesOf(node).map(({ key, value }): Entry => {
    const place = placeIn(file, key.span);
    return {
      name: key.text,
      keyPlace: place,
      value: impliedText(value.kind === 'scalar' ? value.text : '', place),
      node: value,
    };
  });
  return [...listed, ...mapped];
}

/** Templates of other repositories that the whole pipeline builds on. */
function templatesIn(root: MapNode, context: StepContext): readonly Reference[] {
  const extended = scalarAt(valueAt(root, 'extends'), 'template');
  const variables = listItems(valueAt(root, 'variables')).flatMap((item) => scalarAt(item, 'template') ?? []);
  return [...(extended ? [extended] : []), ...variables]
    .map((template) => templateReference(template, context))
    .filter(({ kind }) => kind !== 'local');
}

function capOf({ templates, file }: StepContext, root: MapNode): Pipeline['gaps'] {
  if (templates.left >= 0) return [];
  const place = placeIn(file, { start: root.span.start, end: root.span.start });
  return [{ kind: 'cap', message: `more than ${MOST_STEPS} steps with those of templates`, place }];
}

/** Local templates that are not there. */
function unresolved(jobs: readonly Job[], tree: SourceTree): Pipeline['gaps'] {
  const named = jobs.flatMap((job) => [
    ...(job.calls ? [job.calls.reference] : []),
    ...job.steps.flatMap((step) => (step.uses && step.inner.length === 0 ? [step.uses] : [])),
  ]);
  return named
    .filter(({ kind, name }) => kind === 'local' && !tree.entries.some(({ path }) => path === name))
    .map(({ name, place }) => ({ kind: 'unresolved', message: `no template '${name}'`, place }));
}

/** Whether builds of forks get secrets is a setting of the project that no file shows. */
function special(root: MapNode, triggers: readonly Trigger[], file: string): PlatformFacts {
  const entries: PlatformFacts['entries'][number][] = [];
  const pull = triggers.find(({ event }) => event === 'pr');
  if (pull) entries.push({ key: 'fork-secrets', value: 'unknown', place: pull.place });
  for (const item of listItems(valueAt(root, 'variables'))) {
    const group = scalarAt(item, 'group');
    if (group) entries.push({ key: 'variable-group', value: group.text, place: placeIn(file, group.span) });
  }
  return { kind: 'azure', entries };
}
