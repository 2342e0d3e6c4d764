/** Files and images that the policy wants signed: at the gate, and when somebody asks `verify`. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type AskedEvidence, gather } from '../../src/commands/gate/gather.ts';
import { judge } from '../../src/gate/index.ts';
import { openRepository, type Repository } from './support/repository.ts';

const RELEASE = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const STRANGER = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const COSIGN = 'https://sigstore.dev/cosign/sign/v1';
const DIGEST = 'c'.repeat(64);
const BUNDLES = '.sallyport/images';

const POLICY = `version: 1
signed:
  files: [{ path: "vendor/**", signer: release }]
  images: [{ image: "registry.example.test/builders/*", signer: release }]
`;
const TRUST = `version: 1
signers:
  - { id: release, roles: [runner], keys: [{ kind: p256, publicKey: ${JSON.stringify(
    RELEASE.publicKey.export({ type: 'spki', format: 'pem' }),
  )} }] }
`;

const pipelineIn = (image: string): string =>
  `on: push\npermissions: {}\njobs:\n  build:\n    runs-on: ubuntu-24.04\n    container: ${image}\n    steps: [{ run: make }]\n`;

const head = {
  mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
  verificationMaterial: { publicKey: { hint: '' } },
};

/** As `cosign sign-blob` writes it. */
function fileBundle(content: string, key: KeyObject = RELEASE.privateKey): string {
  const digest = createHash('sha256').update(content).digest('base64');
  const signature = sign('sha256', Buffer.from(content), key).toString('base64');
  return JSON.stringify({ ...head, messageSignature: { messageDigest: { algorithm: 'SHA2_256', digest }, signature } });
}

/** As `cosign sign` attaches it to an image. */
function imageBundle(digest: string, predicateType = COSIGN, key: KeyObject = RELEASE.privateKey): string {
  const type = 'application/vnd.in-toto+json';
  const statement = {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ digest: { sha256: digest } }],
    predicateType,
  };
  const payload = Buffer.from(JSON.stringify(statement));
  const message = Buffer.concat([Buffer.from(`DSSEv1 ${type.length} ${type} ${payload.length} `), payload]);
  const signatures = [{ sig: sign('sha256', message, key).toString('base64') }];
  return JSON.stringify({
    ...head,
    dsseEnvelope: { payload: payload.toString('base64'), payloadType: type, signatures },
  });
}

/** Trust and policy on `main`; what a change writes is the next commit. */
function openGround(files: { readonly [path: string]: string } = {}): Repository & { readonly base: string } {
  const repository = openRepository();
  const base = repository.commit({ 'sallyport.yaml': POLICY, '.sallyport/trust.yaml': TRUST, ...files });
  return Object.assign(repository, { base });
}

type Git = (...words: readonly string[]) => void;

function gitIn(root: string): Git {
  const person = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.test'];
  return (...words) => void execFileSync('git', [...person, ...words], { cwd: root });
}

async function reasonsOf({ root, base }: Repository & { readonly base: string }): Promise<readonly string[]> {
  const nothing = { patch: undefined, workingTree: false, targetRef: 'refs/heads/main', branch: undefined };
  const nobody = { requestedBy: undefined, lastPusher: undefined, agents: [], organisation: undefined };
  const asked: AskedEvidence = {
    ...{ ...nothing, ...nobody, base, head: 'HEAD' },
    ...{ runs: [], trust: undefined, findings: [], approvals: undefined, secrets: [] },
  };
  const { evidence, policy } = await gather(root, asked, Date.UTC(2027, 0, 15));
  return judge(evidence, policy).reasons.flatMap(({ code, evidence: lines }) =>
    code === 'GATE054' || code === 'GATE055' ? lines.map((line) => `${code} ${line}`) : [],
  );
}

const FILES: readonly (readonly [string, { readonly [path: string]: string }, RegExp | undefined])[] = [
  ['with its bundle', { 'vendor/a.sh': 'a\n', 'vendor/a.sh.sigstore.json': fileBundle('a\n') }, undefined],
  ['outside of the path', { 'src/a.sh': 'a\n' }, undefined],
  ['without a bundle', { 'vendor/a.sh': 'a\n' }, /there is no vendor\/a\.sh\.sigstore\.json/],
  [
    'with the bundle of another file',
    { 'vendor/a.sh': 'a\n', 'vendor/a.sh.sigstore.json': fileBundle('b\n') },
    /another file/,
  ],
  [
    'signed by a stranger',
    { 'vendor/a.sh': 'a\n', 'vendor/a.sh.sigstore.json': fileBundle('a\n', STRANGER.privateKey) },
    /no key of release/,
  ],
];

for (const [what, files, told] of FILES)
  test(`a file ${what} is ${told === undefined ? 'let through' : 'blocked'} where the policy wants it signed`, async () => {
    using repository = openGround();
    repository.commit(files);
    const reasons = await reasonsOf(repository);
    if (told === undefined) assert.deepEqual(reasons, []);
    else assert.match(reasons.join(), told);
  });

test('a bundle that is replaced beside an unchanged file is looked at again', async () => {
  using repository = openGround({ 'vendor/a.sh': 'a\n', 'vendor/a.sh.sigstore.json': fileBundle('a\n') });
  repository.commit({ 'vendor/a.sh.sigstore.json': fileBundle('b\n') });
  assert.equal((await reasonsOf(repository)).length, 1);
});

/** What a link or a submodule puts at a name that must be signed, and the same outside of it. */
const LINKED: readonly (readonly [string, (repository: Repository, git: Git) => void, RegExp | undefined])[] = [
  [
    'a link in its place',
    ({ root }) => symlinkSync('../src/x.sh', join(root, 'vendor/a.sh')),
    /^GATE054 vendor\/a\.sh: /,
  ],
  [
    'a link in place of its folder',
    ({ root }) => symlinkSync('../src', join(root, 'vendor/sub')),
    /^GATE054 vendor\/sub: vendor\/sub\/[xy]\.\w+ is no file of its own/,
  ],
  [
    'a link to a link to a folder',
    ({ root }) => {
      symlinkSync('src', join(root, 'via'));
      symlinkSync('../via', join(root, 'vendor/sub'));
    },
    /^GATE054 vendor\/sub: vendor\/sub\/[xy]\.\w+ is no file of its own/,
  ],
  [
    'a new file behind a link that was there',
    ({ write }) => write({ 'linked/new.sh': 'n\n' }),
    /^GATE054 vendor\/known: vendor\/known\/new\.sh is no file of its own/,
  ],
  [
    'a submodule in its place',
    ({ root }, git) => {
      git('update-index', '--add', '--cacheinfo', `160000,${'1'.repeat(40)},vendor/sub`);
      mkdirSync(join(root, 'vendor/sub'));
    },
    /^GATE054 vendor\/sub: [^,]*$/,
  ],
  ['a link outside of the path', ({ root }) => symlinkSync('../vendor/a.sh', join(root, 'src/link.sh')), undefined],
  ['a link to nowhere in it that was there', () => undefined, undefined],
];

for (const [what, put, told] of LINKED)
  test(`${what} is ${told === undefined ? 'let through' : 'blocked'} where the policy wants a signed file`, async () => {
    using repository = openRepository();
    repository.write({ 'sallyport.yaml': POLICY, '.sallyport/trust.yaml': TRUST, 'src/x.sh': 'x\n' });
    repository.write({ 'linked/old.sh': 'o\n', 'vendor/b.txt': 'b\n' });
    symlinkSync('../linked', join(repository.root, 'vendor/known'));
    symlinkSync('not-there', join(repository.root, 'vendor/dangling'));
    const base = repository.commit({});
    const git = gitIn(repository.root);
    put(repository, git);
    repository.write({ 'src/y.txt': 'y\n' });
    git('add', '--', 'src', 'linked', 'vendor', ...(existsSync(join(repository.root, 'via')) ? ['via'] : []));
    git('commit', '-q', '-m', 'a change');
    const reasons = await reasonsOf(Object.assign(repository, { base }));
    if (told === undefined) assert.deepEqual(reasons, []);
    else assert.match(reasons.join(), told);
  });

const NAME = `registry.example.test/builders/go`;
const BUNDLE = `${BUNDLES}/sha256-${DIGEST}.sigstore.json`;
const IMAGES: readonly (readonly [string, string, { readonly [path: string]: string }, RegExp | undefined])[] = [
  ['with its bundle', `${NAME}:1@sha256:${DIGEST}`, { [BUNDLE]: imageBundle(DIGEST) }, undefined],
  ['of another registry', 'node:24', {}, undefined],
  ['by tag', `${NAME}:1`, {}, /not named by its digest/],
  ['by another spelling of its registry', 'Registry.Example.test:443/builders/go:1', {}, /not named by its digest/],
  ['whose name a variable completes', 'registry.example.test/${GROUP}/go:1', {}, /not named by its digest/],
  ['without a bundle', `${NAME}@sha256:${DIGEST}`, {}, /there is no/],
  [
    'with another image’s bundle',
    `${NAME}@sha256:${DIGEST}`,
    { [BUNDLE]: imageBundle('d'.repeat(64)) },
    /something else/,
  ],
  [
    'that was only scanned',
    `${NAME}@sha256:${DIGEST}`,
    { [BUNDLE]: imageBundle(DIGEST, 'https://in-toto.io/attestation/vulns/v0.2') },
    /put out/,
  ],
  [
    'signed by a stranger',
    `${NAME}@sha256:${DIGEST}`,
    { [BUNDLE]: imageBundle(DIGEST, COSIGN, STRANGER.privateKey) },
    /no key of release/,
  ],
];

for (const [what, image, files, told] of IMAGES)
  test(`a builder image ${what} is ${told === undefined ? 'let through' : 'blocked'}`, async () => {
    for (const path of ['.github/workflows/a.yml', 'Dockerfile']) {
      using repository = openGround();
      repository.commit({ [path]: path === 'Dockerfile' ? `FROM ${image}\nRUN make\n` : pipelineIn(image), ...files });
      const reasons = await reasonsOf(repository);
      if (told === undefined) assert.deepEqual(reasons, [], path);
      else assert.match(reasons.join(), told, path);
    }
  });

test('an image that was there before is no news', async () => {
  using repository = openGround({ '.github/workflows/a.yml': pipelineIn(`${NAME}:1`) });
  repository.commit({ '.github/workflows/a.yml': `# a remark\n${pipelineIn(`${NAME}:1`)}` });
  assert.deepEqual(await reasonsOf(repository), []);
});

test('verify finds the signer in the policy, and says what to do where it names none', () => {
  using repository = openGround({ 'vendor/a.sh': 'a\n', 'vendor/a.sh.sigstore.json': fileBundle('a\n') });
  repository.write({ 'image.json': imageBundle(DIGEST), 'b.sh': 'a\n' });
  const verify = (...words: readonly string[]) => repository.sallyport('verify', ...words);
  const file = verify('--artifact', 'vendor/a.sh', '--bundle', 'vendor/a.sh.sigstore.json');
  assert.deepEqual([file.code, file.stdout], [0, 'verified vendor/a.sh: signed by release\n'], file.stderr);
  assert.equal(verify('--image', `${NAME}@sha256:${DIGEST}`, '--bundle', 'image.json').code, 0);
  const other = verify('--image', `${NAME}@sha256:${'d'.repeat(64)}`, '--bundle', 'image.json');
  assert.deepEqual([other.code, /something else/.test(other.stdout)], [1, true]);
  for (const [words, told] of [
    [['--artifact', 'b.sh', '--bundle', 'image.json'], /the policy names no signer for b\.sh/],
    [['--image', NAME, '--bundle', 'image.json'], /--image needs the digest/],
    [['--artifact', 'b.sh'], /--artifact needs --bundle/],
  ] as const) {
    const { code, stderr } = verify(...words);
    assert.equal(code, 2);
    assert.match(stderr, told);
  }
});
