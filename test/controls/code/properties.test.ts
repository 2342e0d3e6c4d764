import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import fc from 'fast-check';
import { CODE_CONTROLS, type CodeComparison, compareCode, reconcileMoves } from '../../../src/controls/code/index.ts';
import type { ControlChange } from '../../../src/controls/index.ts';
import { type Comparer, openComparer } from './comparer.ts';

const RUNS = Number(process.env['SALLYPORT_FUZZ_RUNS'] ?? 150);
const QUIET = new Set(['strengthened', 'moved']);
const EXAMPLES = CODE_CONTROLS.flatMap(({ examples }) => examples);

/** Functions that refuse, one a language; `NAME`, `WHO` and `FLAG` are filled in. */
const FUNCTIONS: { readonly [path: string]: (name: string, who: string, flag: string) => readonly [string, string] } = {
  'a.js': (name, who, flag) => [
    `function ${name}(${who}, doc) {\n`,
    `  if (!${who}.${flag}) {\n    throw new Forbidden();\n  }\n|  db.remove(doc);\n}\n`,
  ],
  'a.ts': (name, who, flag) => [
    `export async function ${name}(${who}: User, doc: Doc): Promise<void> {\n`,
    `  if (!${who}.${flag}) {\n    throw new Forbidden();\n  }\n|  await db.remove(doc);\n}\n`,
  ],
  'a.py': (name, who, flag) => [
    `def ${name}(${who}, doc):\n`,
    `    if not ${who}.${flag}:\n        raise Forbidden()\n|    db.remove(doc)\n`,
  ],
  'a.go': (name, who, flag) => [
    `func ${name}(${who} *User, doc *Doc) error {\n`,
    `\tif !${who}.${flag} {\n\t\treturn ErrForbidden\n\t}\n|\treturn db.Remove(doc)\n}\n`,
  ],
  'a.java': (name, who, flag) => [
    `class C${name} {\n  void ${name}(User ${who}, Doc doc) {\n`,
    `    if (!${who}.${flag}) {\n      throw new Forbidden();\n    }\n|    db.remove(doc);\n  }\n}\n`,
  ],
};
const COMMENTS: { readonly [ending: string]: string } = {
  py: '# note',
  js: '// note',
  ts: '// note',
  go: '// note',
  java: '// note',
};
const PATHS = Object.keys(FUNCTIONS);
const word = fc
  .stringMatching(/^[a-z]{3,8}$/)
  .filter(
    (text) =>
      !/^(?:def|for|not|and|let|var|new|int|try|func|type|case|else|enum|pass|true|this|with|from|null|none|void|char|long|byte|goto|elif|else|yield|class|break|while|const|async|await|print|range|false|raise|super|throw|final|short|float|catch|import|return|switch|assert|struct|select|static|public|double|package|private|default|finally|abstract|continue|lambda|global|except|delete|typeof|export|native|doc|db|of|in|is|if|do|go)$/.test(
        text,
      ),
  );
const program = fc.record({
  path: fc.constantFrom(...PATHS),
  names: fc.uniqueArray(word, { minLength: 2, maxLength: 4 }),
  who: word.map((text) => `${text}w`),
  flag: word.map((text) => `${text}f`),
});

function write(
  path: string,
  parts: readonly (readonly [string, string])[],
  keep: (index: number) => boolean = () => true,
): string {
  const body = parts.map(
    ([head, rest], index) => head + (keep(index) ? rest.replace('|', '') : rest.slice(rest.indexOf('|') + 1)),
  );
  return (path.endsWith('.go') ? 'package a\n\n' : '') + body.join('\n');
}

describe('the comparison of code', () => {
  let comparer: Comparer;
  before(async () => {
    comparer = await openComparer();
  });
  after(() => comparer[Symbol.dispose]());

  const compare = (path: string, old: string, now: string): readonly ControlChange[] =>
    comparer.compare(path, old, now);
  const loud = (changes: readonly ControlChange[]): readonly string[] =>
    changes.filter(({ direction }) => !QUIET.has(direction)).map(({ control, message }) => `${control}: ${message}`);

  it('finds every removed check, whatever things are called', () => {
    fc.assert(
      fc.property(program, fc.nat(), ({ path, names, who, flag }, pick) => {
        const parts = names.map((name) => FUNCTIONS[path]?.(name, who, flag) ?? (['', ''] as const));
        const victim = pick % parts.length;
        const changes = compare(
          path,
          write(path, parts),
          write(path, parts, (index) => index !== victim),
        );
        assert.ok(
          changes.some(
            ({ control, direction, scope }) =>
              control === 'guard-removed' && direction === 'weakened' && scope.includes(names[victim] ?? '?'),
          ),
          JSON.stringify(changes),
        );
      }),
      { numRuns: RUNS },
    );
  });

  it('says nothing about reordered functions, comments, blank lines and renamed parameters', () => {
    fc.assert(
      fc.property(program, word, fc.boolean(), ({ path, names, who, flag }, other, reverse) => {
        const make = (person: string) =>
          names.map((name) => FUNCTIONS[path]?.(name, person, flag) ?? (['', ''] as const));
        const renamed = make(`${other}x`);
        const text = write(path, reverse ? [...renamed].reverse() : renamed);
        const comment = COMMENTS[path.slice(2)] ?? '';
        const noisy = text.replaceAll('\n', ` ${comment}\n`).replaceAll('{ //', '{ //').replace(/\n$/, '\n\n');
        assert.deepEqual(loud(compare(path, write(path, make(who)), noisy)), []);
      }),
      { numRuns: RUNS },
    );
  });

  it('does not take a comment for the branch that it stands before', () => {
    const old =
      'def f(user):\n    if user.a:\n        go()\n    else:\n        if not user.is_admin:\n            raise Forbidden()\n';
    assert.deepEqual(loud(compare('a.py', old, old.replace('else:', 'else:  # note'))), []);
  });

  it('says nothing about a text that did not change, and never less about one side than it throws', () => {
    for (const { path, before: old, attack } of EXAMPLES) {
      assert.deepEqual(compare(path, old, old), []);
      for (const [one, other] of [
        [undefined, old],
        [old, undefined],
        [undefined, undefined],
      ] as const) {
        const side = (text: string | undefined) => (text === undefined ? undefined : { path, text });
        const pair = { path, previousPath: undefined, before: side(one), after: side(other) };
        assert.ok(Array.isArray(compareCode(pair, comparer.grammars).changes), attack);
      }
    }
  });

  it('survives edits at random places', () => {
    const edit = fc.record({
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      length: fc.nat(30),
      text: fc.string({ maxLength: 12 }),
    });
    fc.assert(
      fc.property(fc.constantFrom(...EXAMPLES), fc.array(edit, { maxLength: 4 }), ({ path, before: old }, edits) => {
        const now = edits.reduce((text, { at, length, text: put }) => {
          const start = Math.floor(at * text.length);
          return text.slice(0, start) + put + text.slice(start + length);
        }, old);
        for (const { message, severity } of compare(path, old, now))
          assert.ok(message.length > 0 && severity.length > 0);
      }),
      { numRuns: RUNS * 2 },
    );
  });

  it('reads hostile files in bounded time and says what it could not read', () => {
    const deep = `x = ${'('.repeat(5_000)}1${')'.repeat(5_000)}\n`;
    const wide = `if ${Array.from({ length: 4_000 }, (_, index) => `(a${index} and b${index})`).join(' or ')}:\n    raise E()\n`;
    const names = Array.from({ length: 3_000 }, (_, index) => `constructor.__proto__.hasOwnProperty_${index}()`).join(
      '\n',
    );
    for (const text of [deep, wide, names, '\0\0\0', '\uFEFF'.repeat(50), 'def f(:\n'.repeat(500)]) {
      const { changes, gaps } = compareCode(
        {
          path: 'a.py',
          previousPath: undefined,
          before: { path: 'a.py', text },
          after: { path: 'a.py', text: `y = 1\n${text}z = 2\n` },
        },
        comparer.grammars,
      );
      assert.ok(Array.isArray(changes) && Array.isArray(gaps));
    }
    const broken = compareCode(
      {
        path: 'a.py',
        previousPath: undefined,
        before: { path: 'a.py', text: deep },
        after: { path: 'a.py', text: '' },
      },
      comparer.grammars,
    );
    assert.ok(broken.gaps.length > 0);
  });

  it('tells of a deleted file that held a check, and not of another one', () => {
    const gone = (text: string) =>
      compareCode(
        { path: 'src/auth.ts', previousPath: undefined, before: { path: 'src/auth.ts', text }, after: undefined },
        comparer.grammars,
      ).changes;
    const [change] = gone(
      'export function requireAdmin(user: User) {\n  if (!user.isAdmin) throw new Forbidden();\n}\n',
    );
    assert.equal(change?.control, 'check-file-deleted');
    assert.equal(change?.after, undefined);
    assert.deepEqual(gone('export const colours = [1, 2, 3];\n'), []);
  });

  it('settles a check that went to another file as moved', () => {
    const check = '  if (!user.isAdmin) throw new Forbidden();\n';
    const file = (path: string, body: string) => ({
      path,
      text: `function ${path.charAt(0)}(user) {\n${body}  go(user);\n}\n`,
    });
    const compareFile = (path: string, old: string, now: string) =>
      compareCode(
        { path, previousPath: undefined, before: file(path, old), after: file(path, now) },
        comparer.grammars,
      );
    const settle = (...files: readonly CodeComparison[]): readonly ControlChange[] =>
      reconcileMoves(
        files.flatMap(({ changes }) => changes),
        files.flatMap(({ trail }) => trail ?? []),
      );
    const came = compareFile('b.js', '', check);
    assert.deepEqual(loud(settle(compareFile('a.js', check, '  b(user);\n'), came)), []);
    assert.equal(loud(settle(compareFile('a.js', check, ''), came)).length, 1);
    assert.equal(loud(settle(compareFile('a.js', check, ''))).length, 1);
  });

  it('settles a function that went to another file as moved only when its checks went with it', () => {
    const own = 'export function go(user) {\n  return user.name;\n}\n';
    const check = 'export function requireAdmin(user) {\n  if (!user.isAdmin) throw new Forbidden();\n}\n';
    const decoy = 'export function requireAdmin(user) {\n  return note(user.isAdmin);\n}\n';
    const gone = compare('a.js', own + check, own);
    const settle = (text: string): readonly ControlChange[] =>
      reconcileMoves([...gone, ...compare('b.js', own, own + text)], []);
    assert.deepEqual(loud(settle(check)), []);
    assert.ok(settle(check).some(({ control }) => control === 'function-moved'));
    assert.ok(settle(decoy).some(({ control, severity }) => control === 'function-removed' && severity === 'high'));
  });

  it('compares the classes of a file of which nothing but a method went', () => {
    const file = (body: string): string =>
      `class Door(Base):\n${body}    def close(self):\n        self.open = False\n`;
    const method =
      '    def enter(self, user):\n        if not user.is_admin:\n            raise Forbidden()\n        self.open = True\n\n';
    const changes = compare('door.py', file(method), file(''));
    assert.deepEqual(
      changes.map(({ control, scope }) => [control, scope]),
      [['function-removed', 'Door.enter']],
    );
  });

  it('does not tell the same loss twice', () => {
    const text = (check: string): string => `function remove(user, doc) {\n${check}  db.delete(doc.id);\n}\n`;
    const changes = compareCode(
      {
        path: 'a.js',
        previousPath: undefined,
        before: { path: 'a.js', text: text('  if (!user.isAdmin) throw new Forbidden(user.token);\n') },
        after: { path: 'a.js', text: text('') },
      },
      comparer.grammars,
    ).changes;
    assert.deepEqual(
      changes.map(({ control }) => control),
      ['guard-removed'],
    );
  });

  it('sees a decorator of a class whose methods stayed as they were', () => {
    const body = 'class Doors(View):\n    def get(self, request):\n        return self.doors(request)\n';
    const compareBody = (before: string): readonly ControlChange[] =>
      compareCode(
        {
          path: 'doors.py',
          previousPath: undefined,
          before: { path: 'doors.py', text: before },
          after: { path: 'doors.py', text: body },
        },
        comparer.grammars,
      ).changes;
    assert.deepEqual(
      compareBody(`@login_required\n${body}`).map(({ control, severity }) => [control, severity]),
      [['decorator-removed', 'high']],
    );
    assert.deepEqual(compareBody(`@cached\n${body}`), []);
  });
});
