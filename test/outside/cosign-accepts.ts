/**
 * Does cosign accept our bundles, and refuse what it must? `node test/outside/cosign-accepts.ts [--cosign PATH]`
 *
 * Without --cosign it is built from the Go module proxy into a folder of its own, which takes minutes and needs Go on
 * PATH. Prints one line a check; exits 1 when one of them is not as it must be, 3 when there is no cosign.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keySigner, PREDICATES, type Statement, sealWithKey } from '../../src/attest/index.ts';
import { STATEMENTS } from '../attest/scene.ts';

const VERSION = 'v3.0.2';
const PATCH = 'diff --git a/a.txt b/a.txt\n';

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
  const file = (name: string): string => join(folder, name);
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey;
  writeFileSync(file('key.pub'), publicKey.export({ type: 'spki', format: 'pem' }));
  writeFileSync(file('stranger.pub'), stranger.export({ type: 'spki', format: 'pem' }));
  writeFileSync(file('change.patch'), PATCH);
  writeFileSync(file('other.patch'), `${PATCH}x`);
  const seal = sealWithKey(keySigner(String(privateKey.export({ type: 'pkcs8', format: 'pem' }))));
  writeFileSync(file('bundle.json'), await seal(aboutPatch()));
  const ask = (key: string, type: string, patch: string): boolean => {
    const flags = ['--key', file(key), '--bundle', file('bundle.json'), '--insecure-ignore-tlog', '--type', type];
    return spawnSync(cosign, ['verify-blob-attestation', ...flags, file(patch)], { stdio: 'pipe' }).status === 0;
  };
  const rows: readonly (readonly [string, boolean, boolean])[] = [
    ['accepts the bundle for its patch', true, ask('key.pub', PREDICATES.aiChange, 'change.patch')],
    ['refuses it for another patch', false, ask('key.pub', PREDICATES.aiChange, 'other.patch')],
    ['refuses it under another type', false, ask('key.pub', PREDICATES.approval, 'change.patch')],
    ['refuses it with another key', false, ask('stranger.pub', PREDICATES.aiChange, 'change.patch')],
  ];
  for (const [what, expected, found] of rows) console.log(`${expected === found ? 'ok  ' : 'FAIL'} cosign ${what}`);
  return rows.every(([, expected, found]) => expected === found) ? 0 : 1;
}

function aboutPatch(): Statement {
  const statement = STATEMENTS['ai-change']?.statement;
  const [commit] = statement?.subject ?? [];
  if (statement === undefined || commit === undefined) throw new RangeError('no statement');
  const sha256 = createHash('sha256').update(PATCH).digest('hex');
  return { ...statement, subject: [commit, { name: 'change.patch', digest: { sha256 } }] };
}

function findCosign(folder: string): string | undefined {
  const given = process.argv[process.argv.indexOf('--cosign') + 1];
  if (process.argv.includes('--cosign')) return given;
  const module = `github.com/sigstore/cosign/v3/cmd/cosign@${VERSION}`;
  const env = { ...process.env, GOBIN: folder, GOPATH: join(folder, 'go') };
  const built = spawnSync('go', ['install', module], { env, stdio: 'inherit' });
  return built.status === 0 ? join(folder, 'cosign') : undefined;
}
