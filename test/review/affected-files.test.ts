/** Which files a change can alter the findings of. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { affectedFiles } from '../../src/review/affected-files.ts';
import { memoryTree } from '../support/memory-tree.ts';

const NOISE = Object.fromEntries(Array.from({ length: 400 }, (_, index) => [`noise/n${index}.js`, 'let a = 1;\n']));

function affected(changed: string, files: { readonly [path: string]: string }) {
  const result = affectedFiles(new Set([changed]), [memoryTree({ ...NOISE, ...files })]);
  return { report: [...(result?.report ?? [])].sort(), read: [...(result?.read ?? [])].sort() };
}

describe('the files that a change affects', () => {
  it('are all in a small repository', () => {
    assert.equal(affectedFiles(new Set(['a.js']), [memoryTree({ 'a.js': '', 'b.js': '' })]), undefined);
  });

  it('are the changed one, what imports it, and to read what those import', () => {
    const found = affected('lib/clean.ts', {
      'lib/clean.ts': 'export const clean = 1;\n',
      'lib/index.ts': "export { clean } from './clean.ts';\n",
      'web/route.ts': "import { clean } from '../lib';\nimport db from './db.js';\n",
      'web/db.ts': 'export default 1;\n',
      'other/clean.ts': 'export const clean = 2;\n',
    });
    assert.deepEqual(found.report, ['lib/clean.ts', 'lib/index.ts', 'web/route.ts']);
    assert.deepEqual(found.read, ['lib/clean.ts', 'lib/index.ts', 'web/db.ts', 'web/route.ts']);
  });

  it('are found by the name of a package of the repository, whose build is not in it', () => {
    const files = {
      'packages/core/package.json': '{ "name": "@acme/core", "main": "dist/src/index.js" }',
      'packages/core/src/index.ts': "export * from './store';\n",
      'packages/core/src/store.ts': 'export const read = 1;\n',
      'packages/web/route.ts': "import { read } from '@acme/core';\n",
      'packages/web/other.ts': "import { read } from '@acme/other';\n",
    };
    const found = affected('packages/core/src/store.ts', files);
    assert.deepEqual(found.report, [
      'packages/core/src/index.ts',
      'packages/core/src/store.ts',
      'packages/web/route.ts',
    ]);
  });

  it('are found by require and by the modules of Python', () => {
    assert.deepEqual(affected('a/b.js', { 'a/b.js': '', 'c.js': "const b = require('./a/b');\n" }).report, [
      'a/b.js',
      'c.js',
    ]);
    const python = { 'app/clean.py': '', 'app/web.py': 'from app.clean import quote\n', 'app/__init__.py': '' };
    assert.deepEqual(affected('app/clean.py', python).report, ['app/clean.py', 'app/web.py']);
  });

  it('are found by the packages of Go, whose files belong together', () => {
    const files = {
      'store/find.go': 'package store\n',
      'store/type.go': 'package store\n',
      'web/main.go': 'package main\n\nimport (\n\t"net/http"\n\tdb "example.test/app/store"\n)\n',
      'other/main.go': 'package main\n\nvar name = "store"\n',
    };
    const found = affected('store/find.go', files);
    assert.deepEqual(found.report, ['store/find.go', 'store/type.go', 'web/main.go']);
  });

  it('are found by the classes that a file of Java names, imported or beside it', () => {
    const files = {
      'com/acme/Store.java': 'package com.acme;\nclass Store {}\n',
      'com/acme/Beside.java': 'package com.acme;\nclass Beside { Store store; }\n',
      'com/acme/web/Shop.java': 'package com.acme.web;\nimport com.acme.Store;\nclass Shop {}\n',
      'com/acme/web/Other.java': 'package com.acme.web;\nclass Other { String store; }\n',
    };
    const found = affected('com/acme/Store.java', files);
    assert.deepEqual(found.report, ['com/acme/Beside.java', 'com/acme/Store.java', 'com/acme/web/Shop.java']);
  });

  it('are the nearest of very many importers, and the rest is counted', () => {
    const importer = (index: number): readonly [string, string] => {
      const folder = index % 10 === 0 ? 'lib' : 'web';
      const text = `const clean = require('${folder === 'lib' ? '.' : '../lib'}/clean');\n`;
      return [`${folder}/user${index}.js`, text.padEnd(2048, ' ')];
    };
    const importers = Object.fromEntries(Array.from({ length: 100 }, (_, index) => importer(index)));
    const files = { ...NOISE, ...importers, 'lib/clean.js': '', 'far/a.js': "require('../web/user1');\n" };
    const found = affectedFiles(new Set(['lib/clean.js']), [memoryTree(files)]);
    const report = [...(found?.report ?? [])];
    assert.equal(report.length, 1 + 64, '128 KiB of 2 KiB each');
    assert.equal(report.filter((path) => path.startsWith('lib/')).length, 11);
    assert.ok(!report.includes('far/a.js'), 'an importer of an importer came before an importer');
    assert.equal(found?.unreached, 37);
  });

  it('are all of the changed ones, however many', () => {
    const changed = new Set(Object.keys(NOISE));
    const found = affectedFiles(changed, [memoryTree(NOISE)]);
    assert.deepEqual([found?.report.size, found?.unreached], [changed.size, 0]);
  });

  it('end in a circle', () => {
    const circle = { 'a.js': "import './b.js';\n", 'b.js': "import './a.js';\n" };
    assert.deepEqual(affected('a.js', circle).report, ['a.js', 'b.js']);
  });
});
