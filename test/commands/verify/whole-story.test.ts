import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Story } from '../attest/story.ts';

test('an agent’s change: run, gate, two approvals, attestation, merge, proof; then a push past the gate is noticed', async () => {
  using story = new Story('version: 1\nmerge:\n  require:\n    - { approvals: 2 }\n');
  const { repository } = story;
  const out = story.file('run');
  const must = async (code: number, ...words: readonly string[]): Promise<string> => {
    const ended = await story.sallyport(...words);
    assert.equal(ended.code, code, `${words.join(' ')}\n${ended.stdout}\n${ended.stderr}`);
    return ended.stdout;
  };

  repository.branch('agent', story.base);
  await must(0, 'run', '--out', out, '--', 'sh', '-c', 'echo hi > a.txt; echo new > b.txt');
  repository.git('apply', join(out, 'changes.patch'));
  const head = repository.commit({}, 'Agent change');
  await must(0, 'attest', '--run', out, '--key', story.file('runner.pem'));

  const gate = ['gate', '--base', 'main', '--run', out, '--requested-by', 'dana', '--format', 'json'];
  assert.equal(JSON.parse(await must(1, ...gate)).verdict, 'needs-approval');
  const approve = ['approve', '--base', 'main', '--requested-by', 'dana', '--yes', '--reason', 'read it'];
  await must(0, ...approve, '--key', story.file('alice'));
  assert.equal(JSON.parse(await must(1, ...gate)).approvals.missing, 1);
  await must(0, ...approve, '--key', story.file('bob'));
  const verdict = await must(0, ...gate);
  writeFileSync(story.file('gate.json'), verdict);
  await must(0, 'attest', '--gate', story.file('gate.json'), '--key', story.file('gate'));

  repository.git('checkout', '-q', 'main');
  repository.git('merge', '-q', '--no-ff', '-m', 'Merge', head);
  const merged = repository.git('rev-parse', 'HEAD');
  assert.match(await must(0, 'verify'), /2 commits: 2 verified/);

  const bypass = repository.commit({ 'b.txt': 'by an administrator\n' });
  assert.match(await must(1, 'verify', `${merged}..main`), new RegExp(`missing +${bypass.slice(0, 12)}`));
});
