import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { ScratchRepository } from '../../src/workspace/index.ts';

/** Opens one over a store whose list of shallow commits cannot be copied, in a temporary folder of its own. */
function openIn(folder: string, isBroken: boolean): ScratchRepository {
  const store = join(folder, 'store');
  mkdirSync(join(store, 'objects'), { recursive: true });
  if (isBroken) mkdirSync(join(store, 'shallow'));
  const before = process.env['TMPDIR'];
  process.env['TMPDIR'] = join(folder, 'tmp');
  try {
    mkdirSync(join(folder, 'tmp'));
    return ScratchRepository.open({
      gitDir: store,
      objectDirectories: [join(store, 'objects')],
      objectFormat: 'sha1',
      environment: {},
    });
  } finally {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
  }
}

for (const isBroken of [false, true])
  test(`a scratch repository that ${isBroken ? 'cannot be made' : 'was used'} leaves nothing behind`, () => {
    const folder = mkdtempSync(join(tmpdir(), 'sallyport-test-'));
    try {
      if (isBroken) assert.throws(() => openIn(folder, true));
      else {
        using scratch = openIn(folder, false);
        assert.deepEqual(readdirSync(join(folder, 'tmp')).length, 1, scratch.directory);
      }
      assert.deepEqual(readdirSync(join(folder, 'tmp')), []);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
