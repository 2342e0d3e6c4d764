/** A supervisor that is killed in the middle of a run. Argument: the directory for its run directory. */
import { chmodSync, mkdirSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { Sandbox } from '../../src/sandbox/index.ts';
import { openBench } from './harness.ts';

const root = process.argv[2] ?? '';
chmodSync(root, 0o711);
const runDirectory = mkdtempSync(join(root, 'sallyport-run-'));
chmodSync(runDirectory, 0o711);
mkdirSync(join(runDirectory, 'lower'), { mode: 0o755 });
const script = "trap '' TERM HUP INT; (setsid sh -c 'sleep 300' &); echo started; sleep 300";
const bench = await openBench({ runDirectory, lower: join(runDirectory, 'lower'), command: ['/bin/sh', '-c', script] });
const sandbox = await Sandbox.start(bench.plan, bench.host);
await sandbox.mountWorkspace();
await sandbox.prove();
await sandbox.execute((_, chunk) => {
  process.stdout.write(chunk);
});
