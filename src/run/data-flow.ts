import { readdirSync, readFileSync, statSync } from 'node:fs';
import type { DestinationFlow as BrokerFlow } from '../broker/index.ts';
import type { DataFlowReport } from './report/index.ts';

/** Larger files are data, not text that an agent reads line by line. */
const MOST_FILE_BYTES = 2 * 1024 * 1024;

/** How much of a tree is compared: it may be somebody's who wants the end of a run to take long. */
interface ReadingLimits {
  readonly files: number;
  readonly bytes: number;
}

const READING_LIMITS: ReadingLimits = { files: 20_000, bytes: 512 * 1024 * 1024 };

/** Directories of dependencies and of git: their lines stand in every checkout and say nothing about this one. */
const PASSED_OVER = new Set(['.git', 'node_modules', '.venv', 'vendor', 'target', 'dist', 'build']);

/** No destination: nothing left, or, not `accounted`, nobody knows what did. */
export function emptyDataFlow(run: string, { accounted }: { readonly accounted: boolean }): DataFlowReport {
  return { version: 1, run, accounted, destinations: [] };
}

/** For each destination what left, and which files of the staged tree were in it, by fingerprint. */
export async function reportDataFlow(
  run: string,
  flows: readonly BrokerFlow[],
  lower: string,
  limits = READING_LIMITS,
): Promise<DataFlowReport> {
  if (flows.length === 0) return emptyDataFlow(run, { accounted: true });
  // Only here: what serves HTTP is no part of the supervisor's start.
  const { matchDisclosures } = await import('../broker/index.ts');
  const disclosing = flows.filter((flow) => flow.fingerprints.length > 0);
  const tree = new TextFiles(lower, limits);
  const found =
    disclosing.length === 0
      ? []
      : matchDisclosures(
          disclosing.map(({ fingerprints }) => fingerprints),
          tree,
        );
  return {
    ...emptyDataFlow(run, { accounted: true }),
    destinations: flows.map((flow) => {
      const { fingerprints: _, capped, ...sums } = flow;
      return { ...sums, files: found[disclosing.indexOf(flow)] ?? [], partial: capped || tree.isCut };
    }),
  };
}

/** The text files of the staged tree, one at a time: together they may be more than memory holds. */
class TextFiles implements Iterable<{ readonly path: string; readonly text: string }> {
  /** Whether the reading ended at a limit. */
  isCut = false;
  readonly #root: string;
  readonly #limits: ReadingLimits;

  constructor(root: string, limits: ReadingLimits) {
    this.#root = root;
    this.#limits = limits;
  }

  *[Symbol.iterator](): Generator<{ readonly path: string; readonly text: string }> {
    let files = 0;
    let read = 0;
    for (const path of pathsBelow(this.#root)) {
      // Staging wrote this tree and the agent cannot reach it: names mean what they say.
      const place = placeOf(this.#root, path);
      const { size } = statSync(place);
      if (size > MOST_FILE_BYTES) continue;
      read += size;
      this.isCut = files === this.#limits.files || read > this.#limits.bytes;
      if (this.isCut) return;
      const bytes = readFileSync(place);
      if (bytes.includes(0)) continue;
      files += 1;
      yield { path: Buffer.from(path, 'latin1').toString('utf8'), text: bytes.toString('utf8') };
    }
  }
}

/** Paths byte for byte, each byte a character: a name need not be text. */
function* pathsBelow(root: string): Generator<string> {
  const pending = [''];
  for (let directory = pending.pop(); directory !== undefined; directory = pending.pop()) {
    for (const entry of readdirSync(placeOf(root, directory), { withFileTypes: true, encoding: 'latin1' })) {
      const path = directory === '' ? entry.name : `${directory}/${entry.name}`;
      if (entry.isFile()) yield path;
      else if (entry.isDirectory() && !PASSED_OVER.has(entry.name)) pending.push(path);
    }
  }
}

function placeOf(root: string, path: string): Buffer {
  return Buffer.concat([Buffer.from(`${root}/`), Buffer.from(path, 'latin1')]);
}
