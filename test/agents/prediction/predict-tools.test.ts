import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PredictedCall } from '../../../src/agents/index.ts';
import { bash, createPredictor, OLDER, type Situation } from './place.ts';

const predict = await createPredictor();

function write(path: string): PredictedCall {
  return { tool: 'Write', input: { file_path: path, content: 'x' } };
}

function read(path: string): PredictedCall {
  return { tool: 'Read', input: { file_path: path } };
}

function verdicts(calls: readonly PredictedCall[], situation: Situation): readonly string[] {
  return calls.map((call) => predict(call, situation).verdict);
}

test('a name that another file system reads as another asks, outside of bypass', () => {
  for (const name of ['a./b', 'a /b', 'b..', 'GIT~1/config', '.../b', 'a.nul', 'b.COM1']) {
    const expected = ['ask', 'ask'];
    assert.deepEqual(verdicts([write(name), read(name)], { mode: 'acceptEdits' }), expected, name);
    assert.deepEqual(verdicts([write(name), read(name)], { allow: ['Read', 'Write'] }), ['ask', 'allow'], name);
    assert.equal(predict(write(name), { mode: 'bypassPermissions' }).verdict, 'allow', name);
  }
  for (const name of ['a.b/c', '..a', 'a~b', 'nul', 'con.txt', 'a:b', 'b '])
    assert.deepEqual(verdicts([write(name), read(name)], { mode: 'acceptEdits' }), ['allow', 'allow'], name);
});

test('a protected name stays protected with a stream, an invisible character or a blank behind it', () => {
  for (const name of ['.git::$DATA/config', '.g\u200cit/config', '.npmrc:x', '.git ', '.CLAUDE/x'])
    assert.equal(predict(write(name), { mode: 'acceptEdits' }).verdict, 'ask', name);
  for (const name of ['.gitx/config', 'git:x', 'x.git/config'])
    assert.equal(predict(write(name), { mode: 'acceptEdits' }).verdict, 'allow', name);
});

test('Write goes to no link and to no file that the CLI runs itself, in no mode', () => {
  const bypass: Situation = { mode: 'bypassPermissions' };
  assert.equal(predict(write('pointer.ts'), bypass).verdict, 'deny');
  assert.equal(predict(write('src/a.ts'), bypass).verdict, 'allow');
  assert.equal(predict(write('~/.claude/shell-snapshots/a.sh'), bypass).verdict, 'deny');
  assert.equal(predict(write('~/.claude/notes.md'), bypass).verdict, 'allow');
});

test('a plan changes no file, whatever approves it', () => {
  const situation: Situation = { mode: 'plan', allow: ['Write', 'Edit(src/**)', 'mcp__gh'] };
  assert.equal(predict(write('src/a.ts'), situation).verdict, 'ask');
  assert.equal(predict(read('src/a.ts'), situation).verdict, 'allow');
  assert.equal(predict({ tool: 'mcp__gh__close', input: {} }, situation).verdict, 'ask');
  assert.equal(predict({ tool: 'Agent', input: { subagent_type: 'Explore' } }, situation).verdict, 'ask');
});

test('a star is about its own tool: `Edit(*)` approves no Write and no redirection', () => {
  const situation: Situation = { allow: ['Edit(*)'] };
  const edit = { tool: 'Edit', input: { file_path: 'src/a.ts', old_string: '', new_string: 'x' } };
  assert.equal(predict(edit, situation).verdict, 'allow');
  assert.equal(predict(write('src/a.ts'), situation).verdict, 'ask');
  assert.equal(predict(bash('echo x > src/a.ts'), situation).verdict, 'ask');
  assert.equal(predict(write('src/a.ts'), { allow: ['Edit(**)'] }).verdict, 'allow');
});

test('what is read without being named is refused with the folder', () => {
  const above: Situation = { allow: ['Bash'], deny: ['Read(//srv/**)'] };
  for (const command of ['ls', 'find -name x', 'rg x', 'grep -r x'])
    assert.equal(predict(bash(command), above).verdict, 'deny', command);
  for (const command of ['git status', 'grep x', 'echo a'])
    assert.equal(predict(bash(command), above).verdict, 'allow', command);
  assert.equal(predict(bash('ls'), { deny: ['Read(src/**)'] }).verdict, 'allow');
});

test('a parameter is compared under the name of its tool only, a glob of names with every call', () => {
  const call = { tool: 'Bash', input: { command: 'mycmd', run_in_background: false } };
  const bypass: Situation = { mode: 'bypassPermissions' };
  assert.equal(predict(call, { ...bypass, deny: ['Bash(run_in_background:false)'] }).verdict, 'deny');
  assert.equal(predict(call, { ...bypass, deny: ['B*(run_in_background:false)'] }).verdict, 'allow');
  assert.equal(predict(bash('ls'), { ask: ['B*'] }).verdict, 'ask');
  assert.equal(predict(bash('ls'), { ask: ['R*'] }).verdict, 'allow');
});

test('skills and agents are refused by name', () => {
  const skill = (name: string) => ({ tool: 'Skill', input: { skill: name } });
  const bypass: Situation = { mode: 'bypassPermissions' };
  for (const rule of ['Skill(a)', 'Skill(/a)', 'Skill(a:*)', 'Skill(a *)']) {
    assert.deepEqual(verdicts([skill('a'), skill('ab')], { ...bypass, deny: [rule] }), ['deny', 'allow'], rule);
    assert.deepEqual(verdicts([skill('a'), skill('ab')], { allow: [rule] }), ['allow', 'ask'], rule);
  }
  assert.equal(predict(skill('ab'), { ...bypass, deny: ['Skill(a*)'] }).verdict, 'allow');
  const agent = (type?: string) => ({ tool: 'Agent', input: type === undefined ? {} : { subagent_type: type } });
  const refused: Situation = { deny: ['Agent(general-purpose)'] };
  assert.deepEqual(verdicts([agent(), agent('general-purpose'), agent('Plan')], refused), ['deny', 'deny', 'allow']);
});

test('the name of a server tool that can be read in two ways is approved only where both are', () => {
  const call = { tool: 'mcp__a__b__get', input: {} };
  for (const [rule, verdict] of [
    ['mcp__a', 'ask'],
    ['mcp__a__*', 'ask'],
    ['mcp__a__b', 'ask'],
    ['mcp__a__b__*', 'allow'],
    ['mcp__a__b__get', 'allow'],
  ] as const)
    assert.equal(predict(call, { allow: [rule] }).verdict, verdict, rule);
  assert.equal(predict({ tool: 'mcp__a__get', input: {} }, { allow: ['mcp__a'] }).verdict, 'allow');
  assert.equal(predict(call, { mode: 'bypassPermissions', deny: ['mcp__a'] }).verdict, 'deny');
});

const says = (specific: object) => `echo '${JSON.stringify({ hookSpecificOutput: specific })}'`;
const ALLOWS = { hookEventName: 'PreToolUse', permissionDecision: 'allow' };

function withHook(command: string, more: object = {}, event = 'PreToolUse'): Situation {
  return { more: { hooks: { [event]: [{ ...more, hooks: [{ type: 'command', command }] }] } } };
}

test('a hook approves only in the words and under the name of its event', () => {
  const call = bash('npm publish');
  for (const command of [says(ALLOWS), `echo '{"decision":"approve"}'`, `${says(ALLOWS)}; exit 1`])
    assert.equal(predict(call, withHook(command)).verdict, 'allow', command);
  for (const command of [
    says({ permissionDecision: 'allow' }),
    says({ hookEventName: 'PermissionRequest', decision: { behavior: 'allow' } }),
    `echo '{"decision":"allow"}'`,
    `echo '{"permissionDecision":"allow"}'`,
  ])
    assert.equal(predict(call, withHook(command)).verdict, 'ask', command);
  const answers = says({ hookEventName: 'PermissionRequest', decision: { behavior: 'allow' } });
  assert.equal(predict(call, withHook(answers, {}, 'PermissionRequest')).verdict, 'allow');
  assert.equal(predict(call, { ...withHook(answers, {}, 'PermissionRequest'), mode: 'plan' }).verdict, 'ask');
  assert.equal(predict(call, withHook(says(ALLOWS), {}, 'PermissionRequest')).verdict, 'ask');
  assert.equal(predict(call, withHook('exit 2', {}, 'PermissionRequest')).verdict, 'ask');
});

test('a matcher of plain names is a list, every other one a pattern for a part of the name', () => {
  const guarded = (matcher: string) => predict(bash('ls'), withHook('exit 2', { matcher })).verdict;
  for (const matcher of ['Bash', 'Read, Bash', 'Bash|', 'Ba.*', 'a.*h', '^Bash$', 'Rea.*|as.*', ''])
    assert.equal(guarded(matcher), 'deny', matcher);
  for (const matcher of ['Ba', 'bash', 'Read|Write', '^ash', 'Rea.*']) assert.equal(guarded(matcher), 'allow', matcher);
});

test('the condition of a hook is a rule; one that is none is never met', () => {
  const guarded = (condition: string, call: PredictedCall) => {
    const hooks = { PreToolUse: [{ hooks: [{ type: 'command', command: 'exit 2', if: condition }] }] };
    return predict(call, { mode: 'bypassPermissions', more: { hooks } }).verdict;
  };
  assert.equal(guarded('Write(docs/*)', write('docs/a')), 'deny');
  assert.equal(guarded('Write(docs/*)', write('src/a')), 'allow');
  assert.equal(guarded('Bash(curl *)', bash('curl x')), 'deny');
  assert.equal(guarded('Bash(curl *)', bash('ls')), 'allow');
  assert.equal(guarded('Bash(curl *)', bash('ls $X')), 'deny');
  assert.equal(guarded('', bash('ls')), 'deny');
  for (const condition of ['nonsense(', 'curl *', 'bash(curl *)', 'Edit'])
    assert.equal(guarded(condition, bash('curl x')), 'allow', condition);
});

test('a hook that changes the input is judged by what it changes it to', () => {
  const changed = says({ hookEventName: 'PreToolUse', updatedInput: { command: 'ls' } });
  assert.equal(predict(bash('npm publish'), withHook(changed)).verdict, 'allow');
  const worse = says({ hookEventName: 'PreToolUse', updatedInput: { command: 'npm publish' } });
  assert.equal(predict(bash('ls'), withHook(worse)).verdict, 'ask');
  assert.equal(predict(bash('ls'), { ...withHook(worse), version: OLDER }).verdict, 'ask');
});

test('the sandbox approves what can be checked before it runs, and asks about the rest', () => {
  const sandboxed: Situation = { more: { sandbox: { enabled: true, autoAllowBashIfSandboxed: true } } };
  for (const command of ['npm publish', 'bash -c ls', 'echo $(npm publish)', '(npm test)', 'LANG=C npm test'])
    assert.equal(predict(bash(command), sandboxed).verdict, 'allow', command);
  for (const command of ['FOO=1 npm test', '{ npm test; }', '$CMD a', 'find . -delete', 'export X=1', 'eval ls'])
    assert.equal(predict(bash(command), sandboxed).verdict, 'ask', command);
});
