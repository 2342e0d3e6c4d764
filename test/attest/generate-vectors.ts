/**
 * Writes the vectors of the statement verifier: bundles with what a verifier must say of them. Keys are made anew and
 * thrown away, so every run writes other bytes with the same meaning. `node test/attest/generate-vectors.ts`
 */
import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeStatement, keySigner, PAYLOAD_TYPE, type Statement } from '../../src/attest/index.ts';
import type { JsonObject, JsonValue } from '../../src/system/index.ts';
import { AT, CONTENT, EXPECTED, hireStaff, NOW, POLICY, RUN, STATEMENTS, type Staff } from './scene.ts';

export interface Vector {
  readonly name: string;
  /** 0: accepted. */
  readonly step: number;
  /** What a good verifier of another make may say differs; ours says this. */
  readonly code: string;
  /** Why it is here. */
  readonly what: string;
}

interface Draft extends Vector {
  readonly bundle: string;
}

type Bundle = {
  mediaType: string;
  verificationMaterial: { publicKey: { hint: string } };
  dsseEnvelope: { payload: string; payloadType: string; signatures: { sig: string; keyid?: string }[] };
};

/** A bundle over any bytes, with any payload type: what an honest signer would never make. */
function signed(staff: Staff, name: string, payload: Buffer, payloadType: string = PAYLOAD_TYPE): Bundle {
  const key = staff.keys[name];
  if (key === undefined) throw new RangeError(name);
  const head = `DSSEv1 ${Buffer.byteLength(payloadType)} ${payloadType} ${payload.length} `;
  const sig = sign('sha256', Buffer.concat([Buffer.from(head), payload]), key).toString('base64');
  const { hint } = keySigner(String(key.export({ type: 'pkcs8', format: 'pem' })));
  return {
    mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
    verificationMaterial: { publicKey: { hint } },
    dsseEnvelope: { payload: payload.toString('base64'), payloadType, signatures: [{ sig, keyid: '' }] },
  };
}

function statement(kind: string): Statement {
  const found = STATEMENTS[kind];
  if (found === undefined) throw new RangeError(kind);
  return found.statement;
}

function withPredicate(kind: string, change: JsonObject): Statement {
  const one = statement(kind);
  return { ...one, predicate: { ...one.predicate, ...change } };
}

function inPredicate(kind: string, route: readonly string[], value: JsonValue | undefined): Statement {
  const one = statement(kind);
  return { ...one, predicate: replaceAt(one.predicate, route, value) };
}

/** The object with another value at a route, or without it. */
export function replaceAt(
  object: JsonObject,
  [step = '', ...rest]: readonly string[],
  value: JsonValue | undefined,
): JsonObject {
  if (rest.length > 0) {
    const below = object[step];
    if (typeof below !== 'object' || below === null || Array.isArray(below)) throw new RangeError(step);
    // Sound: neither a list nor null.
    return { ...object, [step]: replaceAt(below as JsonObject, rest, value) };
  }
  const { [step]: _, ...others } = object;
  return value === undefined ? others : { ...others, [step]: value };
}

function draftVectors(staff: Staff): readonly Draft[] {
  const drafts: Draft[] = [];
  const add = (step: number, code: string, name: string, what: string, bundle: Bundle | string): void => {
    drafts.push({
      name,
      step,
      code,
      what,
      bundle: typeof bundle === 'string' ? bundle : `${JSON.stringify(bundle)}\n`,
    });
  };
  const good = signed(staff, 'runner', encodeStatement(statement('ai-change')));
  const made = (who: string, one: Statement): Bundle => signed(staff, who, encodeStatement(one));
  const [commit, patch] = statement('ai-change').subject;
  if (commit === undefined || patch === undefined) throw new RangeError('subject');
  const aboutCommit = (change: Partial<typeof commit>): Statement => ({
    ...statement('ai-change'),
    subject: [{ ...commit, ...change }, patch],
  });

  for (const [kind, { role, statement: one }] of Object.entries(STATEMENTS))
    add(0, '', `good-${kind}`, 'accepted', made(role, one));

  add(1, 'limits', 'deep', 'JSON that nests deeper than any bundle', '['.repeat(10_000));
  add(2, 'schema', 'not-json', 'text', 'bundle\n');
  add(2, 'schema', 'old-version', 'bundle version 0.2', { ...good, mediaType: good.mediaType.replace('0.3', '0.2') });
  add(2, 'schema', 'unknown-field', 'a field that nobody knows', `${JSON.stringify({ ...good, note: 'x' })}\n`);
  add(
    2,
    'schema',
    'other-keyid',
    'signature and bundle name two keys',
    withSignatures(good, [{ sig: sigOf(good), keyid: 'other' }]),
  );
  add(
    2,
    'schema',
    'loose-base64',
    'base64 that decodes to the same bytes but is not their encoding',
    loose(() => signed(staff, 'runner', encodeStatement(statement('ai-change')))),
  );
  add(3, 'one-signature', 'no-signature', 'an envelope without signature', withSignatures(good, []));
  add(
    3,
    'one-signature',
    'two-signatures',
    'one signature twice',
    withSignatures(good, [{ sig: sigOf(good) }, { sig: sigOf(good) }]),
  );
  add(
    4,
    'payload-type',
    'text-payload',
    'well signed, but no statement: payload type text/plain',
    signed(staff, 'runner', Buffer.from('hello'), 'text/plain'),
  );
  add(
    5,
    'signature/unknown-key',
    'unknown-key',
    'a key that is not in the trust store',
    strangerBundle(statement('ai-change')),
  );
  add(5, 'signature/unknown-key', 'embedded-key', 'the hint of a key that nobody trusts', {
    ...good,
    verificationMaterial: { publicKey: { hint: 'sha256:00' } },
  });
  add(
    5,
    'signature/wrong',
    'other-payload',
    'signature of another statement',
    swapPayload(good, made('runner', statement('runtime-trace'))),
  );
  add(5, 'signature/wrong', 'stolen-hint', 'signed by one, named as another', {
    ...good,
    verificationMaterial: made('gate', statement('summary')).verificationMaterial,
  });
  add(
    5,
    'signature/expired-key',
    'expired-key',
    'the key is expired and no time stamp vouches for an earlier moment',
    made('expired', statement('ai-change')),
  );
  add(5, 'signature/expired-key', 'future-key', 'the key is not valid yet', made('future', statement('ai-change')));
  add(
    6,
    'role',
    'runner-signs-verdict',
    'the runner signs the verdict on its own run',
    made('runner', statement('summary')),
  );
  add(6, 'role', 'gate-signs-run', 'the gate signs for the runner', made('gate', statement('ai-change')));
  add(6, 'role', 'approver-signs-verdict', 'an approver signs the verdict', made('approver', statement('summary')));
  add(
    6,
    'role',
    'unknown-predicate',
    'well signed, with a predicate type that nobody may sign',
    made('gate', { ...statement('summary'), predicateType: 'https://example.test/all-is-well/v1' }),
  );
  add(
    7,
    'predicate-type/form',
    'wrong-statement-type',
    'Statement v0.1',
    made('runner', replaceType(statement('ai-change'))),
  );
  add(
    7,
    'predicate-type/form',
    'not-canonical',
    'canonical JSON with a space in it',
    signed(staff, 'runner', Buffer.from(encodeStatement(statement('ai-change')).toString().replace(':', ': '))),
  );
  add(
    7,
    'predicate-type/form',
    'repeated-key',
    'a key twice: two readers see two meanings',
    signed(staff, 'gate', repeated(statement('summary'))),
  );
  add(
    7,
    'predicate-type/form',
    'predicate-of-another-type',
    'the predicate of a trace under the type of a change',
    made('runner', { ...statement('runtime-trace'), predicateType: statement('ai-change').predicateType }),
  );
  add(
    8,
    'subject',
    'foreign-commit',
    'another commit',
    made('runner', aboutCommit({ digest: { ...commit.digest, gitCommit: 'e'.repeat(40) } })),
  );
  add(
    8,
    'subject',
    'foreign-tree',
    'the commit with another tree',
    made('runner', aboutCommit({ digest: { ...commit.digest, gitTree: 'e'.repeat(40) } })),
  );
  add(
    8,
    'subject',
    'patch-only',
    'only a file as subject',
    made('runner', { ...statement('ai-change'), subject: [patch] }),
  );
  add(
    8,
    'subject/extra',
    'extra-subject',
    'an unrelated file beside the change',
    made('runner', {
      ...statement('ai-change'),
      subject: [commit, { name: 'app.tgz', digest: { sha256: '9'.repeat(64) } }],
    }),
  );
  add(
    8,
    'subject/extra',
    'three-subjects',
    'change, patch and one more',
    made('runner', { ...statement('ai-change'), subject: [commit, patch, patch] }),
  );
  add(
    8,
    'subject/content',
    'hidden-commit',
    'a commit of the change is not listed',
    made('runner', inPredicate('ai-change', ['change', 'commits'], [CONTENT.identity.headCommit])),
  );
  add(
    8,
    'subject/content',
    'other-files',
    'the list of files is another',
    made('runner', inPredicate('ai-change', ['change', 'files'], [])),
  );
  add(
    9,
    'context/repository',
    'other-repository',
    'the same commit in a fork',
    made('runner', aboutCommit({ uri: 'git+https://forge.example.test/evil/app' })),
  );
  add(
    9,
    'context/target',
    'other-target',
    'attested for a branch with looser rules',
    made('gate', retarget(statement('summary'))),
  );
  add(
    9,
    'context/repository',
    'other-resource',
    'subject and resource of the summary differ',
    made('gate', withPredicate('summary', { resourceUri: 'git+https://forge.example.test/evil/app' })),
  );
  add(
    9,
    'context/contradiction',
    'two-targets',
    'subject and predicate name different targets',
    made('runner', inPredicate('ai-change', ['change', 'targetRef'], 'refs/heads/release')),
  );
  add(10, 'base', 'other-base', 'made on another base', made('gate', rebase(statement('summary'))));
  add(
    10,
    'base',
    'two-bases',
    'subject and predicate name different bases',
    made('runner', inPredicate('ai-change', ['change', 'baseCommit'], 'e'.repeat(40))),
  );
  add(
    11,
    'policy',
    'other-policy',
    'judged under another policy',
    made('gate', inPredicate('summary', ['policy', 'digest', 'sha256'], 'e'.repeat(64))),
  );
  add(
    11,
    'policy',
    'no-policy',
    'a verdict that names no policy',
    made('gate', inPredicate('verdict', ['verifier', 'policies'], [])),
  );
  add(
    11,
    'policy',
    'run-under-other-policy',
    'the run read another policy file',
    made('runner', inPredicate('ai-change', ['policy', 'source', 'sha256'], null)),
  );
  add(
    12,
    'log',
    'other-log',
    'another ledger',
    made('runner', inPredicate('ai-change', ['log', 'root'], 'e'.repeat(64))),
  );
  add(
    12,
    'log',
    'shorter-log',
    'fewer records than the ledger has',
    made('runner', inPredicate('ai-change', ['log', 'entries'], 7)),
  );
  add(
    12,
    'log',
    'other-patch',
    'the patch of another run',
    made('runner', { ...statement('ai-change'), subject: [commit, { ...patch, digest: { sha256: 'e'.repeat(64) } }] }),
  );
  add(12, 'log', 'without-patch', 'no patch at all', made('runner', { ...statement('ai-change'), subject: [commit] }));
  add(
    12,
    'log',
    'proven-isolation',
    'the self-test of another record',
    made('runner', inPredicate('ai-change', ['sandbox', 'isolation', 'evidence', 'sha256'], 'e'.repeat(64))),
  );
  add(
    12,
    'log',
    'hidden-refusals',
    'refusals of the policy are left out',
    made('runner', inPredicate('ai-change', ['policy', 'decisions', 'deny'], 0)),
  );
  add(
    12,
    'log',
    'hidden-model',
    'another model than the broker saw',
    made('runner', inPredicate('ai-change', ['agent', 'model', 'observedAtBroker'], [])),
  );
  add(
    13,
    'freshness/future',
    'from-the-future',
    'stated for tomorrow',
    made('runner', withPredicate('ai-change', { createdAt: '2027-03-02T12:00:00Z' })),
  );
  add(13, 'freshness/key', 'backdated', 'stated before the key was valid', made('young', statement('ai-change')));
  return drafts;
}

function sigOf({ dsseEnvelope }: Bundle): string {
  return dsseEnvelope.signatures[0]?.sig ?? '';
}

function withSignatures(bundle: Bundle, signatures: Bundle['dsseEnvelope']['signatures']): Bundle {
  return { ...bundle, dsseEnvelope: { ...bundle.dsseEnvelope, signatures } };
}

function swapPayload(one: Bundle, other: Bundle): Bundle {
  return { ...one, dsseEnvelope: { ...one.dsseEnvelope, payload: other.dsseEnvelope.payload } };
}

/** Another last character before the padding: bits that the decoder drops. */
/** The signature in a base64 whose last bits are other ones: a reader that ignores them sees the same bytes. */
function loose(make: () => Bundle): Bundle {
  let bundle = make();
  // A signature of 72 bytes has no bits to spare; the next one is shorter.
  while (!sigOf(bundle).endsWith('=')) bundle = make();
  const text = sigOf(bundle);
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  const at = text.search(/={1,2}$/) - 1;
  const other = alphabet[alphabet.indexOf(text[at] ?? '') + 1];
  return withSignatures(bundle, [{ sig: `${text.slice(0, at)}${other}${text.slice(at + 1)}` }]);
}

function strangerBundle(one: Statement): Bundle {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const staff = { keys: { stranger: privateKey } };
  // Sound: only the key is read.
  return signed(staff as unknown as Staff, 'stranger', encodeStatement(one));
}

function replaceType(one: Statement): Statement {
  // Sound for a vector: the type is what is wrong with it.
  return { ...one, _type: 'https://in-toto.io/Statement/v0.1' as unknown as Statement['_type'] };
}

function repeated(one: Statement): Buffer {
  const text = encodeStatement(one).toString();
  return Buffer.from(text.replace('"predicateType"', `"predicateType":"x","predicateType"`));
}

function retarget(one: Statement): Statement {
  return {
    ...one,
    subject: one.subject.map((subject) => ({
      ...subject,
      annotations: { sourceRefs: ['refs/heads/try'], baseCommit: CONTENT.identity.baseCommit },
    })),
  };
}

function rebase(one: Statement): Statement {
  return {
    ...one,
    subject: one.subject.map((subject) => ({
      ...subject,
      annotations: { sourceRefs: [CONTENT.identity.targetRef], baseCommit: 'e'.repeat(40) },
    })),
  };
}

if (import.meta.main) {
  const folder = join(import.meta.dirname, '../vectors/attest');
  const staff = await hireStaff();
  const vectors = draftVectors(staff);
  rmSync(join(folder, 'bundles'), { recursive: true, force: true });
  mkdirSync(join(folder, 'bundles'), { recursive: true });
  for (const { name, bundle } of vectors) writeFileSync(join(folder, 'bundles', `${name}.json`), bundle);
  writeFileSync(join(folder, 'trust.yaml'), staff.trustText);
  const { content, patch } = EXPECTED;
  const expected = { now: new Date(NOW).toISOString(), statedAt: AT, policy: POLICY, change: content, run: RUN, patch };
  writeFileSync(join(folder, 'expected.json'), `${JSON.stringify(expected, undefined, 2)}\n`);
  const rows = vectors.map(({ name, step, code, what, bundle }) => ({
    name,
    step,
    code,
    what,
    sha256: createHash('sha256').update(bundle).digest('hex'),
  }));
  writeFileSync(join(folder, 'vectors.json'), `${JSON.stringify(rows, undefined, 2)}\n`);
  process.stdout.write(`${vectors.length} vectors\n`);
}
