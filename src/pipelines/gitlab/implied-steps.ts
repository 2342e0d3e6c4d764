import { entriesOf, nodeAt, type Place, scalarAt, scalarsOf } from '../../syntax/index.ts';
import type { Effect, TreeProvenance } from '../effect.ts';
import type { Step, Trigger } from '../model.ts';
import { makeStep } from '../text/step.ts';
import { impliedText, placeIn } from '../text/template-text.ts';
import { type Configuration, findIn, type Layer } from './configuration.ts';
import type { VariableScope } from './variables.ts';

/** What the runner does before the commands: it gets the sources and puts back the cache and artifacts. */
export function stepsBefore(
  layers: readonly Layer[],
  scope: VariableScope,
  triggers: readonly Trigger[],
  needsArtifacts: boolean,
  place: Place,
): readonly Step[] {
  const effects: Effect[] = [];
  const sources = readCheckout(layers, scope, triggers, place);
  if (sources) effects.push(sources);
  for (const cache of cachesOf(layers)) {
    if (cache.policy !== 'push')
      effects.push({ kind: 'cache', mode: 'restore', key: cache.key, place: cache.place, certainty: 'certain' });
  }
  if (needsArtifacts) {
    effects.push({ kind: 'artifact-download', otherRun: false, name: undefined, place, certainty: 'possible' });
  }
  return effects.length === 0
    ? []
    : [makeStep(place, { id: 'get_sources', name: impliedText('get sources', place), effects })];
}

/** What the runner does afterwards: it stores cache, artifacts and variables for later jobs. */
export function stepsAfter(layers: readonly Layer[], scope: VariableScope, place: Place): readonly Step[] {
  const effects: Effect[] = [];
  for (const cache of cachesOf(layers)) {
    if (cache.policy !== 'pull')
      effects.push({ kind: 'cache', mode: 'save', key: cache.key, place: cache.place, certainty: 'certain' });
  }
  const paths = findIn(layers, 'artifacts', 'paths');
  if (paths) {
    const name = scalarAt(findIn(layers, 'artifacts', 'name')?.node)?.text;
    const written = scalarsOf(paths.node).map((scalar) => scalar.text);
    effects.push({
      kind: 'artifact-upload',
      paths: written,
      name,
      place: placeIn(paths.file, paths.node.span),
      certainty: 'certain',
    });
  }
  const dotenv = findIn(layers, 'artifacts', 'reports', 'dotenv');
  for (const scalar of scalarsOf(dotenv?.node)) {
    const at = placeIn(dotenv?.file ?? place.file, scalar.span);
    effects.push({
      kind: 'set-environment',
      target: 'env',
      name: undefined,
      value: scope.text(at.file, scalar).text,
      place: at,
      certainty: 'certain',
    });
  }
  return effects.length === 0
    ? []
    : [makeStep(place, { id: 'upload_artifacts', name: impliedText('store results', place), effects })];
}

/**
 * The runner writes the job's token into the remote's URL, where it stays for the job (GitLab Runner documentation,
 * `FF_GIT_URLS_WITHOUT_TOKENS`, off by default).
 */
function readCheckout(
  layers: readonly Layer[],
  scope: VariableScope,
  triggers: readonly Trigger[],
  place: Place,
): Effect | undefined {
  const strategy = scope.constant('GIT_STRATEGY');
  if (strategy === 'none' || strategy === 'empty' || scope.constant('GIT_CHECKOUT') === 'false') return undefined;
  const submodules = scope.constant('GIT_SUBMODULE_STRATEGY') ?? 'none';
  const at = findIn(layers, 'script')?.key;
  return {
    kind: 'checkout',
    tree: treeOf(triggers),
    ref: undefined,
    persistsCredentials: scope.constant('FF_GIT_URLS_WITHOUT_TOKENS') !== 'true',
    submodules: submodules !== 'none',
    token: undefined,
    path: undefined,
    place: at ? { file: place.file, span: place.span } : place,
    certainty: 'certain',
  };
}

/** A merge request brings its author's tree, whatever else may start the job. */
function treeOf(triggers: readonly Trigger[]): TreeProvenance {
  return triggers.some(({ event }) => event === 'merge_request_event' || event === 'external_pull_request_event')
    ? 'pull-request'
    : 'base';
}

/** One cache of a job. */
export interface CacheFact {
  readonly key: string | undefined;
  readonly policy: string;
  readonly place: Place;
}

function cachesOf(layers: readonly Layer[]): readonly CacheFact[] {
  const written = findIn(layers, 'cache');
  if (written === undefined) return [];
  const nodes = written.node.kind === 'list' ? written.node.items : [written.node];
  return nodes.flatMap((node) => {
    if (node.kind !== 'map' || node.entries.length === 0) return [];
    const files = scalarsOf(nodeAt(node, 'key', 'files')).map((scalar) => scalar.text);
    const key = scalarAt(node, 'key')?.text ?? (files.length > 0 ? `files:${files.join(',')}` : undefined);
    const policy = scalarAt(node, 'policy')?.text ?? 'pull-push';
    return [{ key, policy, place: placeIn(written.file, node.span) }];
  });
}

/** Identity tokens and secrets that the job receives besides its variables. */
export function jobEffects(configuration: Configuration, layers: readonly Layer[]): readonly Effect[] {
  const effects: Effect[] = [];
  for (const { file, node } of layers) {
    for (const { key } of entriesOf(nodeAt(node, 'id_tokens'))) {
      effects.push({
        kind: 'mint-token',
        output: key.text,
        scopes: undefined,
        place: placeIn(file, key.span),
        certainty: 'certain',
      });
    }
    for (const { key } of entriesOf(nodeAt(node, 'secrets'))) {
      effects.push({
        kind: 'login',
        to: 'other',
        keyless: false,
        place: placeIn(file, key.span),
        certainty: 'certain',
      });
    }
  }
  const release = findIn(layers, 'release');
  if (release)
    effects.push({
      kind: 'release',
      what: 'release',
      place: placeIn(release.file, release.node.span),
      certainty: 'certain',
    });
  for (const written of configuration.itemsAt(findIn(layers, 'pages')).slice(0, 1)) {
    effects.push({
      kind: 'publish',
      what: 'pages',
      place: placeIn(written.file, written.node.span),
      certainty: 'certain',
    });
  }
  return effects;
}
