import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { flowsOf, type Laboratory, openLaboratory } from '../analysed.ts';

const EXPRESS = "const app = require('express')();\n";
const SINK = "const { exec } = require('child_process');\n";

/** Files, and the flows that they hold: rule and line. */
const TREES: readonly {
  readonly title: string;
  readonly files: { readonly [path: string]: string };
  readonly flows: readonly string[];
}[] = [
  {
    title: 'a property of a required file is called with its arguments',
    files: {
      'lib/run.js': `${SINK}module.exports = { run: (c) => exec(c), safe: () => exec('ls') };\n`,
      'app.js': `${EXPRESS}app.get('/', (req, res) => { require('./lib/run').run(req.query.c); });\n`,
    },
    flows: ['command-injection@2'],
  },
  {
    title: 'properties of exports are functions of the file',
    files: {
      'lib/index.js': `${SINK}exports.run = function (c) { exec(c); };\n`,
      'app.js': `${EXPRESS}const lib = require('./lib');\napp.get('/', (req, res) => lib.run(req.query.c));\n`,
    },
    flows: ['command-injection@2'],
  },
  {
    title: 'named, default, renamed and collected exports are followed',
    files: {
      'lib/run.ts':
        "import { exec } from 'node:child_process';\nexport const run = (c: string) => exec(c);\nexport default run;\n",
      'lib/all.ts': "export * from './run.js';\nexport { default as first } from './run';\n",
      'app.ts':
        "import express from 'express';\nimport { run as go, first } from './lib/all';\nconst app = express();\napp.get('/', (req, res) => { go(req.query.c); });\n",
    },
    flows: ['command-injection@2'],
  },
  {
    title: 'a clean function of another file cleans',
    files: {
      'lib/clean.js': 'module.exports = (text) => text.replace(/[^a-z]/g, "");\n',
      'app.js': `${EXPRESS}${SINK}const clean = require('./lib/clean');\napp.get('/', (req, res) => { exec(clean(req.query.c)); exec(req.query.c); });\n`,
    },
    flows: ['command-injection@4'],
  },
  {
    title: 'a package of the tree is found by its name and its exports',
    files: {
      'packages/core/package.json': '{ "name": "@acme/core", "exports": { ".": { "import": "./lib/main.js" } } }',
      'packages/core/lib/main.js': `${SINK}exports.run = (c) => { exec(c); };\n`,
      'packages/core/extra.js': `${SINK}\nexports.go = (c) => { exec(c); };\n`,
      'app.js': `${EXPRESS}app.get('/', (req, res) => { require('@acme/core').run(req.query.c); require('@acme/core/extra').go(req.query.c); });\n`,
    },
    flows: ['command-injection@3', 'command-injection@2'],
  },
  {
    title: 'paths of a TypeScript project are followed',
    files: {
      'tsconfig.json': '{ /* note */ "compilerOptions": { "baseUrl": ".", "paths": { "#lib/*": ["source/lib/*"], } } }',
      'source/lib/run.ts': "import { exec } from 'child_process';\nexport const run = (c: string) => exec(c);\n",
      'app.ts':
        "import express from 'express';\nimport { run } from '#lib/run';\nexpress().get('/', (req, res) => run(req.query.c));\n",
    },
    flows: ['command-injection@2'],
  },
  {
    title: 'files that require each other end',
    files: {
      'a.js': "exports.b = require('./b');\nexports.f = (x) => exports.b.g(x);\n",
      'b.js': `${SINK}const a = require('./a');\nexports.g = (x) => { exec(x); a.f(x); };\n`,
      'app.js': `${EXPRESS}const a = require('./a');\napp.get('/', (req, res) => a.f(req.query.c));\n`,
    },
    flows: ['command-injection@3'],
  },
  {
    title: 'a class of another file keeps its fields',
    files: {
      'lib/job.js': `${SINK}class Job {\n  constructor(c) { this.c = c; }\n  go() { exec(this.c); }\n}\nmodule.exports.Job = Job;\n`,
      'app.js': `${EXPRESS}const { Job } = require('./lib/job');\napp.get('/', (req, res) => { new Job(req.query.c).go(); });\n`,
    },
    flows: ['command-injection@4'],
  },
];

describe('modules of JavaScript', () => {
  let laboratory: Laboratory;
  before(async () => {
    laboratory = await openLaboratory();
  });
  after(() => laboratory[Symbol.dispose]());

  for (const { title, files, flows } of TREES)
    test(title, async () => {
      assert.deepEqual(flowsOf(await laboratory.analyse(files), files), flows);
    });
});
