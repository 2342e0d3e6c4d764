import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isLeftOut, type PredictionInput, predictDecision } from '../../../src/agents/index.ts';
import { loadShellGrammar } from '../../../src/syntax/index.ts';
import type { JsonObject } from '../../../src/system/index.ts';
import { bash, DIRECTORY, NEWER, OLDER, PLACE } from './place.ts';

const grammar = await loadShellGrammar();

function verdict(input: Omit<PredictionInput, 'place' | 'version'> & { readonly version?: string }, command: string) {
  return predictDecision({ version: NEWER, place: PLACE, ...input }, bash(command), grammar).verdict;
}

const RULES = { allow: ['Bash(npm test)'], deny: ['Bash(ls)'] };

/** Beside rules that are right: what makes the CLI leave the file out with them, and a twin that it takes. */
const FAULTS: readonly (readonly [key: string, faulty: JsonObject, sound: JsonObject])[] = [
  [
    'permissions.defaultMode',
    { permissions: { ...RULES, defaultMode: 'AcceptEdits' } },
    { permissions: { ...RULES, defaultMode: 'plan' } },
  ],
  [
    'permissions.disableBypassPermissionsMode',
    { permissions: { ...RULES, disableBypassPermissionsMode: true } },
    { permissions: { ...RULES, disableBypassPermissionsMode: 'disable' } },
  ],
  ['permissions.ask', { permissions: { ...RULES, ask: 'Bash' } }, { permissions: { ...RULES, ask: [42, 'Bash(x)'] } }],
  [
    'hooks',
    { permissions: RULES, hooks: { PreToolUse: [{ type: 'command', command: 'true' }] } },
    { permissions: RULES, hooks: { PreToolUse: [{ hooks: [{ type: 'command', command: 'true' }] }] } },
  ],
  [
    'hooks',
    { permissions: RULES, hooks: { PreToolUse: [{ hooks: [{ type: 'command', command: 'true', timeout: '5' }] }] } },
    { permissions: RULES, hooks: { PreToolUse: [{ hooks: [{ type: 'command', command: 'true', timeout: 5 }] }] } },
  ],
  ['sandbox.enabled', { permissions: RULES, sandbox: { enabled: 'yes' } }, { permissions: RULES, sandbox: { x: 1 } }],
  ['env', { permissions: RULES, env: ['A=1'] }, { permissions: RULES, env: { A: 1 } }],
  ['model', { permissions: RULES, model: 42 }, { permissions: RULES, nonsense: 42 }],
];

describe('one wrong value takes every rule of the file away, the refusing ones too', () => {
  for (const [key, faulty, sound] of FAULTS) {
    test(`${key} ${JSON.stringify(faulty)}`, () => {
      assert.equal(isLeftOut(faulty, NEWER)?.key, key);
      assert.equal(isLeftOut(sound, NEWER), undefined);
      assert.equal(verdict({ settings: { user: faulty } }, 'ls'), 'allow');
      assert.equal(verdict({ settings: { user: sound } }, 'ls'), 'deny');
      assert.equal(verdict({ settings: { user: faulty } }, 'npm test'), 'ask');
    });
  }

  test('managed settings lose the entry only, in older versions what stands beside it', () => {
    const managed = { permissions: { ...RULES, defaultMode: 42 } };
    assert.equal(verdict({ settings: { managed } }, 'ls'), 'deny');
    assert.equal(verdict({ settings: { managed }, version: OLDER }, 'ls'), 'allow');
  });

  test('a mode that only newer versions know is unknown where no version is named', () => {
    const settings = { permissions: { defaultMode: 'manual' } };
    assert.equal(isLeftOut(settings, NEWER), undefined);
    assert.equal(isLeftOut(settings, OLDER)?.leftOut, 'yes');
    assert.equal(isLeftOut(settings, undefined)?.leftOut, 'unknown');
  });
});

test('managed settings may silence all other rules, those that refuse too', () => {
  const managed = { permissions: { deny: ['Bash(curl *)'] }, allowManagedPermissionRulesOnly: true };
  const user = { permissions: RULES };
  assert.equal(verdict({ settings: { managed, user } }, 'ls'), 'allow');
  assert.equal(verdict({ settings: { managed, user } }, 'npm test'), 'ask');
  assert.equal(verdict({ settings: { managed, user } }, 'curl x'), 'deny');
  const spoken = { settings: { managed }, allowed: ['Bash(npm test)'] };
  assert.equal(verdict(spoken, 'npm test'), 'ask');
  assert.equal(verdict({ ...spoken, version: OLDER }, 'npm test'), 'allow');
  assert.equal(verdict({ settings: { user: { ...user, allowManagedPermissionRulesOnly: true } } }, 'ls'), 'deny');
});

test('a rule that begins with one slash starts where its settings lie, and of JSON on the command line nowhere', () => {
  const flag = { permissions: { deny: ['Read(/src/**)'] } };
  const read = (input: Partial<PredictionInput>, path: string) =>
    predictDecision(
      { settings: {}, version: NEWER, place: PLACE, ...input },
      { tool: 'Read', input: { file_path: path } },
      grammar,
    ).verdict;
  assert.equal(read({ settings: { flag } }, 'src/a.ts'), 'allow');
  assert.equal(read({ settings: { flag }, flagDirectory: DIRECTORY }, 'src/a.ts'), 'deny');
  assert.equal(read({ settings: { flag }, flagDirectory: `${DIRECTORY}/sub` }, 'src/a.ts'), 'allow');
  assert.equal(read({ settings: { flag }, flagDirectory: `${DIRECTORY}/sub` }, 'sub/src/a.ts'), 'deny');
  assert.equal(read({ disallowed: ['Read(/src/**)'] }, 'src/a.ts'), 'deny');
  assert.equal(read({ settings: { user: flag } }, 'src/a.ts'), 'allow');
  assert.equal(read({ settings: { managed: flag } }, 'src/a.ts'), 'deny');
});

test('where a classifier decides, approvals of all commands do not count, those of one do', () => {
  const allows = (allow: readonly string[], mode: 'auto' | 'plan', version = NEWER) =>
    verdict({ settings: { user: { permissions: { allow: [...allow] } } }, mode, version }, 'npm test');
  for (const mode of ['auto', 'plan'] as const) {
    assert.equal(allows(['Bash'], mode), 'ask');
    assert.equal(allows(['Bash(*)'], mode), 'ask');
    assert.equal(allows(['Bash(npm *)'], mode), 'allow');
  }
  assert.equal(allows(['Bash'], 'plan', OLDER), 'allow');
  assert.equal(allows(['Bash'], 'auto', OLDER), 'ask');
});

test('local settings approve what nobody else wrote; an older version wants git to show it', () => {
  const local = { permissions: { allow: ['Bash(npm test)'] } };
  const bare = { ...PLACE, exists: () => false };
  const at = (version: string, place: PredictionInput['place']) =>
    predictDecision({ settings: { local }, version, place }, bash('npm test'), grammar).verdict;
  assert.equal(at(NEWER, bare), 'allow');
  assert.equal(at(OLDER, bare), 'ask');
  assert.equal(at(OLDER, { ...PLACE, exists: (path) => path === '/srv/acme/.git' }), 'allow');
});
