/** A writer to be killed or starved: prints each sequence number that was acknowledged as durable. */
import { writeSync } from 'node:fs';
import { SallyportError } from '../../../src/errors/index.ts';
import { Ledger } from '../../../src/ledger/index.ts';
import { sampleEvent, seededRandom, steadyClock } from './sample.ts';

const [directory = '', mode = ''] = process.argv.slice(2);
const ledger = await Ledger.create({
  directory,
  runId: 'writer',
  clock: steadyClock(),
  random: seededRandom('writer'),
});

const codeOf = (error: unknown): string => (error instanceof SallyportError ? error.code : String(error));
const attempt = async (): Promise<string> => {
  try {
    await ledger.record(sampleEvent(1), { durable: true });
    return 'taken';
  } catch (error) {
    return codeOf(error);
  }
};

for (let index = 0; ; index++) {
  try {
    // Several writers at once, of whom one waits for the disk, as in a run.
    const [, , { sequence }] = await Promise.all([
      ledger.record(sampleEvent(index)),
      ledger.record(sampleEvent(index + 1)),
      ledger.record(sampleEvent(index + 2), { durable: true }),
    ]);
    writeSync(1, `${sequence - 2}\n${sequence - 1}\n${sequence}\n`);
  } catch (error) {
    if (mode !== 'until-failure') throw error;
    const again = await attempt();
    const closing = await ledger.close({ exit: 0 }).catch(codeOf);
    writeSync(1, `${codeOf(error)} then ${again} then ${typeof closing === 'string' ? closing : 'closed'}\n`);
    process.exit(0);
  }
}
