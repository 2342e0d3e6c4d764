import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import fc from 'fast-check';
import {
  IMPLICIT_ROWS,
  type ImplicitExecution,
  implicitRowOf,
  readImplicitFiles,
} from '../../../src/pipelines/index.ts';
import { loadReaders, type Readers } from '../../../src/syntax/index.ts';
import { memoryTree } from '../../support/memory-tree.ts';

const FUZZ_RUNS = Number(process.env['SALLYPORT_FUZZ_RUNS'] ?? 100);

let readers: Readers;
before(async () => {
  readers = await loadReaders();
});

function readAll(files: Record<string, string>): readonly ImplicitExecution[] {
  return readImplicitFiles(memoryTree(files), readers);
}

/** Key, value and whether it runs by itself; every value is checked to stand at its place. */
function entriesOf(path: string, text: string): readonly (readonly [string, string, boolean])[] {
  const [execution] = readAll({ [path]: text });
  assert.ok(execution, `${path} is in no row`);
  return execution.entries.map((entry) => {
    const written = text.slice(entry.place.span.start, entry.place.span.end);
    assert.ok(
      written.includes(entry.text) || entry.text.startsWith(written.replaceAll('"', '')),
      `${entry.key}: ${written}`,
    );
    return [entry.key, entry.text, entry.automatic] as const;
  });
}

describe('files that make a tool run something', () => {
  it('are known by the names of the execution-bearing class', () => {
    const names = [
      ...[
        'package.json',
        '.npmrc',
        '.yarnrc.yml',
        'bunfig.toml',
        'binding.gyp',
        '.pnpmfile.cjs',
        'a/b/.envrc',
        'x.pth',
      ],
      ...['sitecustomize.py', 'conftest.py', 'setup.py', 'pyproject.toml', 'build.rs', '.cargo/config.toml', 'gradlew'],
      ...[
        'gradle/wrapper/gradle-wrapper.properties',
        'Makefile',
        'CMakeLists.txt',
        '.vscode/tasks.json',
        '.husky/pre-commit',
      ],
      ...['.devcontainer/devcontainer.json', '.ripgreprc', '.gitmodules', '.gitattributes', '.pre-commit-config.yaml'],
      ...[
        'lefthook.yml',
        'mise.toml',
        '.tool-versions',
        'Gemfile',
        'composer.json',
        'vite.config.ts',
        'eslint.config.mjs',
      ],
      ...['.git/config', 'pip.conf', '.env', 'Directory.Build.props', 'pom.xml', 'deno.json'],
    ];
    assert.deepEqual(
      names.filter((name) => implicitRowOf(name) === undefined),
      [],
    );
    for (const name of ['README.md', 'src/index.ts', 'data/config.json', 'LICENSE'])
      assert.equal(implicitRowOf(name), undefined, name);
  });

  it('are found by every pattern of the table', () => {
    for (const { globs } of IMPLICIT_ROWS) {
      for (const glob of globs) {
        const path = glob
          .replace(/^\*\*\//, 'some/')
          .replace(/\/\*\*$/, '/file')
          .replace('*', 'x')
          .replace(/\/$/, '/file');
        assert.ok(implicitRowOf(path), `${glob}: ${path}`);
        assert.ok(implicitRowOf(path.toUpperCase()), `${glob}: ${path.toUpperCase()}`);
      }
    }
  });

  it('are files: a folder of the same name says nothing', () => {
    assert.equal(implicitRowOf('src/workspace/list.ts'), undefined);
    assert.equal(implicitRowOf('configure/readme.md'), undefined);
  });

  it('have rows with unique names and keys for every reader that needs some', () => {
    assert.equal(new Set(IMPLICIT_ROWS.map(({ id }) => id)).size, IMPLICIT_ROWS.length);
    for (const { id, reader, keys } of IMPLICIT_ROWS) {
      const needsKeys = ['settings-keys', 'assignments', 'sections', 'toml-keys', 'yaml-keys', 'marked-lines'].includes(
        reader,
      );
      assert.equal(keys !== undefined, needsKeys, id);
    }
  });

  it('tell a lifecycle script from one that must be named', () => {
    assert.deepEqual(entriesOf('package.json', '{"scripts":{"postinstall":"node a.js","test":"jest"}}'), [
      ['scripts.postinstall', 'node a.js', true],
      ['scripts.test', 'jest', false],
    ]);
    assert.deepEqual(entriesOf('composer.json', '{"scripts":{"post-install-cmd":["@php a"],"lint":"x"}}'), [
      ['scripts.post-install-cmd', '@php a', true],
      ['scripts.lint', 'x', false],
    ]);
  });

  it('tell where packages come from and which shell runs scripts', () => {
    const text =
      '; comment\nregistry = https://r.example.test/\n@acme:registry=https://a.example.test/\nscript-shell="./sh"\nfund=false\n';
    assert.deepEqual(entriesOf('.npmrc', text), [
      ['registry', 'https://r.example.test/', true],
      ['@acme:registry', 'https://a.example.test/', true],
      ['script-shell', './sh', true],
    ]);
    assert.deepEqual(entriesOf('.yarnrc.yml', 'yarnPath: .yarn/releases/yarn.cjs\nnodeLinker: pnp\n'), [
      ['yarnPath', '.yarn/releases/yarn.cjs', true],
    ]);
    assert.deepEqual(
      entriesOf('bunfig.toml', 'preload = ["./a.ts"]\n[install]\nregistry = "https://r.example.test"\n').length,
      2,
    );
  });

  it('tell a task that runs when the folder is opened from the others', () => {
    const text =
      '{"tasks":[{"command":"node","args":["a.js"],"runOptions":{"runOn":"folderOpen"}},{"command":"make"}]}';
    assert.deepEqual(entriesOf('.vscode/tasks.json', text), [
      ['tasks.0.command', 'node a.js', true],
      ['tasks.1.command', 'make', false],
    ]);
  });

  it('read makefiles: the first target, and what runs whatever target is asked for', () => {
    const text = '.PHONY: all\nV := 1\nNOW != date\nX = $(shell id)\nall: dep\n\techo 1\n\techo 2\ndep:\n\ttouch dep\n';
    assert.deepEqual(entriesOf('Makefile', text), [
      ['shell', ' date', true],
      ['shell', 'id)', true],
      ['all', 'echo 1\n\techo 2', true],
      ['dep', 'touch dep', false],
    ]);
  });

  it('read what git obeys', () => {
    assert.deepEqual(entriesOf('.gitattributes', '# c\n*.x filter=run merge=union text\n'), [['filter', 'run', true]]);
    const modules =
      '[submodule "a"]\n\turl = https://git.example.test/a\n\tupdate = !sh x\n[submodule "b"]\n\tupdate = rebase\n';
    assert.deepEqual(entriesOf('.gitmodules', modules), [
      ['url', 'https://git.example.test/a', true],
      ['update', '!sh x', true],
    ]);
  });

  it('read hooks and repositories of pre-commit', () => {
    const text =
      'repos:\n  - repo: https://git.example.test/hooks\n    hooks:\n      - id: a\n        entry: ./run.sh\n';
    assert.deepEqual(entriesOf('.pre-commit-config.yaml', text), [
      ['repos.0.repo', 'https://git.example.test/hooks', true],
      ['repos.0.hooks.0.entry', './run.sh', true],
    ]);
  });

  it('count a source file only where it holds the marker', () => {
    assert.deepEqual(readAll({ 'a.go': 'package a\n' }), []);
    assert.deepEqual(entriesOf('b.go', 'package b\n//go:generate stringer -type X\n'), [
      ['//go:generate ', 'stringer -type X', true],
    ]);
  });

  it('leave installed packages out', () => {
    assert.deepEqual(readAll({ 'node_modules/x/package.json': '{"scripts":{"postinstall":"x"}}' }), []);
  });

  it('are read without an exception whatever they hold', () => {
    const name = fc.constantFrom(
      'package.json',
      '.npmrc',
      'Makefile',
      '.gitattributes',
      'mise.toml',
      'lefthook.yml',
      '.vscode/tasks.json',
      '.gitconfig',
      'a.go',
    );
    fc.assert(
      fc.property(name, fc.oneof(fc.string(), fc.json()), (path, text) => {
        readAll({ [path]: `//go:generate ${text}` });
        readAll({ [path]: text });
      }),
      { numRuns: FUZZ_RUNS },
    );
  });
});
