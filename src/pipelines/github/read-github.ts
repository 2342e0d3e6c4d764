import type { Gap, Readers, SourceFile, SourceTree } from '../../syntax/index.ts';
import type { Pipeline } from '../model.ts';
import { makePipeline } from '../text/step.ts';
import { readActionFile } from './action-file.ts';
import { isDependencyBotFile, readDependencyBot } from './dependency-bot.ts';
import { readWorkflow } from './workflow.ts';
import { narrowWorkflowRuns } from './workflow-run.ts';

const WORKFLOW = /^\.github\/workflows\/[^/]+\.ya?ml$/;
const ACTION = /(?:^|\/)action\.ya?ml$/;

type ReadPipeline = (file: SourceFile, tree: SourceTree, readers: Readers) => Pipeline;

function readerFor(path: string): ReadPipeline | undefined {
  if (WORKFLOW.test(path)) return readWorkflow;
  if (ACTION.test(path)) return readActionFile;
  return isDependencyBotFile(path) ? (file, _tree, readers) => readDependencyBot(file, readers) : undefined;
}

/**
 * Every workflow, action and dependency bot configuration of a repository. A file that cannot be read is a pipeline
 * without jobs whose `gaps` say why.
 */
export function readGitHub(tree: SourceTree, readers: Readers): readonly Pipeline[] {
  const pipelines = tree.entries.flatMap((entry): readonly Pipeline[] => {
    const read = entry.kind === 'submodule' ? undefined : readerFor(entry.path);
    if (read === undefined) return [];
    const file = tree.read(entry.path);
    if (file === undefined) return [];
    return ['text' in file ? read(file, tree, readers) : unreadable(entry.path, file)];
  });
  return narrowWorkflowRuns(pipelines);
}

function unreadable(path: string, gap: Gap): Pipeline {
  return makePipeline({ platform: 'github', role: 'workflow', file: { path, text: '' }, gaps: [gap] });
}
