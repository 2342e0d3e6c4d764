import type { Facts } from '../../../facts/index.ts';
import type { SourceFile } from '../../../syntax/index.ts';

/** What a file is to a model, which decides what is looked for in it. */
export type ReaderKind =
  /** The model obeys it: instruction files, skills, commands, sources of agentic workflows. */
  | 'instructions'
  /** The model reads it as data that outsiders fill in: templates of issues and pull requests. */
  | 'template'
  /** A machine runs it and people review it: pipelines, settings, scripts that pipelines start. */
  | 'program';

export interface WatchedFile {
  readonly source: SourceFile;
  readonly kind: ReaderKind;
}

const TEMPLATE =
  /^(?:(?:\.github|docs)\/)?(?:ISSUE_TEMPLATE|PULL_REQUEST_TEMPLATE|DISCUSSION_TEMPLATE)(?:\/[^/]+)?(?:\.(?:md|ya?ml))?$|^\.gitlab\/(?:issue|merge_request)_templates\/[^/]+\.md$/i;
const MOST_TEMPLATES = 200;

/** Every file that steers an agent or that a reviewer takes for a program, each once. */
export function watchedFiles(facts: Facts): readonly WatchedFile[] {
  const found = new Map<string, WatchedFile>();
  const add = (source: SourceFile | undefined, kind: ReaderKind): void => {
    if (source !== undefined && !found.has(source.path)) found.set(source.path, { source, kind });
  };
  for (const { file, instructions } of facts.configurations)
    add(file, instructions === undefined ? 'program' : 'instructions');
  for (const { file, role } of facts.pipelines) add(file, role === 'agentic-source' ? 'instructions' : 'program');
  for (const path of templatesOf(facts)) add(facts.source(path), 'template');
  for (const path of followedScripts(facts)) add(facts.source(path), 'program');
  return [...found.values()];
}

function templatesOf(facts: Facts): readonly string[] {
  return facts.tree.entries
    .filter(({ kind, path }) => kind === 'file' && TEMPLATE.test(path))
    .slice(0, MOST_TEMPLATES)
    .map(({ path }) => path);
}

/** Scripts that steps start: they are read already, so they cost nothing more. */
function followedScripts(facts: Facts): readonly string[] {
  const steps = facts.pipelines.flatMap(({ jobs }) => jobs.flatMap((job) => job.steps));
  return steps.flatMap(({ followed }) => followed.map(({ script }) => script.text.place.file));
}
