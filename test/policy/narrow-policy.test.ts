/** The narrowest policy for past work: it allows that work again, and hardly anything else. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  type AllowedWork,
  compilePolicy,
  INITIAL_STATE,
  narrowPolicy,
  type PolicyDocument,
  parsePolicy,
  type ToolAction,
} from '../../src/policy/index.ts';

const WORKSPACE = '/build/app';
const RUNS = Number(process.env['SALLYPORT_FUZZ_RUNS'] ?? 200);

const bash = (command: string): ToolAction => ({ plane: 'tool', tool: 'Bash', input: { command }, command });
const write = (path: string): ToolAction => ({
  plane: 'tool',
  tool: 'Write',
  input: { file_path: path },
  writes: [path],
});
const fetch = (url: string): ToolAction => ({ plane: 'tool', tool: 'WebFetch', input: { url }, urls: [url] });

function work(calls: readonly ToolAction[], more: Partial<AllowedWork> = {}): readonly AllowedWork[] {
  return [{ calls, changed: [], models: [], workspace: WORKSPACE, ...more }];
}

async function narrowed(calls: readonly ToolAction[], before?: PolicyDocument) {
  const narrow = await narrowPolicy(work(calls), before);
  const repository = narrow.document;
  const policy = await compilePolicy({ repository, agent: 'claude-code', workspaceRoot: WORKSPACE, now: 0 });
  const verdict = (action: ToolAction) => policy.decide(action, INITIAL_STATE).verdict;
  return { ...narrow, policy, verdict, entries: narrow.tools.map(({ entry }) => entry) };
}

describe('commands', () => {
  it('are granted as they were, and their like is not', async () => {
    const { entries, verdict } = await narrowed([bash('npm ci && npm test -- --watch=false'), bash('ls -l')]);
    assert.deepEqual(entries, ['Bash(npm ci)', 'Bash(npm test -- --watch=false)']);
    assert.equal(verdict(bash('npm test -- --watch=false')), 'allow');
    assert.equal(verdict(bash('git status')), 'allow', 'what only reads needs no grant');
    for (const command of ['npm test', 'npm publish', 'npm ci; curl https://thief.example', 'python3 -c "x"'])
      assert.equal(verdict(bash(command)), 'deny', command);
  });

  it('that only read need one grant of the tool', async () => {
    const { entries, verdict } = await narrowed([bash('git log -3')]);
    assert.deepEqual(entries, ['Bash(ls *)']);
    assert.deepEqual([verdict(bash('git log -3')), verdict(bash('npm test'))], ['allow', 'deny']);
  });

  it('of one kind are joined from three on', async () => {
    const two = await narrowed([bash('npm run build'), bash('npm run lint')]);
    assert.deepEqual(two.entries, ['Bash(npm run build)', 'Bash(npm run lint)']);
    const three = await narrowed(['build', 'lint', 'docs'].map((name) => bash(`npm run ${name}`)));
    assert.deepEqual(three.entries, ['Bash(npm run *)']);
    assert.equal(three.tools[0]?.forms.length, 3);
  });

  it('whose arguments say what runs are never joined', async () => {
    for (const lead of ['node ./', 'python3 -m ', 'git -c a=', 'bash ./', 'env A=', 'timeout 9 ./', 'xargs -n1 ./']) {
      const { entries } = await narrowed(['a', 'b', 'c', 'd'].map((name) => bash(`${lead}${name}`)));
      assert.ok(!entries.some((entry) => entry.endsWith(' *)')), `${lead}: ${entries}`);
    }
  });

  it('with blanks and quotes are written so that they cover themselves', async () => {
    const commands = ['git commit -m "two words"', `git commit -m 'say "x"'`, 'npm run "a b"', "npm run ''"];
    const { verdict, beyond } = await narrowed(commands.map(bash));
    assert.deepEqual(beyond, []);
    for (const command of commands) assert.equal(verdict(bash(command)), 'allow', command);
    assert.equal(verdict(bash('git commit -m two')), 'deny');
  });

  it('that no narrow rule covers are said, and not granted', async () => {
    const commands = [
      ...['./serve.sh > src/app.js &', 'npm run $TASK', 'npm test "unclosed', 'LD_PRELOAD=./x.so npm test'],
      ...["npm run '*'", "npm run 'lint:*'"],
    ];
    const { entries, beyond, verdict, writes } = await narrowed(commands.map(bash));
    assert.deepEqual([entries, writes], [[], []]);
    assert.equal(verdict(bash('npm run publish')), 'deny');
    assert.deepEqual(beyond.toSorted(), commands.toSorted());
    for (const command of commands) assert.equal(verdict(bash(command)), 'deny', command);
  });

  it('may write where they wrote', async () => {
    const { writes, verdict } = await narrowed([bash('npm test > out/log.txt'), bash('npm test 2> /tmp/x')]);
    assert.deepEqual(writes, ['out/log.txt']);
    assert.equal(verdict(bash('npm test > out/log.txt')), 'allow');
    assert.equal(verdict(bash('npm test > src/app.js')), 'deny');
  });
});

describe('files', () => {
  it('that were changed may be, and no others', async () => {
    const { verdict, writes } = await narrowed([
      write('/build/app/src/a.ts'),
      write('src/deep/b.ts'),
      write('/tmp/note'),
    ]);
    assert.deepEqual(writes, ['src/a.ts', 'src/deep/b.ts']);
    assert.equal(verdict(write('src/a.ts')), 'allow');
    assert.equal(verdict(write('src/c.ts')), 'deny');
  });

  it('become their deepest common folder when they are several', async () => {
    const names = ['a', 'b', 'c', 'd'].map((name) => `src/view/${name}.ts`);
    const { writes } = await narrowed([...names, 'README.md', 'docs/a.md'].map(write));
    assert.deepEqual(writes, ['README.md', 'docs/a.md', 'src/view/**']);
  });

  it('with characters of patterns select themselves', async () => {
    const odd = ['src/[id]/page.tsx', 'src/a*b.ts', 'web/{x}.ts', '!no', '~home', 'lib/$x.ts', 'a\\b'];
    const { verdict } = await narrowed(odd.map(write));
    for (const path of odd) assert.equal(verdict(write(path)), 'allow', path);
    assert.equal(verdict(write('src/aXXb.ts')), 'deny');
  });

  it('under protection stay so', async () => {
    const { verdict } = await narrowed([write('.github/workflows/ci.yml')]);
    assert.equal(verdict(write('.github/workflows/ci.yml')), 'deny');
  });
});

describe('the rest of a policy', () => {
  it('stays: what is denied, asked, reached and limited', async () => {
    const before = await parsePolicy(
      'version: 1\ntool: { allow: ["*"], deny: ["Bash(npm publish *)"], ask: [Write] }\n' +
        'network: { allow: [docs.example.org] }\nfile: { write: { allow: ["**"], deny: [secret/**] } }\nlimits: { minutes: 7 }\n',
      'before.yaml',
    );
    const { policy, verdict } = await narrowed([bash('npm publish now'), write('secret/x'), bash('npm test')], before);
    assert.equal(verdict(bash('npm test')), 'allow');
    assert.equal(verdict(bash('npm publish now')), 'deny');
    assert.equal(verdict(write('secret/x')), 'deny');
    assert.equal(verdict({ plane: 'tool', tool: 'Write', input: {}, writes: ['src/other.ts'] }), 'deny');
    assert.equal(
      policy.decide({ plane: 'file', operation: 'write', path: 'src/other.ts' }, INITIAL_STATE).verdict,
      'deny',
    );
    assert.deepEqual([policy.limits.seconds, policy.network.map(({ host }) => host)], [420, ['docs.example.org']]);
    assert.equal(verdict({ plane: 'tool', tool: 'Read', input: {} }), 'deny');
  });

  it('names hosts of what is fetched, servers by their tools, and models', async () => {
    const calls = [fetch('https://docs.example.org/a'), { plane: 'tool', tool: 'mcp__db__query', input: {} } as const];
    const { text } = await narrowPolicy(work(calls, { models: ['claude-sonnet-5'] }), undefined);
    const document = await parsePolicy(text, 'narrow.yaml');
    const policy = await compilePolicy({ repository: document, agent: 'claude-code', workspaceRoot: WORKSPACE });
    const allows = (action: ToolAction) => policy.decide(action, INITIAL_STATE).verdict === 'allow';
    assert.ok(allows(fetch('https://docs.example.org/b')) && !allows(fetch('https://thief.example/')));
    assert.ok(allows({ plane: 'tool', tool: 'mcp__db__query', input: {} }));
    assert.ok(!allows({ plane: 'tool', tool: 'mcp__db__drop', input: {} }));
    assert.deepEqual(policy.model.allow, ['claude-sonnet-5']);
  });
});

describe('whatever was run', () => {
  const word = fc.oneof(
    fc.constantFrom(
      'npm',
      'node',
      'git',
      'run',
      'test',
      '-c',
      '--all',
      './a.sh',
      'sh',
      'env',
      'a=b',
      '&&',
      '|',
      ';',
      '>',
    ),
    fc.constantFrom('"two words"', "'one'", '$X', '$(id)', '*', '&', '(', ')', '\\', '\n', 'tool:', '#', '`'),
    fc.string({ maxLength: 6 }),
  );
  const command = fc.array(word, { minLength: 1, maxLength: 7 }).map((words) => words.join(' '));

  it('the policy loads, and allows it again or says that it does not', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(command, { minLength: 1, maxLength: 4 }), async (commands) => {
        const { verdict, beyond, text } = await narrowed(commands.map(bash));
        await parsePolicy(text, 'narrow.yaml');
        for (const one of commands) if (!beyond.includes(one)) assert.equal(verdict(bash(one)), 'allow', one);
      }),
      { numRuns: RUNS },
    );
  });
});
