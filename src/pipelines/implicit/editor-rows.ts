import type { ImplicitRow } from './implicit-row.ts';

/** Files that git and editors obey (documentation of the tools; incidents of 2025 and 2026). */
export const EDITOR_ROWS: readonly ImplicitRow[] = [
  {
    id: 'git-attributes',
    globs: ['.gitattributes'],
    programs: ['git'],
    why: 'assigns filters, diff and merge drivers, which run programs when they are configured',
  },
  {
    id: 'git-modules',
    globs: ['.gitmodules'],
    programs: ['git'],
    why: 'names repositories that are fetched, and `update = !command` (CVE-2018-17456)',
  },
  {
    id: 'git-configuration',
    globs: ['.gitconfig', '**/.git/config', '.lfsconfig'],
    programs: ['git', 'git-lfs'],
    why: 'hooks path, fsmonitor, aliases, filters and credential helpers run programs',
  },
  {
    id: 'git-hooks',
    globs: [
      '.husky/',
      '.githooks/',
      'lefthook.yml',
      'lefthook.yaml',
      '.lefthook.yml',
      '.lefthook.yaml',
      '.overcommit.yml',
      '.huskyrc',
      '.huskyrc.json',
      'simple-git-hooks.json',
      '.simple-git-hooks.json',
      '.captain.json',
    ],
    programs: ['git', 'husky', 'lefthook', 'overcommit'],
    why: 'commands that git runs at commit, checkout, merge or push once the hooks are installed',
  },
  {
    id: 'pre-commit',
    globs: ['.pre-commit-config.yaml', '.pre-commit-config.yml', '.pre-commit-hooks.yaml'],
    programs: ['pre-commit', 'prek'],
    why: 'fetches the repositories it names and runs their hooks',
  },
  {
    id: 'editor-tasks',
    globs: ['**/.vscode/tasks.json'],
    programs: [],
    why: 'a task with `runOn: folderOpen` runs when the folder is opened (Mini Shai-Hulud)',
  },
  {
    id: 'editor-settings',
    globs: ['**/.vscode/settings.json', '*.code-workspace'],
    programs: [],
    why: 'names the interpreters, shells and tools that the editor starts',
  },
  {
    id: 'editor-launch',
    globs: [
      '**/.vscode/launch.json',
      '**/.vscode/extensions.json',
      '.idea/',
      '**/.zed/tasks.json',
      '**/.fleet/run.json',
    ],
    programs: [],
    why: 'run configurations, recommended extensions and project tasks',
  },
  {
    id: 'devcontainer',
    globs: ['devcontainer.json', '.devcontainer.json'],
    programs: ['devcontainer'],
    why: '`initializeCommand` runs on the machine, the other commands in the container, features are fetched',
  },
];
