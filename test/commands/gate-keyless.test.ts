/** Statements that were signed with the identity of a job, as the gate finds them among the evidence. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TrustedRoot } from '@sigstore/protobuf-specs';
import {
  bundleFile,
  EVIDENCE_REF,
  readChangeContent,
  referenceStatement,
  sealKeyless,
} from '../../src/attest/index.ts';
import { readAttestations } from '../../src/commands/gate/attestations.ts';
import { openChange } from '../../src/commands/gate/change.ts';
import { addToRef, openObjectStore } from '../../src/workspace/index.ts';
import { REPOSITORY, Repository, TARGET } from '../attest/repository.ts';
import { startSigstore } from '../attest/signing/sigstore-server.ts';

const ISSUER = 'https://token.issuer.example.test';
const WORKFLOW = 'https://forge.example.test/acme/app/.ci/review.yml@refs/heads/main';

function token(subject: string): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'none' })}.${part({ iss: ISSUER, aud: 'sigstore', sub: subject })}.c2ln`;
}

test('a statement of a trusted job counts where the target has its roots; of another job, or without roots, it does not', async () => {
  await using server = await startSigstore();
  for (const [subject, roots, found] of [
    [WORKFLOW, true, true],
    [`${WORKFLOW}-evil`, true, false],
    [WORKFLOW, false, false],
  ] as const) {
    using repository = new Repository();
    const base = repository.commit({
      '.sallyport/trust.yaml': `version: 1\nsigners: [{ id: ci, roles: [reviewer], keyless: [{ issuer: "${ISSUER}", subject: "${WORKFLOW}" }] }]\n`,
      'a.txt': 'a\n',
      ...(roots ? { '.sallyport/trusted-root.json': JSON.stringify(TrustedRoot.toJSON(server.root)) } : {}),
    });
    repository.branch('topic', base);
    const head = repository.commit({ 'a.txt': 'b\n' });
    const store = openObjectStore(repository.path);
    const { identity } = await readChangeContent(store, { repository: REPOSITORY, targetRef: TARGET, base, head });
    const identityToken = async (): Promise<string> => token(subject);
    const urls = { fulcioUrl: server.url, tsaUrl: server.url, rekorUrl: server.url };
    const file = { name: 'scan.sarif', sha256: 'a'.repeat(64), mediaType: 'application/sarif+json' };
    const text = await sealKeyless({ identityToken, ...urls, timeout: 5000 })(referenceStatement(identity, [file]));
    await addToRef(store, EVIDENCE_REF, [bundleFile(identity, 'reference', text)], 0);
    const nothing = { patch: undefined, workingTree: false, targetRef: TARGET, branch: undefined };
    const change = await openChange(repository.path, { ...nothing, base: 'main', head: 'topic' });
    const names = await readAttestations(repository.path, change, [], Date.now());
    assert.equal(names.includes('reference'), found, `${subject} ${roots}`);
  }
});
