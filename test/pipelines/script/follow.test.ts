import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FOLLOW_LIMITS, traceScripts } from '../../../src/pipelines/script/index.ts';
import { loadReaders } from '../../../src/syntax/index.ts';
import { memoryTree } from '../../support/memory-tree.ts';
import { stepScript } from '../../support/step-script.ts';

const readers = await loadReaders();

function trace(text: string, files: Readonly<Record<string, string>>, directory = '', action?: string) {
  const { followed, unfollowed } = traceScripts(stepScript(text), directory, memoryTree(files), readers, {
    actionDirectory: action,
  });
  return {
    via: followed.map((one) => one.via.join(' > ')),
    commands: followed.flatMap(({ script }) =>
      script.script.commands.map(({ words }) => words.map(({ source }) => source).join(' ')),
    ),
    unfollowed: unfollowed.map((effect) => (effect.kind === 'unfollowed' ? effect.what : '')),
    places: followed.flatMap(({ script }) =>
      script.script.commands.map(({ span }) => [script.text.place.file, script.text.offsetOf(span.start)] as const),
    ),
  };
}

test('scripts of the tree are followed in every way they are called', () => {
  const files = { 'ci/x.sh': 'git push', 'sub/y.py': 'import os\nos.system("git push")' };
  for (const text of [
    './ci/x.sh',
    'bash ci/x.sh arg',
    'sh -eu ./ci/x.sh',
    'source ci/x.sh',
    '. ci/x.sh',
    'cd ci && ./x.sh',
    '(cd ci; bash x.sh)',
    'sudo ci/x.sh',
    '"$GITHUB_WORKSPACE/ci/x.sh"',
    'bash $' + '{{ github.workspace }}/ci/x.sh',
  ]) {
    assert.deepEqual(
      trace(text, files),
      { via: ['ci/x.sh'], commands: ['git push'], unfollowed: [], places: [['ci/x.sh', 0]] },
      text,
    );
  }
  assert.deepEqual(trace('python3 sub/y.py', files).commands, ['git push']);
  assert.deepEqual(trace('uv run sub/y.py', files).via, ['sub/y.py']);
  assert.deepEqual(trace('bash "$GITHUB_ACTION_PATH/x.sh"', files, '', 'ci').via, ['ci/x.sh']);
  assert.deepEqual(trace('./x.sh', files, 'ci').via, ['ci/x.sh']);
});

test('package scripts run with what comes before and after them', () => {
  const manifest = JSON.stringify({
    scripts: {
      prereview: 'npm ci',
      review: 'claude -p "x"',
      postreview: 'node a.js',
      test: 'jest',
      postinstall: 'curl x | sh',
    },
  });
  const files = { 'package.json': manifest, 'a.js': 'execSync("git push")' };
  for (const text of ['npm run review', 'yarn review', 'pnpm run review', 'bun run review']) {
    assert.deepEqual(trace(text, files).commands.slice(0, 3), ['npm ci', 'claude -p "x"', 'node a.js'], text);
  }
  assert.deepEqual(trace('npm test', files).commands, ['jest']);
  assert.deepEqual(trace('npm ci', files).commands, ['curl x', 'sh']);
  assert.deepEqual(trace('npm ci --ignore-scripts', files).commands, []);
  assert.equal(trace('npm run review', files).commands.includes('"git push"'), false);
  assert.deepEqual(trace('npm run review', files).via.at(-1), 'npm run review > a.js');
  const { places } = trace('npm test', files);
  assert.deepEqual(places, [['package.json', manifest.indexOf('jest')]]);
});

test('a target of a Makefile runs behind what it needs', () => {
  const makefile =
    'X := a\n.PHONY: review\nreview: deps | dir\n\t@claude -p "$(X) $$HOME"\ndeps:\n\tnpm ci\nother:\n\tgit push\n';
  const files = { Makefile: makefile };
  const found = trace('make review', files);
  assert.deepEqual(found.commands, ['claude -p "$(X) $HOME"', 'npm ci']);
  assert.deepEqual(found.places[0], ['Makefile', makefile.indexOf('claude')]);
  assert.deepEqual(trace('make', files).via, ['make review', 'make review']);
  assert.deepEqual(trace('make -C sub other', { 'sub/Makefile': makefile }).commands, ['git push']);
});

test('recipes of just and tasks of task are followed', () => {
  const just = 'set shell := ["bash"]\nreview name="x": deps\n    claude -p "{{name}}"\ndeps:\n    npm ci\n';
  assert.deepEqual(trace('just review', { justfile: just }).commands, ['claude -p "{{name}}"', 'npm ci']);
  const task =
    'version: 3\ntasks:\n  review:\n    deps: [{task: deps}]\n    cmds:\n      - claude -p x\n  deps: npm ci\n';
  assert.deepEqual(trace('task review', { 'Taskfile.yml': task }).commands, ['claude -p x', 'npm ci']);
});

test('a script that calls itself or another in a circle is read once', () => {
  const files = { 'a.sh': './b.sh', 'b.sh': './a.sh; git push' };
  assert.deepEqual(trace('./a.sh', files).via, ['a.sh', 'a.sh > b.sh']);
  assert.deepEqual(trace('npm run x', { 'package.json': '{"scripts":{"x":"npm run x"}}' }).via, ['npm run x']);
});

test('what cannot be followed is named', () => {
  assert.deepEqual(trace('./missing.sh', {}).unfollowed, ['./missing.sh']);
  assert.deepEqual(trace('bash "$DIR/x.sh"', {}).unfollowed, ['$DIR/x.sh']);
  assert.deepEqual(trace('bash ../../x.sh', {}).unfollowed, ['../../x.sh']);
  assert.deepEqual(trace('python3 scripts/missing.py --all', {}).unfollowed, ['scripts/missing.py']);
  assert.deepEqual(trace('node ./missing.js', {}).unfollowed, ['./missing.js']);
  assert.deepEqual(trace('npm run missing', { 'package.json': '{}' }).unfollowed, ['npm run missing']);
  assert.deepEqual(trace('make missing', { Makefile: 'a:\n\tb\n' }).unfollowed, ['make missing']);
});

test('programs of the machine are no scripts of the tree', () => {
  for (const text of [
    '/usr/bin/env git',
    'git push',
    'bash -c "x"',
    'curl x | bash',
    'bash -s',
    'npm install -g x',
    'python -m pytest',
    'python /opt/tool.py',
    'python -c "import json" x.py',
    'curl -o fetched.py https://example.test/x\npython fetched.py',
    'echo ./x.sh',
  ]) {
    assert.deepEqual(trace(text, {}).unfollowed, [], text);
  }
});

test('depth and number are capped, and the caps are named', () => {
  const files = Object.fromEntries(Array.from({ length: 8 }, (_, index) => [`s${index}.sh`, `./s${index + 1}.sh`]));
  const deep = trace('./s0.sh', files);
  assert.equal(deep.via.length, FOLLOW_LIMITS.depth);
  assert.equal(deep.unfollowed.length, 1);
  const many = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`m${index}.sh`, 'true']));
  const wide = trace(
    Object.keys(many)
      .map((name) => `./${name}`)
      .join('\n'),
    many,
  );
  assert.equal(wide.via.length, FOLLOW_LIMITS.scripts);
  assert.equal(wide.unfollowed.length, 100 - FOLLOW_LIMITS.scripts);
});

test('tox runs the commands of the environments that it is given, and of the common one where they have none', () => {
  const tox =
    '[tox]\nenvlist = a,b\n[testenv]\ncommands =\n    pytest {posargs}\n    - ruff check\n[testenv:agent]\ndeps = x\ncommands = claude -p hi\n[testenv:idle]\ndescription = none\n';
  const commands = (line: string) => trace(line, { 'tox.ini': tox }).commands;
  assert.deepEqual(commands('tox -e agent'), ['claude -p hi']);
  assert.deepEqual(commands('tox run -e agent,py312'), ['claude -p hi', 'pytest {posargs}', 'ruff check']);
  assert.deepEqual(commands('tox -e idle'), []);
  assert.deepEqual(commands('tox --version'), []);
  const [place] = trace('tox -e agent', { 'tox.ini': tox }).places;
  assert.equal(tox.slice(place?.[1]).split('\n')[0], 'claude -p hi');
});
