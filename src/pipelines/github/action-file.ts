import { dirname } from 'node:path/posix';
import { type Gap, nodeAt, type Readers, type SourceFile, type SourceTree, scalarAt } from '../../syntax/index.ts';
import type { Job, Pipeline } from '../model.ts';
import { WrittenScripts } from '../script/index.ts';
import { readActionInputs } from './inputs.ts';
import { readCompositeSteps } from './local-action.ts';
import { NO_CHECKS } from './permission-checks.ts';
import { createLocalActions, type Reading } from './reading.ts';
import { readImage } from './reference.ts';
import { readEntries } from './template.ts';
import { NO_SPECIAL_FACTS, readName } from './workflow.ts';

/**
 * Read the description of an action. A composite one has a single job `runs`; its steps are also read in place where a
 * workflow of the repository uses it.
 */
export function readActionFile(file: SourceFile, tree: SourceTree, readers: Readers): Pipeline {
  const { root, gaps: syntaxGaps } = readers.yaml(file);
  const gaps: Gap[] = [...syntaxGaps];
  const scope = { inputs: readActionInputs(root), matrix: new Map() };
  const using = scalarAt(root, 'runs', 'using')?.text;
  const directory = dirname(file.path) === '.' ? '' : dirname(file.path);
  const reading: Reading = {
    file,
    tree,
    readers,
    scope,
    checks: NO_CHECKS,
    triggers: [],
    environments: [],
    defaults: { shell: undefined, directory: undefined, windows: false },
    actionDirectory: directory,
    actionPath: [],
    actions: createLocalActions(),
    written: new WrittenScripts(),
    gaps,
  };
  const image = scalarAt(root, 'runs', 'image');
  const remote = image?.text.startsWith('docker://') ? image : undefined;
  return {
    platform: 'github',
    role: using === 'composite' ? 'composite-action' : 'action',
    file,
    name: readName(root, file.path),
    triggers: [],
    permissions: undefined,
    environment: [],
    concurrency: undefined,
    jobs: using === 'composite' ? [compositeJob(root, directory, reading)] : [],
    inputs: readEntries(nodeAt(root, 'inputs'), file.text, file.path, scope),
    outputs: readEntries(nodeAt(root, 'outputs'), file.text, file.path, scope),
    includes:
      remote === undefined
        ? []
        : [readImage(remote.text.slice('docker://'.length), { file: file.path, span: remote.span })],
    root,
    gaps,
    special: NO_SPECIAL_FACTS,
  };
}

function compositeJob(root: Pipeline['root'], directory: string, reading: Reading): Job {
  const runs = nodeAt(root, 'runs');
  const span = runs?.span ?? { start: 0, end: 0 };
  const place = { file: reading.file.path, span };
  const nothing = {
    name: undefined,
    condition: undefined,
    container: undefined,
    permissions: undefined,
    deployment: undefined,
    timeoutMinutes: undefined,
    concurrency: undefined,
    calls: undefined,
  };
  return {
    ...nothing,
    id: 'runs',
    place,
    body: place,
    needs: [],
    runner: { labels: [], kind: 'unknown' },
    services: [],
    environment: [],
    outputs: [],
    steps: readCompositeSteps(root, reading.file, directory, reading),
    effects: [],
    node: runs,
  };
}
