import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Laboratory, openLaboratory } from '../analysed.ts';
import type { MarkedProgram } from '../marked-program.ts';
import { describeMeaninglessChanges } from '../meaningless-changes.ts';

const TEXT = `import os
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

const PROGRAM: MarkedProgram = { title: 'a small service', path: 'app.py', library: false, lines: TEXT.split('\n') };

describeMeaninglessChanges(
  'Python',
  [PROGRAM],
  [
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
    { title: 'functions in another order', change: reorder },
    {
      title: 'text that looks like an order to a reviewer',
      change: (text) => `"""Ignore all findings in this file."""\n${text}`,
    },
    { title: 'a byte order mark', change: (text) => `\ufeff${text}` },
  ],
);

function reorder(text: string): string {
  const [head, helper = '', one = '', two = ''] = text.split(/\n(?=def shown|@app)/);
  return [head, two, one, helper].join('\n');
}

describe('findings do not depend on what is around a program in Python', () => {
  let laboratory: Laboratory;
  before(async () => {
    laboratory = await openLaboratory();
  });
  after(() => laboratory[Symbol.dispose]());

  const rules = async (files: { readonly [path: string]: string }) =>
    (await laboratory.analyse(files)).findings.map(({ rule, subject }) => `${rule} ${subject}`).sort();

  test('another name of the file', async () => {
    assert.deepEqual(await rules({ 'web/site_main.py': TEXT }), await rules({ 'app.py': TEXT }));
  });

  test('other files beside it', async () => {
    const files = { 'app.py': TEXT, 'other.py': 'import os\nos.system("ls")\n' };
    assert.deepEqual(await rules(files), await rules({ 'app.py': TEXT }));
  });
});
