import { entriesOf, entryOf, type MapEntry, type Node, nodeAt, scalarAt, scalarsOf } from '../../syntax/index.ts';
import type { Effect } from '../effect.ts';
import type { Call, Container, Job, Located, Permissions } from '../model.ts';
import { WrittenScripts } from '../script/index.ts';
import { readCondition } from './condition.ts';
import { readContainer, readServices } from './containers.ts';
import { computedDimensions, readMatrix } from './matrix.ts';
import { readPermissions } from './permissions.ts';
import { type Reading, type RunDefaults, templateOf } from './reading.ts';
import { readUses } from './reference.ts';
import { readRunner } from './runner.ts';
import { readNumber, readSteps } from './step.ts';
import { findExpressions, readEntries, readValues } from './template.ts';

/** Read the jobs of a workflow. `inherited` are the workflow's permissions. */
export function readJobs(root: Node | undefined, inherited: Permissions | undefined, reading: Reading): readonly Job[] {
  return entriesOf(nodeAt(root, 'jobs')).map((entry) => readJob(entry, inherited, reading));
}

function readJob(entry: MapEntry, inherited: Permissions | undefined, outer: Reading): Job {
  const { path: file, text: source } = outer.file;
  const node = entry.value;
  const id = entry.key.text;
  const strategy = nodeAt(node, 'strategy');
  const computed = new Map(
    [...computedDimensions(strategy)].map(([name, text]) => [
      name,
      findExpressions(text).flatMap(({ source }) => readValues(source, outer.scope)),
    ]),
  );
  const scope = { ...outer.scope, matrix: readMatrix(strategy), computed };
  const environment = readEntries(nodeAt(node, 'env'), source, file, scope);
  const runner = readRunner(nodeAt(node, 'runs-on'), file, scope);
  const reading: Reading = {
    ...outer,
    scope,
    environments: [...outer.environments, environment],
    defaults: readDefaults(node, outer.defaults, runner.labels),
    written: new WrittenScripts(),
  };
  const condition = scalarAt(node, 'if');
  const concurrency = entryOf(node, 'concurrency');
  const container = readContainer(nodeAt(node, 'container'), source, file, scope);
  const services = readServices(nodeAt(node, 'services'), source, file, scope);
  return {
    id,
    name: templateOf(nodeAt(node, 'name'), reading),
    place: { file, span: entry.key.span },
    body: { file, span: entry.span },
    condition: condition === undefined ? undefined : readCondition(condition, file, scope, outer.checks, id),
    needs: scalarsOf(nodeAt(node, 'needs')).map((need) => ({ value: need.text, place: { file, span: need.span } })),
    runner,
    container,
    services,
    permissions: readPermissions(entryOf(node, 'permissions'), file) ?? inherited,
    deployment: readDeployment(node, file),
    environment,
    timeoutMinutes: readNumber(nodeAt(node, 'timeout-minutes'), file),
    concurrency: concurrency === undefined ? undefined : { file, span: concurrency.span },
    outputs: readEntries(nodeAt(node, 'outputs'), source, file, scope),
    steps: readSteps(nodeAt(node, 'steps'), reading, id),
    calls: readCall(node, reading),
    effects: [...(container === undefined ? [] : [container]), ...services].map(containerEffect),
    node,
  };
}

/** Read `defaults.run`; the runner's system decides where nothing is said. */
export function readDefaults(
  node: Node | undefined,
  outer: RunDefaults,
  labels: readonly Located<string>[],
): RunDefaults {
  return {
    shell: scalarAt(node, 'defaults', 'run', 'shell')?.text ?? outer.shell,
    directory: scalarAt(node, 'defaults', 'run', 'working-directory')?.text ?? outer.directory,
    windows: labels.length > 0 && labels.every((label) => /windows/i.test(label.value)),
  };
}

function readDeployment(node: Node, file: string): Located<string> | undefined {
  const scalar = scalarAt(node, 'environment') ?? scalarAt(node, 'environment', 'name');
  if (scalar === undefined || scalar.text === '') return undefined;
  return { value: scalar.text, place: { file, span: scalar.span } };
}

function readCall(node: Node, reading: Reading): Call | undefined {
  const uses = scalarAt(node, 'uses');
  if (uses === undefined) return undefined;
  const { path: file, text: source } = reading.file;
  const secrets = entryOf(node, 'secrets');
  const inherits = secrets?.value.kind === 'scalar' && secrets.value.text === 'inherit';
  return {
    reference: readUses(uses, file, source),
    inputs: readEntries(nodeAt(node, 'with'), source, file, reading.scope),
    secrets:
      inherits && secrets !== undefined
        ? { mode: 'inherit', place: { file, span: secrets.span } }
        : { mode: 'map', entries: readEntries(secrets?.value, source, file, reading.scope) },
  };
}

function containerEffect(container: Container): Effect {
  return {
    kind: 'container',
    privileged: container.privileged !== undefined,
    mounts: container.mounts.map((mount) => mount.value),
    image: container.image?.name,
    place: container.place,
    certainty: 'certain',
  };
}
