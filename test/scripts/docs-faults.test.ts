/** What keeps the pages of people true: command lines that there are, links that lead somewhere. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { Command } from 'commander';
import { commandFaults, helpTextsOf, linkFaults } from '../../scripts/docs-faults.ts';

const COMMANDS = [
  new Command('run').option('--out <dir>').option('--apply'),
  new Command('log').addCommand(new Command('show').option('--kind <kind>')),
  new Command('gate').option('--directory, --repository <dir>'),
];

function faultsIn(text: string, path = 'docs/page.md'): readonly string[] {
  return commandFaults({ path, text }, COMMANDS).map((fault) => fault.replace(`${path}: `, ''));
}

test('an option that a command does not have is a fault, wherever people copy it from', () => {
  const fault = 'sallyport run has no option --patch';
  assert.deepEqual(faultsIn('Take it with `sallyport run --patch`.'), [fault]);
  assert.deepEqual(faultsIn('```\n$ sallyport run --out x \\\n    --patch y\n```'), [fault]);
  assert.deepEqual(faultsIn('run: |\n  "$HOME/bin/sallyport" run --patch x\n', 'action.yml'), [fault]);
  assert.deepEqual(faultsIn('`sallyport log show out --sort`'), ['sallyport log show has no option --sort']);
  assert.deepEqual(faultsIn('`sallyport runn --out x`'), ['there is no command sallyport runn']);
});

test('the examples of a help text are looked at, too', () => {
  const wrong = new Command('heal')
    .option('--patch <file>')
    .addHelpText('after', '\n  sallyport heal 1 --patsh x   mend it');
  const faults = helpTextsOf([wrong]).flatMap((text) => commandFaults(text, [wrong]));
  assert.deepEqual(faults, ['sallyport heal --help: sallyport heal has no option --patsh']);
});

test('options of the agent, of the next command and of other words are not ours', () => {
  for (const line of [
    'sallyport run --out x --apply -- claude -p "Do it" --model y',
    'sallyport run -- sh -c "sallyport is here --nothing"',
    'sallyport log show out --kind tool.call | head --lines 3',
    "sallyport gate --repository . 'a --text'  # --not-an-option",
    'sallyport gate --help; ls --all',
    'Sallyport run 95ea464b432db198',
  ])
    assert.deepEqual(faultsIn(`\`\`\`\n${line}\n\`\`\``), [], line);
  assert.deepEqual(faultsIn('Prose about sallyport run --patch is no command line.'), []);
});

test('a link to nothing, to a heading that is not there, and a page that nobody links to are faults', () => {
  const root = mkdtempSync(join(tmpdir(), 'sallyport-links-'));
  const put = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  try {
    put('README.md', '[one](docs/one.md) [away](https://example.test/) `[code](docs/no.md)`\n');
    put(
      'docs/one.md',
      '# One\n\n## What `--it` is, and why\n\n[up](../README.md) [here](#what---it-is-and-why) [two](sub/two.md#two)\n',
    );
    put('docs/sub/two.md', '# Two\n');
    assert.deepEqual(linkFaults(root, 'README.md'), []);
    put('docs/sub/two.md', '# 2\n\n[gone](../gone.md)\n');
    put('docs/lost.md', '# Lost\n');
    assert.deepEqual(linkFaults(root, 'README.md').toSorted(), [
      'docs/lost.md: no page links to it',
      'docs/one.md: sub/two.md#two has no such heading',
      'docs/sub/two.md: ../gone.md is not there',
    ]);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
});
