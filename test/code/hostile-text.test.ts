/** Files that no person writes are read like any other, or are a gap: the lowering of no language throws. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Grammars, loadGrammars, lowerGo, lowerJava, lowerJavaScript, lowerPython } from '../../src/code/index.ts';

/** More than a call can be given arguments. */
const MANY = 150_000;
const FLAT = [
  { what: 'items in a list of JavaScript', path: 'a.js', text: `[a${',a'.repeat(MANY)}]`, lower: lowerJavaScript },
  {
    what: 'names of an import of JavaScript',
    path: 'a.js',
    text: `import {a${',a'.repeat(MANY)}} from "b"`,
    lower: lowerJavaScript,
  },
  { what: 'statements of Python', path: 'a.py', text: 'a;'.repeat(MANY), lower: lowerPython },
  {
    what: 'alternatives of a pattern of Python',
    path: 'a.py',
    text: `match a:\n case 1${'|1'.repeat(MANY)}: pass\n`,
    lower: lowerPython,
  },
  {
    what: 'arguments of Go',
    path: 'a.go',
    text: `package a\nfunc f() { b := g(a${',a'.repeat(MANY)}) }`,
    lower: lowerGo,
  },
  {
    what: 'constants of an enumeration of Java',
    path: 'A.java',
    text: `enum A { a${',a'.repeat(MANY)} }`,
    lower: lowerJava,
  },
] as const;

const ODD = [
  { path: 'a.py', text: 'x = "\\x-1z \\u-111 \\U-0000001 \\xg"', lower: lowerPython },
  { path: 'a.js', text: 'x = "\\u{110000} \\u{-1} \\x-1" + `\\u{ffffffffff}`', lower: lowerJavaScript },
  { path: 'a.go', text: 'package a\nvar x = "\\U00110000 \\x-1 \\777"', lower: lowerGo },
  { path: 'A.java', text: 'class A { String x = "\\uD800 \\u-111 \\777"; }', lower: lowerJava },
  {
    path: 'a.js',
    text: '({__proto__: a, constructor: b}).__proto__ = toString; class constructor {}',
    lower: lowerJavaScript,
  },
] as const;

describe('hostile files', () => {
  let grammars: Grammars;
  before(async () => {
    grammars = await loadGrammars(['python', 'javascript', 'tsx', 'go', 'java']);
  });
  after(() => grammars[Symbol.dispose]());

  for (const { what, path, text, lower } of FLAT)
    test(`${MANY} ${what} are read`, () => assert.ok(lower({ path, text }, grammars).body.length > 0));

  for (const { path, text, lower } of ODD)
    test(`${JSON.stringify(text)} is read`, () => assert.ok(lower({ path, text }, grammars).body.length > 0));
});
