import { closeSync, fstatSync, futimesSync, lstatSync, openSync, readdirSync, unlinkSync } from 'node:fs';
import type { JsonObject } from '../../system/index.ts';

/**
 * A copied workspace before the agent has touched it: by this, whoever reads the change knows an untouched file without
 * opening it. Its status changes with whatever is done to it, a renaming too, and the agent can set no clock; but a
 * directory takes its files along as they are, so each must still be the one that it was.
 */
export interface SettledTree {
  /** Later than the last change of any file of the copy, in nanoseconds since 1970. */
  readonly changeTime: string;
  /** Inode of each directory by its path from the top, one character a byte; git's own are left out. */
  readonly directories: { readonly [path: string]: string };
}

/** Nobody looks into what lies deeper, and the system takes no path of more than 4095 bytes. */
const LONGEST_PATH = 3_500;

/** @param beside a directory of the same file system, outside of the tree. */
export function settle(tree: string, beside: string): SettledTree & JsonObject {
  const directories: Record<string, string> = {};
  const pending = [''];
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    if (path.length > LONGEST_PATH) continue;
    const place = Buffer.concat([Buffer.from(`${tree}/`), Buffer.from(path, 'latin1')]);
    directories[path] = String(lstatSync(place, { bigint: true }).ino);
    for (const entry of readdirSync(place, { withFileTypes: true, encoding: 'latin1' }))
      if (entry.isDirectory() && entry.name !== '.git')
        pending.push(path === '' ? entry.name : `${path}/${entry.name}`);
  }
  return { changeTime: String(nextTick(`${beside}/settled`)), directories };
}

/**
 * The next time that the file system gives to a change. Its clock may move only each ten milliseconds, and the files
 * copied last bear the present one.
 */
function nextTick(file: string): bigint {
  const descriptor = openSync(file, 'wx');
  try {
    const changed = () => fstatSync(descriptor, { bigint: true }).ctimeNs;
    const present = changed();
    let next = present;
    // Another one, not a later one: after a step back every file of the copy counts as touched, and is looked into.
    while (next === present) {
      futimesSync(descriptor, 0, 0);
      next = changed();
    }
    return next;
  } finally {
    closeSync(descriptor);
    unlinkSync(file);
  }
}
