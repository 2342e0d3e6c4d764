import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { predictDecision } from '../../../src/agents/index.ts';
import { loadShellGrammar } from '../../../src/syntax/index.ts';
import { bash, createPredictor, DIRECTORY, OLDER, PLACE, type Situation } from './place.ts';

const predict = await createPredictor();
const grammar = await loadShellGrammar();

type Row = readonly [command: string, verdict: 'allow' | 'ask' | 'deny', situation: Situation];

const NPM: Situation = { allow: ['Bash(npm test *)'] };
const ALL: Situation = { allow: ['Bash'] };
const NO_CURL: Situation = { allow: ['Bash'], deny: ['Bash(curl *)'] };

/** Each refusal beside the twin that the CLI lets through. */
const COMMANDS: { readonly [group: string]: readonly Row[] } = {
  'a narrow rule approves its command and what only reads': [
    ['npm test', 'allow', NPM],
    ['npm test -- --watch | head -5', 'allow', NPM],
    ['timeout -k 5 30 npm test', 'allow', NPM],
    ['CI=1 npm test', 'allow', NPM],
    ['xargs npm test', 'allow', NPM],
    ['npm publish', 'ask', NPM],
    ['npm testing', 'ask', NPM],
    ['npm test && npm publish', 'ask', NPM],
    ['PATH=/x npm test', 'ask', NPM],
    ['LANG=1 npm test', 'ask', NPM],
    ['env npm test', 'ask', NPM],
    ['xargs -n1 npm test', 'ask', NPM],
    ['timeout 5 CI=1 npm test', 'ask', NPM],
    ['npm test &', 'ask', NPM],
    ['(npm test)', 'ask', NPM],
    ['npm test $(id)', 'ask', NPM],
    ['npm test $X', 'ask', NPM],
    ["npm test '$(id)'", 'allow', NPM],
    ['npm test {a,b}', 'ask', NPM],
    ['"npm" test', 'allow', NPM],
    ['"npm test"', 'ask', NPM],
    ['npm\u00a0test', 'ask', NPM],
    ['npm test > out.txt', 'ask', NPM],
    ['npm test > /dev/null 2>&1', 'allow', NPM],
    ['npm test < /etc/hosts', 'ask', NPM],
    ['npm test < in.txt', 'allow', NPM],
    ['cd sub && npm test', 'allow', NPM],
    ['cd .. && npm test', 'ask', NPM],
    ['cd sub && git status', 'ask', {}],
  ],
  'a program that starts what cannot be seen needs a rule with its exact text': [
    ['watch npm test', 'ask', { allow: ['Bash(watch *)'] }],
    ['watch npm test', 'allow', { allow: ['Bash(watch npm test)'] }],
    ['find . -delete', 'ask', { allow: ['Bash(**)'] }],
    ['find . -delete', 'allow', { allow: ['Bash(find . -delete)'] }],
    ['bash -c "npm test"', 'allow', { allow: ['Bash(bash -c *)'] }],
  ],
  'a denial beats every approval and looks through more than one': [
    ['curl -s https://example.test', 'deny', NO_CURL],
    ['/usr/bin/curl x', 'deny', NO_CURL],
    ['sudo -n curl x', 'deny', NO_CURL],
    ['X=1 curl x', 'deny', NO_CURL],
    ['echo "$(curl x)"', 'deny', NO_CURL],
    ['flock /tmp/l curl x', 'deny', NO_CURL],
    ['curl\u00a0x', 'deny', NO_CURL],
    ['bash -c "curl x"', 'allow', NO_CURL],
    ['npx curl x', 'allow', NO_CURL],
    ['echo curl x', 'allow', NO_CURL],
  ],
  'a rule that people write and that matches nothing changes nothing': [
    ['npm test', 'ask', { allow: ['Bash(npm :*)'] }],
    ['npm test', 'ask', { allow: ['bash(npm test)'] }],
    ['npm test', 'ask', { allow: ['Bash()'] }],
    ['npm test', 'ask', { allow: ['B*'] }],
    ['npm test | sh', 'ask', { allow: ['Bash(npm test | sh)'] }],
    ['npm test', 'allow', { allow: ['Bash(npm:*)'] }],
  ],
  'removing a root asks whatever is allowed': [
    ['rm -rf ~', 'ask', ALL],
    ['rm -rf "$DIR"/*', 'ask', ALL],
    ['echo "$(rm -rf /)"', 'ask', ALL],
    ['bash -c "rm -rf /"', 'ask', ALL],
    ['rm -rf away', 'ask', ALL],
    ['rm -rf ..', 'ask', { mode: 'bypassPermissions' }],
    ['rm -rf build', 'allow', ALL],
  ],
  'protected places ask outside of bypass': [
    ['echo x > .git/config', 'ask', ALL],
    ['cp a .Claude/settings.json', 'ask', ALL],
    ['sed -i s/a/b/ .npmrc', 'ask', ALL],
    ['echo x > .git/config', 'allow', { mode: 'bypassPermissions' }],
    ['echo x > .github/workflows/ci.yml', 'allow', ALL],
  ],
  'acceptEdits approves changes inside of the working directory': [
    ['touch src/a', 'allow', { mode: 'acceptEdits' }],
    ['echo x > src/a', 'allow', { mode: 'acceptEdits' }],
    ['touch ../a', 'ask', { mode: 'acceptEdits' }],
    ['cp -r a b', 'ask', { mode: 'acceptEdits' }],
    ['sed w/x a', 'ask', { mode: 'acceptEdits' }],
    ['cd src && touch a', 'ask', { mode: 'acceptEdits' }],
    ['tee a', 'ask', { mode: 'acceptEdits' }],
  ],
  'reading needs no rule, and only reading': [
    ['git log --oneline -5 | cat', 'allow', {}],
    ['git log --output=x', 'ask', {}],
    ['git branch new', 'ask', {}],
    ['sort -u a', 'allow', {}],
    ['sort -o b a', 'ask', {}],
    ['ls *.ts', 'allow', {}],
    ['find . -name *.ts', 'ask', {}],
    ['cat /etc/hosts', 'ask', {}],
    ['cat src/../x', 'ask', {}],
    ['cd', 'ask', {}],
    ['env', 'ask', {}],
    ['A=1', 'ask', {}],
    ['ls &&', 'ask', {}],
  ],
  'a rule about a file holds for the commands that read it': [
    ['cat .env', 'deny', { deny: ['Read(.env)'] }],
    ['wc -l src/.env', 'deny', { deny: ['Read(.env)'] }],
    ['cat < .env', 'deny', { deny: ['Read(.env)'] }],
    ['ls secrets', 'deny', { deny: ['Read(secrets/**)'] }],
    ['cat away/o.txt', 'deny', { deny: ['Read(//srv/other/**)'] }],
    ['tee src/a', 'deny', { deny: ['Edit(/src/**)'] }],
    ['cd sub && cat a', 'ask', { deny: ['Read(.env)'] }],
    ['grep -r x .', 'allow', { deny: ['Read(.env)'] }],
    ['cat .env', 'allow', { deny: ['Read(../.env)'] }],
  ],
};

for (const [group, rows] of Object.entries(COMMANDS)) {
  describe(group, () => {
    for (const [command, verdict, situation] of rows) {
      test(`${JSON.stringify(situation)} ${JSON.stringify(command)}: ${verdict}`, () => {
        assert.equal(predict(bash(command), situation).verdict, verdict);
      });
    }
  });
}

test('the older version lets more through, and a version that nobody measured gets the stricter answer', () => {
  const inner = bash('echo "$(curl x)"');
  assert.equal(predict(inner, { ...NO_CURL, version: OLDER }).verdict, 'allow');
  const unknown = predict(inner, { ...NO_CURL, version: '2.2.0' });
  assert.equal(unknown.verdict, 'deny');
  assert.match(unknown.reason, /2\.2\.0 was not measured/);
});

test('what would ask is refused in dontAsk, and what reads still runs', () => {
  assert.equal(predict(bash('npm test'), { mode: 'dontAsk' }).verdict, 'deny');
  assert.equal(predict(bash('ls'), { mode: 'dontAsk' }).verdict, 'allow');
});

test('bypassPermissions of a project counts in the older version only, and anybody can forbid it', () => {
  const project = { permissions: { defaultMode: 'bypassPermissions' } };
  const ask = (version: string, user = {}) =>
    predictDecision({ settings: { project, user }, version, place: PLACE }, bash('npm test'), grammar).verdict;
  assert.equal(ask('2.1.197'), 'allow');
  assert.equal(ask('2.1.329'), 'ask');
  assert.equal(ask('2.1.197', { permissions: { disableBypassPermissionsMode: 'disable' } }), 'ask');
});

test('a repository approves nothing until somebody trusts its folder, and refuses at once', () => {
  const project = { permissions: { allow: ['Bash(npm test)'], deny: ['Bash(ls)'] } };
  const ask = (command: string, trusted: boolean) =>
    predictDecision({ settings: { project }, trusted, version: '2.1.329', place: PLACE }, bash(command), grammar);
  assert.equal(ask('npm test', false).verdict, 'ask');
  assert.equal(ask('npm test', true).verdict, 'allow');
  assert.deepEqual([ask('ls', false).verdict, ask('ls', false).source], ['deny', 'project']);
});

test('file tools follow the path rules of the source they stand in', () => {
  const read = (file_path: string) => ({ tool: 'Read', input: { file_path } });
  const write = (file_path: string) => ({ tool: 'Write', input: { file_path, content: 'z' } });
  assert.equal(predict(read('src/a.ts')).verdict, 'allow');
  assert.equal(predict(read('../a.ts')).verdict, 'ask');
  assert.equal(predict(read('away/a.ts')).verdict, 'ask');
  assert.equal(predict(read(`${DIRECTORY}/SRC/a.ts`), { deny: ['Read(src/**)'] }).verdict, 'deny');
  assert.equal(predict(write('src/a.ts')).verdict, 'ask');
  assert.equal(predict(write('src/a.ts'), { allow: ['Edit(src/**)'] }).verdict, 'allow');
  assert.equal(predict(write('src/a.ts'), { allow: ['Write(src/**)'] }).verdict, 'ask');
  assert.equal(predict(write('/etc/x'), { allow: ['Write'] }).verdict, 'allow');
  assert.equal(predict(write('/etc/x'), { allow: ['Write(*)'] }).verdict, 'ask');
  assert.equal(predict(write('.git/hooks/x'), { allow: ['Write'] }).verdict, 'ask');
  assert.equal(predict(write('away/x'), { allow: ['Write'] }).verdict, 'ask');
  assert.equal(predict(write('a'), { allow: ['Write'], deny: ['Edit'] }).verdict, 'allow');
  assert.equal(predict(write('a'), { allow: ['Write'], deny: ['Read(a)'] }).verdict, 'deny');
});

test('hosts, servers and parameters are compared as the CLI compares them', () => {
  const fetch = (url: string, allow: readonly string[]) =>
    predict({ tool: 'WebFetch', input: { url } }, { allow }).verdict;
  assert.equal(fetch('https://EXAMPLE.test:8443/', ['WebFetch(domain:example.test)']), 'allow');
  assert.equal(fetch('https://example.test/', ['WebFetch(domain:*.example.test)']), 'ask');
  assert.equal(fetch('https://evilexample.test/', ['WebFetch(domain:*example.test)']), 'allow');
  assert.equal(fetch('https://example.test/', ['WebFetch(https://example.test)']), 'ask');
  const server = (tool: string, rules: Situation) => predict({ tool, input: { id: '1' } }, rules).verdict;
  assert.equal(server('mcp__gh__get_pr', { allow: ['mcp__gh__get_*'] }), 'allow');
  assert.equal(server('mcp__gh__get_pr', { allow: ['mcp__*'] }), 'ask');
  assert.equal(server('mcp__gh__get_pr', { allow: ['mcp__gh'], deny: ['mcp__*__get_pr'] }), 'deny');
  assert.equal(server('mcp__gh__get_pr', { allow: ['mcp__gh'], deny: ['mcp__gh__get_pr(id:1)'] }), 'allow');
  const slow = { tool: 'Bash', input: { command: 'npm test', timeout: 1000 } };
  assert.equal(predict(slow, { allow: ['Bash'], deny: ['Bash(timeout:1000)'] }).verdict, 'deny');
  assert.equal(predict(bash('npm test'), { allow: ['Bash'], deny: ['Bash(command:npm *)'] }).verdict, 'allow');
});

test('a tool that nobody knows asks in every mode, and a bare denial takes a tool away', () => {
  assert.equal(predict({ tool: 'Fly', input: {} }, { mode: 'bypassPermissions' }).by, 'not modelled');
  assert.equal(predict({ tool: 'CronCreate', input: {} }).verdict, 'allow');
  assert.equal(predict(bash('ls'), { allow: ['Bash'], deny: ['B*'] }).by, 'tool removed');
  assert.equal(predict({ tool: 'Monitor', input: { command: 'ls' } }, { version: OLDER }).verdict, 'deny');
});

const hooks = (command: string, event = 'PreToolUse', matcher = 'Bash') => ({
  more: { hooks: { [event]: [{ matcher, hooks: [{ type: 'command', command, timeout: 5 }] }] } },
});
const says = (decision: string) =>
  `echo '{"hookSpecificOutput":{"hookEventName":"PreToolUse","permissionDecision":"${decision}"}}'`;

test('a hook approves past a question, never past a rule that refuses or a critical place', () => {
  assert.equal(predict(bash('npm publish'), hooks(says('allow'))).verdict, 'allow');
  assert.equal(predict(bash('rm -rf ~'), hooks(says('allow'))).verdict, 'ask');
  assert.equal(predict(bash('curl x'), { ...hooks(says('allow')), deny: ['Bash(curl *)'] }).verdict, 'deny');
});

test('a guard fails open when it fails, and refuses when it ends with 2', () => {
  assert.equal(predict(bash('ls'), hooks('exit 2')).verdict, 'deny');
  assert.equal(predict(bash('ls'), hooks('exit 1')).verdict, 'allow');
  assert.equal(predict(bash('ls'), hooks('sleep 9; exit 2')).verdict, 'allow');
  assert.equal(predict(bash('ls'), hooks('/opt/guard.sh')).verdict, 'allow');
  assert.equal(predict(bash('ls'), hooks('exit 2', 'PreToolUse', 'bash')).verdict, 'allow');
});

test('a hook whose answer cannot be known asks', () => {
  assert.equal(predict(bash('ls'), hooks('/usr/bin/guard "$1"')).by, 'not modelled');
});

test('the sandbox of the CLI approves commands where it says so itself', () => {
  const sandbox = { more: { sandbox: { enabled: true, autoAllowBashIfSandboxed: true } } };
  assert.equal(predict(bash('npm publish'), sandbox).verdict, 'allow');
  assert.equal(predict(bash('rm -rf ~'), sandbox).verdict, 'ask');
  assert.equal(predict(bash('eval x'), sandbox).verdict, 'ask');
  const leaving = { tool: 'Bash', input: { command: 'ls', dangerouslyDisableSandbox: true } };
  assert.equal(predict(leaving, sandbox).verdict, 'ask');
  const silent = { more: { sandbox: { enabled: true } } };
  assert.equal(predict(bash('npm publish'), silent).verdict, 'ask');
  assert.equal(predict(bash('npm publish'), { ...silent, version: OLDER }).verdict, 'allow');
});
