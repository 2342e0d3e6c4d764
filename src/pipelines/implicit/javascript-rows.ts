import type { ImplicitRow } from './implicit-row.ts';

const NPM_LIKE = ['npm', 'npx', 'pnpm', 'pnpx', 'yarn', 'yarnpkg', 'bun', 'bunx'];

/** Files of the JavaScript world (documentation of npm, pnpm, Yarn, Bun, Deno and of the tools named). */
export const JAVASCRIPT_ROWS: readonly ImplicitRow[] = [
  {
    id: 'package-scripts',
    globs: ['package.json'],
    programs: NPM_LIKE,
    why: 'lifecycle scripts run at installation, the others by `npm run`',
  },
  {
    id: 'npmrc',
    globs: ['.npmrc'],
    programs: ['npm', 'npx', 'pnpm', 'pnpx'],
    why: 'the package client obeys it: registry, shell of the scripts, node options',
  },
  {
    id: 'yarnrc',
    globs: ['.yarnrc.yml'],
    programs: ['yarn', 'yarnpkg'],
    why: 'names the program and the plug-ins that Yarn starts, and the registry',
  },
  {
    id: 'yarnrc-classic',
    globs: ['.yarnrc'],
    programs: ['yarn', 'yarnpkg'],
    why: 'names the program that Yarn 1 starts and the registry',
  },
  {
    id: 'yarn-plug-and-play',
    globs: ['.pnp.cjs', '.pnp.loader.mjs', '.yarn/releases/**', '.yarn/plugins/**'],
    programs: ['yarn', 'yarnpkg', 'node'],
    why: 'Yarn loads the file in place of its own code',
  },
  {
    id: 'pnpmfile',
    globs: ['.pnpmfile.cjs', '.pnpmfile.mjs'],
    programs: ['pnpm', 'pnpx'],
    why: 'pnpm runs it while it resolves packages',
  },
  {
    id: 'pnpm-workspace',
    globs: ['pnpm-workspace.yaml'],
    programs: ['pnpm', 'pnpx'],
    why: 'says which packages may run scripts, and with which shell',
  },
  {
    id: 'bunfig',
    globs: ['bunfig.toml', '.bunfig.toml'],
    programs: ['bun', 'bunx'],
    why: '`preload` runs a file before every program, and `[install]` names the registry',
  },
  {
    id: 'deno',
    globs: ['deno.json', 'deno.jsonc'],
    programs: ['deno'],
    why: 'tasks run by `deno task`, and `imports` says which code is loaded',
  },
  {
    id: 'node-gyp',
    globs: ['binding.gyp'],
    programs: ['npm', 'pnpm', 'yarn', 'bun', 'node-gyp'],
    why: 'its presence alone makes npm build the package, and `<!(…)` runs a command',
  },
  {
    id: 'javascript-tool-code',
    globs: [
      ...['jest.config.*', 'vitest.config.*', 'vite.config.*', 'playwright.config.*', 'karma.conf.js', '.mocharc.*'],
      ...[
        'cypress.config.*',
        'webpack.config.*',
        'rollup.config.*',
        'next.config.*',
        'nuxt.config.*',
        'babel.config.*',
      ],
      ...[
        'astro.config.*',
        'svelte.config.*',
        'tsup.config.*',
        'postcss.config.*',
        'tailwind.config.*',
        'metro.config.js',
      ],
    ],
    programs: [
      'jest',
      'vitest',
      'vite',
      'playwright',
      'karma',
      'mocha',
      'cypress',
      'webpack',
      'rollup',
      'next',
      'nuxt',
      'babel',
      'astro',
      'tsup',
      ...NPM_LIKE,
    ],
    why: 'the configuration is a program that the tool runs',
  },
  {
    id: 'javascript-lint-code',
    globs: [
      'eslint.config.*',
      '.eslintrc.js',
      '.eslintrc.cjs',
      '.prettierrc.js',
      'prettier.config.*',
      'stylelint.config.*',
      'commitlint.config.*',
      '.lintstagedrc.*',
      'lint-staged.config.*',
    ],
    programs: ['eslint', 'prettier', 'stylelint', 'commitlint', 'lint-staged', ...NPM_LIKE],
    why: 'the configuration is a program that the tool runs',
  },
];
