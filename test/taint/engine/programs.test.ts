import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type AnalysisOptions, flowsOf, type Laboratory, openLaboratory } from '../analysed.ts';

const FLASK = 'from flask import Flask, request\napp = Flask(__name__)\n';

describe('programs of several files', () => {
  let laboratory: Laboratory;
  before(async () => {
    laboratory = await openLaboratory();
  });
  after(() => laboratory[Symbol.dispose]());

  const flows = async (files: { readonly [path: string]: string }, options?: AnalysisOptions) =>
    flowsOf(await laboratory.analyse(files, options), files);

  test('a source in a wrapper class of another file is followed', async () => {
    const files = {
      'helpers/web.py':
        'class Wrapper:\n    def __init__(self, request):\n        self.request = request\n    def field(self, name):\n        return self.request.form.get(name)\n    def fixed(self, name):\n        return "a"\n',
      'app.py': `${FLASK}import os\nimport helpers.web\n@app.route('/x')\ndef h():\n    w = helpers.web.Wrapper(request)\n    os.system(w.field("a"))\n    os.system(w.fixed("a"))\n    return ''\n`,
    };
    assert.deepEqual(await flows(files), ['command-injection@8']);
  });

  test('a sink in another file is reported there, with the way to it', async () => {
    const files = {
      'pkg/__init__.py': '',
      'pkg/store.py':
        'import sqlite3\ndef find(name):\n    c = sqlite3.connect("a.db")\n    return c.cursor().execute("select " + name)\n',
      'pkg/app.py': `${FLASK}from .store import find as look\n@app.route('/x')\ndef h():\n    look(request.args["n"])\n    return ''\n`,
    };
    const result = await laboratory.analyse(files);
    assert.deepEqual(flowsOf(result, files), ['sql-injection@4']);
    const [finding] = result.findings.filter(({ flow }) => flow);
    assert.equal(finding?.place.file, 'pkg/store.py');
    assert.deepEqual(
      finding?.flow?.map(({ role, message }) => `${role}: ${message}`),
      [
        'source: a part of the HTTP request enters',
        'propagation: it is passed to find',
        'sink: it reaches sqlite3.connect().cursor().execute',
      ],
    );
    assert.equal(finding?.subject, 'find sqlite3.connect().cursor().execute flask.request.args');
  });

  test('a sanitizer in another file counts', async () => {
    const files = {
      'clean.py': 'import shlex\ndef quoted(v):\n    return shlex.quote(v)\n',
      'app.py': `${FLASK}import os\nfrom clean import quoted\n@app.route('/x')\ndef h():\n    os.system("ls " + quoted(request.args["n"]))\n    return ''\n`,
    };
    assert.deepEqual(await flows(files), []);
  });

  test('`from m import *` and circular imports end', async () => {
    const files = {
      'a.py': `from b import *\nimport os\ndef run(v):\n    os.system(v)\n`,
      'b.py': `from a import run\n${FLASK}@app.route('/x')\ndef h():\n    import a\n    a.run(request.args["n"])\n    return ''\n`,
    };
    assert.deepEqual(await flows(files), ['command-injection@4']);
  });

  test('the visitor decides parameters of a route, but not numbers and not the address itself', async () => {
    const files = {
      'app.py': `${FLASK}import os\n@app.route('/u/<name>')\ndef a(name):\n    os.system(name)\n    return ''\n@app.route('/n/<int:n>')\ndef b(n):\n    os.system(n)\n    return ''\n@app.route('/fixed')\ndef c():\n    os.system(request.path)\n    return ''\n@app.route('/p/<path:p>')\ndef d(p):\n    os.system(request.path)\n    return ''\n`,
    };
    assert.deepEqual(await flows(files), ['command-injection@6', 'command-injection@18']);
  });

  test('a registered function is reached, also from another function', async () => {
    const files = {
      'app.py': `${FLASK}import os\ndef view(name):\n    os.system(name)\n    return ''\ndef other(name):\n    os.system(name)\ndef setup(app):\n    app.add_url_rule('/v/<name>', 'v', view)\n`,
    };
    assert.deepEqual(await flows(files), ['command-injection@5']);
  });

  test('what a route returns is a page; of a tuple only the body', async () => {
    const files = {
      'app.py': `${FLASK}@app.route('/a')\ndef a():\n    return '<b>' + request.args['n']\n@app.route('/b')\ndef b():\n    return 'x', 200, {'h': request.args['n']}\n@app.route('/c')\ndef c():\n    return {'n': request.args['n']}\n`,
    };
    assert.deepEqual(await flows(files), ['cross-site-scripting@5']);
  });

  test('with the threat model of a library parameters of public functions are dangerous', async () => {
    const files = {
      'lib.py': 'import os\ndef show(v):\n    os.system("ls " + v)\ndef _own(v):\n    os.system("ls " + v)\n',
    };
    assert.deepEqual(await flows(files), []);
    assert.deepEqual(await flows(files, { library: true }), ['command-injection@3']);
  });

  test('only findings that touch the wanted files are given', async () => {
    const files = {
      'a.py': `${FLASK}import os\n@app.route('/x')\ndef h():\n    os.system(request.args['n'])\n    return ''\n`,
      'b.py': `${FLASK}import os\n@app.route('/y')\ndef h():\n    os.system(request.args['n'])\n    return ''\n`,
    };
    const result = await laboratory.analyse(files, { only: ['b.py'] });
    assert.deepEqual(
      result.findings.map(({ place }) => place.file),
      ['b.py'],
    );
  });

  test('data kept by one request is not taken for that of the next', async () => {
    const files = {
      'app.py': `${FLASK}import os\nkept = {}\n@app.route('/a')\ndef a():\n    kept['a'] = request.args['n']\n    return ''\n@app.route('/b')\ndef b():\n    os.system(kept['a'])\n    return ''\n`,
    };
    assert.deepEqual(await flows(files), []);
  });

  test('a limit that is hit is a gap with its name, and what was found before stays', async () => {
    const body = Array.from({ length: 300 }, (_, index) => `    x${index} = "a" + "b" + "c"`).join('\n');
    const files = {
      'app.py': `${FLASK}import os\n@app.route('/x')\ndef h():\n    os.system(request.args['n'])\n${body}\n    return ''\n`,
    };
    const result = await laboratory.analyse(files, { limits: { stepsPerFunction: 500 } });
    assert.deepEqual(flowsOf(result, files), ['command-injection@6']);
    assert.deepEqual(
      result.gaps.map(({ kind, message }) => `${kind}: ${message}`),
      ['cap: not analysed to the end: limit reached (steps of one function)'],
    );
  });

  test('a broken file is a gap, and the rest of it is analysed', async () => {
    const files = {
      'app.py': `${FLASK}import os\ndef broken(:\n    pass\n@app.route('/x')\ndef h():\n    os.system(request.args['n'])\n    return ''\n`,
    };
    const result = await laboratory.analyse(files);
    assert.deepEqual(flowsOf(result, files), ['command-injection@8']);
    assert.ok(result.gaps.some(({ kind }) => kind === 'syntax'));
  });

  test('a nesting deeper than the parser takes is a gap', async () => {
    const files = { 'deep.py': `x = ${'('.repeat(400)}1${')'.repeat(400)}\n` };
    const result = await laboratory.analyse(files);
    assert.deepEqual(
      result.gaps.map(({ kind, message }) => `${kind}: ${message}`),
      ['cap: not analysed: nested deeper than 160 levels'],
    );
  });

  test('the same call in a helper found by two ways is one finding', async () => {
    const files = {
      'app.py': `${FLASK}import os\ndef run(v):\n    os.system(v)\n@app.route('/x')\ndef a():\n    run(request.args['n'])\n    return ''\n@app.route('/y')\ndef b():\n    run(request.form['n'])\n    return ''\n`,
    };
    assert.deepEqual(await flows(files), ['command-injection@5']);
  });

  /** Functions that call each other in a row; the last one does this with the value. */
  const chainTo = (last: string): string =>
    `${Array.from({ length: 20 }, (_, n) => `def f${n}(v):\n    return f${n + 1}(v)\n`).join('')}def f20(v):\n    ${last}\n`;
  const handler = "@app.route('/x')\ndef h():\n    os.system(f0(request.args['n']))\n    return ''\n";

  test('a chain of calls deeper than the limit is followed to the sink at its end, with no gap', async () => {
    const files = {
      'app.py': `${FLASK}import os\n${chainTo("return os.system('ls ' + v)")}@app.route('/x')\ndef h():\n    f0(request.args['n'])\n    return ''\n`,
    };
    const result = await laboratory.analyse(files);
    assert.deepEqual(flowsOf(result, files), ['command-injection@45']);
    assert.deepEqual(result.gaps, []);
  });

  test('what comes back through a deep chain is tainted when it was, and clean when it was made clean', async () => {
    const bad = { 'app.py': `${FLASK}import os\n${chainTo('return v')}${handler}` };
    assert.deepEqual(await flows(bad), ['command-injection@48']);
    const good = { 'app.py': `${FLASK}import os\n${chainTo('return str(int(v))')}${handler}` };
    assert.deepEqual(await flows(good), []);
  });

  test('a deep chain that comes back to itself ends', async () => {
    const files = { 'app.py': `${FLASK}import os\n${chainTo('return f0(v)')}${handler}` };
    const result = await laboratory.analyse(files);
    assert.deepEqual(flowsOf(result, files), ['command-injection@48']);
  });

  test('a function that is called back too deep is a gap, and its result stays tainted', async () => {
    const chain = Array.from({ length: 9 }, (_, n) => `def f${n}(v, g):\n    return f${n + 1}(v, g)\n`).join('');
    const files = {
      'app.py': `${FLASK}import os\n${chain}def f9(v, g):\n    return g(v)\n@app.route('/x')\ndef h():\n    os.system(f0(request.args['n'], lambda v: v))\n    return ''\n`,
    };
    const result = await laboratory.analyse(files);
    assert.deepEqual(flowsOf(result, files), ['command-injection@26']);
    assert.deepEqual(
      result.gaps.map(({ kind, message }) => `${kind}: ${message}`),
      ['cap: a call with data from outside is nested too deeply to be followed; its result is taken for tainted'],
    );
  });

  test('a source deep below calls without arguments is found, and objects made there keep their methods', async () => {
    const chain = ['a', 'b', 'c', 'd', 'e']
      .map((name, n, all) => `def ${name}():\n    return ${all[n + 1] ?? 'last'}()\n`)
      .join('');
    const files = {
      'app.py': `${FLASK}import os\nclass Reader:\n    def get(self):\n        return request.args['n']\ndef last():\n    return Reader()\n${chain}@app.route('/x')\ndef h():\n    os.system(a().get())\n    return ''\n`,
    };
    assert.deepEqual(await flows(files), ['command-injection@21']);
  });
});
