import {
  type MapNode,
  nodeAt,
  type Place,
  type Readers,
  type ScriptLanguage,
  type SourceTree,
  scalarAt,
  scalarsOf,
} from '../../syntax/index.ts';
import type { Call, Entry, Job, Located, Step, Trigger } from '../model.ts';
import { WrittenScripts } from '../script/index.ts';
import { makeEntry, makeJob } from '../text/step.ts';
import { impliedText, placeIn } from '../text/template-text.ts';
import { readCommands } from './commands.ts';
import { type Configuration, findIn, type Layer } from './configuration.ts';
import { readJobImage, readNames, readRunner, readServices, readTimeout } from './container.ts';
import { jobEffects, stepsAfter, stepsBefore } from './implied-steps.ts';
import { readIncludes } from './include.ts';
import { readJobStart } from './rules.ts';
import { jobScope, type VariableScope } from './variables.ts';

/** Reads one job with everything it takes from elsewhere; undefined when the name is no job. */
export function readJob(
  name: string,
  configuration: Configuration,
  tree: SourceTree,
  readers: Readers,
): Job | undefined {
  const layers = configuration.layersOf(name);
  const own = layers[0];
  const isJob = ['script', 'trigger', 'run'].some((key) => findIn(layers, key));
  if (own === undefined || !isJob || own.key.text !== name) return undefined;
  const place = placeIn(own.file, own.key.span);
  const scope = jobScope(layers, configuration.topLevel('variables'), inheritance(layers));
  const start = readJobStart(configuration, layers, scope, place);
  const needs = readNames(layers, 'needs');
  const steps = readSteps(configuration, layers, scope, start.triggers, place, { tree, readers });
  // The variables of the whole file stand in the pipeline's environment.
  const shared = configuration.topLevel('variables').find(({ file }) => file === own.file)?.node;
  const keys = new Set(shared?.kind === 'map' ? shared.entries.map(({ key }) => key.span.start) : []);
  const mine = scope.entries().filter(({ keyPlace }) => keyPlace.file !== own.file || !keys.has(keyPlace.span.start));
  const environment = [...mine, ...secretEntries(layers)];
  return makeJob(name, place, {
    body: placeIn(own.file, { start: own.key.span.start, end: own.node.span.end }),
    condition: start.condition,
    triggers: carryText(start.triggers, steps, environment),
    needs: needs.length > 0 ? needs : readNames(layers, 'dependencies'),
    runner: readRunner(layers),
    container: readJobImage(layers, scope),
    services: readServices(layers, scope),
    deployment: readDeployment(layers),
    environment,
    timeoutMinutes: readTimeout(layers),
    concurrency: placeOfKey(layers, 'resource_group'),
    steps,
    calls: readCall(layers, scope),
    effects: jobEffects(configuration, layers),
    node: own.node,
  });
}

function readSteps(
  configuration: Configuration,
  layers: readonly Layer[],
  scope: VariableScope,
  triggers: readonly Trigger[],
  place: Place,
  { tree, readers }: { readonly tree: SourceTree; readonly readers: Readers },
): readonly Step[] {
  const context = { tree, readers, scope, language: languageOf(layers), written: new WrittenScripts() };
  const commands = (key: string) => configuration.commandsOf(findIn(layers, key));
  const main = [...commands('before_script'), ...commands('script')];
  const needsArtifacts = findIn(layers, 'needs') !== undefined || findIn(layers, 'dependencies') !== undefined;
  return [
    ...stepsBefore(layers, scope, triggers, needsArtifacts, place),
    ...readCommands('script', main, context),
    ...readCommands('after_script', commands('after_script'), context),
    ...stepsAfter(layers, scope, place),
  ];
}

/** Windows runners are chosen by tag and run PowerShell; all others a POSIX shell. */
function languageOf(layers: readonly Layer[]): ScriptLanguage {
  const tags = scalarsOf(findIn(layers, 'tags')?.node).map((scalar) => scalar.text.toLowerCase());
  return tags.some((tag) => /windows|powershell|pwsh/.test(tag)) ? 'powershell' : 'bash';
}

function inheritance(layers: readonly Layer[]): (name: string) => boolean {
  const node = findIn(layers, 'inherit', 'variables')?.node;
  if (node?.kind === 'scalar') return () => node.value !== false;
  if (node?.kind !== 'list') return () => true;
  const names = new Set(scalarsOf(node).map((scalar) => scalar.text));
  return (name) => names.has(name);
}

/** A start from outside carries what people wrote as soon as the job uses a variable that only the starter can set. */
function carryText(
  triggers: readonly Trigger[],
  steps: readonly Step[],
  environment: readonly Entry[],
): readonly Trigger[] {
  const texts = [
    ...steps.flatMap((step) => (step.run ? [step.run.text] : [])),
    ...environment.map((entry) => entry.value),
  ];
  const carried = texts.some(({ interpolations }) =>
    interpolations.some(({ values }) =>
      values.some(
        ({ name, origin }) => origin === 'outsider' && !name.startsWith('CI_') && !name.startsWith('GITLAB_USER_'),
      ),
    ),
  );
  if (!carried) return triggers;
  return triggers.map((trigger) =>
    trigger.who === 'other-pipeline' && trigger.untrusted ? { ...trigger, who: 'anyone' } : trigger,
  );
}

/** `id_tokens` and `secrets` become variables of the job. */
function secretEntries(layers: readonly Layer[]): readonly Entry[] {
  return layers.flatMap(({ file, node }) =>
    ['id_tokens', 'secrets'].flatMap((section) => {
      const map = nodeAt(node, section);
      if (map?.kind !== 'map') return [];
      return map.entries.map(({ key }) => {
        const place = placeIn(file, key.span);
        return makeEntry(
          key.text,
          place,
          impliedText(key.text, place, [{ name: key.text, kind: 'line', origin: 'secret' }]),
        );
      });
    }),
  );
}

function readDeployment(layers: readonly Layer[]): Located<string> | undefined {
  const written = findIn(layers, 'environment');
  const action = scalarAt(written?.node, 'action')?.text;
  const name = scalarAt(written?.node) ?? scalarAt(written?.node, 'name');
  if (written === undefined || name === undefined || action === 'stop' || action === 'verify') return undefined;
  return { value: name.text, place: placeIn(written.file, name.span) };
}

function placeOfKey(layers: readonly Layer[], key: string): Place | undefined {
  const written = findIn(layers, key);
  return written && placeIn(written.file, (written.key ?? written.node).span);
}

/** A job that starts a child or another project's pipeline. */
function readCall(layers: readonly Layer[], scope: VariableScope): Call | undefined {
  const written = findIn(layers, 'trigger');
  if (written === undefined) return undefined;
  const { node, file } = written;
  const project = scalarAt(node) ?? scalarAt(node, 'project');
  const included = readIncludes(nodeAt(node, 'include'), file)[0];
  const branch = scalarAt(node, 'branch');
  const reference = project
    ? {
        kind: 'repository' as const,
        name: project.text,
        path: undefined,
        ref: branch?.text,
        refKind: branch ? ('branch' as const) : ('none' as const),
        comment: undefined,
        place: placeIn(file, project.span),
      }
    : included;
  if (reference === undefined) return undefined;
  const inputs = nodeAt(node, 'inputs');
  const inherits = forwardsVariables(node);
  return {
    reference,
    inputs: inputs?.kind === 'map' ? readEntries(inputs, file, scope) : [],
    secrets: inherits ? { mode: 'inherit', place: placeIn(file, node.span) } : { mode: 'map', entries: [] },
  };
}

function forwardsVariables(node: Layer['node'] | NonNullable<ReturnType<typeof nodeAt>>): boolean {
  return scalarAt(node, 'forward', 'pipeline_variables')?.value === true;
}

function readEntries(map: MapNode, file: string, scope: VariableScope): readonly Entry[] {
  return map.entries.flatMap(({ key, value }) => {
    if (value.kind !== 'scalar') return [];
    return [{ name: key.text, keyPlace: placeIn(file, key.span), value: scope.text(file, value), node: value }];
  });
}
