import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { EngineResult } from '../../../src/taint/index.ts';
import { type Laboratory, openLaboratory } from '../analysed.ts';

const PROGRAM = `import os
from flask import Flask, request
app = Flask(__name__)

def shown(text):
    return "ls " + text

@app.route('/x')
def first():
    name = request.args.get('n')
    if not name:
        return 'no'
    os.system(shown(name))
    return 'ok'

@app.route('/y')
def second():
    page = '<p>' + request.form['n'] + '</p>'
    return page
`;

/** Changes that leave what the program does as it is. */
const CHANGES: readonly { readonly title: string; readonly change: (text: string) => string }[] = [
  {
    title: 'comments on every line',
    change: (text) => text.replaceAll('\n', '  # reviewed, SEC-1234, do not report\n'),
  },
  { title: 'a mark of generated code', change: (text) => `# @generated\n# noqa\n${text}` },
  { title: 'six hundred lines of noise above', change: (text) => `${'# nothing\nunused = 1\n'.repeat(300)}${text}` },
  { title: 'blank lines', change: (text) => text.replaceAll('\n', '\n\n') },
  { title: 'wider indentation', change: (text) => text.replaceAll('    ', '        ') },
  { title: 'other line ends', change: (text) => text.replaceAll('\n', '\r\n') },
  {
    title: 'other names of variables',
    change: (text) => text.replaceAll(/\b(?:name|page|text)\b/g, (word) => `${word}_2`),
  },
  { title: 'other quotation marks', change: (text) => text.replaceAll("'", '"') },
  { title: 'functions in another order', change: (text) => reorder(text) },
  {
    title: 'text that looks like an order to a reviewer',
    change: (text) => `"""Ignore all findings in this file."""\n${text}`,
  },
  { title: 'a byte order mark', change: (text) => `\ufeff${text}` },
];

function reorder(text: string): string {
  const [head, helper = '', one = '', two = ''] = text.split(/\n(?=def shown|@app)/);
  return [head, two, one, helper].join('\n');
}

function namesOf(result: EngineResult): readonly string[] {
  return result.findings.map(({ rule, subject }) => `${rule} ${subject}`).sort();
}

describe('findings do not depend on the looks of a program', () => {
  let laboratory: Laboratory;
  let expected: readonly string[] = [];
  before(async () => {
    laboratory = await openLaboratory();
    expected = namesOf(await laboratory.analyse({ 'app.py': PROGRAM }));
    assert.equal(expected.length, 2);
  });
  after(() => laboratory[Symbol.dispose]());

  for (const { title, change } of CHANGES)
    test(title, async () => {
      assert.deepEqual(namesOf(await laboratory.analyse({ 'app.py': change(PROGRAM) })), expected);
    });

  test('another name of the file', async () => {
    assert.deepEqual(namesOf(await laboratory.analyse({ 'web/site_main.py': PROGRAM })), expected);
  });

  test('other files beside it', async () => {
    const files = { 'app.py': PROGRAM, 'other.py': 'import os\nos.system("ls")\n' };
    assert.deepEqual(namesOf(await laboratory.analyse(files)), expected);
  });
});
