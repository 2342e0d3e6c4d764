import { hash } from 'node:crypto';
import { mkdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createClassifier } from '../policy/index.ts';
import type { SecretSentinel } from '../text/index.ts';
import { type BytePath, comparePaths } from './byte-path.ts';
import type { Change, WithheldFile } from './change.ts';
import { buildTree, separateConflicts, type TreeBuilder, writeObjects } from './change-trees.ts';
import { findIgnored } from './ignored-files.ts';
import { type Manifest, readManifest } from './manifest.ts';
import { digestFile, listChanges, needsBundle, writeBundle, writePatch } from './patch-file.ts';
import { type Sifted, setAsideCrowds, siftChange, type WriteDecider } from './sifting.ts';
import { DEFAULT_SURVEY_LIMITS, type Exclusion, type SettledCopy, type SurveyLimits, surveyTree } from './survey.ts';
import { createPrivateRepository } from './tracked-files.ts';

export interface CollectRequest {
  /** The merged tree that the agent left. Only read. */
  readonly workspace: string;
  /** Given when the tree is a copy of `lower`, not a layer over it. */
  readonly settled?: SettledCopy | undefined;
  /** `Stage.lower` and `Stage.baseline`. */
  readonly lower: string;
  readonly baseline: string;
  /** Private directory for `changes.patch`, `changes.withheld.patch` and `changes.bundle`; none of them may exist. */
  readonly output: string;
  readonly limits: { readonly files: number; readonly bytes: number; readonly survey?: SurveyLimits };
  /** The file plane of the policy: what may come along, what waits for a person, what may not. */
  readonly decide: WriteDecider;
  /** Secrets of the run and the decoys of the stage; undefined when there are none. */
  readonly sentinel: SecretSentinel | undefined;
}

const PATCH = 'changes.patch';
const REVIEW = 'changes.withheld.patch';
const BUNDLE = 'changes.bundle';

/**
 * What the run did to the workspace, taken after the agent is dead, with a git directory the agent never touched.
 * Everything in the tree is hostile: it is walked without following links, read without waiting, bounded in depth,
 * number and size, and judged path by path. What is refused is a value in the result, never an exception.
 *
 * @throws SP1305 when git fails, SP1306 when the baseline is damaged.
 */
export async function collectChange(request: CollectRequest): Promise<Change> {
  const manifest = readManifest(join(request.baseline, 'manifest.json'));
  const scratch = join(request.output, 'scratch');
  mkdirSync(scratch, { mode: 0o700 });
  try {
    const gitDir = join(scratch, 'git');
    const stores = [join(request.baseline, 'git/objects'), join(request.lower, '.git/objects')];
    createPrivateRepository(gitDir, manifest.objectFormat, stores);
    const builder = { gitDir, manifest, lower: request.lower, baselineIndex: join(request.baseline, 'git/index') };
    const found = await findChange(request, manifest, { gitDir, directory: scratch });
    if (found.overLimit) return overLimit(request, manifest, found.withheld);
    const isUnchanged = found.sifted.include.length + found.sifted.review.length === 0;
    return isUnchanged ? unchanged(request, manifest, found) : await writeChange(request, builder, found);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

interface Found {
  readonly sifted: Sifted;
  readonly withheld: readonly WithheldFile[];
  readonly overLimit: boolean;
}

const NOTHING: Sifted = { include: [], review: [], withheld: [], secretHits: [] };

async function findChange(
  request: CollectRequest,
  manifest: Manifest,
  scratch: { gitDir: string; directory: string },
): Promise<Found> {
  const { workspace: root, lower, limits, decide, sentinel } = request;
  const survey = surveyTree(root, manifest, limits.survey ?? DEFAULT_SURVEY_LIMITS, request.settled);
  if (survey.truncated) {
    const row = { path: '.', rule: 'limit-entries', reason: 'the tree has too many entries to be looked through' };
    return { sifted: NOTHING, withheld: [row, ...survey.withheld], overLimit: true };
  }
  const fresh = survey.candidates.filter(({ before }) => before === undefined || !before.tracked);
  const names = [...fresh.map(({ path }) => path), ...survey.withheld.flatMap(({ place }) => [place, `${place}/`])];
  const ignored = await findIgnored(root, survey.ignoreFiles, names, scratch);
  const candidates = survey.candidates
    .filter(({ path, before }) => before?.tracked || !ignored.has(path))
    .toSorted((left, right) => comparePaths(left.path, right.path));
  const { kept, withheld } = setAsideCrowds(candidates, manifest, limits.files);
  const all = [...notIgnored(survey.withheld, ignored, manifest), ...withheld];
  if (kept.length > limits.files) {
    const row = {
      path: '.',
      rule: 'limit-files',
      reason: `${kept.length} files changed; the limit is ${limits.files}`,
    };
    return { sifted: NOTHING, withheld: [row, ...all], overLimit: true };
  }
  const sifted = siftChange({ root, lower, manifest, survey, decide, sentinel, maxBytes: limits.bytes }, kept);
  return { sifted, withheld: [...all, ...sifted.withheld], overLimit: false };
}

/**
 * Of what is ignored nothing comes out, so that a repository or a socket there is no news: dependencies are fetched and
 * builds run in such places. With a tracked file beneath, or where our own evidence is, it is.
 */
function notIgnored(
  exclusions: readonly Exclusion[],
  ignored: ReadonlySet<BytePath>,
  { entries }: Manifest,
): readonly WithheldFile[] {
  const holdsTracked = (place: BytePath): boolean =>
    entries.some(({ path, tracked }) => tracked && (path === place || path.startsWith(`${place}/`)));
  return exclusions
    .filter(
      ({ place, rule }) =>
        rule === 'evidence' || !(ignored.has(place) || ignored.has(`${place}/`)) || holdsTracked(place),
    )
    .map(({ path, rule, reason }) => ({ path, rule, reason }));
}

async function writeChange(
  request: CollectRequest,
  builder: TreeBuilder,
  { sifted, withheld: found }: Found,
): Promise<Change> {
  const { gitDir, manifest } = builder;
  const { files: include, withheld: conflicts } = separateConflicts(sifted.include, manifest);
  const withheld = [...found, ...conflicts];
  writeObjects(builder, [...include, ...sifted.review]);
  const head = await buildTree(builder, 'head', include);
  const pair = { gitDir, base: manifest.tree, head, files: include };
  const patchFile = join(request.output, PATCH);
  await writePatch(pair, patchFile);
  const { sha256, bytes } = digestFile(patchFile);
  if (bytes > request.limits.bytes) {
    truncateSync(patchFile);
    const row = {
      path: '.',
      rule: 'limit-bytes',
      reason: `the patch has ${bytes} bytes; the limit is ${request.limits.bytes}`,
    };
    return { ...summary(request, manifest, [row, ...withheld]), status: 'over-limit' };
  }
  const files = await listChanges(pair, createClassifier());
  const bundle = needsBundle(files) && (await bundleChange(request, builder, include));
  return {
    ...summary(request, manifest, withheld),
    head: { tree: head },
    files,
    status: withheld.length === 0 ? 'complete' : 'partial',
    patchBytes: bytes,
    patchSha256: sha256,
    bundleFile: bundle ? join(request.output, BUNDLE) : undefined,
    reviewFile: await writeReview(request, builder, sifted),
    secretHits: sifted.secretHits,
  };
}

/** On top of HEAD, so that a clone of the checkout can fetch from it; a plain directory has nothing to stand on. */
async function bundleChange(
  request: CollectRequest,
  builder: TreeBuilder,
  include: Sifted['include'],
): Promise<boolean> {
  const { gitDir, manifest } = builder;
  if (manifest.headCommit === undefined) return false;
  const from = manifest.dirty ? `${manifest.headCommit}^{tree}` : undefined;
  const tree = await buildTree(builder, 'bundle', include, from);
  return writeBundle(gitDir, manifest.headCommit, tree, join(request.output, BUNDLE));
}

async function writeReview(request: CollectRequest, builder: TreeBuilder, sifted: Sifted): Promise<string | undefined> {
  const { files } = separateConflicts(sifted.review, builder.manifest);
  if (files.length === 0) return undefined;
  const head = await buildTree(builder, 'review', files);
  const file = join(request.output, REVIEW);
  await writePatch({ gitDir: builder.gitDir, base: builder.manifest.tree, head, files }, file);
  return file;
}

/** A change of nothing, to be filled. */
function summary(request: CollectRequest, manifest: Manifest, withheld: readonly WithheldFile[]): Change {
  return {
    base: { commit: manifest.headCommit, tree: manifest.tree },
    head: { tree: manifest.tree },
    files: [],
    withheld,
    status: 'complete',
    patchFile: join(request.output, PATCH),
    patchBytes: 0,
    patchSha256: hash('sha256', ''),
    bundleFile: undefined,
    reviewFile: undefined,
    secretHits: [],
  };
}

/** Nothing to hand out needs no git. */
function unchanged(request: CollectRequest, manifest: Manifest, { sifted, withheld }: Found): Change {
  writeFileSync(join(request.output, PATCH), '', { flag: 'wx', mode: 0o644 });
  const { secretHits } = sifted;
  return {
    ...summary(request, manifest, withheld),
    status: withheld.length === 0 ? 'complete' : 'partial',
    secretHits,
  };
}

function overLimit(request: CollectRequest, manifest: Manifest, withheld: readonly WithheldFile[]): Change {
  writeFileSync(join(request.output, PATCH), '', { flag: 'wx', mode: 0o644 });
  return { ...summary(request, manifest, withheld), status: 'over-limit' };
}
