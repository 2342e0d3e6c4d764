import { type Node, nodeAt, type ScalarNode, scalarAt, scalarsOf } from '../../syntax/index.ts';
import { readImage } from '../container/image-reference.ts';
import type { Condition, Container, Entry, Job, Located, Runner, Step } from '../model.ts';
import { WrittenScripts } from '../script/index.ts';
import { makeContainer, makeJob } from '../text/step.ts';
import { joinTexts, placeIn } from '../text/template-text.ts';
import { readCondition } from './condition.ts';
import {
  impliedCheckout,
  openTemplate,
  readEntries,
  readSteps,
  type StepContext,
  templateContext,
  templateReference,
} from './steps.ts';
import { listItems, mapEntries, valueAt, valuesByName, variablesIn } from './structure.ts';

/** What holds around a job. */
interface Around {
  readonly context: StepContext;
  readonly pool: Node | undefined;
  readonly stage: string | undefined;
  readonly condition: Condition | undefined;
  readonly needs: readonly Located<string>[];
  readonly container: Node | undefined;
  readonly containers: ReadonlyMap<string, Node>;
}

/** Every job of a pipeline, whether it has stages, jobs, or steps alone. Templates of this repository are read in place. */
export function readJobs(root: Node, context: StepContext, containers: ReadonlyMap<string, Node>): readonly Job[] {
  const around: Around = {
    context,
    pool: valueAt(root, 'pool'),
    stage: undefined,
    condition: undefined,
    needs: [],
    container: valueAt(root, 'container'),
    containers,
  };
  const extended = valueAt(root, 'extends');
  if (extended) return fromTemplate(extended, around, (target, inner) => readJobs(target, inner.context, containers));
  const stages = valueAt(root, 'stages');
  if (stages) return readStages(stages, around);
  const jobs = valueAt(root, 'jobs');
  if (jobs) return readJobList(jobs, around);
  const steps = valueAt(root, 'steps');
  return steps ? [readJob('job', root, { start: steps.span.start, end: steps.span.start }, around)] : [];
}

function fromTemplate(
  node: Node,
  around: Around,
  read: (target: Node, inner: Around) => readonly Job[],
): readonly Job[] {
  const template = scalarAt(node, 'template');
  const { context } = around;
  if (template === undefined || --context.templates.left < 0) return [];
  const reference = templateReference(template, context);
  const target = openTemplate(reference, context);
  if (target) {
    const inner = templateContext(target, readEntries(valueAt(node, 'parameters'), context), context);
    return read(target.root, { ...around, context: inner });
  }
  // A template elsewhere may hold any job: it stands for one that calls it.
  const place = placeIn(context.file, template.span);
  const inputs = readEntries(valueAt(node, 'parameters'), context);
  return [
    makeJob(template.text, place, {
      body: placeIn(context.file, node.span),
      calls: { reference, inputs, secrets: { mode: 'map', entries: [] } },
      node,
    }),
  ];
}

function readStages(node: Node, around: Around): readonly Job[] {
  return listItems(node).flatMap((item) => {
    if (scalarAt(item, 'template'))
      return fromTemplate(item, around, (target, inner) => readStages(valueAt(target, 'stages') ?? target, inner));
    const stage = scalarAt(item, 'stage');
    const jobs = valueAt(item, 'jobs');
    if (jobs === undefined) return [];
    const scope = around.context.scope.withVariables(valuesByName(valueAt(item, 'variables')));
    return readJobList(jobs, {
      ...around,
      context: { ...around.context, scope },
      pool: valueAt(item, 'pool') ?? around.pool,
      stage: stage?.text,
      condition: conditionOf(item, around.context) ?? around.condition,
      needs: namesAt(item, 'dependsOn', around.context.file),
    });
  });
}

function readJobList(node: Node, around: Around): readonly Job[] {
  return listItems(node).flatMap((item) => {
    if (scalarAt(item, 'template'))
      return fromTemplate(item, around, (target, inner) => readJobList(valueAt(target, 'jobs') ?? target, inner));
    const name: ScalarNode | undefined = scalarAt(item, 'job') ?? scalarAt(item, 'deployment');
    if (name === undefined) return [];
    return [readJob(name.text === '' ? 'job' : name.text, item, name.span, around)];
  });
}

function readJob(name: string, node: Node, key: { readonly start: number; readonly end: number }, around: Around): Job {
  const { file } = around.context;
  const scope = around.context.scope.withVariables(valuesByName(valueAt(node, 'variables')));
  const pool = valueAt(node, 'pool') ?? around.pool;
  const windows = /win|vs20/i.test(scalarAt(pool, 'vmImage')?.text ?? '');
  const context = { ...around.context, scope, windows, written: new WrittenScripts() };
  const place = placeIn(file, key);
  const displayName = scalarAt(node, 'displayName');
  const deployment = scalarAt(node, 'deployment') !== undefined;
  const timeout = scalarAt(node, 'timeoutInMinutes');
  const own = conditionOf(node, context);
  return makeJob(around.stage === undefined ? name : `${around.stage}.${name}`, place, {
    name: displayName && scope.text(file, displayName),
    body: placeIn(file, node.span),
    condition: joinConditions(around.condition, own),
    needs: [...around.needs, ...namesAt(node, 'dependsOn', file)],
    runner: readRunner(pool, file),
    container: readContainer(valueAt(node, 'container') ?? around.container, around.containers, file, context),
    services: mapEntries(valueAt(node, 'services')).flatMap(
      ({ value }) => readContainer(value, around.containers, file, context) ?? [],
    ),
    deployment: deployment ? readEnvironment(node, file) : undefined,
    environment: variableEntries(valueAt(node, 'variables'), context),
    timeoutMinutes:
      timeout && typeof timeout.value === 'number'
        ? { value: timeout.value, place: placeIn(file, timeout.span) }
        : undefined,
    steps: deployment
      ? deploymentSteps(node, context)
      : withCheckout(readSteps(valueAt(node, 'steps'), context), place, context),
    node,
  });
}

/** Variables as entries of an environment; groups have no values in the file. */
export function variableEntries(
  node: Node | undefined,
  { file, scope }: Pick<StepContext, 'file' | 'scope'>,
): readonly Entry[] {
  return [...variablesIn(node).values()].map(({ key, value }) => ({
    name: key.text,
    keyPlace: placeIn(file, key.span),
    value: scope.text(file, value),
    node: value,
  }));
}

function withCheckout(steps: readonly Step[], place: Job['place'], context: StepContext): readonly Step[] {
  const named = steps.some(
    (step) =>
      scalarAt(step.node, 'checkout') !== undefined ||
      step.inner.some((inner) => scalarAt(inner.node, 'checkout') !== undefined),
  );
  return named ? steps : [impliedCheckout(place, context.provenance), ...steps];
}

/** Steps of every hook of the strategy, in the order in which they run. */
function deploymentSteps(node: Node, context: StepContext): readonly Step[] {
  const hooks = ['preDeploy', 'deploy', 'routeTraffic', 'postRouteTraffic'];
  return mapEntries(valueAt(node, 'strategy')).flatMap(({ value }) => {
    const main = hooks.flatMap((hook) => readSteps(valueAt(valueAt(value, hook), 'steps'), context));
    const ends = ['success', 'failure'].flatMap((hook) => readSteps(nodeAt(value, 'on', hook, 'steps'), context));
    return [...main, ...ends];
  });
}

function readEnvironment(node: Node, file: string): Located<string> | undefined {
  const environment = valueAt(node, 'environment');
  const name = scalarAt(environment) ?? scalarAt(environment, 'name');
  return name && { value: name.text, place: placeIn(file, name.span) };
}

function conditionOf(node: Node, context: StepContext): Condition | undefined {
  const written = scalarAt(node, 'condition');
  return written && readCondition(context.scope.text(context.file, written));
}

function joinConditions(outer: Condition | undefined, inner: Condition | undefined): Condition | undefined {
  if (outer === undefined || inner === undefined) return inner ?? outer;
  const text = joinTexts([outer.text, inner.text], ' && ', inner.text.place);
  return {
    ...inner,
    text,
    gates: [...outer.gates, ...inner.gates],
    references: [...outer.references, ...inner.references],
  };
}

function namesAt(node: Node, key: string, file: string): readonly Located<string>[] {
  return scalarsOf(valueAt(node, key))
    .filter(({ text }) => text !== '')
    .map((scalar) => ({ value: scalar.text, place: placeIn(file, scalar.span) }));
}

/** `vmImage` is a fresh machine of the vendor; a named pool belongs to somebody, and `Default` lives on. */
function readRunner(pool: Node | undefined, file: string): Runner {
  const image = scalarAt(pool, 'vmImage');
  const name = scalarAt(pool) ?? scalarAt(pool, 'name');
  const label = image ?? name;
  if (label === undefined) return { labels: [], kind: pool === undefined ? 'hosted' : 'unknown' };
  const labels = [{ value: label.text, place: placeIn(file, label.span) }];
  if (image || label.text === 'Azure Pipelines') return { labels, kind: 'hosted' };
  if (label.text === 'Default') return { labels, kind: 'persistent' };
  return { labels, kind: /1es|managed/i.test(label.text) ? 'third-party' : 'unknown' };
}

function readContainer(
  node: Node | undefined,
  known: ReadonlyMap<string, Node>,
  file: string,
  { scope }: StepContext,
): Container | undefined {
  const alias = scalarAt(node)?.text;
  const target = (alias === undefined ? undefined : known.get(alias)) ?? node;
  const image = scalarAt(target, 'image') ?? scalarAt(target);
  if (target === undefined || image === undefined) return undefined;
  const options = scalarAt(target, 'options');
  const privileged = options && /--privileged\b/.test(options.text) ? placeIn(file, options.span) : undefined;
  const mounts = scalarsOf(nodeAt(target, 'volumes')).map((scalar) => ({
    value: scalar.text,
    place: placeIn(file, scalar.span),
  }));
  return makeContainer(placeIn(file, image.span), {
    image: readImage(scope.text(file, image)),
    options: options && scope.text(file, options),
    privileged,
    mounts,
  });
}
