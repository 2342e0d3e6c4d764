/**
 * Do cosign and we understand each other? `node test/outside/cosign-accepts.ts [--cosign PATH]`
 *
 * cosign takes our bundle for its patch and refuses what it must; we take the files and the image that cosign signed.
 * Without --cosign it is built from the Go module proxy into a folder of its own, which takes minutes and needs Go on
 * PATH. Prints one line a check; exits 1 when one of them is not as it must be, 3 when there is no cosign.
 */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  keySigner,
  PREDICATES,
  readTrustStore,
  sealWithKey,
  verifyArtifactBundle,
  verifyImageBundle,
} from '../../src/attest/index.ts';
import { startImageRegistry } from './support/image-registry.ts';
import { type Row, tell } from './support/judged-rows.ts';
import { aboutPatch, PATCH } from './support/patch-statement.ts';

// Before 3.1 a bundle passed under any predicate type (GHSA-w6c6-c85g-mmv6).
const VERSION = 'v3.1.2';
/** No roots at all: a bundle with a key needs none, and some versions want the file. */
const NO_ROOTS = '{"mediaType":"application/vnd.dev.sigstore.trustedroot+json;version=0.1"}';
/** Nothing goes to a public log, and nothing is fetched. */
const OFFLINE = ['--new-bundle-format', '--use-signing-config=false', '--tlog-upload=false', '--yes'];

if (process.argv.includes('--help')) {
  console.log('usage: node test/outside/cosign-accepts.ts [--cosign PATH]');
} else {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-cosign-'));
  try {
    process.exitCode = await check(folder);
  } finally {
    execFileSync('chmod', ['-R', 'u+w', folder]);
    rmSync(folder, { recursive: true, force: true });
  }
}

async function check(folder: string): Promise<number> {
  const cosign = findCosign(folder);
  if (cosign === undefined) {
    console.log('cosign: none given, and it cannot be built here');
    return 3;
  }
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  writeFileSync(join(folder, 'change.patch'), PATCH);
  writeFileSync(join(folder, 'other.patch'), `${PATCH}x`);
  writeFileSync(join(folder, 'root.json'), NO_ROOTS);
  writeKey(folder, 'key', publicKey);
  writeKey(folder, 'stranger', generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey);
  const pem = String(privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const rows = [...(await theirsOfOurs(cosign, folder, pem)), ...(await oursOfTheirs(cosign, folder, pem, publicKey))];
  return tell(rows);
}

function writeKey(folder: string, name: string, key: KeyObject): void {
  writeFileSync(join(folder, `${name}.pub`), key.export({ type: 'spki', format: 'pem' }));
}

/** What cosign says of our bundles. */
async function theirsOfOurs(cosign: string, folder: string, pem: string): Promise<readonly Row[]> {
  writeFileSync(join(folder, 'ours.json'), await sealWithKey(keySigner(pem))(aboutPatch()));
  const ask = (key: string, type: string, patch: string): boolean => {
    const flags = ['--key', key, '--bundle', 'ours.json', '--insecure-ignore-tlog', '--trusted-root', 'root.json'];
    const words = ['verify-blob-attestation', ...flags, '--type', type, patch];
    return spawnSync(cosign, words, { cwd: folder, stdio: 'pipe' }).status === 0;
  };
  return [
    ['cosign accepts our bundle for its patch', true, ask('key.pub', PREDICATES.aiChange, 'change.patch')],
    ['cosign refuses it for another patch', false, ask('key.pub', PREDICATES.aiChange, 'other.patch')],
    ['cosign refuses it under another type', false, ask('key.pub', PREDICATES.approval, 'change.patch')],
    ['cosign refuses it with another key', false, ask('stranger.pub', PREDICATES.aiChange, 'change.patch')],
  ];
}

/** What we say of cosign's. */
async function oursOfTheirs(
  cosign: string,
  folder: string,
  pem: string,
  publicKey: KeyObject,
): Promise<readonly Row[]> {
  const run = (...words: readonly string[]): Promise<void> => execute(cosign, words, folder);
  writeFileSync(join(folder, 'key.pem'), pem);
  writeFileSync(join(folder, 'predicate.json'), '{}');
  await run('import-key-pair', '--key', 'key.pem', '--output-key-prefix', 'theirs');
  const key = ['--key', 'theirs.key', ...OFFLINE];
  await run('sign-blob', ...key, '--bundle', 'blob.json', 'change.patch');
  const type = ['--type', 'https://example.test/told/v1', '--predicate', 'predicate.json'];
  await run('attest-blob', ...key, '--bundle', 'told.json', ...type, 'change.patch');
  await using registry = await startImageRegistry();
  await run('sign', ...key, '--allow-http-registry', `${registry.address}/acme/builder@sha256:${registry.digest}`);
  const [image = ''] = registry.bundles();

  const line = JSON.stringify(publicKey.export({ type: 'spki', format: 'pem' }));
  const text = `version: 1\nsigners: [{ id: release, roles: [runner], keys: [{ kind: p256, publicKey: ${line} }] }]\n`;
  const trust = { store: await readTrustStore({ path: 'trust.yaml', text }), root: undefined };
  const [signer] = trust.store.signers;
  if (signer === undefined) throw new RangeError('no signer');
  const read = (name: string): Buffer => readFileSync(join(folder, name));
  const file = async (patch: string, bundle: string): Promise<boolean> =>
    (await verifyArtifactBundle(read(patch), read(bundle), signer, trust, Date.now())) === undefined;
  const picture = async (digest: string, bundle: string | Buffer): Promise<boolean> =>
    (await verifyImageBundle(digest, Buffer.from(bundle), signer, trust, Date.now())) === undefined;
  return [
    ['we accept what sign-blob signed', true, await file('change.patch', 'blob.json')],
    ['we accept what attest-blob signed', true, await file('change.patch', 'told.json')],
    ['we refuse the one for another file', false, await file('other.patch', 'blob.json')],
    ['we refuse the other for another file', false, await file('other.patch', 'told.json')],
    ['we accept the image that sign signed', true, await picture(registry.digest, image)],
    ['we refuse it for another image', false, await picture('0'.repeat(64), image)],
    ['we refuse a statement that is no signature for it', false, await picture(registry.digest, read('told.json'))],
  ];
}

/** Not synchronously: the registry answers from this process. */
async function execute(program: string, words: readonly string[], folder: string): Promise<void> {
  const child = spawn(program, words, { cwd: folder, env: { HOME: folder, COSIGN_PASSWORD: '' }, stdio: 'pipe' });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => (said += part.toString()));
  const code = await new Promise((resolve) => child.on('close', resolve));
  if (code !== 0) throw new Error(`cosign ${words.join(' ')}\n${said}`);
}

function findCosign(folder: string): string | undefined {
  const given = process.argv[process.argv.indexOf('--cosign') + 1];
  if (process.argv.includes('--cosign')) return given;
  const module = `github.com/sigstore/cosign/v3/cmd/cosign@${VERSION}`;
  const env = { ...process.env, GOBIN: folder, GOPATH: join(folder, 'go'), GOFLAGS: '-mod=mod' };
  const built = spawnSync('go', ['install', module], { env, stdio: 'inherit' });
  return built.status === 0 ? join(folder, 'cosign') : undefined;
}
