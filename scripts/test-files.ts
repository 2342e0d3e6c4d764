import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Folders under test/ whose files are no tests of their own. */
const NO_TESTS: readonly string[] = ['fixtures', 'vectors', 'support', 'outside'];

/** The test files below a path, or the path itself when it is a file. */
export function testFiles(path: string): readonly string[] {
  if (statSync(path).isFile()) return [path];
  return readdirSync(path, { withFileTypes: true }).flatMap((entry) => {
    const child = join(path, entry.name);
    if (entry.isDirectory()) return NO_TESTS.includes(entry.name) ? [] : testFiles(child);
    return entry.name.endsWith('.test.ts') ? [child] : [];
  });
}
