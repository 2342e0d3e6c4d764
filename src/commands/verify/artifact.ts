import { relative, resolve } from 'node:path';
import {
  type StatementFault,
  type TrustedSigner,
  verifyArtifactBundle,
  verifyImageBundle,
} from '../../attest/index.ts';
import { SallyportError } from '../../errors/index.ts';
import { renderJson } from '../../findings/index.ts';
import { compileGlob, parsePolicy, type SignedDemand } from '../../policy/index.ts';
import { readFileNoFollow } from '../../system/index.ts';
import { escapeTerminal } from '../../text/index.ts';
import { type ObjectStore, resolveCommits } from '../../workspace/index.ts';
import { isDemanded } from '../gate/image-demand.ts';
import { repositoryMeant } from '../repository.ts';
import { createGroundReader, type Ground } from './trust.ts';

export interface ArtifactFlags {
  readonly artifact?: string;
  readonly image?: string;
  readonly bundle?: string;
  readonly signer?: string;
  readonly trust?: string;
  readonly repo?: string;
  readonly format: 'text' | 'json';
}

/** Artifacts are held in memory while they are hashed and verified. */
const MAX_ARTIFACT = 2 * 1024 * 1024 * 1024;
const MAX_BUNDLE = 8 * 1024 * 1024;
const IMAGE = /^([^@\s]+)@sha256:([0-9a-f]{64})$/;

/**
 * Is a file or an image signed by the signer that was named, or by every one that the policy names for it? Prints the
 * answer and sets the exit code.
 * @throws SallyportError SP1001, SP1308, SP2506, SP2507
 */
export async function verifyArtifact(store: ObjectStore, flags: ArtifactFlags, now: number): Promise<void> {
  const { bundle } = flags;
  const thing = thingOf(flags);
  if (bundle === undefined) throw new SallyportError('SP1001', `--${thing.kind} needs --bundle FILE`);
  const [commit = ''] = await resolveCommits(store, [flags.trust ?? 'HEAD']);
  const ground = await (await createGroundReader(store, [commit]))(commit);
  if (!('trust' in ground)) throw new SallyportError('SP2507', ground.problem);
  const signers = await signersOf(thing, flags, ground);
  const text = await read(bundle, MAX_BUNDLE);
  const content = thing.kind === 'image' ? undefined : await read(thing.path, MAX_ARTIFACT);
  for (const signer of signers) {
    const fault =
      thing.kind === 'image'
        ? await verifyImageBundle(thing.digest, text, signer, ground.trust, now)
        : await verifyArtifactBundle(content ?? Buffer.alloc(0), text, signer, ground.trust, now);
    if (fault !== undefined) return answer(thing.shown, signer.id, fault, flags);
  }
  answer(thing.shown, signers.map(({ id }) => id).join(', '), undefined, flags);
}

type Thing =
  | { readonly kind: 'artifact'; readonly path: string; readonly shown: string }
  | { readonly kind: 'image'; readonly name: string; readonly digest: string; readonly shown: string };

function thingOf({ artifact, image }: ArtifactFlags): Thing {
  if (artifact !== undefined && image !== undefined)
    throw new SallyportError('SP1001', '--artifact and --image exclude each other');
  if (image === undefined) return { kind: 'artifact', path: artifact ?? '', shown: artifact ?? '' };
  const [, name = '', digest = ''] = IMAGE.exec(image) ?? [];
  if (digest === '')
    throw new SallyportError('SP1001', '--image needs the digest: name@sha256:…', {
      advice: 'A tag can be another image tomorrow.',
    });
  // With a tag and a digest the digest decides.
  return { kind: 'image', name: name.replace(/:[^/:]*$/, ''), digest, shown: image };
}

/** Named by the person, or by the policy at the commit that is trusted. */
async function signersOf(thing: Thing, flags: ArtifactFlags, ground: Ground): Promise<readonly TrustedSigner[]> {
  const ids = flags.signer === undefined ? await demandedOf(thing, flags, ground) : [flags.signer];
  const { signers, file } = ground.trust.store;
  return ids.map((id) => {
    const signer = signers.find((one) => one.id === id);
    if (signer === undefined) throw new SallyportError('SP2507', `${file} has no signer '${id}'`);
    return signer;
  });
}

async function demandedOf(thing: Thing, { repo }: ArtifactFlags, { policy }: Ground): Promise<readonly string[]> {
  const { signed = [] } = policy === undefined ? {} : await parsePolicy(policy, 'sallyport.yaml');
  const root = repositoryMeant(repo);
  const ids = signed.filter((demand) => isAbout(demand, thing, root)).map(({ signer }) => signer);
  if (ids.length > 0) return [...new Set(ids)];
  throw new SallyportError('SP1001', `the policy names no signer for ${thing.shown}`, {
    advice: 'Name one with --signer, or under `signed:` in the policy.',
  });
}

function isAbout({ kind, pattern }: SignedDemand, thing: Thing, root: string): boolean {
  if (thing.kind === 'image') return kind === 'image' && isDemanded(pattern, thing.name);
  return kind === 'file' && compileGlob(pattern, { fold: false })(relative(root, resolve(thing.path)));
}

function answer(shown: string, signer: string, fault: StatementFault | undefined, { format }: ArtifactFlags): void {
  process.exitCode = fault === undefined ? 0 : 1;
  if (format === 'json') {
    const told = fault === undefined ? null : { step: fault.step, code: fault.code, message: fault.message };
    const { exitCode } = process;
    process.stdout.write(
      renderJson({ format: 'sallyport-verify-artifact/1', exitCode, artifact: shown, signer, fault: told }),
    );
    return;
  }
  const line =
    fault === undefined
      ? `verified ${shown}: signed by ${signer}`
      : `failed ${shown}: step ${fault.step} (${fault.code}): ${fault.message}`;
  process.stdout.write(`${escapeTerminal(line)}\n`);
}

async function read(path: string, limit: number): Promise<Buffer> {
  try {
    return await readFileNoFollow(path, limit);
  } catch (cause) {
    throw new SallyportError('SP2506', `cannot read ${path}`, { cause });
  }
}
