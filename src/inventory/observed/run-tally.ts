import { type JsonObject, objectOf } from '../../system/index.ts';
import { hostOf, shownText } from '../shown-text.ts';
import type { ObservedRun, ObservedTool } from './observed-run.ts';

/** A run that names more hosts, tools or files than this is listed in part. */
const MOST_NAMES = 2_000;

type Tally = Omit<ObservedRun, 'name' | 'verdict' | 'used' | 'origin' | 'outcome'>;

/** Adds up the records of one run: names and counts, no content. */
export class RunTally {
  readonly #hosts = new Set<string>();
  readonly #refused = new Set<string>();
  readonly #models = new Set<string>();
  readonly #credentials = new Set<string>();
  readonly #files = new Set<string>();
  readonly #tools = new Map<string, { calls: number; denied: number }>();
  #start: JsonObject = {};

  add(record: JsonObject): void {
    const subject = objectOf(record['subject']);
    const denied = objectOf(record['decision'])['verdict'] === 'deny';
    switch (record['kind']) {
      case 'run.start':
        this.#start = subject;
        break;
      case 'network.request':
        put(denied ? this.#refused : this.#hosts, subject['host']);
        break;
      case 'model.request':
        put(denied ? this.#refused : this.#hosts, destinationHost(subject['destination']));
        if (!denied) put(this.#models, subject['model']);
        break;
      case 'credential.use':
        put(this.#credentials, subject['name']);
        put(this.#hosts, subject['host']);
        break;
      case 'tool.call':
        this.#addTool(subject['tool'], denied);
        break;
      case 'file.change':
        if (subject['status'] !== 'withheld') put(this.#files, subject['path']);
        break;
    }
  }

  #addTool(name: unknown, denied: boolean): void {
    if (typeof name !== 'string' || name === '') return;
    const shown = shownText(name);
    const known = this.#tools.get(shown);
    if (known === undefined && this.#tools.size >= MOST_NAMES) return;
    this.#tools.set(shown, { calls: (known?.calls ?? 0) + 1, denied: (known?.denied ?? 0) + (denied ? 1 : 0) });
  }

  result(): Tally {
    const pipeline = objectOf(this.#start['pipeline']);
    const tools: readonly ObservedTool[] = [...this.#tools].map(([name, counts]) => ({ name, ...counts }));
    return {
      agent: textOf(objectOf(this.#start['agent'])['id']),
      repository: textOf(pipeline['vcs.repository']),
      pipeline: textOf(pipeline['cicd.pipeline.name']),
      job: textOf(pipeline['cicd.pipeline.task.name']),
      hosts: [...this.#hosts].sort(),
      refusedHosts: [...this.#refused].filter((host) => !this.#hosts.has(host)).sort(),
      models: [...this.#models].sort(),
      tools: tools.toSorted((one, other) => (one.name < other.name ? -1 : 1)),
      credentials: [...this.#credentials].sort(),
      files: [...this.#files].sort(),
    };
  }
}

function put(set: Set<string>, value: unknown): void {
  if (typeof value === 'string' && value !== '' && set.size < MOST_NAMES) set.add(shownText(value));
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? shownText(value) : undefined;
}

/** `api.example.test:443` or an address. */
function destinationHost(destination: unknown): string | undefined {
  if (typeof destination !== 'string') return undefined;
  return hostOf(destination.includes('://') ? destination : `tcp://${destination}`) ?? destination;
}
