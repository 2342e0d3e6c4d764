/** The example and the policy of `docs/review.md`, run as a reader would. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, it } from 'node:test';
import { parsePolicy } from '../../src/policy/index.ts';
import { REVIEW_RULES } from '../../src/review/rule-rows.ts';
import { openRepository } from './support/repository.ts';

const page = readFileSync(resolve(import.meta.dirname, '../../docs/review.md'), 'utf8');
const START =
  "from flask import Flask, request\nimport subprocess\napp = Flask(__name__)\n@app.route('/a')\ndef a():\n    return 'x'\n";
const ADDED =
  "@app.route('/b')\ndef b():\n    subprocess.call('ls ' + request.args['x'], shell=True)\n    return 'ok'\n";

describe('the page about reviews', () => {
  it('shows what its first command prints', () => {
    using repository = openRepository();
    repository.commit({ 'app.py': START });
    execFileSync('git', ['checkout', '-q', '-b', 'topic'], { cwd: repository.root });
    repository.commit({ 'app.py': START + ADDED, 'main.rb': 'module Main\n' });
    const [, command = '', shown = ''] = /^```console\n\$ sallyport (.*)\n([\s\S]*?)^```/m.exec(page) ?? [];
    const { stdout } = repository.sallyport(...command.split(' '));
    let from = 0;
    for (const part of shown.split('…').map((text) => text.trim())) {
      const at = stdout.indexOf(part, from);
      assert.ok(at >= 0, `${part}\nis not in\n${stdout}`);
      from = at + part.length;
    }
  });

  it('has a policy that is valid', async () => {
    const [, text = ''] = /^```yaml\n([\s\S]*?)^```/m.exec(page) ?? [];
    assert.equal((await parsePolicy(text, 'sallyport.yaml')).review?.decisions.length, 1);
  });

  it('lists every rule of the review and every option of the command', () => {
    for (const { id } of REVIEW_RULES) assert.ok(page.includes(`| ${id} |`), id);
    using repository = openRepository();
    const { stdout } = repository.sallyport('review', '--help');
    const options = [...stdout.matchAll(/^ {2}(--[a-z-]+)/gm)].map(([, name = '']) => name);
    assert.ok(options.length >= 15);
    for (const name of options) assert.ok(page.includes(name), name);
  });
});
