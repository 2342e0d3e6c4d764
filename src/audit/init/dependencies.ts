import type { SourceTree } from '../../syntax/index.ts';

/** How a project gets its dependencies without running a line of them. */
export interface Dependencies {
  readonly lockFile: string;
  readonly command: string;
}

const BY_LOCK_FILE: readonly Dependencies[] = [
  { lockFile: 'package-lock.json', command: 'npm ci --ignore-scripts' },
  { lockFile: 'pnpm-lock.yaml', command: 'corepack pnpm install --frozen-lockfile --ignore-scripts' },
  { lockFile: 'yarn.lock', command: 'corepack yarn install --frozen-lockfile --ignore-scripts' },
  { lockFile: 'go.sum', command: 'go mod download' },
  { lockFile: 'Cargo.lock', command: 'cargo fetch --locked' },
];

/** By the lock file in the root; undefined when there is none that is known. */
export function dependenciesOf({ entries }: SourceTree): Dependencies | undefined {
  const files = new Set(entries.filter(({ kind }) => kind === 'file').map(({ path }) => path));
  return BY_LOCK_FILE.find(({ lockFile }) => files.has(lockFile));
}
