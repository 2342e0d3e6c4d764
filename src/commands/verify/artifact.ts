import { verifyArtifactBundle } from '../../attest/index.ts';
import { SallyportError } from '../../errors/index.ts';
import { renderJson } from '../../findings/index.ts';
import { readFileNoFollow } from '../../system/index.ts';
import { escapeTerminal } from '../../text/index.ts';
import { type ObjectStore, resolveCommits } from '../../workspace/index.ts';
import { createGroundReader } from './trust.ts';

export interface ArtifactFlags {
  readonly artifact?: string;
  readonly bundle?: string;
  readonly signer?: string;
  readonly trust?: string;
  readonly format: 'text' | 'json';
}

/** Artifacts are held in memory while they are hashed and verified. */
const MAX_ARTIFACT = 2 * 1024 * 1024 * 1024;
const MAX_BUNDLE = 8 * 1024 * 1024;

/**
 * Is a file signed by the signer of the trust store that was named? Prints the answer and sets the exit code.
 * @throws SallyportError SP1001, SP1302, SP2506, SP2507
 */
export async function verifyArtifact(store: ObjectStore, flags: ArtifactFlags, now: number): Promise<void> {
  const { artifact = '', bundle, signer: id } = flags;
  if (bundle === undefined || id === undefined)
    throw new SallyportError('SP1001', '--artifact needs --bundle FILE and --signer ID');
  const [commit = ''] = await resolveCommits(store, [flags.trust ?? 'HEAD']);
  const ground = await (await createGroundReader(store, [commit]))(commit);
  if (!('trust' in ground)) throw new SallyportError('SP2507', ground.problem);
  const signer = ground.trust.store.signers.find((one) => one.id === id);
  if (signer === undefined) throw new SallyportError('SP2507', `${ground.trust.store.file} has no signer '${id}'`);
  const [content, text] = [await read(artifact, MAX_ARTIFACT), await read(bundle, MAX_BUNDLE)];
  const fault = await verifyArtifactBundle(content, text, signer, ground.trust, now);
  process.exitCode = fault === undefined ? 0 : 1;
  if (flags.format === 'json') {
    const told = fault === undefined ? null : { step: fault.step, code: fault.code, message: fault.message };
    process.stdout.write(
      renderJson({
        format: 'sallyport-verify-artifact/1',
        exitCode: process.exitCode,
        artifact,
        signer: id,
        fault: told,
      }),
    );
    return;
  }
  const line =
    fault === undefined
      ? `verified ${artifact}: signed by ${id}`
      : `failed ${artifact}: step ${fault.step} (${fault.code}): ${fault.message}`;
  process.stdout.write(`${escapeTerminal(line)}\n`);
}

async function read(path: string, limit: number): Promise<Buffer> {
  try {
    return await readFileNoFollow(path, limit);
  } catch (cause) {
    throw new SallyportError('SP2506', `cannot read ${path}`, { cause });
  }
}
