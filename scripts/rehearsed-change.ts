/** The whole path of a change that makes the weakenings of the table of controls: in code, pipelines and settings. */
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CONTROL_CLASSES, type ControlExample, type ExampleFile } from '../src/controls/index.ts';
import { CHANGE_PROGRAM } from './programs.ts';
import type { Rehearsal } from './rehearsal.ts';
import { commitAll, startRepository } from './rehearsed-repository.ts';

export const CHANGE_REHEARSAL: Rehearsal = {
  name: 'a change',
  programs: [CHANGE_PROGRAM],
  // Of course it is blocked.
  status: 1,
  prepare(stage) {
    const repository = join(stage, 'repository');
    startRepository(repository);
    const changes = writeBefore(repository);
    commitAll(repository, 'base');
    for (const { folder, before, after } of changes) {
      for (const { file } of before) rmSync(join(folder, file), { force: true });
      for (const file of after) write(folder, file);
    }
    commitAll(repository, 'change');
    return [join(stage, 'change.cjs'), 'ci', '--repository', repository, '--base', 'HEAD~1'];
  },
  ending: () => '',
};

interface PlacedChange extends ControlExample {
  readonly folder: string;
}

/** Each at the root, where pipelines and settings count; one whose files are there already in a folder of its own. */
function writeBefore(repository: string): readonly PlacedChange[] {
  return CONTROL_CLASSES.filter(({ attack }) => isPlain(attack)).map(({ id, attack }) => {
    const files = [...attack.before, ...attack.after];
    const isTaken = files.some(({ file }) => existsSync(join(repository, file)));
    const folder = isTaken ? join(repository, 'more', id) : repository;
    for (const file of attack.before) write(folder, file);
    return { ...attack, folder };
  });
}

function isPlain({ before, after }: ControlExample): boolean {
  return [...before, ...after].every(({ mode }) => mode === undefined);
}

function write(folder: string, { file, text }: ExampleFile): void {
  const path = join(folder, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
