/** `action.yml`: its steps as the runner starts them, in a repository of real git. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { openRepository, type Repository } from './support/repository.ts';

const ROOT = resolve(import.meta.dirname, '../..');

interface Step {
  readonly name?: string;
  readonly if?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
}

interface Action {
  readonly inputs: Readonly<Record<string, { readonly default?: string }>>;
  readonly runs: { readonly steps: readonly Step[] };
}

const ACTION: Action = parse(readFileSync(join(ROOT, 'action.yml'), 'utf8'));

/** Only what stands in our own file: comparisons of the mode, joined by `&&`. */
function holds(condition: string | undefined, mode: string): boolean {
  return (condition ?? '').split(' && ').every((part) => {
    if (part === '') return true;
    const [, sign, text] = /^inputs\.mode (==|!=) '(\w+)'$/.exec(part) ?? assert.fail(part);
    return (mode === text) === (sign === '==');
  });
}

/** Starts the steps one after the other until one fails; the first that installs is done already. */
function start(given: Readonly<Record<string, string>>, repository: Repository) {
  const inputs = Object.fromEntries(
    Object.entries(ACTION.inputs).map(([name, { default: standard }]) => [name, given[name] ?? standard ?? '']),
  );
  const said: string[] = [];
  for (const step of ACTION.runs.steps) {
    if (step.run === undefined || step.run.startsWith('npm ci') || !holds(step.if, inputs['mode'] ?? '')) continue;
    const env = Object.fromEntries(
      Object.entries(step.env ?? {}).map(([name, value]) => {
        const [, input = ''] = /^\$\{\{ inputs\.(\w+) \}\}$/.exec(value) ?? [];
        return [name, inputs[input] ?? assert.fail(value)];
      }),
    );
    const { status, stdout, stderr } = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', step.run], {
      cwd: repository.root,
      encoding: 'utf8',
      env: {
        PATH: process.env['PATH'],
        HOME: repository.root,
        GITHUB_ACTION_PATH: ROOT,
        GITHUB_STEP_SUMMARY: join(repository.root, 'summary.md'),
        ...env,
      },
    });
    said.push(stdout, stderr);
    if (status !== 0) return { status, said: said.join('') };
  }
  return { status: 0, said: said.join('') };
}

test('a mode that is misspelt is no green check', () => {
  using repository = openRepository();
  for (const mode of ['analyze', 'Post', '']) {
    const { status, said } = start({ mode }, repository);
    assert.equal(status, 2);
    assert.match(said, /^The mode is .*: write analyse or post\.\n$/);
  }
});

test('what the action judges it says with the exit code, in the summary and in the bundle', () => {
  using repository = openRepository();
  const base = repository.commit({ 'README.md': 'words\n' });
  repository.commit({ 'README.md': 'other words\n' });
  const { status, said } = start({ base, bundle: 'bundle.json' }, repository);
  assert.equal(status, 0, said);
  assert.match(readFileSync(join(repository.root, 'summary.md'), 'utf8'), /pass/);
  assert.ok(existsSync(join(repository.root, 'bundle.json')));
  repository.commit({ '.github/workflows/a.yml': 'on: push\njobs: {}\n' });
  assert.equal(start({ base, bundle: 'second.json' }, repository).status, 1);
});
