/** An audit of the examples of all rules: what each rule reads and says is compiled by it. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { allRules } from '../src/audit/index.ts';
import { AUDIT_PROGRAM } from './programs.ts';
import type { Rehearsal } from './rehearsal.ts';

export const AUDIT_REHEARSAL: Rehearsal = {
  name: 'an audit',
  programs: [AUDIT_PROGRAM],
  status: 0,
  prepare(stage) {
    const repository = join(stage, 'repository');
    writeExamples(repository);
    const options = ['--profile', 'all', '--format', 'json', '--fail-on', 'never'];
    return [join(stage, 'audit.cjs'), 'audit', repository, ...options];
  },
  ending: () => '',
};

/** All in one repository. Workflows get names of their own; of other files of one name the first counts. */
function writeExamples(repository: string): void {
  for (const { id, attack, benign } of allRules().values())
    for (const [index, { file, text }] of [...attack, ...benign].entries()) {
      const name = `${id}-${index}.yml`;
      const path = join(repository, file.replace(/^(\.github\/workflows\/).*\.ya?ml$/, `$1${name}`));
      if (existsSync(path)) continue;
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
    }
}
