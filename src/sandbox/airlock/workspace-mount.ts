import { mkdirSync, symlinkSync } from 'node:fs';
import { type JsonObject, run } from '../../system/index.ts';
import { SCRATCH_SHARE } from '../view.ts';
import { type AirlockConfiguration, airlockPaths } from './configuration.ts';
import { type SettledTree, settle } from './settled-tree.ts';

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
  return succeed(tools.mount, ['-n', '-i', '-t', 'tmpfs', '-o', limits, 'sallyport', place], '/');
}

/** What the staged tree is made of, git's own files too. */
export interface Extent {
  /** Files, links and directories. */
  readonly entries: number;
  readonly bytes: number;
}

/**
 * How the workspace lies over the staged tree. `copied`: all of it is in memory, and every call does what it does on a
 * plain disk. `layered`: only what changes is, so that the largest tree takes no room; but an overlay in a user
 * namespace cannot rename a directory of its lower layer (EXDEV; overlayfs, `redirect_dir`), where `git mv` gives up.
 */
export type WorkspaceLayout = 'copied' | 'layered';

/** Copying takes some ten microseconds an entry, as staging it did. */
const MOST_COPIED: Extent = { entries: 20_000, bytes: 256 * 1024 * 1024 };
/** Most of what the agent may write must be left to it. */
const COPIED_SHARE = 1 / 4;

/** @param extent undefined when nobody has measured the tree. */
export function layoutFor(extent: Extent | undefined, limits: { diskMiB: number; inodes: number }): WorkspaceLayout {
  if (extent === undefined) return 'layered';
  const entries = Math.min(MOST_COPIED.entries, limits.inodes * COPIED_SHARE);
  const bytes = Math.min(MOST_COPIED.bytes, limits.diskMiB * 1024 * 1024 * COPIED_SHARE);
  return extent.entries <= entries && extent.bytes <= bytes ? 'copied' : 'layered';
}

/**
 * Makes the workspace of the staged tree, which must be complete.
 * @returns the tree as it was before the agent, when it is a copy.
 * @throws Error with the system's reason.
 */
export async function mountWorkspace(
  configuration: AirlockConfiguration,
  layout: WorkspaceLayout,
): Promise<(SettledTree & JsonObject) | undefined> {
  const { scratch, merged } = airlockPaths(configuration.runDirectory);
  const { cp, mount } = configuration.tools;
  if (layout === 'copied') {
    await succeed(cp, ['-a', 'lower/.', 'merged'], scratch);
    return settle(merged, scratch);
  }
  await succeed(mount, ['-n', '-i', '-t', 'overlay', '-o', OVERLAY_OPTIONS, 'workspace', 'merged'], scratch);
  return undefined;
}

async function succeed(program: string, args: readonly string[], directory: string): Promise<void> {
  const result = await run(program, args, { directory });
  if (result.code !== 0) throw new Error(`cannot mount the workspace: ${result.stderr.toString().trim()}`);
}
