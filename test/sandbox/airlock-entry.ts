/** The airlock of the tests: its collector lists the workspace. */
import { readdir } from 'node:fs/promises';
import { runAirlock } from '../../src/sandbox/index.ts';

await runAirlock(async () => async (merged, request) => ({ request, files: (await readdir(merged)).sort() }));
