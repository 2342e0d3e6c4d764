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

/**
 * Agent configuration that must not appear while the agent runs, even where it is absent ("deny-create", CVE-2026-25725):
 * paths relative to the workspace. An entry that ends in `/` is a directory.
 */
export const DENY_CREATE: readonly string[] = [
  '.claude/',
  '.mcp.json',
  '.claude.json',
  '.codex/',
  '.gemini/',
  '.qwen/',
  '.opencode/',
  'opencode.json',
  'opencode.jsonc',
  '.cursor/',
  '.cursorrules',
  '.windsurf/',
  '.amp/',
  '.aider.conf.yml',
  '.github/hooks/',
  '.github/copilot/',
];
