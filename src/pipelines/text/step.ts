import type { Place } from '../../syntax/index.ts';
import type { Container, Entry, Job, Pipeline, Step } from '../model.ts';
import type { TemplateText } from '../value.ts';

/** A step that does nothing yet, with what is known of it laid over. */
export function makeStep(place: Place, given: Partial<Step>): Step {
  return {
    index: 0,
    id: undefined,
    name: undefined,
    place,
    condition: undefined,
    environment: [],
    workingDirectory: undefined,
    continueOnError: undefined,
    timeoutMinutes: undefined,
    uses: undefined,
    inputs: [],
    run: undefined,
    followed: [],
    inner: [],
    effects: [],
    node: undefined,
    ...given,
  };
}

/** A job that says nothing yet, with what is known of it laid over. Its steps are numbered. */
export function makeJob(id: string, place: Place, given: Partial<Job>): Job {
  return {
    id,
    name: undefined,
    place,
    body: place,
    condition: undefined,
    needs: [],
    runner: { labels: [], kind: 'unknown' },
    container: undefined,
    services: [],
    permissions: undefined,
    deployment: undefined,
    environment: [],
    timeoutMinutes: undefined,
    concurrency: undefined,
    outputs: [],
    calls: undefined,
    effects: [],
    node: undefined,
    ...given,
    steps: (given.steps ?? []).map((step, index) => ({ ...step, index })),
  };
}

/** A pipeline file of which nothing is known yet, with what is known laid over. */
export function makePipeline(given: Pick<Pipeline, 'platform' | 'role' | 'file'> & Partial<Pipeline>): Pipeline {
  return {
    name: undefined,
    triggers: [],
    permissions: undefined,
    environment: [],
    concurrency: undefined,
    jobs: [],
    inputs: [],
    outputs: [],
    includes: [],
    root: undefined,
    gaps: [],
    special: { kind: 'none', entries: [] },
    ...given,
  };
}

/** A container of which only the image is known, with what else is known laid over. */
export function makeContainer(place: Place, given: Partial<Container>): Container {
  return {
    image: undefined,
    user: undefined,
    privileged: undefined,
    options: undefined,
    mounts: [],
    environment: [],
    credentials: [],
    place,
    ...given,
  };
}

/** An entry whose value is not a node of the file. */
export function makeEntry(name: string, keyPlace: Place, value: TemplateText): Entry {
  return { name, keyPlace, value, node: undefined };
}
