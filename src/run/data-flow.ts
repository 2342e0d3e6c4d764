import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { DestinationFlow as BrokerFlow } from '../broker/index.ts';
import type { DataFlowReport } from './report/index.ts';

/** Larger files are data, not text that an agent reads line by line. */
const MOST_BYTES = 2 * 1024 * 1024;
/** Of trees with more text files only these are compared. */
const MOST_FILES = 20_000;

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
): Promise<DataFlowReport> {
  if (flows.length === 0) return emptyDataFlow(run, { accounted: true });
  // Only here: what serves HTTP is no part of the supervisor's start.
  const { matchDisclosure } = await import('../broker/index.ts');
  const disclosing = flows.some((flow) => flow.fingerprints.length > 0);
  const files = disclosing ? [...textFiles(lower)] : [];
  return {
    ...emptyDataFlow(run, { accounted: true }),
    destinations: flows.map(({ fingerprints, capped, ...flow }) => ({
      ...flow,
      files: fingerprints.length === 0 ? [] : matchDisclosure(fingerprints, files),
      partial: capped || files.length >= MOST_FILES,
    })),
  };
}

function* textFiles(root: string): Generator<{ readonly path: string; readonly text: string }> {
  const pending = [''];
  let found = 0;
  for (let directory = pending.pop(); directory !== undefined; directory = pending.pop()) {
    for (const entry of readdirSync(join(root, directory), { withFileTypes: true })) {
      const path = directory === '' ? entry.name : `${directory}/${entry.name}`;
      if (entry.isDirectory() && !PASSED_OVER.has(entry.name)) pending.push(path);
      // Staging wrote this tree and the agent cannot reach it: names mean what they say.
      const place = join(root, path);
      if (!entry.isFile() || statSync(place).size > MOST_BYTES) continue;
      const bytes = readFileSync(place);
      if (bytes.includes(0)) continue;
      yield { path, text: bytes.toString('utf8') };
      if (++found === MOST_FILES) return;
    }
  }
}
