import type { PathClass } from '../policy/index.ts';

/** Classes that are staged from the protected base, never from the checkout under test (incidents decision 2 and 3). */
export const BASE_CLASSES: ReadonlySet<PathClass> = new Set([
  'git-internals',
  'agent-config',
  'execution-bearing',
  'instruction',
]);

/**
 * Directories that package managers fill. What lies there and is not tracked belongs to a dependency: its own agent
 * files and test keys are left alone, or nothing would build.
 */
export const DEPENDENCY_DIRECTORIES: readonly string[] = [
  'node_modules/',
  '.venv/',
  'venv/',
  'site-packages/',
  '.tox/',
  '.gradle/',
  '.m2/',
];
