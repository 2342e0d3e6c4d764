/** The pages about posting: their pipelines pass our own audit, their lists are whole. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, it } from 'node:test';
import { bundleWith, findingAt } from '../forges/support/bundles.ts';
import { openRepository } from './support/repository.ts';

const page = readFileSync(resolve(import.meta.dirname, '../../docs/posting.md'), 'utf8');
const format = readFileSync(resolve(import.meta.dirname, '../../docs/formats/posting-bundle.md'), 'utf8');

/** The first block of code below a heading. */
function blockBelow(heading: string): string {
  const section = page.split(`\n## ${heading}\n`)[1] ?? '';
  return /^```[a-z]+\n([\s\S]*?)^```/m.exec(section)?.[1] ?? '';
}

describe('the page about posting', () => {
  it('shows pipelines in which our own audit finds nothing', () => {
    using repository = openRepository();
    repository.commit({
      '.github/workflows/sallyport.yml': blockBelow('GitHub'),
      '.gitlab-ci.yml': blockBelow('GitLab'),
      Jenkinsfile: blockBelow('Jenkins'),
      'azure-pipelines.yml': blockBelow('Azure Pipelines'),
    });
    const { code, stdout } = repository.sallyport('audit', '.');
    assert.match(stdout, /^no findings; 4 files read$/m);
    assert.equal(code, 0);
  });

  it('never gives the job that posts a checkout of the change, nor the other a right to write', () => {
    const [analyse = '', post = ''] = blockBelow('GitHub').split(/^ {2}post:$/m);
    assert.doesNotMatch(analyse, /: write/);
    assert.doesNotMatch(post, /checkout|git /);
    assert.match(blockBelow('GitLab'), /GIT_STRATEGY: none/);
    assert.match(blockBelow('Azure Pipelines'), /checkout: none/);
    assert.match(blockBelow('Jenkins'), /skipDefaultCheckout/);
  });

  it('names every option of the command', () => {
    using repository = openRepository();
    const { stdout } = repository.sallyport('post', '--help');
    const options = [...stdout.matchAll(/^ {2}(--[a-z-]+)/gm)].map(([, name = '']) => name);
    assert.ok(options.length >= 9);
    for (const name of options) assert.ok(page.includes(name) || format.includes(name), name);
  });
});

it('the page about the format names every field', () => {
  const bundle = bundleWith({ findings: [findingAt(1, { suggestion: { startLine: 1, endLine: 1, text: 'x' } })] });
  for (const name of [...Object.keys(bundle), ...Object.keys(bundle.findings[0] ?? {})])
    assert.ok(format.includes(name), name);
});
