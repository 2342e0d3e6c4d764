import { mkdirSync, symlinkSync } from 'node:fs';
import { run } from '../../system/index.ts';
import { SCRATCH_SHARE } from '../view.ts';
import { type AirlockConfiguration, airlockPaths } from './configuration.ts';

/** Layers by short relative names: a path of the host in the options would show in `/proc/self/mountinfo` inside, and
 * one with a comma or a colon would change their meaning. */
const OVERLAY_OPTIONS = 'userxattr,lowerdir=lower,upperdir=upper,workdir=work';

/**
 * Mounts the airlock's private file systems: in memory, each limited in size and inodes, so that neither the agent's
 * home nor its `/tmp` takes what the workspace needs. Filling them hurts nobody outside, and they are gone with the
 * airlock's namespace.
 * @throws Error with the system's reason.
 */
export async function mountScratch(configuration: AirlockConfiguration): Promise<void> {
  const { scratch, own } = airlockPaths(configuration.runDirectory);
  const { diskMiB } = configuration;
  await Promise.all([
    mountMemory(configuration, scratch, diskMiB),
    mountMemory(configuration, own, Math.max(1, Math.floor(diskMiB * SCRATCH_SHARE))),
  ]);
  for (const name of ['upper', 'work', 'merged']) mkdirSync(`${scratch}/${name}`, 0o755);
  symlinkSync(configuration.lower, `${scratch}/lower`);
}

/** Inodes are limited too: an empty file costs a kilobyte of the kernel's memory, which no limit of a process counts. */
function mountMemory({ tools, inodes }: AirlockConfiguration, place: string, sizeMiB: number): Promise<void> {
  const limits = `size=${sizeMiB}m,nr_inodes=${inodes},mode=0711,nosuid,nodev`;
  return mounted(tools.mount, ['-n', '-i', '-t', 'tmpfs', '-o', limits, 'sallyport', place], '/');
}

/**
 * Mounts the workspace: the overlay over the staged tree, which must be complete.
 * @returns the merged view.
 * @throws Error with the system's reason.
 */
export async function mountOverlay(configuration: AirlockConfiguration): Promise<string> {
  const { scratch, merged } = airlockPaths(configuration.runDirectory);
  const { mount } = configuration.tools;
  await mounted(mount, ['-n', '-i', '-t', 'overlay', '-o', OVERLAY_OPTIONS, 'workspace', 'merged'], scratch);
  return merged;
}

async function mounted(program: string, args: readonly string[], directory: string): Promise<void> {
  const result = await run(program, args, { directory });
  if (result.code !== 0) throw new Error(`cannot mount the workspace: ${result.stderr.toString().trim()}`);
}
