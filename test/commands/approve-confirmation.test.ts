/** What a person must say before anything is signed. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { confirm, findReason, type Questioner } from '../../src/commands/approve/confirmation.ts';
import { parseLifetime } from '../../src/commands/approve/lifetime.ts';
import { SallyportError } from '../../src/errors/index.ts';
import { openApprovalGround } from './support/approval-ground.ts';
import { PROGRAM } from './support/repository.ts';

function answering(...answers: readonly string[]): Questioner {
  const left = [...answers];
  return { ask: async () => left.shift() ?? '' };
}

function isCode(code: string): (error: unknown) => boolean {
  return (error) => error instanceof SallyportError && error.code === code;
}

describe('the confirmation', () => {
  it('is a whole yes, and a sentence where the glass is broken', async () => {
    await confirm(false, answering('Yes '));
    await confirm(true, answering('break the glass'));
    for (const answer of ['', 'y', 'no', 'yes please'])
      await assert.rejects(confirm(false, answering(answer)), isCode('SP2603'), answer);
    await assert.rejects(confirm(true, answering('yes')), isCode('SP2603'));
    await assert.rejects(confirm(false, undefined), isCode('SP2603'));
  });

  it('asks for a reason where one is needed, and for none elsewhere', async () => {
    assert.equal(await findReason(undefined, true, answering(' it is right ')), 'it is right');
    assert.equal(await findReason('given', true, undefined), 'given');
    assert.equal(await findReason(undefined, false, answering('never asked')), '');
    await assert.rejects(findReason(undefined, true, answering('  ')), isCode('SP2604'));
    await assert.rejects(findReason('', true, answering('not asked again')), isCode('SP2604'));
    await assert.rejects(findReason(undefined, true, undefined), isCode('SP2604'));
  });

  it('is given on a real terminal', () => {
    using ground = openApprovalGround();
    const words = [PROGRAM, 'approve', 'topic', '--base', 'main', '--key', join(ground.keys, 'alice')].join(' ');
    const on = (input: string): { readonly status: number | null; readonly stdout: string } =>
      spawnSync('script', ['-qec', words, '/dev/null'], {
        cwd: ground.repository.root,
        input,
        encoding: 'utf8',
        env: { PATH: '/usr/bin:/bin', HOME: ground.keys },
        timeout: 60_000,
      });
    const given = on('it moved\nyes\n');
    assert.equal(given.status, 0, given.stdout);
    assert.match(given.stdout, /signed [0-9a-f]{64}/);
    const refused = on('it moved\nno\n');
    assert.equal(refused.status, 1, refused.stdout);
    assert.doesNotMatch(refused.stdout, /signed [0-9a-f]{64}/);
  });
});

describe('a lifetime', () => {
  it('is minutes, hours or days, and nothing else', () => {
    assert.deepEqual(['30m', '12h', '7d'].map(parseLifetime), [1_800_000, 43_200_000, 604_800_000]);
    for (const wrong of ['', '7', '0d', '-1d', '1w', '1.5h', '999999d', ' 7d', '7d '])
      assert.throws(() => parseLifetime(wrong), wrong);
  });
});
