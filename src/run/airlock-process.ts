/**
 * The airlock: the process between the outer and the inner sandbox (see `sandbox/airlock`). It is started by the
 * supervisor inside the outer bubblewrap and talks to it over an inherited descriptor.
 */
import { runAirlock } from '../sandbox/index.ts';

void runAirlock(async () => (await import('./change-reading.ts')).readyToRead());
