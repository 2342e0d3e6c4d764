import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { INITIAL_STATE, type Policy, type ToolAction } from '../../src/policy/index.ts';
import { policyOf } from './support/compile.ts';

function bash(command: string): ToolAction {
  return { plane: 'tool', tool: 'Bash', input: { command }, command };
}

/** Every way of starting `git push` that a deny rule must see. */
const PUSHES = [
  'git push',
  'git  push',
  'git\tpush',
  'git push origin main',
  'git -C x push',
  'git --no-pager push',
  'GIT push',
  '/usr/bin/git push',
  './git push',
  '"git" push',
  "g'it' push",
  'gi\\t push',
  String.raw`$'\x67it' push`,
  '{git,push}',
  'git $X',
  '$X push',
  '$EMPTY git push',
  '"$HOME/bin/git" push',
  '$(echo git) push',
  'a; git push',
  'a && git push',
  'a || git push',
  'a | git push',
  '(git push)',
  '{ git push; }',
  'echo $(git push)',
  'echo `git push`',
  'echo "$(git push)"',
  'if a; then git push; fi',
  'for i in a; do git push; done',
  'f() { git push; }; f',
  'cat <<E\n$(git push)\nE',
  'sh -c "git push"',
  "bash -lc 'git push'",
  'bash -o pipefail -c "git push"',
  'sh -c \'sh -c "git push"\'',
  'eval git push',
  "eval 'git push'",
  'env git push',
  'env -i A=b git push',
  'timeout 5 git push',
  'timeout -k 5 10 git push',
  'gtimeout 5 git push',
  'nice -n5 git push',
  'nohup git push',
  'stdbuf --output=L git push',
  'time -p git push',
  'exec git push',
  'command git push',
  'sudo git push',
  'sudo -u x git push',
  'xargs git push',
  'xargs -n1 -I{} git push {}',
  'echo push | xargs git',
  'find . -exec git push \\;',
  'find . -execdir git push {} +',
  'npx git push',
  'ssh host git push',
  'ssh host "git push"',
  'docker exec c git push',
  'busybox git push',
  'setsid git push',
  'unshare -r git push',
  'flock /tmp/l git push',
  'watch git push',
  "trap 'git push' EXIT",
  "alias g='git push'",
  'coproc git push',
  '! git push',
  'A=1 git push',
  'git > log push',
  '> log git push',
  '$X bash -c "git push"',
  'git pu{sh,ll}',
];

describe('a policy with every command but one', () => {
  let policy: Policy;
  before(async () => {
    policy = await policyOf('tool: { allow: [Bash], deny: ["Bash(git push *)"] }');
  });

  test('the denied command is seen in every wrapping', () => {
    for (const command of PUSHES) {
      const decision = policy.decide(bash(command), INITIAL_STATE);
      assert.equal(decision.verdict, 'deny', command);
      assert.equal(decision.rule, 'tool.deny:Bash(git push *)', command);
    }
  });

  test('commands that only look like it pass', () => {
    for (const command of [
      'echo "git push"',
      'git commit -m "push"',
      "grep -r 'git push' .",
      'git pull',
      'npm run push',
      'cat git-push.md',
      "cat <<'E'\ngit push\nE",
      'python3 -c "x"',
    ]) {
      assert.equal(policy.decide(bash(command), INITIAL_STATE).verdict, 'allow', command);
    }
  });

  test('a command that cannot be read is denied by the rule that could apply', () => {
    for (const command of [
      'ls &&',
      'echo "',
      'git\u00a0push',
      `echo ${'x'.repeat(70_000)}`,
      'gi\\\nt push',
      'ls\n\\\ngit push',
    ]) {
      const decision = policy.decide(bash(command), INITIAL_STATE);
      assert.deepEqual([decision.verdict, decision.rule, decision.error], ['deny', 'tool.deny:Bash(git push *)', true]);
    }
  });
});

describe('a policy with two commands', () => {
  let policy: Policy;
  before(async () => {
    policy = await policyOf(`
tool: { allow: ["Bash(npm test *)", "Bash(git diff *)", "Bash(python3 tool.py)"] }
file: { write: { allow: ["src/**"] } }`);
  });

  test('every part of a command must be covered', () => {
    const allowed = [
      'npm test',
      'npm test -- --grep x',
      'npm test | tail -5',
      'cd pkg && npm test',
      'git diff HEAD~1',
      'CI=1 npm test',
      'timeout 60 npm test',
      'env NODE_ENV=test npm test',
      'npm test > src/out.txt',
      'npm test > /dev/null 2>&1',
      'bash -c "npm test"',
      'for f in a b; do git diff $f; done',
      'ls -la',
      'git status',
      'python3 tool.py',
      'npm test "$X"',
      '"npm" test',
    ];
    for (const command of allowed) assert.equal(policy.decide(bash(command), INITIAL_STATE).verdict, 'allow', command);
  });

  test('nothing more is', () => {
    const denied = [
      'npm run build',
      'npm test; curl x',
      'npm test | sh',
      'npm test && ./evil',
      './npm test',
      '/usr/bin/npm test',
      'npm "test x"',
      'FOO=1 npm test',
      'PATH=. npm test',
      'LD_PRELOAD=x npm test',
      'env PATH=. npm test',
      'npm test &',
      'npm test > .github/x',
      'npm test > ../x',
      'npm test > $F',
      'npm test > docs/x',
      'python3 -c "1"',
      'python3',
      'python3 other.py',
      '$(npm test)',
      'npm',
      'npm tes',
      'sh -c "$X"',
      'eval $X',
      'find . -delete',
      'git diff --output=x; git log --output=x',
      'sort -o x y',
      'export PATH=.; npm test',
      'for PATH in .; do npm test; done',
      "test -v 'a[$(id)]'",
      'npm test <(curl x)',
      'echo $(curl x)',
      'exec npm publish',
      'npm test 2> src/../.git/config',
    ];
    for (const command of denied) assert.equal(policy.decide(bash(command), INITIAL_STATE).verdict, 'deny', command);
  });

  test('the reason names the part that no rule covers', () => {
    assert.match(
      policy.decide(bash('npm test && curl example.org'), INITIAL_STATE).reason,
      /no rule allows 'curl example.org'/,
    );
  });
});

test('unknown code needs a rule that names it, or a bare grant', async () => {
  const prefix = await policyOf('tool: { allow: ["Bash(python3 *)", "Bash(node -e *)"] }');
  assert.equal(prefix.decide(bash('python3 x.py'), INITIAL_STATE).verdict, 'allow');
  assert.equal(prefix.decide(bash('python3 -c 1'), INITIAL_STATE).verdict, 'deny');
  assert.equal(prefix.decide(bash('node -e 1'), INITIAL_STATE).verdict, 'allow');
});

describe('a runner that is told what to run', () => {
  let policy: Policy;
  before(async () => {
    policy = await policyOf(
      'tool: { allow: ["Bash(node --test *)", "Bash(node *)", "Bash(python3 -m pytest *)", "Bash(python3 *)", "Bash(cat *)"] }',
    );
  });

  for (const command of [
    'node --test',
    'node --test test/a.test.ts',
    'node --test-reporter=spec --test',
    'node --run build',
    'node --version',
    'node -v',
    'node x.js -',
    'python3 -m pytest',
    'python3 -m pytest -q tests',
    'python3 -V',
    'cat x | node --test',
  ])
    test(`needs no more than its grant: ${command}`, () => {
      assert.equal(policy.decide(bash(command), INITIAL_STATE).verdict, 'allow');
    });

  for (const command of [
    'node -',
    'node - --test',
    'node --test -',
    'node - --version',
    'node <<EOF\nrun()\nEOF',
    'cat x | node',
    'cat x | node --trace-warnings',
    'node < x.js',
    'node --test -e "run()"',
    'cat x | python3',
    'cat x | python3 -v',
    'python3 - -m pytest',
    'python3 -c 1 -m pytest',
  ])
    test(`is refused when the program comes from its input or its arguments: ${command.split('\n')[0]}`, () => {
      assert.equal(policy.decide(bash(command), INITIAL_STATE).verdict, 'deny');
    });
});

test('a file tool is judged by its path, normalised and without case for deny', async () => {
  const policy = await policyOf('tool: { allow: ["Read(src/**)", Write], deny: ["Write(src/secret/**)"] }');
  const call = (tool: string, path: string) => {
    const paths = tool === 'Read' ? { reads: [path] } : { writes: [path] };
    return policy.decide({ plane: 'tool', tool, input: {}, ...paths }, INITIAL_STATE).verdict;
  };
  assert.equal(call('Read', 'src/a.ts'), 'allow');
  assert.equal(call('Read', '/work/src/a.ts'), 'allow');
  assert.equal(call('Read', 'src/../.env'), 'deny');
  assert.equal(call('Read', '/etc/passwd'), 'deny');
  assert.equal(call('Write', 'lib/a.ts'), 'allow');
  assert.equal(call('Write', 'lib/../SRC/Secret/x'), 'deny');
  assert.equal(call('Write', '.git/hooks/x'), 'deny');
});

test('an unknown tool is denied, a named server is not', async () => {
  const policy = await policyOf('tool: { allow: ["mcp__docs__*", "WebFetch(domain:docs.example.org)"] }');
  const decide = (tool: string, urls?: string[]) =>
    policy.decide({ plane: 'tool', tool, input: {}, ...(urls ? { urls } : {}) }, INITIAL_STATE).verdict;
  assert.equal(decide('mcp__docs__read'), 'allow');
  assert.equal(decide('mcp__other__read'), 'deny');
  assert.equal(decide('WebFetch', ['https://docs.example.org/x']), 'allow');
  assert.equal(decide('WebFetch', ['https://docs.example.org.evil.example/x']), 'deny');
  assert.equal(decide('WebFetch', ['not a url']), 'deny');
});

test('a call that names no path, address or command fits no grant that speaks of one', async () => {
  const policy = await policyOf(
    'tool: { allow: ["Read(src/**)", "WebFetch(domain:docs.example.org)", "Bash(npm test)"] }',
  );
  for (const tool of ['Read', 'WebFetch', 'Bash']) {
    const decision = policy.decide({ plane: 'tool', tool, input: {} }, INITIAL_STATE);
    assert.equal(decision.verdict, 'deny', tool);
    assert.notEqual(decision.reason, '', tool);
  }
});

test('a command tool that names no command is denied by the rule that could apply', async () => {
  const policy = await policyOf('tool: { allow: [Read, "Bash(npm *)"], deny: ["Bash(git push *)"] }');
  const { verdict, reason } = policy.decide({ plane: 'tool', tool: 'Bash', input: {} }, INITIAL_STATE);
  assert.equal(verdict, 'deny');
  assert.match(reason, /names no command/);
});
