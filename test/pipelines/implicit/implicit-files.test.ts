import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { IMPLICIT_ROWS, implicitRowOf } from '../../../src/pipelines/index.ts';

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

  it('have rows with names of their own', () => {
    assert.equal(new Set(IMPLICIT_ROWS.map(({ id }) => id)).size, IMPLICIT_ROWS.length);
  });
});
