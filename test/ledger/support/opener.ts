/** Opens one log after the other below a directory, to be stopped while it does; prints the name of each when it is open. */
import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { Ledger } from '../../../src/ledger/index.ts';
import { seededRandom, steadyClock } from './sample.ts';

const [root = ''] = process.argv.slice(2);
for (let index = 0; ; index++) {
  const directory = join(root, String(index));
  await using _ledger = await Ledger.create({
    directory,
    runId: 'opener',
    clock: steadyClock(),
    random: seededRandom('opener'),
  });
  writeSync(1, `${index}\n`);
}
