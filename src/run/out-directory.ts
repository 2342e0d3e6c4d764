import { accessSync, constants, existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { SallyportError } from '../errors/index.ts';
import { describeFileError, hasCode } from '../system/index.ts';
import { escapeJson } from '../text/index.ts';
import type { DataFlowReport, RunReport } from './report/index.ts';
import { renderHtml, renderMarkdown } from './report/index.ts';

/**
 * Makes the out directory, before anything runs: a run whose evidence cannot be kept does not start.
 * Throws SP1701 when it is not empty, not a directory, or cannot be written.
 */
export function prepareOutDirectory(path: string): void {
  try {
    if (existsSync(path)) {
      if (!statSync(path).isDirectory()) throw new SallyportError('SP1701', `${path} is not a directory`);
      if (readdirSync(path).length > 0)
        throw new SallyportError('SP1701', `${path} is not empty: it may hold the evidence of another run`);
    } else {
      mkdirSync(dirname(path), { recursive: true, mode: 0o755 });
      // By itself: a recursive one says ENOENT of a read-only disk.
      mkdirSync(path, { mode: 0o755 });
    }
    accessSync(path, constants.W_OK | constants.X_OK);
  } catch (cause) {
    if (cause instanceof SallyportError) throw cause;
    throw new SallyportError('SP1701', `${path} cannot be written: ${describeFileError(cause)}`, {
      cause,
      advice: `Make ${dirname(path)} writable, or name another directory with --out.`,
    });
  }
}

/** Git's word that the folder is no part of the work tree it may lie in: evidence is not a change that somebody made. */
const IGNORED = { '.gitignore': '*\n' };

/** Writes every projection of the report. Throws SP1709 when the disk does not take it. */
export function writeReports(directory: string, report: RunReport, dataFlow: DataFlowReport): void {
  const projections = {
    'report.json': `${escapeJson(JSON.stringify(report, null, 2))}\n`,
    'report.md': renderMarkdown(report),
    'report.html': renderHtml(report),
    'dataflow.json': `${escapeJson(JSON.stringify(dataFlow, null, 2))}\n`,
  };
  for (const [name, text] of Object.entries({ ...IGNORED, ...projections })) writeWhole(join(directory, name), text);
}

function writeWhole(path: string, text: string): void {
  try {
    // Nothing may stand there yet, not even a link: what is applied to a workspace around it comes from the agent.
    writeFileSync(path, text, { flag: 'wx' });
  } catch (cause) {
    // A report that was cut short is none; what stood there before is not ours to remove.
    if (!hasCode(cause, 'EEXIST')) rmSync(path, { force: true });
    throw new SallyportError('SP1709', `${path}: ${describeFileError(cause)}`, { cause });
  }
}
