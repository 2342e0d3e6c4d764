import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { DestinationFlow as BrokerFlow } from '../broker/index.ts';
import type { DataFlowReport } from './report/index.ts';

/** Larger files are data, not text that an agent reads line by line. */
const MOST_BYTES = 2 * 1024 * 1024;
/** Trees beyond this are matched in part; the report is then a lower bound, as it is for capped fingerprints. */
const MOST_FILES = 20_000;

/** Directories of dependencies and of git: their lines stand in every checkout and say nothing about this one. */
const PASSED_OVER = new Set(['.git', 'node_modules', '.venv', 'vendor', 'target', 'dist', 'build']);

/** For each destination what left, and which files of the staged tree were in it, by fingerprint. */
export async function reportDataFlow(
  run: string,
  flows: readonly BrokerFlow[],
  lower: string,
): Promise<DataFlowReport> {
  if (flows.length === 0) return { version: 1, run, destinations: [] };
  // Only here: what serves HTTP is no part of the supervisor's start.
  const { matchDisclosure } = await import('../broker/index.ts');
  const disclosing = flows.some((flow) => flow.fingerprints.length > 0);
  const files = disclosing ? [...textFiles(lower)] : [];
  return {
    version: 1,
    run,
    destinations: flows.map(({ fingerprints, capped: _capped, ...flow }) => ({
      ...flow,
      files: fingerprints.length === 0 ? [] : matchDisclosure(fingerprints, files),
    })),
  };
}

function* textFiles(root: string): Generator<{ readonly path: string; readonly text: string }> {
  const pending = [''];
  let seen = 0;
  for (let directory = pending.pop(); directory !== undefined; directory = pending.pop()) {
    for (const entry of readdirSync(join(root, directory), { withFileTypes: true })) {
      const path = directory === '' ? entry.name : `${directory}/${entry.name}`;
      if (entry.isDirectory() && !PASSED_OVER.has(entry.name)) pending.push(path);
      // Staging wrote this tree and the agent cannot reach it: names mean what they say.
      const place = join(root, path);
      if (!entry.isFile() || seen >= MOST_FILES || statSync(place).size > MOST_BYTES) continue;
      seen += 1;
      const bytes = readFileSync(place);
      if (!bytes.includes(0)) yield { path, text: bytes.toString('utf8') };
    }
  }
}
