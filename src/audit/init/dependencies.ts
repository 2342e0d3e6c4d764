import type { SourceTree } from '../../syntax/index.ts';

/** How a project gets its dependencies without running a line of them. */
export interface Dependencies {
  readonly lockFile: string;
  readonly command: string;
  /** It runs nothing that a change could bring: no hook file, no plug-in, no program that the tree names. */
  readonly inert: boolean;
}

const BY_LOCK_FILE: readonly Dependencies[] = [
  { lockFile: 'package-lock.json', command: 'npm ci --ignore-scripts', inert: true },
  { lockFile: 'pnpm-lock.yaml', command: 'corepack pnpm install --frozen-lockfile --ignore-scripts', inert: false },
  { lockFile: 'yarn.lock', command: 'corepack yarn install --frozen-lockfile --ignore-scripts', inert: false },
  { lockFile: 'go.sum', command: 'go mod download', inert: false },
  { lockFile: 'Cargo.lock', command: 'cargo fetch --locked', inert: false },
];

/**
 * By the lock file in the root; undefined when there is none that is known, or when the tree is a change and the
 * package client would run a part of it.
 */
export function dependenciesOf({ entries }: SourceTree, tree: 'protected' | 'change'): Dependencies | undefined {
  const files = new Set(entries.filter(({ kind }) => kind === 'file').map(({ path }) => path));
  const found = BY_LOCK_FILE.find(({ lockFile }) => files.has(lockFile));
  return tree === 'protected' || found?.inert ? found : undefined;
}
