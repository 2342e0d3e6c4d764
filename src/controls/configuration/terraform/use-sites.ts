import type { SourceTree } from '../../../syntax/index.ts';

/** Files of a folder that are looked through; beyond it only the variable's own name tells what it is for. */
const MOST_FILES = 60;
const LONGEST = 512 * 1024;
const USE = /([A-Za-z_][\w-]{0,63})\s{0,20}=\s{0,20}(?:var|local)\.([A-Za-z_][\w-]{0,63})/g;

/**
 * What values are used for: by the name of a variable or local value, the arguments that it is given to in the same
 * folder. `publicly_accessible = var.exposed` makes the default of `exposed` a switch.
 */
export function readUseSites(tree: SourceTree, folder: string): ReadonlyMap<string, ReadonlySet<string>> {
  const uses = new Map<string, Set<string>>();
  const files = tree.entries.filter(
    ({ kind, path }) =>
      kind === 'file' && path.startsWith(folder) && /^[^/]+\.(?:tf|tofu)$/.test(path.slice(folder.length)),
  );
  for (const { path } of files.slice(0, MOST_FILES)) {
    const file = tree.read(path);
    if (file === undefined || !('text' in file) || file.text.length > LONGEST) continue;
    for (const [, argument = '', name = ''] of file.text.matchAll(USE)) {
      const known = uses.get(name) ?? new Set();
      uses.set(name, known.add(argument));
    }
  }
  return uses;
}
