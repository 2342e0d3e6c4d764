/**
 * The real Claude Code CLI decides on files, settings and hooks, and so do we: what is predicted to be allowed is allowed,
 * and what it refuses is not predicted otherwise, in both measured versions.
 */
import assert from 'node:assert/strict';
import { existsSync, realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import {
  type PermissionMode,
  type PredictedCall,
  type PredictionInput,
  predictDecision,
} from '../../../src/agents/index.ts';
import { loadShellGrammar } from '../../../src/syntax/index.ts';
import type { JsonObject } from '../../../src/system/index.ts';
import { Stage } from '../real-cli.ts';
import { askClient, CLIENTS } from './ask-client.ts';
import { bash } from './place.ts';

const LIMIT = { timeout: 120_000 };
const FILES = { 'README.md': 'x\n', '.env': 'x\n', 'src/a.ts': 'x\n', 'lib/a.ts': 'x\n', 'lib/[x].ts': 'x\n' };
const grammar = await loadShellGrammar();

function write(path: string): PredictedCall {
  return { tool: 'Write', input: { file_path: path, content: 'x' } };
}

function read(path: string): PredictedCall {
  return { tool: 'Read', input: { file_path: path } };
}

const PATTERNED =
  'new.ts secret.ts src/new.ts sub/src/new.ts a.txt c.txt docs/a docs/sub/a lib lib/b lib/[x].ts !x name n/a SRC/b.ts';
const ODD =
  '.git/config .claude/x .github/x.yml .npmrc a./b a~1 .git::x/y a/.../b x.nul ../up.ts ~/up.ts docs/x sub/../b.ts';

function fileCalls(paths: string): readonly PredictedCall[] {
  return paths.split(' ').flatMap((path) => [write(path), read(path)]);
}

const COMMANDS = ['ls', 'npm test', 'npm publish', 'curl x', 'cat .env', 'ls $X', 'echo x > src/o', 'rm -rf /'].map(
  bash,
);

interface Client {
  readonly name: string;
  readonly user?: JsonObject;
  readonly flag?: JsonObject;
  readonly mode?: PermissionMode;
  readonly calls: readonly PredictedCall[];
}

const allows = (more: object) =>
  `echo '${JSON.stringify({ hookSpecificOutput: { hookEventName: 'PreToolUse', ...more } })}'`;
const hook = (matcher: string, command: string, more: JsonObject = {}) => ({
  matcher,
  hooks: [{ type: 'command', command, ...more }],
});

const SITUATIONS: readonly Client[] = [
  {
    name: 'patterns of files',
    user: { permissions: { allow: ['Edit(*.ts)', 'Edit(!secret.ts)', 'Edit([ab].txt)', 'Edit(docs/*)'] } },
    flag: { permissions: { deny: ['Read(lib/)', 'Read(\\!x)', 'Read(name )', 'Edit(/src/**)'], ask: ['Edit(sub)'] } },
    calls: fileCalls(PATTERNED),
  },
  {
    name: 'odd names where edits are accepted',
    flag: { permissions: { allow: ['Read'], deny: ['Edit(docs/**)'] } },
    mode: 'acceptEdits',
    calls: fileCalls(ODD),
  },
  {
    name: 'a user file with a fault, and one star',
    user: { permissions: { allow: ['Bash(npm test)'], deny: ['Bash(ls)'], defaultMode: 'accept' } },
    flag: { permissions: { allow: ['Edit(*)'], deny: ['B*(description:x)', 'Bash(curl *)'] } },
    calls: [...COMMANDS, write('new.ts'), { tool: 'Bash', input: { command: 'ls -l', description: 'x' } }],
  },
  {
    name: 'hooks that answer in several words',
    flag: {
      hooks: {
        PreToolUse: [
          hook('Bash', allows({ permissionDecision: 'allow' }), { if: 'Bash(npm *)' }),
          hook('Bas.*|x', 'exit 2', { if: 'Bash(curl *)' }),
          hook('Wri', 'exit 2'),
          hook('Read, Write', allows({ permissionDecision: 'deny', permissionDecisionReason: 'a hook says so' }), {
            if: 'Read(.env)',
          }),
          hook('Write', `echo '{"decision":"allow"}'`),
        ],
      },
    },
    calls: [...COMMANDS, read('.env'), read('README.md'), write('new.ts'), write('.git/config')],
  },
];

/** The target of a path's links; of a path that does not exist, that of the folder above it. */
function realPath(path: string): string {
  return existsSync(path) || path === '/' ? realpathSync(path) : join(realPath(dirname(path)), basename(path));
}

for (const { version, program } of CLIENTS) {
  describe(`what is predicted to be allowed, ${version} allows`, () => {
    for (const { name, user, flag, mode, calls } of SITUATIONS) {
      test(name, LIMIT, async () => {
        await using stage = await Stage.create(FILES);
        if (user) await stage.write(join(stage.home, '.claude/settings.json'), JSON.stringify(user), 0o644);
        const place = { directory: stage.workspace, home: stage.home, resolve: realPath, exists: existsSync };
        const settings: PredictionInput['settings'] = { ...(user && { user }), ...(flag && { flag }) };
        const input = { settings, version, place, ...(mode && { mode }) };
        const predicted = calls.map((call) => predictDecision(input, call, grammar).verdict);
        const args = [
          ...(mode ? ['--permission-mode', mode] : []),
          ...(flag ? ['--settings', JSON.stringify(flag)] : []),
        ];
        const decided = await askClient(stage, program, args, calls);
        const shown = (index: number) => `${JSON.stringify(calls[index])}: ${predicted[index]}, was ${decided[index]}`;
        const judged = calls.flatMap((_, index) => (decided[index] === 'invalid' ? [] : [index]));
        const looser = judged.filter((index) => predicted[index] === 'allow' && decided[index] !== 'allow');
        assert.deepEqual(looser.map(shown), []);
        const other = judged.filter((index) => predicted[index] !== decided[index]);
        assert.ok(other.length <= judged.length / 10, other.map(shown).join('\n'));
      });
    }
  });
}
