/**
 * What the check of a push costs: `node bench/verify.ts`
 *
 * A push of a thousand commits, each a change of its own with a signed verdict, as a `pre-receive` hook looks at it:
 * every commit, every signature, trust store and policy of what each was put on. Then how long it takes to judge one
 * change again. Figures of a shared machine are orders of magnitude.
 */
import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  bundleFile,
  changeContent,
  EVIDENCE_REF,
  keySigner,
  policyDigestOf,
  sealWithKey,
  summaryStatement,
  verdictStatement,
} from '../src/attest/index.ts';
import { verifyBranch } from '../src/commands/verify/branch.ts';
import { createJudge } from '../src/commands/verify/rejudge.ts';
import { addToRef, listHistory, openObjectStore, type RefFile } from '../src/workspace/index.ts';

const COMMITS = 1000;
const JUDGED = 10;
const REPOSITORY = 'git+https://forge.example.test/acme/app';
const TARGET = 'refs/heads/main';
const POLICY = 'version: 1\nmerge:\n  require:\n    - { findings: { critical: 0 } }\n';

const folder = mkdtempSync(join(tmpdir(), 'sallyport-bench-verify-'));
try {
  await measure();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function measure(): Promise<void> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pem = JSON.stringify(publicKey.export({ type: 'spki', format: 'pem' }));
  const trust = `version: 1\nsigners: [{ id: gate, roles: [gate], keys: [{ kind: p256, publicKey: ${pem} }] }]\n`;
  importHistory(trust);
  const store = openObjectStore(folder);
  const [first, ...history] = await listHistory(store, [], TARGET);
  const seal = sealWithKey(keySigner(String(privateKey.export({ type: 'pkcs8', format: 'pem' }))));
  const policy = { uri: 'sallyport.yaml', sha256: policyDigestOf(POLICY) };
  const facts = { passed: true, sandboxed: false, approvals: 0, reviewed: true, nothingWeakened: true };
  const gate = { ...facts, policy, inputs: [], at: new Date().toISOString(), version: '0.1.0' };
  const files: RefFile[] = [];
  for (const { id, tree, parents } of history) {
    const identity = {
      repository: REPOSITORY,
      targetRef: TARGET,
      baseCommit: parents[0] ?? '',
      headCommit: id,
      headTree: tree,
    };
    const content = changeContent(identity, [id], []);
    files.push(bundleFile(content.identity, 'summary', await seal(summaryStatement(content.identity, gate))));
    files.push(bundleFile(content.identity, 'verdict', await seal(verdictStatement(content.identity, gate))));
  }
  await addToRef(store, EVIDENCE_REF, files, 0);
  const request = {
    store,
    targetRef: TARGET,
    evidence: [EVIDENCE_REF],
    trustAt: undefined,
    repository: REPOSITORY,
    mostJudged: Number.POSITIVE_INFINITY,
    now: Date.now(),
    maxAge: undefined,
  };
  const judge = async () => ({ verdict: 'pass', reasons: [] }) as const;
  const whole = await time(() =>
    verifyBranch({ ...request, from: first?.id ?? '', to: history.at(-1)?.id ?? '', judge }),
  );
  const proven = whole.result.commits.filter(({ state }) => state === 'verified').length;
  print(`${COMMITS} commits, ${files.length} bundles`, `${whole.seconds.toFixed(2)} s, ${proven} verified`);
  const from = history.at(-1 - JUDGED)?.id ?? '';
  const again = createJudge(folder, Date.now());
  const judged = await time(() => verifyBranch({ ...request, from, to: history.at(-1)?.id ?? '', judge: again }));
  print('to judge one change again', `${((judged.seconds / JUDGED) * 1000).toFixed(0)} ms`);
}

/** A thousand commits of one small file each, written in one go. */
function importHistory(trust: string): void {
  const data = (text: string): string => `data ${Buffer.byteLength(text)}\n${text}\n`;
  const commit = (index: number, files: readonly (readonly [string, string])[]): string =>
    [
      `commit ${TARGET}`,
      `committer Dana <dana@example.test> ${1_700_000_000 + index} +0000`,
      `${data(`change ${index}`)}${files.map(([path, text]) => `M 100644 inline ${path}\n${data(text)}`).join('')}`,
    ].join('\n');
  const rows = Array.from({ length: COMMITS }, (_, index) =>
    commit(index + 1, [[`src/file-${index % 50}.ts`, `export const value = ${index};\n`]]),
  );
  execFileSync('git', ['init', '-q', '-b', 'main', folder]);
  execFileSync('git', ['fast-import', '--quiet'], {
    cwd: folder,
    input: `${commit(0, [
      ['.sallyport/trust.yaml', trust],
      ['sallyport.yaml', POLICY],
    ])}${rows.join('')}`,
  });
}

async function time<Result>(
  work: () => Promise<Result>,
): Promise<{ readonly result: Result; readonly seconds: number }> {
  const start = performance.now();
  const result = await work();
  return { result, seconds: (performance.now() - start) / 1000 };
}

function print(what: string, figure: string): void {
  process.stdout.write(`${what.padEnd(32)} ${figure}\n`);
}
