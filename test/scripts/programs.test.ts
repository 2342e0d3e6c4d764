import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Script } from 'node:vm';
import {
  AUDIT_PROGRAM,
  CHANGE_PROGRAM,
  codeFileOf,
  launcherOf,
  loadWhenUsed,
  type Program,
  programFile,
  RUN_PROGRAMS,
} from '../../scripts/programs.ts';

const PROGRAM: Program = { name: 'greeting', source: '', packages: [] };

function programThatSays(word: string): string {
  return `(function(exports,require,module){exports.word='${word}';console.log(exports.word);})`;
}

function compile(text: string): Buffer {
  const script = new Script(text, { filename: 'greeting.program.js' });
  return script.createCachedData();
}

/** What the program that says `new` prints, with this beside it as its compiled code. */
function printedWith(code: Uint8Array | undefined): string {
  const dist = mkdtempSync(join(tmpdir(), 'sallyport-programs-'));
  try {
    const text = programThatSays('new');
    writeFileSync(programFile(dist, PROGRAM), text);
    writeFileSync(join(dist, 'greeting.cjs'), launcherOf(PROGRAM, text));
    if (code) writeFileSync(join(dist, 'greeting.code'), code);
    const { stdout, stderr, status } = spawnSync(process.execPath, [join(dist, 'greeting.cjs')], { encoding: 'utf8' });
    assert.equal(status, 0, stderr);
    return stdout.trim();
  } finally {
    rmSync(dist, { recursive: true });
  }
}

const own = codeFileOf(programThatSays('new'), compile(programThatSays('new')));
const damaged = Buffer.from(own);
damaged.fill(0x5a, 64);

const CODES: readonly { readonly name: string; readonly code: Uint8Array | undefined }[] = [
  { name: 'its own compiled code', code: own },
  { name: 'none', code: undefined },
  { name: 'an empty file', code: new Uint8Array() },
  { name: 'its own code cut short', code: own.subarray(0, 200) },
  { name: 'what is no code of V8', code: damaged },
];

for (const { name, code } of CODES) {
  test(`a program runs the same with ${name}`, () => {
    assert.equal(printedWith(code), 'new');
  });
}

test('V8 itself takes the code of another text of the same length: the id alone tells', () => {
  assert.equal(printedWith(codeFileOf(programThatSays('new'), compile(programThatSays('old')))), 'old');
});

test('compiled code that an older build left behind is not used', () => {
  assert.equal(printedWith(codeFileOf(programThatSays('old'), compile(programThatSays('old')))), 'new');
});

test('a built-in module is loaded at its first use', () => {
  const text = loadWhenUsed('var import_node_zlib=require("node:zlib");exports.use=()=>new import_node_zlib.Gunzip();');
  const loaded: string[] = [];
  const load = (name: string): object => {
    loaded.push(name);
    return {
      Gunzip: class {
        readonly name = 'gunzip';
      },
    };
  };
  const head = 'const __whenUsed=(name)=>{let loaded;return()=>loaded??=require(name)};';
  const exported: { use?: () => { readonly name: string } } = {};
  new Function('exports', 'require', `${head}${text}`)(exported, load);
  assert.deepEqual(loaded, []);
  assert.equal(exported.use?.().name, 'gunzip');
  assert.equal(exported.use?.().name, 'gunzip');
  assert.deepEqual(loaded, ['node:zlib']);
});

test('a built-in module that is imported as a whole is refused', () => {
  const text = 'var import_node_zlib=__toESM(require("node:zlib"));import_node_zlib.default.gunzipSync();';
  assert.throws(() => loadWhenUsed(text), /import what is used of node:zlib by its name/);
});

test('what only looks like a built-in module is left as it is', () => {
  const text = 'var import_chunk=require("./chunk.js");import_chunk.go();';
  assert.equal(loadWhenUsed(text), text);
});

test('the starter starts every program that is a command, and only what is one', () => {
  const starter = readFileSync(join(import.meta.dirname, '../../bin/sallyport'), 'utf8');
  const cases = [...starter.matchAll(/^ {2}([\w |]+)\) program=\$root\/dist\/(\$1|\w+)\.cjs/gm)];
  const started = cases.flatMap(([, words = '', name]) => (name === '$1' ? words.split(' | ') : [name]));
  const commands = [...RUN_PROGRAMS, AUDIT_PROGRAM, CHANGE_PROGRAM].filter(({ source }) =>
    source.startsWith('src/commands/'),
  );
  assert.deepEqual(
    started,
    commands.map(({ name }) => name),
  );
});

test('the program of a change has the commands that the starter gives to it', () => {
  const read = (file: string): string => readFileSync(join(import.meta.dirname, '../..', file), 'utf8');
  const [, words = ''] = /^ {2}([\w |]+)\) program=\$root\/dist\/change\.cjs/m.exec(read('bin/sallyport')) ?? [];
  const commands = [...read(CHANGE_PROGRAM.source).matchAll(/^ {2}(\w+): \{ summary/gm)].map(([, name]) => name);
  assert.deepEqual(words.split(' | '), commands);
});
