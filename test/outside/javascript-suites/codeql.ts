import { dirname, join } from 'node:path';
import type { TaintCategory } from '../../../src/taint/catalogue.ts';
import { listFiles, readText } from '../peer-suites/checkout.ts';
import type { MarkedLine, MarkedTree } from './row.ts';

const TESTS = 'javascript/ql/test/query-tests/Security';

/** The nine groups that are scored, and what finds them. */
const GROUPS: Readonly<Record<string, { readonly group: string; readonly categories: readonly TaintCategory[] }>> = {
  'CWE-079': { group: '079', categories: ['xss'] },
  'CWE-078': { group: '078', categories: ['command'] },
  'CWE-022': { group: '022', categories: ['path'] },
  'CWE-089': { group: '089', categories: ['sql', 'nosql'] },
  'CWE-094': { group: '094', categories: ['code', 'template'] },
  'CWE-601': { group: '601', categories: ['redirect'] },
  'CWE-918': { group: '918', categories: ['ssrf'] },
  'CWE-915': { group: '915', categories: ['prototype'] },
  'CWE-1321': { group: '915', categories: ['prototype'] },
  'CWE-730': { group: '730', categories: ['regex'] },
  'CWE-400': { group: '730', categories: ['regex', 'prototype'] },
};

const SCRIPT = /\.(?:[cm]?[jt]sx?)$/;

/** Query tests: each directory with a query is one program; trailing comments mark its lines. */
export function readCodeql(root: string): readonly MarkedTree[] {
  return Object.keys(GROUPS).flatMap((directory) => {
    const paths = listTests(join(root, TESTS, directory));
    const programs = new Set(paths.filter((path) => path.endsWith('.qlref')).map((path) => dirname(path)));
    return [...programs].sort().map((program) => readProgram(root, directory, program, paths));
  });
}

function listTests(directory: string): readonly string[] {
  try {
    return listFiles(directory);
  } catch {
    return [];
  }
}

function readProgram(root: string, directory: string, program: string, paths: readonly string[]): MarkedTree {
  const below = program === '.' ? paths : paths.filter((path) => path.startsWith(`${program}/`));
  const files = Object.fromEntries(
    below
      .filter((path) => SCRIPT.test(path) || path.endsWith('package.json'))
      .map((path) => [join(directory, path), readText(root, TESTS, directory, path)]),
  );
  const lines = Object.entries(files).flatMap(([file, text]) =>
    SCRIPT.test(file) ? text.split('\n').flatMap((line, index) => markOf(directory, file, line, index + 1)) : [],
  );
  return { name: join(directory, program), files, lines, noise: false };
}

/** `// NOT OK` and `// OK`; newer suites write `// $ Alert`. */
function markOf(directory: string, file: string, line: string, number: number): readonly MarkedLine[] {
  const known = GROUPS[directory];
  const mark = /\/[/*].{0,200}?(?:(\bNOT OK\b|\$ Alert\b)|\bOK\b)/.exec(line);
  if (!known || !mark) return [];
  const wrong = mark[1] !== undefined;
  return [{ suite: 'codeql', ...known, file, line: number, wrong }];
}
