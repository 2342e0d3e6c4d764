import { join } from 'node:path';
import { isDirectory, isFile, listFiles, readRepository, readText } from './checkout.ts';
import { placeOf, type Row } from './row.ts';

const TESTS = 'crates/zizmor/tests/integration/audit';
const DATA = 'crates/zizmor/tests/integration/test-data';

const FINDING = /^\s*(?:error|warning|info|help|note)\[([a-z-]+)\]:.*\n\s*--> (?:@@INPUT@@)?\/?([^:\n]*):(\d+):\d+/gm;

/** zizmor: inline snapshots in Rust tests, one `#[test]` a call over one fixture. */
export function readZizmor(directory: string): readonly Row[] {
  const modules = listFiles(join(directory, TESTS)).filter((name) => name.endsWith('.rs') && name !== 'mod.rs');
  const rows = modules.flatMap((name) => {
    const audit = name.slice(0, -'.rs'.length).replaceAll('_', '-');
    return readText(directory, TESTS, name)
      .split(/#\[test\]/)
      .slice(1)
      .flatMap((test) => rowsOf(directory, audit, test));
  });
  return withoutContradictions(rows);
}

function rowsOf(directory: string, audit: string, test: string): readonly Row[] {
  const inputs = [...test.matchAll(/input_under_test\(\s*"([^"]+)"/g)].map((match) => match[1] ?? '');
  // A configuration of the peer changes what it reports; workspaces built in code test its fixes.
  if (inputs.length !== 1 || /\.config\(|WorkspaceBuilder|--fix|gh_token|GH_TOKEN/.test(test)) return [];
  const [fixture = ''] = inputs;
  const repository = repositoryOf(directory, fixture);
  if (repository === undefined) return [];
  const { files, only } = repository;
  const row = { fixture, files, file: only };
  const found = [...test.matchAll(FINDING)].map((match): Row => {
    const [, rule = '', path = '', line] = match;
    return { ...row, file: only ?? (path || undefined), line: Number(line), rule, expected: 'finding' };
  });
  const ignored = Object.values(files).some((text) => text.includes('zizmor: ignore'));
  if (found.length > 0 || ignored || !/No findings to report/.test(test)) return found;
  return [{ ...row, line: undefined, rule: audit, expected: 'silence' }];
}

function repositoryOf(directory: string, fixture: string) {
  if (isFile(directory, DATA, fixture)) {
    const only = /dependabot\.ya?ml$/.test(fixture) ? '.github/dependabot.yml' : placeOf(fixture);
    return { files: { [only]: readText(directory, DATA, fixture) }, only };
  }
  if (isDirectory(directory, DATA, fixture)) {
    return { files: readRepository(join(directory, DATA, fixture)), only: undefined };
  }
  return undefined;
}

/** A stricter persona reports what a milder one leaves out: only what every persona leaves out is silence. */
function withoutContradictions(rows: readonly Row[]): readonly Row[] {
  const named = new Set(
    rows.filter(({ expected }) => expected === 'finding').map(({ fixture, rule }) => `${fixture} ${rule}`),
  );
  const kept = new Map<string, Row>();
  for (const row of rows) {
    if (row.expected === 'silence' && named.has(`${row.fixture} ${row.rule}`)) continue;
    kept.set(`${row.fixture} ${row.rule} ${row.file} ${row.line}`, row);
  }
  return [...kept.values()];
}
