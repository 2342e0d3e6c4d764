/** Writes the corpus anew: `node test/ledger/support/write-vectors.ts`. Look at the difference before you keep it. */
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeVectors } from './vectors.ts';

const root = join(import.meta.dirname, '../../vectors/ledger');
if (process.argv.includes('--help')) console.log('usage: node test/ledger/support/write-vectors.ts');
else {
  for (const name of readdirSync(root)) if (name !== 'README.md') rmSync(join(root, name), { recursive: true });
  await writeVectors(root);
}
