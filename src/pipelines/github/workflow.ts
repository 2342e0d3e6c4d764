import {
  entryOf,
  type Gap,
  nodeAt,
  type Readers,
  type SourceFile,
  type SourceTree,
  scalarAt,
} from '../../syntax/index.ts';
import type { Located, Pipeline, PlatformFacts } from '../model.ts';
import { WrittenScripts } from '../script/index.ts';
import { readWorkflowInputs } from './inputs.ts';
import { readDefaults, readJobs } from './job.ts';
import { findPermissionChecks } from './permission-checks.ts';
import { readPermissions } from './permissions.ts';
import { createLocalActions, type Reading } from './reading.ts';
import { readEntries } from './template.ts';
import { onNode, readTriggers } from './triggers.ts';

export const NO_SPECIAL_FACTS: PlatformFacts = { kind: 'none', entries: [] };

/** Read one workflow file. Never throws on content. */
export function readWorkflow(file: SourceFile, tree: SourceTree, readers: Readers): Pipeline {
  const { root, gaps: syntaxGaps } = readers.yaml(file);
  const gaps: Gap[] = [...syntaxGaps];
  const triggers = readTriggers(root, file.path);
  const scope = { inputs: readWorkflowInputs(root), matrix: new Map() };
  const environment = readEntries(nodeAt(root, 'env'), file.text, file.path, scope);
  const reading: Reading = {
    file,
    tree,
    readers,
    scope,
    checks: findPermissionChecks(root),
    triggers,
    environments: [environment],
    defaults: readDefaults(root, { shell: undefined, directory: undefined, windows: false }, []),
    actionDirectory: undefined,
    actionPath: [],
    actions: createLocalActions(),
    written: new WrittenScripts(),
    gaps,
  };
  const permissions = readPermissions(entryOf(root, 'permissions'), file.path);
  const concurrency = entryOf(root, 'concurrency');
  const called = nodeAt(onNode(root), 'workflow_call');
  return {
    platform: 'github',
    role: triggers.some((trigger) => trigger.event === 'workflow_call') ? 'reusable' : 'workflow',
    file,
    name: readName(root, file.path),
    triggers,
    permissions,
    environment,
    concurrency: concurrency === undefined ? undefined : { file: file.path, span: concurrency.span },
    jobs: readJobs(root, permissions, reading),
    inputs: readEntries(nodeAt(called, 'inputs'), file.text, file.path, scope),
    outputs: readEntries(nodeAt(called, 'outputs'), file.text, file.path, scope),
    includes: [],
    root,
    gaps,
    special: NO_SPECIAL_FACTS,
  };
}

export function readName(root: Pipeline['root'], file: string): Located<string> | undefined {
  const name = scalarAt(root, 'name');
  return name === undefined ? undefined : { value: name.text, place: { file, span: name.span } };
}
