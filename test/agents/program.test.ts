import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { resolveCommand } from '../../src/agents/index.ts';
import { mountsFor } from '../../src/agents/mounts.ts';

let root = '';
before(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'sallyport-program-')));
});
after(() => rmSync(root, { recursive: true, force: true }));

function place(path: string, content = '\x7fELF'): string {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  chmodSync(file, 0o755);
  return file;
}

describe('finding the program', () => {
  const search = () => ({ path: `relative:${join(root, 'bin')}:/usr/bin:/bin`, directory: root });

  test('follows links to the real file outside the system directories', () => {
    const real = place('opt/tool/run');
    mkdirSync(join(root, 'bin'), { recursive: true });
    symlinkSync(real, join(root, 'bin/tool'));
    assert.deepEqual(resolveCommand(['tool', '-x'], search()), [real, '-x']);
  });

  test('keeps the name of a system program, which may behave by it', () => {
    assert.match(resolveCommand(['sh'], search())[0], /^\/(usr\/)?bin\/sh$/);
  });

  test('puts the interpreter of an env script in front', () => {
    const script = place('bin/agent', '#!/usr/bin/env -S sh -e\nexit 0\n');
    const [shell, flag, file, argument] = resolveCommand(['agent', 'go'], search());
    assert.match(shell, /\/sh$/);
    assert.deepEqual([flag, file, argument], ['-e', script, 'go']);
  });

  test('takes a path relative to the working directory', () => {
    const tool = place('local/tool');
    assert.deepEqual(resolveCommand(['./local/tool'], search()), [tool]);
  });

  test('names the error when there is none', () => {
    assert.throws(() => resolveCommand(['no-such-agent'], search()), { code: 'SP1601' });
    assert.throws(() => resolveCommand(['./absent'], search()), { code: 'SP1601' });
    assert.throws(() => resolveCommand([join(root, 'bin')], search()), { code: 'SP1601' }, 'a directory is no program');
  });
});

describe('what is shown inside for a program', () => {
  const workspace = () => join(root, 'workspace');

  test('nothing for a system program and for one of the workspace', () => {
    assert.deepEqual(mountsFor('/usr/bin/env', workspace()), []);
    assert.deepEqual(mountsFor(place('workspace/tool'), workspace()), []);
  });

  test('the package of a binary, the node_modules of a script', () => {
    const binary = place('a/node_modules/@scope/pkg/bin/run');
    assert.deepEqual(mountsFor(binary, workspace()), [join(root, 'a/node_modules/@scope/pkg')]);
    const script = place('b/node_modules/pkg/cli.js', '#!/usr/bin/env node\n');
    assert.deepEqual(mountsFor(script, workspace()), [join(root, 'b/node_modules')]);
  });

  test('the virtual environment of a Python program', () => {
    place('venvs/aider/pyvenv.cfg', 'home = /usr/bin\n');
    assert.deepEqual(mountsFor(place('venvs/aider/bin/aider', '#!/usr/bin/python3\n'), workspace()), [
      join(root, 'venvs/aider'),
    ]);
  });

  test('the virtual environment too when its own Python is called', () => {
    place('venvs/own/pyvenv.cfg', 'home = /usr/bin\n');
    mkdirSync(join(root, 'venvs/own/bin'), { recursive: true });
    const python = join(root, 'venvs/own/bin/python3');
    symlinkSync('/usr/bin/env', python);
    const [program] = resolveCommand([python], { path: '', directory: root });
    assert.equal(program, python);
    assert.deepEqual(mountsFor(program, workspace()), [join(root, 'venvs/own')]);
  });

  test('the file alone when its directory could be a home, a checkout or hold the workspace', () => {
    for (const mark of ['.ssh/id', '.bashrc', '.git/config', '.env']) {
      const home = `home-${mark.replaceAll(/\W/g, '')}`;
      place(`${home}/package.json`, '{}');
      place(`${home}/${mark}`, 'secret');
      const script = place(`${home}/agent.mjs`, '');
      assert.deepEqual(mountsFor(script, workspace()), [script], mark);
    }
    place('package.json', '{}');
    const above = place('agent.mjs', '');
    assert.deepEqual(mountsFor(above, workspace()), [above]);
  });

  test('a project without such marks is shown whole', () => {
    place('agent-project/package.json', '{}');
    const script = place('agent-project/bin/agent.mjs', '');
    assert.deepEqual(mountsFor(script, workspace()), [join(root, 'agent-project')]);
  });

  test('a missing script is one clear error', () => {
    assert.throws(() => mountsFor(join(root, 'absent.mjs'), workspace()), { code: 'SP1601' });
  });
});
