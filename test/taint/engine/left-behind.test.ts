/** What one function leaves in fields and variables, another finds there. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { flowsOf, type Laboratory, openLaboratory } from '../analysed.ts';

const SERVICE = "import cp from 'node:child_process';\nimport express from 'express';\nconst app = express();\n";
const LIBRARY = "const cp = require('child_process');\n";
const FLASK = 'import os\nfrom flask import Flask, request\napp = Flask(__name__)\n';

interface Pair {
  readonly name: string;
  readonly path: string;
  readonly attack: string;
  readonly benign: string;
  readonly library?: boolean;
}

const PAIRS: readonly Pair[] = [
  {
    name: 'a variable of the module that another route reads',
    path: 'a.ts',
    attack: `${SERVICE}let last = '';\napp.get('/g', (req, res) => { cp.exec('ls ' + last); });\napp.get('/s', (req, res) => { last = String(req.query.a); });\n`,
    benign: `${SERVICE}let last = '';\napp.get('/g', (req, res) => { cp.exec('ls ' + last); });\napp.get('/s', (req, res) => { last = String(Number(req.query.a)); });\n`,
  },
  {
    name: 'a field of the one instance that all routes share',
    path: 'a.ts',
    attack: `${SERVICE}class S { dir = '.'; set(d: string) { this.dir = d; } run() { cp.exec('ls ' + this.dir); } }\nconst s = new S();\napp.get('/s', (req, res) => { s.set(String(req.query.a)); });\napp.get('/g', (req, res) => { s.run(); });\n`,
    benign: `${SERVICE}class S { dir = '.'; set(d: string) { this.dir = d; } run() { cp.exec('ls ' + this.dir); } }\napp.get('/s', (req, res) => { new S().set(String(req.query.a)); });\napp.get('/g', (req, res) => { new S().run(); });\n`,
  },
  {
    name: 'a store of many keys is not one value',
    path: 'app.py',
    attack: `${FLASK}last = ''\n@app.route('/a')\ndef a():\n    global last\n    last = request.args['n']\n    return ''\n@app.route('/b')\ndef b():\n    os.system(last)\n    return ''\n`,
    benign: `${FLASK}kept = {}\n@app.route('/a')\ndef a():\n    kept['a'] = request.args['n']\n    return ''\n@app.route('/b')\ndef b():\n    os.system(kept['a'])\n    return ''\n`,
  },
  {
    name: 'what a constructor of a library was given',
    path: 'a.js',
    library: true,
    attack: `${LIBRARY}class G { constructor(o) { this.o = o; } run(cb) { cp.exec('git -C ' + this.o.dir, cb); } }\nmodule.exports = G;\n`,
    benign: `${LIBRARY}class G { constructor(o) { this.o = Number(o.dir); } run(cb) { cp.exec('git -C ' + this.o, cb); } }\nmodule.exports = G;\n`,
  },
  {
    name: 'what a plain function constructs, with methods on its prototype',
    path: 'a.js',
    library: true,
    attack: `${LIBRARY}function G(o) { if (!(this instanceof G)) return new G(o); this.o = o || {}; }\nG.prototype.run = function (cb) { cp.exec('git -C ' + this.o.dir, cb); };\nmodule.exports = G;\n`,
    benign: `${LIBRARY}function G(o) { this.n = o; }\nG.prototype.run = function (cb) { cp.exec('git -C ' + this.o, cb); };\nmodule.exports = G;\n`,
  },
  {
    name: 'a builder that an exported function makes',
    path: 'a.js',
    library: true,
    attack: `${LIBRARY}function C() { this.args = []; }\nC.prototype.arg = function (a) { this.args.push(a); return this; };\nC.prototype.exec = function (cb) { cp.exec('x ' + this.args.join(' '), cb); };\nmodule.exports = function () { return new C(); };\n`,
    benign: `${LIBRARY}function C() { this.args = []; }\nC.prototype.arg = function (a) { this.args.push(a); return this; };\nC.prototype.exec = function (cb) { cp.execFile('x', this.args, cb); };\nmodule.exports = function () { return new C(); };\n`,
  },
  {
    name: 'a variable that one exported function sets and another uses',
    path: 'a.js',
    library: true,
    attack: `${LIBRARY}var dir;\nexports.configure = function (o) { dir = o.dir; };\nexports.run = function () { cp.exec('ls ' + dir); };\n`,
    benign: `${LIBRARY}var dir;\nfunction configure(o) { dir = o.dir; }\nexports.run = function () { cp.exec('ls ' + dir); };\n`,
  },
  {
    name: 'an object that an exported function returns',
    path: 'a.js',
    library: true,
    attack: `${LIBRARY}module.exports = function () { return { run: function (d, cb) { cp.exec('ls ' + d, cb); } }; };\n`,
    benign: `${LIBRARY}module.exports = function () { const own = { run: function (d, cb) { cp.exec('ls ' + d, cb); } }; own.run('.'); };\n`,
  },
];

describe('what runs leave behind', () => {
  let laboratory: Laboratory;
  before(async () => {
    laboratory = await openLaboratory();
  });
  after(() => laboratory[Symbol.dispose]());

  for (const { name, path, attack, benign, library = false } of PAIRS)
    test(`is followed: ${name}`, async () => {
      const commands = async (text: string): Promise<readonly string[]> => {
        const files = { [path]: text };
        const found = flowsOf(await laboratory.analyse(files, { library }), files);
        return found.filter((flow) => flow.startsWith('command-injection'));
      };
      assert.equal((await commands(attack)).length, 1, 'the attack');
      assert.deepEqual(await commands(benign), [], 'its twin');
    });

  test('is settled: functions that feed each other do not run for ever', async () => {
    const names = Array.from({ length: 30 }, (_, index) => `v${index}`);
    const text = [
      SERVICE,
      ...names.map((name) => `let ${name} = '';`),
      ...names.map(
        (name, at) =>
          `app.get('/${at}', (req, res) => { ${name} = ${names[(at + 1) % 30]} + req.query.a; cp.exec('ls ' + ${name}); });`,
      ),
    ].join('\n');
    const result = await laboratory.analyse({ 'a.ts': text });
    assert.equal(result.findings.filter(({ flow }) => flow).length >= 30, true);
    assert.deepEqual(result.gaps, []);
  });
});

describe('a text of limited length', () => {
  test('is no danger to a search of quadratic time, and still one to a search of exponential time', async () => {
    using laboratory = await openLaboratory();
    const slow = async (path: string, text: string): Promise<number> => {
      const files = { [path]: text };
      return flowsOf(await laboratory.analyse(files), files).filter((flow) => flow.startsWith('slow-expression'))
        .length;
    };
    const script = (code: string): string =>
      `${SERVICE}app.post('/', (req, res) => {\n  const text = req.body.text;\n  ${code}\n  res.end();\n});\n`;
    const python = (code: string): string =>
      `import re\n${FLASK}@app.route('/a')\ndef a():\n    text = request.form['a']\n    ${code}\n    return ''\n`;
    const square = "text.replace(/\\s+$/, '');";
    assert.equal(await slow('a.ts', script(square)), 1);
    assert.equal(await slow('a.ts', script(`if (text.length > 200) return;\n  ${square}`)), 0);
    assert.equal(await slow('a.ts', script(`if (text.length <= 200) { ${square} }`)), 0);
    assert.equal(await slow('a.ts', script(`if (text.length < 200) return;\n  ${square}`)), 1, 'the wrong way round');
    assert.equal(await slow('a.ts', script("text.slice(0, 200).replace(/\\s+$/, '');")), 0);
    assert.equal(await slow('a.ts', script("text.slice(200).replace(/\\s+$/, '');")), 1);
    assert.equal(await slow('a.ts', script('if (text.length > 200) return;\n  /^(a+)+$/.test(text);')), 1);
    assert.equal(await slow('app.py', python("re.sub(r'<[^>]+>', '', text)")), 1);
    assert.equal(await slow('app.py', python("re.sub(r'<[^>]+>', '', text[:200])")), 0);
    assert.equal(await slow('app.py', python("if len(text) > 200: return ''\n    re.sub(r'<[^>]+>', '', text)")), 0);
    assert.equal(await slow('app.py', python("re.match(r'\\s+$', text)")), 0, 'it begins at the beginning');
  });
});
