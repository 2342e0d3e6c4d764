import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadGrammars, lowerJavaScript, lowerPython } from '../../src/code/index.ts';
import { dominates } from '../../src/review/guard-dominance.ts';

const grammars = await loadGrammars(['python', 'javascript', 'typescript', 'tsx']);

/** `GUARD` and `SINK` mark their lines. */
function proves(path: string, text: string): boolean {
  const lines = text.split('\n');
  const lineOf = (mark: string): number => lines.findIndex((line) => line.includes(mark)) + 1;
  const file = { path, text };
  const module = path.endsWith('.py') ? lowerPython(file, grammars) : lowerJavaScript(file, grammars);
  return dominates(module, lineOf('GUARD'), lineOf('SINK'));
}

const PROVEN: readonly (readonly [string, string, string])[] = [
  [
    'a check whose other side leaves',
    'a.py',
    'def f(x):\n    if not ok(x):  # GUARD\n        return\n    run(x)  # SINK\n',
  ],
  ['the same with a throw', 'a.js', 'function f(x) {\n  if (!ok(x)) throw new Error() // GUARD\n  run(x) // SINK\n}\n'],
  ['a check around the line', 'a.py', 'def f(x):\n    if ok(x):  # GUARD\n        run(x)  # SINK\n'],
  ['an encoding before it', 'a.py', 'def f(x):\n    x = quote(x)  # GUARD\n    if y:\n        run(x)  # SINK\n'],
  ['one in the same loop', 'a.js', 'for (const x of xs) {\n  if (!ok(x)) continue // GUARD\n  run(x) // SINK\n}\n'],
  [
    'one in a function inside',
    'a.js',
    "app.get('/', (q, r) => {\n  if (!ok(q)) return r.end() // GUARD\n  run(q) // SINK\n})\n",
  ],
  ['an assertion', 'a.py', 'def f(x):\n    assert ok(x)  # GUARD\n    run(x)  # SINK\n'],
];

const NOT_PROVEN: readonly (readonly [string, string, string])[] = [
  [
    'a check that goes on either way',
    'a.py',
    'def f(x):\n    if not ok(x):  # GUARD\n        log(x)\n    run(x)  # SINK\n',
  ],
  [
    'one in a branch beside it',
    'a.py',
    'def f(x):\n    if a:\n        x = quote(x)  # GUARD\n    else:\n        run(x)  # SINK\n',
  ],
  ['one on some ways only', 'a.py', 'def f(x):\n    if a:\n        x = quote(x)  # GUARD\n    run(x)  # SINK\n'],
  [
    'one in another function',
    'a.py',
    'def g(x):\n    if not ok(x):  # GUARD\n        return\ndef f(x):\n    run(x)  # SINK\n',
  ],
  [
    'one in a function defined before it',
    'a.js',
    'function f(x) {\n  const g = () => { if (!ok(x)) throw 1 } // GUARD\n  run(x) // SINK\n}\n',
  ],
  [
    'one that an exception skips',
    'a.py',
    'def f(x):\n    try:\n        x = quote(x)  # GUARD\n    except E:\n        pass\n    run(x)  # SINK\n',
  ],
  [
    'one in a loop that may not run',
    'a.py',
    'def f(x):\n    for y in ys:\n        x = quote(x)  # GUARD\n    run(x)  # SINK\n',
  ],
  ['one behind it', 'a.py', 'def f(x):\n    run(x)  # SINK\n    x = quote(x)  # GUARD\n'],
  ['an import', 'a.py', 'import subprocess  # GUARD\nrun(x)  # SINK\n'],
  ['a comment', 'a.py', 'def f(x):\n    # checked, GUARD\n    run(x)  # SINK\n'],
];

describe('a guard', () => {
  for (const [name, path, text] of PROVEN) it(`is on every way: ${name}`, () => assert.equal(proves(path, text), true));
  for (const [name, path, text] of NOT_PROVEN)
    it(`is not proven: ${name}`, () => assert.equal(proves(path, text), false));
});
