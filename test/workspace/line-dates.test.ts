import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { dateLines } from '../../src/workspace/index.ts';
import { parseBlame } from '../../src/workspace/line-dates.ts';

function repository(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'sallyport-dates-'));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  git(directory, 'init', '-q', '-b', 'main', '.');
  return directory;
}

function git(directory: string, ...args: readonly string[]): void {
  execFileSync('git', ['-C', directory, '-c', 'user.name=a', '-c', 'user.email=a@example.test', ...args]);
}

function commit(directory: string, date: string, text: string): void {
  writeFileSync(join(directory, 'a.yml'), text);
  git(directory, 'add', '-A');
  const env = { ...process.env, GIT_COMMITTER_DATE: date, GIT_AUTHOR_DATE: '2001-01-01T00:00:00Z' };
  execFileSync(
    'git',
    ['-C', directory, '-c', 'user.name=a', '-c', 'user.email=a@example.test', 'commit', '-q', '-m', 'x'],
    { env },
  );
}

const line = (number: number, text: string) => ({ path: 'a.yml', line: number, text });
const FIRST = Date.UTC(2025, 0, 2) / 1000;
const SECOND = Date.UTC(2025, 5, 6) / 1000;

test('each line is as old as the commit that last changed it', async (t) => {
  const directory = repository(t);
  commit(directory, '2025-01-02T00:00:00Z', 'one\ntwo\nthree\n');
  commit(directory, '2025-06-06T00:00:00Z', 'one\nTWO\nthree\n');
  const dates = await dateLines(directory, [line(1, 'one'), line(2, 'TWO')]);
  assert.deepEqual(
    [...dates],
    [
      ['a.yml:1', FIRST],
      ['a.yml:2', SECOND],
    ],
  );
});

test('a line that HEAD does not have as it is given has no age', async (t) => {
  const directory = repository(t);
  commit(directory, '2025-01-02T00:00:00Z', 'one\n');
  const elsewhere = { path: 'b.yml', line: 1, text: 'one' };
  assert.equal((await dateLines(directory, [line(1, 'other'), elsewhere])).size, 0);
  assert.equal((await dateLines(directory, [line(9, 'one')])).size, 0);
});

test('a folder without history gives no ages, an empty repository neither', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-dates-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  assert.equal((await dateLines(folder, [line(1, 'one')])).size, 0);
  assert.equal((await dateLines(repository(t), [line(1, 'one')])).size, 0);
});

test('the oldest commit of a shallow clone dates nothing: its lines may be older', async (t) => {
  const origin = repository(t);
  commit(origin, '2025-01-02T00:00:00Z', 'one\ntwo\n');
  commit(origin, '2025-03-02T00:00:00Z', 'one\ntwo\nthree\n');
  commit(origin, '2025-06-06T00:00:00Z', 'one\nTWO\nthree\n');
  const clone = mkdtempSync(join(tmpdir(), 'sallyport-dates-'));
  t.after(() => rmSync(clone, { recursive: true, force: true }));
  execFileSync('git', ['clone', '-q', '--depth', '2', `file://${origin}`, clone]);
  const dates = await dateLines(clone, [line(1, 'one'), line(2, 'TWO'), line(3, 'three')]);
  assert.deepEqual([...dates], [['a.yml:2', SECOND]]);
});

test('nothing that the repository configures is run, and no list of commits is skipped', async (t) => {
  const directory = repository(t);
  commit(directory, '2025-01-02T00:00:00Z', 'one\n');
  commit(directory, '2025-06-06T00:00:00Z', 'ONE\n');
  const mark = join(directory, 'ran');
  writeFileSync(join(directory, '.gitattributes'), '*.yml diff=evil filter=evil\n');
  git(directory, 'add', '.gitattributes');
  git(directory, 'config', 'diff.evil.textconv', `touch ${mark}; cat`);
  git(directory, 'config', 'core.fsmonitor', `touch ${mark}; false`);
  git(directory, 'config', 'core.pager', `touch ${mark}; cat`);
  git(directory, 'config', 'blame.ignoreRevsFile', '/nonexistent/revisions');
  assert.deepEqual([...(await dateLines(directory, [line(1, 'ONE')]))], [['a.yml:1', SECOND]]);
  assert.equal(existsSync(mark), false);
});

test('a path that looks like an option or a pattern is only a path', async (t) => {
  const directory = repository(t);
  commit(directory, '2025-01-02T00:00:00Z', 'one\n');
  for (const path of ['--output=x', ':(glob)*', '*', '../a.yml'])
    assert.equal((await dateLines(directory, [{ path, line: 1, text: 'one' }])).size, 0, path);
});

test('output that is no blame gives nothing', () => {
  assert.deepEqual(parseBlame('fatal: no such path\n\tx\n'), []);
  assert.deepEqual(parseBlame(''), []);
});
