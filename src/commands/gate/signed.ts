import {
  type Trust,
  type TrustedSigner,
  type TrustStore,
  verifyArtifactBundle,
  verifyImageBundle,
} from '../../attest/index.ts';
import type { UnsignedThing } from '../../gate/index.ts';
import { type Container, type Reference, readContainerFiles, readPipelines } from '../../pipelines/index.ts';
import { compileGlob, type SignedDemand } from '../../policy/index.ts';
import { loadReaders, type Place, type Readers, type SourceTree } from '../../syntax/index.ts';
import { readBlobs, type TreeChange } from '../../workspace/index.ts';
import { type OpenedChange, openStore } from './change.ts';
import { isDemanded } from './image-demand.ts';
import { linkedNames } from './linked-files.ts';
import { rootsOf } from './trust.ts';

/** A bundle stands beside its file, under the file's name and this. */
const BUNDLE_ENDING = '.sigstore.json';
const IMAGE_BUNDLES = '.sallyport/images';
const DIGEST = /^sha256:([0-9a-f]{64})$/;

interface Ground {
  readonly root: string;
  readonly change: OpenedChange;
  readonly files: readonly TreeChange[];
  /** Whose signatures count. */
  readonly trusted: TrustStore | undefined;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/**
 * What the policy wants signed and is not. Files: those that the change adds or replaces, those whose bundle it touches,
 * and what it puts in their place by a link or a submodule. Images: those that no pipeline or container file named
 * before. Bundles come with the change, since they prove themselves; whom to believe says the target.
 * @throws SallyportError SP2501 when the trusted roots of the target are not valid
 */
export async function findUnsigned(
  demands: readonly SignedDemand[],
  ground: Ground,
): Promise<readonly UnsignedThing[]> {
  if (demands.length === 0) return [];
  const { change, now, trusted } = ground;
  const trust = trusted && { store: trusted, root: await rootsOf(change.target) };
  const desk = new SigningDesk(trust, change.after, now);
  const files = demands.filter(({ kind }) => kind === 'file');
  const images = demands.filter(({ kind }) => kind === 'image');
  return [
    ...(files.length === 0 ? [] : await unsignedFiles(files, ground, desk)),
    ...(images.length === 0 ? [] : await unsignedImages(images, change, desk)),
  ];
}

/** Whom to believe, and where bundles are. */
class SigningDesk {
  readonly #trust: Trust | undefined;
  readonly #tree: SourceTree;
  readonly #now: number;

  constructor(trust: Trust | undefined, tree: SourceTree, now: number) {
    this.#trust = trust;
    this.#tree = tree;
    this.#now = now;
  }

  /** What is missing or wrong, in words; `undefined` when a bundle proves it. */
  async faultOf(
    signerId: string,
    bundlePath: string,
    verify: (text: Buffer, signer: TrustedSigner, trust: Trust, now: number) => ReturnType<typeof verifyArtifactBundle>,
  ): Promise<string | undefined> {
    const trust = this.#trust;
    const signer = trust?.store.signers.find(({ id }) => id === signerId);
    if (trust === undefined || signer === undefined) return 'the trust store of the target does not name the signer';
    const bundle = this.#tree.read(bundlePath);
    if (bundle === undefined) return `there is no ${bundlePath}`;
    if (!('text' in bundle)) return `${bundlePath}: ${bundle.message}`;
    return (await verify(Buffer.from(bundle.text), signer, trust, this.#now))?.message;
  }
}

async function unsignedFiles(
  demands: readonly SignedDemand[],
  { root, change, files }: Ground,
  desk: SigningDesk,
): Promise<readonly UnsignedThing[]> {
  const touched = new Set(files.map(({ path }) => path));
  const entries = change.after.entries.flatMap((entry) =>
    entry.kind === 'file' && (touched.has(entry.path) || touched.has(entry.path + BUNDLE_ENDING)) ? [entry] : [],
  );
  const linked = linkedNames(change.after, touched);
  const found: UnsignedThing[] = [];
  for (const { pattern, signer } of demands) {
    const matches = compileGlob(pattern, { fold: false });
    const seen = new Map(linked.filter(({ name }) => matches(name)).map(({ name, through }) => [through, name]));
    for (const [through, name] of seen) {
      // Whoever may set the link could point a signed name at anything, and nothing is signed about where it leads.
      const fault = `${name} is no file of its own: this is a link or a submodule`;
      found.push({ kind: 'file', name: through, signer, fault, place: placeOf(through) });
    }
    for (const { path, id } of entries) {
      if (!matches(path) || path.endsWith(BUNDLE_ENDING)) continue;
      const content = await bytesOf(root, change.after, path, id);
      const fault =
        content === undefined
          ? 'its content cannot be read here; hand in a commit'
          : await desk.faultOf(signer, path + BUNDLE_ENDING, (...rest) => verifyArtifactBundle(content, ...rest));
      if (fault !== undefined) found.push({ kind: 'file', name: path, signer, fault, place: placeOf(path) });
    }
  }
  return found;
}

function placeOf(path: string): Place {
  return { file: path, span: { start: 0, end: 0 } };
}

/** The very bytes: of what a merge or a patch has made there is only the text. */
async function bytesOf(
  root: string,
  tree: SourceTree,
  path: string,
  id: string | undefined,
): Promise<Buffer | undefined> {
  const [blob] = id === undefined ? [] : await readBlobs(openStore(root), [id]);
  if (blob !== undefined) return blob;
  const file = tree.read(path);
  return file && 'text' in file ? Buffer.from(file.text) : undefined;
}

async function unsignedImages(
  demands: readonly SignedDemand[],
  { before, after }: OpenedChange,
  desk: SigningDesk,
): Promise<readonly UnsignedThing[]> {
  const readers = await loadReaders();
  const known = new Set(imagesOf(before, readers).map(nameOf));
  const fresh = imagesOf(after, readers).filter((image) => !known.has(nameOf(image)));
  const found = new Map<string, UnsignedThing>();
  for (const { pattern, signer } of demands)
    for (const image of fresh) {
      if (!isDemanded(pattern, image.name)) continue;
      const digest = DIGEST.exec(image.ref ?? '')?.[1];
      const fault =
        digest === undefined
          ? 'it is not named by its digest'
          : await desk.faultOf(signer, `${IMAGE_BUNDLES}/sha256-${digest}${BUNDLE_ENDING}`, (...rest) =>
              verifyImageBundle(digest, ...rest),
            );
      const name = nameOf(image);
      if (fault !== undefined)
        found.set(`${name} ${signer}`, { kind: 'image', name, signer, fault, place: image.place });
    }
  return [...found.values()];
}

interface NamedImage {
  readonly name: string;
  readonly ref: string | undefined;
  readonly place: Place;
}

function nameOf({ name, ref }: NamedImage): string {
  if (ref === undefined) return name;
  return ref.includes(':') ? `${name}@${ref}` : `${name}:${ref}`;
}

/** In which jobs and their services run, which steps start, and on which container files build. */
function imagesOf(tree: SourceTree, readers: Readers): readonly NamedImage[] {
  const jobs = readPipelines(tree, readers).flatMap(({ jobs: list }) => list);
  const containers: readonly (Container | undefined)[] = [
    ...jobs.flatMap(({ container, services }) => [container, ...services]),
    ...readContainerFiles(tree, readers).flatMap(({ containers: list }) => list),
  ];
  const stepped = jobs.flatMap(({ steps }) => steps.flatMap(({ uses }) => uses ?? []));
  const references: readonly (Reference | undefined)[] = [...containers.map((one) => one?.image), ...stepped];
  return references.flatMap((image) => (image?.kind === 'image' ? [image] : []));
}
