import { chmodSync, constants, copyFileSync, existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Sandbox } from '../sandbox/index.ts';
import type { JsonObject } from '../system/index.ts';
import type { Change, Stage } from '../workspace/index.ts';
import type { CollectMessage } from './collect-messages.ts';
import type { RunDirectory } from './run-directory.ts';
import type { Scene } from './scene.ts';

const MIB = 1024 * 1024;

/**
 * Has the airlock read the change from the merged tree, and takes its files out of the run directory before that is
 * removed. Throws when the airlock is gone: then there is no change to hand out.
 */
export async function collectRun(
  sandbox: Sandbox,
  scene: Scene,
  stage: Stage,
  directory: RunDirectory,
): Promise<Change> {
  const { limits } = scene.policy;
  const message: CollectMessage = {
    lower: stage.lower,
    baseline: stage.baseline,
    output: directory.collected,
    limits: { files: limits.patchFiles, bytes: limits.patchMiB * MIB },
    policy: scene.source,
    secrets: [...scene.secrets, ...stage.decoys.map(({ name, value }) => ({ name, value }))],
  };
  // Both ends are this program: the airlock answers with the very type that `collectChange` returns.
  const change = (await sandbox.collect(message as unknown as JsonObject)) as unknown as Change;
  const take = (file: string | undefined): string | undefined =>
    file === undefined ? undefined : keep(file, scene.request.out);
  return {
    ...change,
    patchFile: take(change.patchFile) ?? change.patchFile,
    bundleFile: take(change.bundleFile),
    reviewFile: take(change.reviewFile),
  };
}

/** Copies a file of the airlock to the out directory; the name it has there is the path in the report. */
function keep(file: string, out: string): string {
  const name = basename(file);
  if (!existsSync(file)) return name;
  copyFileSync(file, join(out, name), constants.COPYFILE_EXCL);
  chmodSync(join(out, name), 0o644);
  return name;
}
