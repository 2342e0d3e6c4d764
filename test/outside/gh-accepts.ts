/**
 * Does GitHub's client take our keyless bundles? `node test/outside/gh-accepts.ts --gh PATH`
 *
 * Signed with the identity of a workflow, by an authority on loopback that puts into the certificate what GitHub's does.
 * The client gets no network and no account. Prints one line a check; exits 1 when one of them is not as it must be, 3
 * when there is no client.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TrustedRoot } from '@sigstore/protobuf-specs';
import { PREDICATES, sealKeyless } from '../../src/attest/index.ts';
import { type SigstoreServer, startSigstore } from '../attest/signing/sigstore-server.ts';
import { type Row, tell } from './support/judged-rows.ts';
import { aboutPatch, PATCH } from './support/patch-statement.ts';

const REPOSITORY = 'acme/app';
const REF = 'refs/heads/main';
const WORKFLOW = `${REPOSITORY}/.github/workflows/sallyport.yml`;
const COMMIT = '01a1691f0b0901a1691f0b0901a1691f0b0901a1';
const FILES = { bundle: 'ours.json', patch: 'change.patch', root: 'trusted-root.jsonl' } as const;

/** The claims of GitHub's token that its certificates carry on (GitHub's reference of OpenID Connect). */
const CLAIMS = {
  iss: 'https://token.actions.githubusercontent.com',
  aud: 'sigstore',
  sub: `https://github.com/${WORKFLOW}@${REF}`,
  event_name: 'push',
  job_workflow_ref: `${WORKFLOW}@${REF}`,
  job_workflow_sha: COMMIT,
  ref: REF,
  repository: REPOSITORY,
  repository_id: '1',
  repository_owner: 'acme',
  repository_owner_id: '2',
  repository_visibility: 'private',
  run_attempt: '1',
  run_id: '7',
  runner_environment: 'github-hosted',
  server_url: 'https://github.com',
  sha: COMMIT,
  workflow: 'sallyport',
  workflow_ref: `${WORKFLOW}@${REF}`,
  workflow_sha: COMMIT,
};

if (process.argv.includes('--help')) {
  console.log('usage: node test/outside/gh-accepts.ts --gh PATH');
} else {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-gh-'));
  try {
    process.exitCode = await check(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function check(folder: string): Promise<number> {
  const gh = process.argv.includes('--gh') ? process.argv[process.argv.indexOf('--gh') + 1] : 'gh';
  if (gh === undefined || spawnSync(gh, ['attestation', 'verify', '--help']).status !== 0) {
    console.log('gh: there is none that knows attestations');
    return 3;
  }
  await using sigstore = await startSigstore();
  await using stranger = await startSigstore();
  writeFileSync(join(folder, FILES.bundle), await seal(sigstore));
  writeFileSync(join(folder, FILES.patch), PATCH);
  writeFileSync(join(folder, 'other.patch'), `${PATCH}x`);
  for (const [name, { root }] of [[FILES.root, sigstore] as const, ['other-root.jsonl', stranger] as const])
    writeFileSync(join(folder, name), `${JSON.stringify(TrustedRoot.toJSON(root))}\n`);
  const ask = (flags: readonly string[] = [], patch: string = FILES.patch): boolean =>
    verifies(gh, folder, patch, flags);
  const rows: readonly Row[] = [
    ['gh accepts our bundle for its patch', true, ask()],
    ['gh accepts it of that workflow', true, ask(['--signer-workflow', WORKFLOW])],
    ['gh refuses it for another patch', false, ask([], 'other.patch')],
    ['gh refuses it under another type', false, ask(['--predicate-type', PREDICATES.approval])],
    ['gh refuses it of another repository', false, ask(['--repo', 'acme/other'])],
    ['gh refuses it of another workflow', false, ask(['--signer-workflow', `${REPOSITORY}/.github/workflows/x.yml`])],
    ['gh refuses it under other roots', false, ask(['--custom-trusted-root', 'other-root.jsonl'])],
  ];
  return tell(rows);
}

/** A later flag stands in for an earlier one of the same name. */
function verifies(gh: string, folder: string, patch: string, flags: readonly string[]): boolean {
  const words = ['attestation', 'verify', patch, '--bundle', FILES.bundle];
  const usual = ['--repo', REPOSITORY, '--predicate-type', PREDICATES.aiChange, '--custom-trusted-root', FILES.root];
  const env = { HOME: folder, PATH: '/usr/bin:/bin', GH_NO_UPDATE_NOTIFIER: '1', GH_PROMPT_DISABLED: '1' };
  const { status, stderr } = spawnSync(gh, [...words, ...usual, ...flags], { cwd: folder, env, encoding: 'utf8' });
  if (process.argv.includes('--verbose')) console.log(stderr);
  return status === 0;
}

function seal({ url }: SigstoreServer): Promise<string> {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const token = `${part({ alg: 'none' })}.${part(CLAIMS)}.c2lnbmF0dXJl`;
  const options = { identityToken: async () => token, fulcioUrl: url, tsaUrl: url, rekorUrl: url, timeout: 5000 };
  return sealKeyless(options)(aboutPatch());
}
