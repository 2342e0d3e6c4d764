import type { Job, Pipeline, Step } from '../../../src/pipelines/index.ts';
import { readPipelines } from '../../../src/pipelines/index.ts';
import { loadReaders } from '../../../src/syntax/index.ts';
import { memoryTree } from '../../support/memory-tree.ts';

const readers = await loadReaders();

export function read(files: Readonly<Record<string, string>>): readonly Pipeline[] {
  return readPipelines(memoryTree(files), readers);
}

/** One workflow at `.github/workflows/work.yml`. */
export function readOne(text: string): Pipeline {
  const [pipeline] = read({ '.github/workflows/work.yml': text });
  if (pipeline === undefined) throw new Error('no pipeline was read');
  return pipeline;
}

/** The one job `work` of a workflow with the given steps. */
export function readJob(steps: string, on = 'push'): Job {
  const indented = steps.replaceAll(/^(?=.)/gm, '      ');
  const [job] = readOne(`on: ${on}\njobs:\n  work:\n    runs-on: ubuntu-24.04\n    steps:\n${indented}\n`).jobs;
  if (job === undefined) throw new Error('no job was read');
  return job;
}

export function readStep(step: string, on = 'push'): Step {
  const [first] = readJob(step, on).steps;
  if (first === undefined) throw new Error('no step was read');
  return first;
}

/** What stands in the file at a place. */
export function at(text: string, place: { readonly span: { readonly start: number; readonly end: number } }): string {
  return text.slice(place.span.start, place.span.end);
}
