import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { loadShellGrammar, SHELL_LIMITS, type ShellGrammar, type ShellScript } from '../../src/syntax/index.ts';

const RUNS = Number(process.env['SALLYPORT_FUZZ_RUNS'] ?? 500);
let grammar: ShellGrammar;

before(async () => {
  grammar = await loadShellGrammar();
});
after(() => grammar[Symbol.dispose]());

function read(text: string): ShellScript {
  const script = grammar.parse(text);
  assert.ok('commands' in script, `${text}: ${'unparsable' in script ? script.unparsable : ''}`);
  return script;
}

/** Each command as its words, `…` for what is not known. */
function words(text: string): string[][] {
  return read(text)
    .commands.filter((command) => command.words.length > 0)
    .map((command) => command.words.map(({ pieces }) => pieces.map((piece) => piece ?? '…').join('')));
}

test('quotes are removed as the shell removes them', () => {
  const cases: [string, string[]][] = [
    [`"np"m te\\st`, ['npm', 'test']],
    [`g'it' "pu"sh`, ['git', 'push']],
    [String.raw`$'\x67it' $'\160ush'`, ['git', 'push']],
    [String.raw`$'a\nb'`, ['a\nb']],
    [`echo "a b" 'c "d"'`, ['echo', 'a b', 'c "d"']],
    [`echo "x\\"y \\$z \\w"`, ['echo', 'x"y $z \\w']],
    ['echo a\\ b', ['echo', 'a b']],
    ['git \\\n push', ['git', 'push']],
  ];
  for (const [text, expected] of cases) assert.deepEqual(words(text), [expected], text);
});

test('what only the running shell knows is unknown', () => {
  assert.deepEqual(words('git $X "a $Y" *.ts ~/f a{b,c} $' + '{Z:-q} $((1+1))'), [
    ['git', '…', 'a …', '…', '…/f', '…', '…', '…'],
  ]);
});

test('a command counts wherever it stands', () => {
  const places = [
    'a; git push',
    'a && git push',
    'a | git push',
    'a |& git push',
    '! git push',
    '(git push)',
    '{ git push; }',
    'echo $(git push)',
    'echo `git push`',
    'echo "x $(git push)"',
    'cat <(git push)',
    'tee >(git push)',
    'A=$(git push)',
    'if git push; then a; fi',
    'if a; then git push; fi',
    'while a; do git push; done',
    'for i in $(git push); do a; done',
    'case x in x) git push;; esac',
    'f() { git push; }',
    'echo $' + '{x:-$(git push)}',
    'cat <<E\n$(git push)\nE',
    'a <<< "$(git push)"',
    '[[ -n $(git push) ]]',
    'echo $(( $(git push) + 1 ))',
    'export A=$(git push)',
    'x=(1 $(git push))',
    'a > $(git push)',
    'for ((i=0;i<$(git push);i++)); do a; done',
    'until a; do git push; done',
    'a & git push',
    'cat <<E | git push\nx\nE',
  ];
  for (const text of places)
    assert.ok(
      words(text).some((one) => one.join(' ') === 'git push'),
      text,
    );
});

test('a substitution that the grammar does not show makes the text unreadable', () => {
  const hidden = [
    'cat <<E\n`a`\nE',
    'cat <<-E\n\t$(a)\n\tE',
    `echo "\${X:-'$(a)'}"`,
    'echo ${X:-`a`}',
    'echo `b \\`a\\``',
    'echo "`b \\"a\\"`"',
    'echo "${X@P}"',
    "(( '$(a)' ))",
    "echo $(( '$(a)' )) $[ 1 ]",
    "echo $[ '`a`' ]",
    "x['$(a)']=1",
    "echo ${x['$(a)']}",
    "x=(['$(a)']=1)",
    "(( $'$(a)' ))",
  ];
  for (const text of hidden) assert.ok('unparsable' in grammar.parse(text), text);
  const shown = [
    "cat <<'E'\n`a` $(a)\nE",
    'cat <<E\n$(a)\nE',
    "echo '`a`' \"\\`a\\`\" '$(a)' $'`'",
    'echo `a` "`a`" $(a `b`) ${X:-$(a)} "${X:-$(a)}" $((1 + $(a)))',
    'a # `b` $(c)',
    "x=('$(a)' b); x[0]='$(a)'; { ((x)); echo '$(a)'; }",
  ];
  for (const text of shown) assert.ok('commands' in grammar.parse(text), text);
});

test('a quoted here-document is data', () => {
  assert.deepEqual(words("cat <<'E'\n$(git push)\nE"), [['cat']]);
});

test('assignments, redirections and background jobs are seen', () => {
  const [command] = read('A=1 B=$(x) npm test').commands;
  assert.deepEqual(
    command?.assignments.map(({ name, value }) => [name, value?.literal]),
    [
      ['A', '1'],
      ['B', undefined],
    ],
  );
  const targets = read('a > out 2>> err &> both').commands.flatMap(({ redirects }) =>
    redirects.map(({ operator, target }) => [operator, target?.literal]),
  );
  assert.deepEqual(targets, [
    ['>', 'out'],
    ['>>', 'err'],
    ['&>', 'both'],
  ]);
  assert.deepEqual(
    read('a & b').commands.map(({ background }) => background),
    [true, false],
  );
  assert.deepEqual(
    read('(a; b) & c').commands.map(({ background }) => background),
    [true, true, false],
  );
  assert.deepEqual(
    read('for PATH in x; do y; done').commands[0]?.assignments.map(({ name }) => name),
    ['PATH'],
  );
  assert.deepEqual(read('f() { a; }; f').functions, ['f']);
});

test('text that could mean something else than what was parsed is unparsable', () => {
  const texts = [
    'ls &&',
    'echo "',
    'a | ',
    'git\u00a0push',
    'gi\\\nt push',
    'a &\\\n& b',
    'a\rb',
    'a\u0000b',
    'if a; then',
    'a\u2028b',
    'echo $(',
    'x'.repeat(SHELL_LIMITS.bytes + 1),
    'a;'.repeat(600),
  ];
  for (const text of texts) assert.ok('unparsable' in grammar.parse(text), JSON.stringify(text.slice(0, 40)));
});

test('nesting is bounded', () => {
  const deep = `${'$('.repeat(400)}a${')'.repeat(400)}`;
  assert.ok('unparsable' in grammar.parse(`echo ${deep}`));
});

test('any text is either read or unparsable, never a crash', () => {
  const pieces = fc.constantFrom(
    'git',
    'push',
    ' ',
    ';',
    '|',
    '&',
    '$(',
    ')',
    '`',
    '"',
    "'",
    '\\',
    '$X',
    '{',
    '}',
    '<<E',
    '\n',
    '>',
    '<',
    '((',
    '))',
    'if',
    'fi',
    'do',
    'done',
    "$'",
    '[[',
    ']]',
    '=',
    '#',
    '!',
    '*',
    '~',
  );
  const text = fc.oneof(
    fc.string({ maxLength: 50, unit: 'binary' }),
    fc.array(pieces, { maxLength: 30 }).map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(text, (input) => {
      const script = grammar.parse(input);
      assert.ok('commands' in script || typeof script.unparsable === 'string');
    }),
    { numRuns: RUNS },
  );
});

test('forms beyond plain words are named, and each command knows the innermost that stands around it', () => {
  const script = read('A=$(one) && (two "${X}"; three $Y) && case a in a) four $\'x\';; esac');
  const kinds = script.forms.map(({ kind }) => kind);
  assert.deepEqual(new Set(kinds), new Set(['value', 'subshell', 'parameter', 'variable', 'case', 'escapes']));
  const around = script.commands
    .filter(({ words }) => words.length > 0)
    .map(({ words, within }) => [words[0]?.literal, within]);
  assert.deepEqual(around, [
    ['one', 'value'],
    ['two', 'subshell'],
    ['three', 'subshell'],
    ['four', 'case'],
  ]);
});

test('a here-document is open only where its delimiter is bare', () => {
  const kinds = (text: string) => read(text).forms.map(({ kind }) => kind);
  assert.deepEqual(kinds('cat <<E\nx\nE'), ['open document']);
  assert.deepEqual(kinds("cat <<'E'\n$X\nE"), []);
});

test('a row of commands is no nesting, however long, and nesting keeps its limit', () => {
  assert.equal(read(Array(300).fill('ls').join(' && ')).commands.length, 300);
  assert.ok('unparsable' in grammar.parse(`${'( '.repeat(SHELL_LIMITS.depth)}ls${' )'.repeat(SHELL_LIMITS.depth)}`));
});
