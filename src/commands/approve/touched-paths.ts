import type { TreeChange } from '../../workspace/index.ts';

/** A renamed file leaves its old owners and gets new ones: both are asked. */
export function touchedPaths(files: readonly TreeChange[]): readonly string[] {
  return files.flatMap(({ path, previousPath }) => (previousPath === undefined ? [path] : [previousPath, path]));
}
