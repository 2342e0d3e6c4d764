import { runGit } from '../git-command.ts';
import type { TreeLimits } from './limits.ts';

/** Ids asked for in one call: bounds what a call holds in memory beside the blobs. */
const BATCH_BYTES = 64 * 1024 * 1024;
const BATCH_OBJECTS = 20_000;

/** The sizes of blobs, in bytes; one that this clone does not hold (partial clone) is left out. */
export async function readSizes(gitDir: string, ids: ReadonlySet<string>): Promise<ReadonlyMap<string, number>> {
  const sizes = new Map<string, number>();
  if (ids.size === 0) return sizes;
  const input = Buffer.from(`${[...ids].join('\n')}\n`);
  const answers = await runGit({ gitDir, args: ['cat-file', '--batch-check', '--buffer'], input });
  for (const line of answers.toString('latin1').split('\n')) {
    const [, id, size] = /^([0-9a-f]{40,64}) blob (\d+)$/.exec(line) ?? [];
    if (id !== undefined) sizes.set(id, Number(size));
  }
  return sizes;
}

/** The content of blobs, the small ones first, as far as `totalBytes` goes; none larger than `fileBytes`. */
export async function readBlobs(
  gitDir: string,
  sizes: ReadonlyMap<string, number>,
  limits: TreeLimits,
): Promise<ReadonlyMap<string, Buffer>> {
  const blobs = new Map<string, Buffer>();
  const wanted = [...sizes].filter(([, size]) => size <= limits.fileBytes).sort(([, left], [, right]) => left - right);
  let total = 0;
  let batch: string[] = [];
  let batchBytes = 0;
  const flush = async (): Promise<void> => {
    if (batch.length > 0) await readBatch(gitDir, batch, blobs);
    batch = [];
    batchBytes = 0;
  };
  for (const [id, size] of wanted) {
    total += size;
    if (total > limits.totalBytes) break;
    batch.push(id);
    batchBytes += size;
    if (batchBytes > BATCH_BYTES || batch.length >= BATCH_OBJECTS) await flush();
  }
  await flush();
  return blobs;
}

/** `<id> blob <size> LF <content> LF`, as `git-cat-file(1)` writes it. */
async function readBatch(gitDir: string, ids: readonly string[], blobs: Map<string, Buffer>): Promise<void> {
  const input = Buffer.from(`${ids.join('\n')}\n`);
  const output = await runGit({ gitDir, args: ['cat-file', '--batch', '--buffer'], input });
  for (let at = 0; at < output.length; ) {
    const end = output.indexOf(0x0a, at);
    if (end < 0) return;
    const [, id, size] = /^([0-9a-f]{40,64}) \w+ (\d+)$/.exec(output.toString('latin1', at, end)) ?? [];
    at = end + 1;
    if (id === undefined) continue;
    blobs.set(id, output.subarray(at, at + Number(size)));
    at += Number(size) + 1;
  }
}
