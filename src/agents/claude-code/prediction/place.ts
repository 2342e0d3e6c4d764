import { normalisePath } from '../../../policy/index.ts';
import type { PredictionPlace } from './decision.ts';

/** Where paths of one run lie. */
export interface Ground {
  readonly place: PredictionPlace;
  /** The working directory and what was added to it. */
  readonly directories: readonly string[];
  /** Where the file of `--settings` lies. */
  readonly flagDirectory: string | undefined;
}

/** Absolute, without detours; `~` is the home directory. Links are kept. */
export function absolutePath(path: string, { directory, home }: PredictionPlace): string {
  const expanded = path === '~' || path.startsWith('~/') ? home + path.slice(1) : path;
  const full = expanded.startsWith('/') ? expanded : `${directory}/${expanded}`;
  const plain = normalisePath(full);
  return plain === '' ? '/' : plain;
}

/** The path as named, and what it leads to when that is another one. */
export function namesOf(path: string, { place }: Ground): readonly string[] {
  const real = place.resolve(path);
  return real === path ? [path] : [path, real];
}

/** The path itself is a link, not only a folder above it. */
export function isLink(path: string, { place }: Ground): boolean {
  const slash = path.lastIndexOf('/');
  const folder = slash <= 0 ? '' : place.resolve(path.slice(0, slash)).replace(/\/$/, '');
  return slash >= 0 && place.resolve(path) !== `${folder}${path.slice(slash)}`;
}

export function isInsideOf(path: string, directory: string): boolean {
  return path === directory || path.startsWith(directory === '/' ? '/' : `${directory}/`);
}

/** Whether both the name and what it leads to lie in the working directories. */
export function isInside(path: string, ground: Ground): boolean {
  return namesOf(path, ground).every((name) => ground.directories.some((directory) => isInsideOf(name, directory)));
}

/** Named inside, but a link leads out. */
export function leavesByLink(path: string, ground: Ground): boolean {
  return ground.directories.some((directory) => isInsideOf(path, directory)) && !isInside(path, ground);
}
