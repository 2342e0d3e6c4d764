import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { openRepository, PROGRAM, type Repository } from './support/repository.ts';

const WORKFLOW = `on: issues
jobs:
  triage:
    runs-on: ubuntu-24.04
    steps:
      - run: claude -p "$TITLE" --allowedTools Bash
        env: { TITLE: "\${{ github.event.issue.title }}", ANTHROPIC_API_KEY: "\${{ secrets.KEY }}" }
`;
const POLICY = 'version: 1\nlimits: { minutes: 7 }\n';
const FILES = { '.github/workflows/triage.yml': WORKFLOW, 'src/app.py': 'import os\n', 'sallyport.yaml': POLICY };
const OPEN = 'import os\nfrom flask import request\nos.system(request.args["x"])\n';

/** A workflow with an agent, and on it a commit with a hole. */
function openProject(): Repository {
  const repository = openRepository();
  repository.commit(FILES);
  repository.commit({ 'src/app.py': OPEN });
  return repository;
}

function type(directory: string, ...words: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(PROGRAM, words, {
    cwd: directory,
    encoding: 'utf8',
    env: { PATH: '/usr/bin:/bin', HOME: '/nonexistent' },
  });
  return { status, stdout, stderr };
}

/** What looks at a repository, and what it says of this one: in an empty folder it would say something else. */
const LOOKS: readonly (readonly [exit: number, said: RegExp, ...words: readonly string[]])[] = [
  [1, /PATH01/, 'audit'],
  [0, /1 agent in 1 job/, 'inventory'],
  [1, /CODE03/, 'review'],
  [0, /sink-added/, 'diff'],
  [1, /GATE030/, 'gate', '--base', 'HEAD~1'],
  [1, /1 missing/, 'verify'],
];

describe('a command in a folder of a repository', () => {
  for (const [exit, said, ...words] of LOOKS)
    it(`sallyport ${words.join(' ')} looks at the whole of it`, () => {
      using repository = openProject();
      const { status, stdout, stderr } = type(join(repository.root, 'src'), ...words);
      assert.equal(status, exit, stderr);
      assert.match(stdout, said);
    });

  it('takes the policy of the repository, not the built-in one', () => {
    using repository = openProject();
    const below = join(repository.root, 'src');
    assert.match(type(below, 'policy', 'explain').stdout, /Limits: 7 minutes/);
    assert.match(type(below, 'policy', 'check').stdout, /^\.\.\/sallyport\.yaml: in order, 0 warnings/);
  });

  it('takes a folder that is named as it is', () => {
    using repository = openProject();
    assert.match(type(repository.root, 'audit', 'src').stdout, /no findings/);
    const { status, stderr } = type(repository.root, 'review', 'src');
    assert.equal(status, 2);
    assert.match(stderr, /SP1304 .*src is a folder of the repository/);
  });

  it('says of a name that is no folder just that', () => {
    using repository = openProject();
    for (const words of [
      ['audit', 'sallyport.yaml'],
      ['gate', '--repository', 'sallyport.yaml'],
      ['diff', '--directory', 'sallyport.yaml'],
      ['verify', '--directory', 'sallyport.yaml'],
    ])
      assert.match(type(repository.root, ...words).stderr, /^SP1307 \S*sallyport\.yaml is not a directory — /);
    assert.match(
      type(repository.root, 'review', 'main').stderr,
      /^SP1307 \S*main: there is no such file or folder — .*--base/,
    );
  });
});

describe('a command that finds nothing to compare', () => {
  it('says where nothing is committed yet that this is so', () => {
    using repository = openRepository();
    repository.write(FILES);
    for (const words of [['review'], ['diff'], ['gate'], ['ci', '--working-tree'], ['heal', '12345678']]) {
      const { status, stderr } = type(repository.root, ...words);
      assert.equal(status, 2, words.join(' '));
      assert.match(stderr, /^SP1308 "HEAD" names no commit: nothing is committed here yet — Commit first\./);
    }
    assert.equal(type(repository.root, 'review', '--all').status, 0);
  });

  it('guesses no target on the trunk, and says what to type', () => {
    using repository = openProject();
    for (const words of [['ci'], ['gate'], ['approve', '--preview']]) {
      const { status, stderr } = type(repository.root, ...words);
      assert.equal(status, 2, words.join(' '));
      assert.match(stderr, /^SP2701 HEAD is on main itself, and nothing says where .*--base HEAD~1/);
    }
  });
});

describe('a command in a bare repository', () => {
  function withBare(use: (bare: string) => void): void {
    using repository = openProject();
    const folder = mkdtempSync(join(tmpdir(), 'sallyport-bare-'));
    try {
      execFileSync('git', ['clone', '-q', '--bare', repository.root, join(folder, 'app.git')]);
      use(join(folder, 'app.git'));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  it('looks at its commits', () => {
    withBare((bare) => {
      for (const [exit, said, ...words] of LOOKS) {
        const { status, stdout, stderr } = type(bare, ...words);
        assert.equal(status, exit, `${words.join(' ')}: ${stderr}`);
        assert.match(stdout, said);
      }
    });
  });

  it('says so where files are needed', () => {
    withBare((bare) => {
      for (const words of [['init'], ['audit', '--fix'], ['review', '--working-tree'], ['run', '--', 'true']]) {
        const { status, stderr } = type(bare, ...words);
        assert.equal(status, 2, words.join(' '));
        assert.match(stderr, /^SP1310 /m);
      }
    });
  });
});
