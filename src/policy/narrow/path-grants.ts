/** From so many files below one folder on, the folder stands for them. */
const FILES_OF_A_FOLDER = 4;
/** Longest pattern that a policy may hold. */
const LONGEST = 512;

/** Few patterns that select these paths: single files, and folders in which several changed. */
export function grantPaths(paths: readonly string[]): readonly string[] {
  return patternsBelow(
    [...new Set(paths)].sort().map((path) => path.split('/')),
    0,
  );
}

function patternsBelow(paths: readonly (readonly string[])[], depth: number): readonly string[] {
  const files = paths.filter((path) => path.length === depth + 1);
  const folders = Map.groupBy(
    paths.filter((path) => path.length > depth + 1),
    (path) => path[depth] ?? '',
  );
  // The deepest folder that has them all.
  const isSplit = files.length > 0 || folders.size > 1;
  const above = paths[0]?.slice(0, depth) ?? [];
  if (depth > 0 && isSplit && paths.length >= FILES_OF_A_FOLDER) return [written([...above, '**'])];
  return [...files.map(written), ...[...folders.values()].flatMap((below) => patternsBelow(below, depth + 1))];
}

/** A pattern has no escapes: what would mean something else in one is any character. */
function written(segments: readonly string[]): string {
  const plain = segments.map((segment) => (segment === '**' ? segment : segment.replace(/[*?{}\\$]|^[!~]/gu, '?')));
  const pattern = plain.join('/');
  return pattern.length > LONGEST ? `${pattern.slice(0, LONGEST - 3).replace(/\/[^/]*$/, '')}/**` : pattern;
}
