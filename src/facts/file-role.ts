import type { FileRole } from './model.ts';

/** One row: path segments that make a file something else than a live one. */
interface RoleRow {
  readonly role: Exclude<FileRole, 'active'>;
  /** Directory names, anywhere above the file. */
  readonly directories: readonly string[];
}

/** Names by habit. A pipeline file in the platform's own folder is live whatever stands above it, when that is the root. */
const ROLES: readonly RoleRow[] = [
  { role: 'vendored', directories: ['node_modules', 'vendor', 'third_party', 'third-party', 'external'] },
  { role: 'test', directories: ['test', 'tests', '__tests__', 'testdata', 'test-data', 'fixtures', 'spec', 'e2e'] },
  {
    role: 'template',
    directories: [
      'templates',
      'template',
      'examples',
      'example',
      'samples',
      'sample',
      'starter',
      'boilerplate',
      'demo',
    ],
  },
  { role: 'documentation', directories: ['docs', 'doc', 'documentation', 'website', 'blog'] },
];

/** What a file is for, by where it lies. The first directory from the root that says something decides. */
export function fileRole(path: string): FileRole {
  const directories = path.toLowerCase().split('/').slice(0, -1);
  for (const directory of directories) {
    const row = ROLES.find(({ directories: names }) => names.includes(directory));
    if (row) return row.role;
  }
  return 'active';
}
