import type { FileRole } from './configuration.ts';
import type { Surface } from './surfaces.ts';

/** Directory names below which a configuration file is an example for people, not the configuration of this repository. */
const EXAMPLE_DIRECTORIES = new Set([
  'doc',
  'docs',
  'documentation',
  'example',
  'examples',
  'sample',
  'samples',
  'demo',
  'demos',
  'template',
  'templates',
  'test',
  'tests',
  '__tests__',
  'testdata',
  'test-data',
  'fixture',
  'fixtures',
  '__fixtures__',
  'vendor',
  'node_modules',
  'third_party',
  'third-party',
]);

/**
 * The role of a file at this path. Only the directories above the product's own folder count: `test/.claude/agents/a.md`
 * is an example, `.claude/commands/test/run.md` is not.
 */
export function roleOf(path: string, surface: Surface): FileRole {
  const above: string[] = [];
  for (const directory of path.split('/').slice(0, -1)) {
    if (directory.startsWith('.')) break;
    above.push(directory.toLowerCase());
  }
  if (above.some((directory) => EXAMPLE_DIRECTORIES.has(directory))) return 'example';
  return surface.role ?? 'active';
}
