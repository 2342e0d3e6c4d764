import { entriesOf, entryOf, type MapNode, type Readers, type SourceTree, scalarAt } from '../../syntax/index.ts';
import type { Entry, Job, Pipeline, PlatformFacts, Trigger } from '../model.ts';
import { makePipeline } from '../text/step.ts';
import { impliedText, placeIn } from '../text/template-text.ts';
import { type Configuration, type ConfigurationFile, loadConfiguration } from './configuration.ts';
import { readIncludes } from './include.ts';
import { readJob } from './job.ts';
import { VariableScope } from './variables.ts';

/** Names under which GitLab or its users keep pipelines. */
const ENTRY_FILE = /(?:^|\/)(?:[^/]*\.)?[^/.]*\.?gitlab-ci[^/]*\.ya?ml$/;
const PART_FILE =
  /^(?:\.gitlab\/(?!agents\/|duo\/|merge_request_templates\/|issue_templates\/).*|templates\/.*|\.?(?:gitlab-)?ci\/.*)\.ya?ml$/;

/**
 * Every GitLab pipeline of a tree: the project's own, files that look like one, and parts that nothing includes. A job
 * stands in the pipeline of the file that holds its key and is read with everything it takes from other files.
 */
export function readGitLab(tree: SourceTree, readers: Readers): readonly Pipeline[] {
  const files = tree.entries.filter(({ kind }) => kind === 'file').map(({ path }) => path);
  const entries = files.filter((path) => ENTRY_FILE.test(path)).sort(shallowFirst);
  const parts = files.filter((path) => PART_FILE.test(path) && !ENTRY_FILE.test(path));
  const pipelines = new Map<string, Pipeline>();
  for (const path of [...entries, ...parts]) {
    if (pipelines.has(path)) continue;
    const configuration = loadConfiguration(path, tree, readers);
    if (configuration === undefined) continue;
    const part = !ENTRY_FILE.test(path);
    if (part && !looksLikePipeline(configuration)) continue;
    for (const pipeline of readConfiguration(configuration, tree, readers, part)) {
      if (!pipelines.has(pipeline.file.path)) pipelines.set(pipeline.file.path, pipeline);
    }
  }
  return [...pipelines.values()];
}

/** The root's own file before those of folders: what it includes is read as it includes it. */
function shallowFirst(left: string, right: string): number {
  return left.split('/').length - right.split('/').length || (left < right ? -1 : 1);
}

function looksLikePipeline({ files }: Configuration): boolean {
  const first = files[0];
  if (first === undefined) return false;
  if (first.header !== undefined) return true;
  return first.root.entries.some(
    ({ key, value }) =>
      key.text === 'include' ||
      (value.kind === 'map' && ['script', 'trigger', 'extends'].some((name) => entryOf(value, name))),
  );
}

function readConfiguration(
  configuration: Configuration,
  tree: SourceTree,
  readers: Readers,
  part: boolean,
): readonly Pipeline[] {
  const jobs = configuration.jobNames().flatMap((name): readonly Job[] => {
    const job = readJob(name, configuration, tree, readers);
    return job ? [job] : [];
  });
  return configuration.files.map((file) => makeGitLabPipeline(file, configuration, jobs, part));
}

function makeGitLabPipeline(
  { file, root, header }: ConfigurationFile,
  configuration: Configuration,
  allJobs: readonly Job[],
  part: boolean,
): Pipeline {
  const jobs = allJobs.filter((job) => job.place.file === file.path);
  const name = scalarAt(root, 'workflow', 'name');
  const includes = readIncludes(entryOf(root, 'include')?.value, file.path).filter(({ kind }) => kind !== 'local');
  return makePipeline({
    platform: 'gitlab',
    role: part || header !== undefined ? 'template' : 'workflow',
    file,
    name: name && { value: name.text, place: placeIn(file.path, name.span) },
    triggers: uniteTriggers(jobs),
    environment: globalEntries(root, file.path),
    jobs,
    inputs: declaredInputs(header, file.path),
    includes,
    root,
    gaps: configuration.gaps.filter((gap) => gap.place.file === file.path),
    special: special(jobs),
  });
}

function uniteTriggers(jobs: readonly Job[]): readonly Trigger[] {
  const united = new Map<string, Trigger>();
  for (const trigger of jobs.flatMap((job) => job.triggers ?? [])) {
    const known = united.get(trigger.event);
    if (known === undefined || (known.who !== 'anyone' && trigger.who === 'anyone')) united.set(trigger.event, trigger);
  }
  return [...united.values()];
}

function globalEntries(root: MapNode, file: string): readonly Entry[] {
  const variables = entryOf(root, 'variables');
  if (variables === undefined) return [];
  const scope = new VariableScope();
  scope.add({ file, node: variables.value, key: variables.key });
  return scope.entries();
}

function declaredInputs(header: ConfigurationFile['header'], file: string): readonly Entry[] {
  return entriesOf(header && entryOf(header, 'inputs')?.value).map(({ key, value }) => {
    const place = placeIn(file, key.span);
    const written = scalarAt(value, 'default');
    return { name: key.text, keyPlace: place, value: impliedText(written?.text ?? '', place), node: value };
  });
}

/** Every job holds a token of its own without anybody writing it down (GitLab documentation, "CI/CD job token"). */
function special(jobs: readonly Job[]): PlatformFacts {
  return {
    kind: 'gitlab',
    entries: jobs.map(({ place }) => ({ key: 'implicit-credential', value: 'CI_JOB_TOKEN', place })),
  };
}
