import { basename } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { SallyportError } from '../../errors/index.ts';
import { type Environment, type Forge, openForge } from '../../forges/index.ts';
import { type JsonObject, systemClock } from '../../system/index.ts';
import type { RefFile } from '../../workspace/index.ts';
import { requireJob } from '../post/job.ts';
import { chooseAccess, chooseTarget } from '../post/target.ts';

/** Hands bundles to a forge; see `openUpload`. */
export type Upload = (bundles: readonly RefFile[]) => Promise<readonly string[]>;

/**
 * The store of attestations that the forge of this job has. Opened before anything is signed, so that a missing token
 * is told first.
 * @throws SallyportError SP2402 where job or token are not known, or the forge keeps no attestations
 */
export async function openUpload(environment: Environment): Promise<Upload> {
  const context = await requireJob(environment, '--upload');
  const { forge: name, repository } = chooseTarget({}, context);
  const time = { clock: systemClock, sleep: (milliseconds: number) => setTimeout(milliseconds) };
  const { storeAttestation } = openForge(chooseAccess(name, {}, context, environment), time);
  if (storeAttestation === undefined)
    throw new SallyportError('SP2402', `${name} keeps no attestations`, {
      advice: 'Leave out --upload: they are stored in the repository.',
    });
  return (bundles) => uploadAll(bundles, repository, storeAttestation);
}

async function uploadAll(
  bundles: readonly RefFile[],
  repository: string,
  store: NonNullable<Forge['storeAttestation']>,
): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const { path, content } of bundles) {
    // Our own seal wrote it.
    const bundle: JsonObject = JSON.parse(Buffer.from(content).toString('utf8'));
    lines.push(`${basename(path)}: ${await store({ repository }, bundle)}`);
  }
  return lines;
}
