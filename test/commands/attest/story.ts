import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleFile, EVIDENCE_REF, readChangeContent, readSigningKey, sealWithKey } from '../../../src/attest/index.ts';
import {
  gateStatements,
  type NamedStatement,
  proveRun,
  runFiles,
  runStatements,
} from '../../../src/commands/attest/statements.ts';
import { readTreeFacts } from '../../../src/commands/attest/tree-facts.ts';
import { registriesHere } from '../../../src/commands/policy/registries.ts';
import { compilePolicy, parsePolicy } from '../../../src/policy/index.ts';
import { addToRef, openObjectStore, ScratchRepository } from '../../../src/workspace/index.ts';
import { REPOSITORY, Repository, TARGET } from '../../attest/repository.ts';
import { writeRun } from '../../attest/run-fixture.ts';

const CLI = join(import.meta.dirname, '../../../src/cli.ts');

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Digest of the compiled policy, as a run under it records it. */
async function digestOf(text: string): Promise<string> {
  const document = await parsePolicy(text, 'sallyport.yaml');
  const agent = 'claude-code';
  const compiled = await compilePolicy({ repository: document, agent, registries: registriesHere, now: Date.now() });
  return compiled.digest;
}

/** A repository, its keys, and a change that an agent made in a run. Commands are run as people run them. */
export class Story implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'sallyport-story-'));
  readonly repository = new Repository();
  readonly base: string;
  readonly head: string;

  constructor(policy = 'version: 1\nmerge:\n  require:\n    - { findings: { critical: 0 } }\n') {
    this.#makeKeys();
    this.base = this.repository.commit({
      '.sallyport/trust.yaml': this.#trust(),
      'sallyport.yaml': policy,
      'a.txt': 'hello\n',
    });
    this.repository.branch('agent', this.base);
    this.head = this.repository.commit({ 'a.txt': 'hi\n' }, 'Agent change');
  }

  /** What the trust store says of a person besides the key. */
  protected accountOf(_name: string): string {
    return '';
  }

  file(name: string): string {
    return join(this.folder, name);
  }

  #makeKeys(): void {
    for (const name of ['runner', 'stranger']) {
      execFileSync('openssl', [
        'ecparam',
        '-name',
        'prime256v1',
        '-genkey',
        '-noout',
        '-out',
        this.file(`${name}.pem`),
      ]);
      execFileSync('openssl', ['ec', '-in', this.file(`${name}.pem`), '-pubout', '-out', this.file(`${name}.pub`)], {
        stdio: 'pipe',
      });
    }
    for (const name of ['gate', 'alice', 'bob'])
      execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', '', '-f', this.file(name)]);
  }

  #trust(): string {
    const pem = JSON.stringify(readFileSync(this.file('runner.pub'), 'utf8'));
    const [gate, alice, bob] = ['gate', 'alice', 'bob'].map((name) =>
      readFileSync(this.file(`${name}.pub`), 'utf8').trim(),
    );
    return `version: 1
signers:
  - { id: ci, roles: [runner, reviewer], keys: [{ kind: p256, publicKey: ${pem} }] }
  - { id: gate, roles: [gate], keys: [{ kind: ssh, publicKey: "${gate}" }] }
  - { id: alice, roles: [approver]${this.accountOf('alice')}, keys: [{ kind: ssh, publicKey: "${alice}" }] }
  - { id: bob, roles: [approver], keys: [{ kind: ssh, publicKey: "${bob}" }] }
`;
  }

  /** The out directory of the run that made the change. */
  async run(): Promise<string> {
    const patch = `${this.repository.git('diff', '--full-index', this.base, this.head)}\n`;
    const tree = this.repository.git('rev-parse', `${this.head}^{tree}`);
    const policy = this.repository.git('show', `${this.base}:sallyport.yaml`);
    await writeRun(this.file('out'), { base: this.base, tree, patch, policyDigest: await digestOf(`${policy}\n`) });
    return this.file('out');
  }

  /** What the gate wrote. */
  gate(verdict = 'pass', change: { readonly [field: string]: string } = {}): string {
    const path = this.file(`gate-${verdict}.json`);
    const identity = {
      repository: REPOSITORY,
      targetRef: TARGET,
      baseCommit: this.base,
      headCommit: this.head,
      headTree: this.repository.git('rev-parse', `${this.head}^{tree}`),
      ...change,
    };
    const report = {
      format: 'sallyport-gate/1',
      change: identity,
      verdict,
      label: 'ai-assisted',
      review: { state: 'reviewed', reason: '' },
      approvals: { counted: ['alice', 'bob'] },
      reasons: [],
      lifted: [],
    };
    writeFileSync(path, JSON.stringify(report));
    return path;
  }

  sallyport(...words: readonly string[]): Promise<Ended> {
    return new Promise((resolve) => {
      execFile(process.execPath, [CLI, ...words], { cwd: this.repository.path }, (error, stdout, stderr) => {
        resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
      });
    });
  }

  /** Run, gate, bundles: a change that may be merged. In this process: starting the program takes its time. */
  async attested(): Promise<void> {
    const store = openObjectStore(this.repository.path);
    const range = { repository: REPOSITORY, targetRef: TARGET, base: this.base, head: this.head };
    const content = await readChangeContent(store, range);
    const policy = `${this.repository.git('show', `${this.base}:sallyport.yaml`)}\n`;
    const at = new Date().toISOString();
    const trees = await readTreeFacts(store, content.identity);
    const input = { content, policy, requestedBy: undefined, workflow: undefined, at, trees };
    using scratch = ScratchRepository.open(store);
    const proven = await proveRun(await this.run(), content, scratch);
    const add = async (key: string, statements: readonly NamedStatement[]): Promise<void> => {
      const seal = sealWithKey(await readSigningKey(this.file(key)));
      for (const { kind, statement } of statements)
        await addToRef(store, EVIDENCE_REF, [bundleFile(content.identity, kind, await seal(statement))], 0);
    };
    await add('runner.pem', runStatements(proven, input));
    await add('gate', await gateStatements(this.gate(), input, []));
    await addToRef(store, EVIDENCE_REF, await runFiles(content, proven), 0);
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
    this.repository[Symbol.dispose]();
  }
}
