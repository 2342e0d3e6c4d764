/** Names, addresses and texts that a patch moves about without mending anything, each beside twins that mend. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { meansOf } from '../support/means.ts';

const hex = (text: string): string => Buffer.from(text).toString('hex');
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

interface Swap {
  readonly path: string;
  readonly before: string;
  readonly after: string;
}

const CHECKED = `import { find } from './store';
const isPlain = (text: string) => /^[a-z]+$/.test(text);
export class Shop {
  clean(text: string) { return text.trim(); }
  show(name: string) { return isPlain(name) ? find(this.clean(name)) : undefined; }
}
`;
const SCRIPT = `from store import find

LIMIT = 5


def plain(text):
    return text.isalpha()


def show(name):
    return find(name)[:LIMIT] if plain(name) else None
`;

describe('a name that a patch takes the meaning of', () => {
  const lost: readonly Swap[] = [
    { path: 'a.ts', before: CHECKED, after: CHECKED.replace(/const isPlain.*\n/, '') },
    { path: 'a.ts', before: CHECKED, after: CHECKED.replace(/import.*\n/, '') },
    { path: 'a.py', before: SCRIPT, after: SCRIPT.replace('LIMIT = 5\n', '') },
    { path: 'a.py', before: SCRIPT, after: SCRIPT.replace('def plain', 'def is_plain') },
  ];
  const kept: readonly Swap[] = [
    { path: 'a.ts', before: CHECKED, after: CHECKED.replaceAll('isPlain', 'hasLetters') },
    { path: 'a.ts', before: CHECKED, after: CHECKED.replace('isPlain(name) ? ', '').replace(' : undefined', '') },
    { path: 'a.ts', before: CHECKED, after: CHECKED.replace('(text: string) {', '({ length, ...text }: T) {') },
    {
      path: 'a.ts',
      before: CHECKED,
      after: `import * as all from './all';\n${CHECKED.replace(/const isPlain.*\n/, 'export const { isPlain = all } = all;\n')}`,
    },
    { path: 'a.py', before: SCRIPT, after: SCRIPT.replace('LIMIT = 5', 'from settings import LIMIT') },
    { path: 'a.py', before: SCRIPT, after: SCRIPT.replace('LIMIT = 5', 'from settings import *') },
    { path: 'a.py', before: SCRIPT, after: SCRIPT.replace('LIMIT = 5', 'for LIMIT in range(5):\n    pass') },
  ];

  it('stops where it is still used', async () => {
    for (const { path, before, after } of lost) {
      const judged = await meansOf(path, before, after);
      assert.equal(judged?.outcome, 'failed', after);
      assert.match(judged.reason, /nothing gives a meaning/);
    }
  });

  it('is none that has another meaning, or is not used any more', async () => {
    for (const { path, before, after } of kept)
      assert.equal((await meansOf(path, before, after))?.outcome, 'passed', after);
  });

  it('leaves open what a function does that the file does not know', async () => {
    for (const [path, before, after] of [
      ['a.ts', CHECKED, CHECKED.replace('this.clean(name)', 'makeHarmless(name)')],
      ['a.py', SCRIPT, SCRIPT.replace('find(name)', 'find(make_harmless(name))')],
    ] as const)
      assert.equal((await meansOf(path, before, after))?.outcome, 'open', after);
    for (const [path, before, after] of [
      ['a.ts', CHECKED, CHECKED.replace('this.clean(name)', 'encodeURIComponent(name)')],
      ['a.ts', CHECKED, CHECKED.replace('find }', 'find, plain }').replace('this.clean(name)', 'plain(name)')],
      ['a.py', SCRIPT, SCRIPT.replace('find(name)', 'find(str(name))')],
    ] as const)
      assert.equal((await meansOf(path, before, after))?.outcome, 'passed', after);
  });
});

const SERVED = `import express from 'express';
import { isOperator, figures } from './figures';
const app = express();
app.use('/board', isOperator);
app.get('/figures', (req, res) => res.json(figures()));
app.get('/files/:name', (req, res) => res.sendFile(req.params.name));
`;
const FLASK = `from flask import Flask
from figures import figures

app = Flask(__name__)


@app.route('/figures')
def show():
    return figures()
`;
const GO = `package main

import "net/http"

func main() {
	http.HandleFunc("/figures", figures)
	http.ListenAndServe(":8080", nil)
}
`;

describe('another address for the same handler', () => {
  const renamed: readonly Swap[] = [
    { path: 'a.ts', before: SERVED, after: SERVED.replace("'/figures',", "'/x7f3a',") },
    { path: 'a.py', before: FLASK, after: FLASK.replace("'/figures'", "'/figures-2b1c'") },
    { path: 'a.go', before: GO, after: GO.replace('"/figures"', '"/x/y/z"') },
  ];
  const other: readonly Swap[] = [
    { path: 'a.ts', before: SERVED, after: SERVED.replace("'/figures',", "'/figures', isOperator,") },
    // Behind a guard of this file, or where guards often are.
    { path: 'a.ts', before: SERVED, after: SERVED.replace("'/figures',", "'/board/figures',") },
    { path: 'a.ts', before: SERVED, after: SERVED.replace("'/figures',", "'/internal/figures',") },
    // The address of a guard may well have been wrong.
    { path: 'a.ts', before: SERVED, after: SERVED.replace("'/board'", "'/figures'") },
    { path: 'a.ts', before: SERVED, after: SERVED.replace('/files/:name', '/files/:name(\\\\w+)') },
    { path: 'a.py', before: FLASK, after: FLASK.replace("'/figures'", "'/admin/figures'") },
    { path: 'a.go', before: GO, after: GO.replace('figures)', 'operators(figures))') },
  ];

  it('is found by whoever looks', async () => {
    for (const { path, before, after } of renamed) {
      const judged = await meansOf(path, before, after);
      assert.equal(judged?.outcome, 'failed', after);
      assert.match(judged.reason, /another address/);
    }
  });

  it('is not what a guard, a pattern or a guarded place is', async () => {
    for (const { path, before, after } of other)
      assert.equal((await meansOf(path, before, after))?.outcome, 'passed', after);
  });
});

const WORD = 'Tr0ub4dor-and-3';
const DOOR = `import { open } from './door';
export function enter(word: string) {
  if (word === '${WORD}') open();
}
`;

describe('a text in another spelling', () => {
  const instead = (condition: string): string => DOOR.replace(`word === '${WORD}'`, condition);
  const same = [
    `encode(word) === '${base64(WORD)}'`,
    `encode(word) === '${hex(WORD)}'`,
    `digest(word) === '${sha256(WORD)}'`,
    `word === [...'${[...WORD].reverse().join('')}'].reverse().join('')`,
    "word === 'Tr0ub' + '4dor-' + 'and-3'",
    "word === ['Tr0ub4', 'dor-and-3'].join('')",
    `word === String.fromCharCode(${[...WORD].map((one) => one.charCodeAt(0)).join(', ')})`,
  ];
  const another = [
    'word === process.env.WORD',
    `digest(word) === '${sha256('something else')}'`,
    "word === 'Tr0ub' + settings.rest",
    `digest(word, 'salt') === '${sha256(`salt${WORD}`)}'`,
  ];
  const head = "import { encode, digest, settings } from './words';\n";

  it('is the same to whoever knew it', async () => {
    for (const condition of same) {
      const judged = await meansOf('a.ts', head + DOOR, head + instead(condition));
      assert.equal(judged?.outcome, 'failed', condition);
      assert.match(judged.reason, /another spelling/);
    }
    const python = `import hashlib\n\ndef enter(word):\n    return word == '${WORD}'\n`;
    const digest = python.replace(`word == '${WORD}'`, `hashlib.sha256(word).hexdigest() == '${sha256(WORD)}'`);
    assert.match((await meansOf('a.py', python, digest))?.reason ?? '', /another spelling/);
  });

  it('is not what another text is, or one that was only cut to fit', async () => {
    for (const condition of another)
      assert.equal((await meansOf('a.ts', head + DOOR, head + instead(condition)))?.outcome, 'passed', condition);
    const long = `import { act } from './act';\nact('a sentence that is too long for one line of this file');\n`;
    const cut = long.replace('too long for', "too long ' +\n  'for");
    assert.equal((await meansOf('a.ts', long, cut))?.outcome, 'passed');
  });
});
