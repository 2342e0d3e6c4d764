/**
 * Time of the comparison of controls: one file pair of each kind, and a change of a thousand files.
 * usage: node bench/controls.ts [--rounds N]
 *
 * The files are made here: workflows, settings, manifests, tests and code of a usual size, each with one small change.
 */
import { GRAMMARS, loadGrammars } from '../src/code/index.ts';
import { compareControls } from '../src/controls/index.ts';
import { loadReaders, type SourceTree } from '../src/syntax/index.ts';

const at = process.argv.indexOf('--rounds');
const rounds = at >= 0 ? Number(process.argv[at + 1]) : 15;
const FILES = 1_000;

interface Kind {
  readonly name: string;
  readonly path: (index: number) => string;
  readonly text: (index: number, changed: boolean) => string;
}

const repeat = (count: number, line: (at: number) => string): string =>
  Array.from({ length: count }, (_, n) => line(n)).join('');

const KINDS: readonly Kind[] = [
  {
    name: 'workflow, 12 jobs',
    path: (index) => `.github/workflows/w${index}.yml`,
    text: (_index, changed) =>
      `on: [push, pull_request]\npermissions: { contents: read }\njobs:\n${repeat(12, (n) => `  job${n}:\n    runs-on: ubuntu-latest\n    needs: ${n === 0 ? '[]' : `job${n - 1}`}\n    steps:\n      - uses: actions/checkout@v4\n      - run: |\n          npm ci\n          npm test${changed && n === 3 ? ' || true' : ''}\n`)}`,
  },
  {
    name: 'settings, 200 keys',
    path: (index) => `config/s${index}.yaml`,
    text: (_index, changed) => `debug: ${changed}\n${repeat(200, (n) => `section${n}:\n  name: value${n}\n`)}`,
  },
  {
    name: 'tests, 40 cases',
    path: (index) => `test/t${index}.test.ts`,
    text: (_index, changed) =>
      repeat(
        40,
        (n) => `it${changed && n === 9 ? '.skip' : ''}('case ${n}', () => {\n  expect(f(${n})).toBe(${n});\n});\n`,
      ),
  },
  {
    name: 'code, 60 functions (ts)',
    path: (index) => `src/c${index}.ts`,
    text: (_index, changed) =>
      repeat(
        60,
        (n) =>
          `export function handle${n}(user: User, id: string) {\n${changed && n === 30 ? '' : "  if (!user.isAdmin) throw new Error('no');\n"}  return load(user, id, ${n});\n}\n`,
      ),
  },
  {
    name: 'code, 60 functions (py)',
    path: (index) => `app/c${index}.py`,
    text: (_index, changed) =>
      repeat(
        60,
        (n) =>
          `def handle${n}(user, id):\n${changed && n === 30 ? '' : "    if not user.is_admin:\n        raise Forbidden('no')\n"}    return load(user, id, ${n})\n\n`,
      ),
  },
];

function treeOf(kinds: readonly { readonly kind: Kind; readonly index: number }[], changed: boolean): SourceTree {
  const files = new Map(kinds.map(({ kind, index }) => [kind.path(index), kind.text(index, changed)]));
  return {
    revision: changed ? 'head' : 'base',
    entries: [...files].map(([path, text]) => ({ kind: 'file', path, size: text.length, executable: false })),
    gaps: [],
    read: (path) => {
      const text = files.get(path);
      return text === undefined ? undefined : { path, text };
    },
  };
}

const readers = await loadReaders();
using grammars = await loadGrammars(GRAMMARS);

function measure(kinds: readonly { readonly kind: Kind; readonly index: number }[]): {
  readonly milliseconds: number;
  readonly changes: number;
} {
  const [base, head] = [treeOf(kinds, false), treeOf(kinds, true)];
  const start = performance.now();
  const { changes } = compareControls({ base, head, readers, grammars });
  return { milliseconds: performance.now() - start, changes: changes.length };
}

const all: number[] = [];
for (const kind of KINDS) {
  const samples = Array.from({ length: rounds }, () => measure([{ kind, index: 0 }]).milliseconds).sort(
    (a, b) => a - b,
  );
  all.push(...samples);
  console.log(
    `${kind.name.padEnd(26)} ${(samples[samples.length >> 1] ?? 0).toFixed(1).padStart(7)} ms a pair (median of ${rounds})`,
  );
}
all.sort((a, b) => a - b);
console.log(
  `${'every kind'.padEnd(26)} ${(all[all.length >> 1] ?? 0).toFixed(1).padStart(7)} ms a pair (median; goal 20)`,
);

const many = Array.from({ length: FILES }, (_, index) => ({
  kind: KINDS[index % KINDS.length] ?? KINDS[0],
  index,
})).flatMap(({ kind, index }) => (kind ? [{ kind, index }] : []));
const { milliseconds, changes } = measure(many);
console.log(
  `${`${FILES} files`.padEnd(26)} ${(milliseconds / 1000).toFixed(1).padStart(7)} s, ${changes} changes (goal 15)`,
);
