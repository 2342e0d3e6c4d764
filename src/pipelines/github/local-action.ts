import { type Gap, type Node, nodeAt, type SourceFile, scalarAt } from '../../syntax/index.ts';
import type { Reference, Step } from '../model.ts';
import { WrittenScripts } from '../script/index.ts';
import { readActionInputs } from './inputs.ts';
import { normalizeDirectory, type Reading } from './reading.ts';
import { readSteps } from './step.ts';

/** Local actions may use others; more levels than this are not followed. */
const MOST_LEVELS = 10;

/** The description of an action in a directory, as its path and text. */
function findActionFile(directory: string, reading: Pick<Reading, 'tree'>): SourceFile | undefined {
  const prefix = directory === '' ? '' : `${directory}/`;
  for (const name of ['action.yml', 'action.yaml']) {
    const file = reading.tree.read(`${prefix}${name}`);
    if (file !== undefined && 'text' in file) return file;
  }
  return undefined;
}

/** The steps of a composite action of this repository; none of one in another language or that is not there. */
export function readLocalAction(uses: Reference, reading: Reading): readonly Step[] {
  const directory = normalizeDirectory(uses.name);
  if (directory.split('/').includes('..') || reading.actionPath.includes(directory)) return [];
  if (reading.actionPath.length >= MOST_LEVELS) {
    return refuse('cap', `local actions use one another more than ${MOST_LEVELS} levels deep`, uses, reading);
  }
  const known = reading.actions.read.get(directory) ?? readOnce(directory, reading);
  if (known === undefined) {
    return refuse('unresolved', `the action '${uses.name}' is not in this repository as it stands`, uses, reading);
  }
  if (known.size > reading.actions.stepsLeft)
    return refuse('cap', 'local actions unfold to too many steps', uses, reading);
  reading.actions.stepsLeft -= known.size;
  return known.steps;
}

function refuse(kind: Gap['kind'], message: string, uses: Reference, reading: Reading): readonly Step[] {
  reading.gaps.push({ kind, message, place: uses.place });
  return [];
}

function readOnce(directory: string, reading: Reading) {
  const file = findActionFile(directory, reading);
  if (file === undefined) return undefined;
  const { root } = reading.readers.yaml(file);
  const left = reading.actions.stepsLeft;
  const steps = readCompositeSteps(root, file, directory, reading);
  // What its own steps unfolded to has been taken off already; a second use takes it off again.
  const unfolded = { steps, size: steps.length + left - reading.actions.stepsLeft };
  reading.actions.stepsLeft = left;
  reading.actions.read.set(directory, unfolded);
  return unfolded;
}

/** The steps under `runs.steps` of an action file. */
export function readCompositeSteps(
  root: Node | undefined,
  file: SourceFile,
  directory: string,
  outer: Reading,
): readonly Step[] {
  if (scalarAt(root, 'runs', 'using')?.text !== 'composite') return [];
  const reading: Reading = {
    ...outer,
    file,
    scope: { inputs: readActionInputs(root), matrix: new Map() },
    environments: [],
    defaults: { shell: undefined, directory: undefined, windows: false },
    actionDirectory: directory,
    actionPath: [...outer.actionPath, directory],
    written: new WrittenScripts(),
  };
  return readSteps(nodeAt(root, 'runs', 'steps'), reading, '');
}
