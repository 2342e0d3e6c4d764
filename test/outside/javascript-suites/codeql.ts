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
    SCRIPT.test(file) ? marksOf(directory, file, text.split('\n')) : [],
  );
  return { name: join(directory, program), files, lines, library: isLibrary(program, files), noise: false };
}

/** Queries that ask what a function does with its parameters, whoever calls it. */
const ABOUT_PARAMETERS = new Set(['PrototypePollutingFunction', 'UnsafeJQueryPlugin']);

/** A package with an entry for others, as opposed to a program that is started. */
function isLibrary(program: string, files: { readonly [path: string]: string }): boolean {
  if (ABOUT_PARAMETERS.has(program)) return true;
  return Object.entries(files).some(([path, text]) => path.endsWith('package.json') && /"main"\s*:/.test(text));
}

const MARK = /\/[/*].{0,200}?(?:(\bNOT OK\b|\$ Alert\b)|\bOK\b)/;

/** `// NOT OK` and `// OK`; newer suites write `// $ Alert`. A mark that stands alone is of the next line with code. */
function marksOf(directory: string, file: string, lines: readonly string[]): readonly MarkedLine[] {
  const known = GROUPS[directory];
  if (!known) return [];
  return lines.flatMap((line, index) => {
    const mark = MARK.exec(line);
    if (!mark) return [];
    const below = mark.index === 0 || line.slice(0, mark.index).trim() === '' ? lines.slice(index + 1) : [];
    const skipped = below.findIndex((next) => !/^\s*(?:\/[/*].*)?$/.test(next));
    return [
      {
        suite: 'codeql',
        ...known,
        file,
        line: index + 1 + (skipped < 0 ? 0 : skipped + 1),
        within: 0,
        wrong: mark[1] !== undefined,
      },
    ];
  });
}
