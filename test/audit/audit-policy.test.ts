import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  type AuditReport,
  allRules,
  auditTree,
  type PolicySource,
  readAuditPolicy,
  reportAudit,
  severityToFail,
} from '../../src/audit/index.ts';
import { SallyportError } from '../../src/errors/index.ts';
import { parsePolicy } from '../../src/policy/index.ts';
import { loadReaders } from '../../src/syntax/index.ts';
import { memoryTree } from '../support/memory-tree.ts';

const TODAY = '2026-11-21';
const readers = await loadReaders();
const rules = allRules();

/** A workflow with an open attack path. */
const OPEN = rules.get('PATH01')?.attack ?? [];
const audit = auditTree(memoryTree(Object.fromEntries(OPEN.map(({ file, text }) => [file, text]))), readers, {
  today: TODAY,
});

async function source(path: string, lines: string): Promise<PolicySource> {
  const text = `version: 1\naudit:\n${lines}`;
  return { document: await parsePolicy(text, path), file: { path, text } };
}

interface Layers {
  readonly organisation?: string;
  readonly repository?: string;
}

async function policyOf({ organisation, repository }: Layers) {
  return readAuditPolicy(
    {
      organisation: organisation === undefined ? undefined : await source('org.yaml', organisation),
      repository: repository === undefined ? undefined : await source('sallyport.yaml', repository),
    },
    rules,
  );
}

async function report(layers: Layers): Promise<AuditReport> {
  const policy = await policyOf(layers);
  return reportAudit(audit, {
    profile: 'standard',
    version: '0',
    today: TODAY,
    base: undefined,
    policy,
    baseline: [],
  });
}

const path = audit.findings.find(({ rule }) => rule === 'PATH01');
const fingerprint = path?.fingerprint ?? '';
const accept = `  ignore: [{ fingerprint: ${fingerprint}, reason: known, until: 2027-01-31 }]\n`;
const demand = '  require: { none: [PATH01] }\n';

describe('the audit section of a policy', () => {
  it('demands none of a rule, a family, or a severity and above, and names what is left', async () => {
    for (const none of ['PATH01', 'PATH', 'critical', 'high']) {
      const { violations } = await report({ repository: `  require: { none: [${none}] }\n` });
      assert.equal(violations?.length, 1, none);
      assert.ok(violations[0]?.findings.includes(fingerprint), none);
      assert.equal(violations[0]?.by, 'repository');
    }
    assert.deepEqual((await report({ repository: '  require: { none: [JK] }\n' })).violations, []);
    assert.equal((await report({})).violations, undefined);
  });

  it('shows what is demanded none of, whatever the profile leaves out', async () => {
    const low = audit.findings.find(({ severity }) => severity === 'low' || severity === 'info');
    assert.ok(low, 'the example has a finding of low weight');
    const shown = async (layers: Layers) =>
      (await report(layers)).findings.some((one) => one.fingerprint === low.fingerprint);
    assert.equal(await shown({}), false);
    assert.equal(await shown({ repository: `  require: { none: [${low.rule}] }\n` }), true);
  });

  it('accepts a finding with a reason, and the repository meets its own demand by it', async () => {
    const accepted = await report({ repository: accept + demand });
    assert.deepEqual(accepted.violations, []);
    assert.deepEqual(accepted.findings.find((one) => one.fingerprint === fingerprint)?.suppression?.by, 'policy');
  });

  it('does not let the repository accept what the organisation demands none of', async () => {
    const kept = await report({ organisation: demand, repository: accept });
    assert.deepEqual(
      kept.violations?.map(({ by, none }) => [by, none]),
      [['organisation', 'PATH01']],
    );
    assert.equal(kept.findings.find((one) => one.fingerprint === fingerprint)?.suppression, undefined);
  });

  it('lets the organisation accept what it demands none of, and stays silent where its acceptance is not needed', async () => {
    assert.deepEqual((await report({ organisation: accept + demand })).violations, []);
    const elsewhere = `  ignore: [{ fingerprint: ${'a'.repeat(64)}, reason: elsewhere }]\n`;
    const faults = (one: AuditReport) => one.findings.filter(({ rule }) => rule === 'META04');
    assert.deepEqual(faults(await report({ organisation: elsewhere })), []);
    assert.equal(faults(await report({ repository: elsewhere })).length, 1);
  });

  it('forgets an acceptance that has ended, and says so at its place', async () => {
    const ended = await report({ repository: accept.replace('2027-01-31', '2026-11-20') });
    assert.equal(ended.findings.find((one) => one.fingerprint === fingerprint)?.suppression, undefined);
    const fault = ended.findings.find(({ rule }) => rule === 'META04');
    assert.equal(fault?.place.file, 'sallyport.yaml');
    assert.equal(fault?.place.span.start, 'version: 1\naudit:\n  ignore: ['.length);
  });

  it('refuses a rule that does not exist, with its place and the nearest name', async () => {
    await assert.rejects(policyOf({ repository: '  require: { none: [critical, PAHT01] }\n' }), (error) => {
      assert.ok(error instanceof SallyportError);
      assert.equal(error.code, 'SP2104');
      assert.deepEqual(error.at, { file: 'sallyport.yaml', line: 3, column: 31 });
      assert.match(error.advice, /PATH01/);
      return true;
    });
  });

  it('fails from the severity of the flag, then the repository, and never later than the organisation says', async () => {
    const from = async (layers: Layers, flag?: 'critical' | 'low' | 'never') =>
      severityToFail(await policyOf(layers), flag);
    assert.equal(await from({}), 'high');
    assert.equal(await from({ repository: '  failOn: never\n' }), 'never');
    assert.equal(await from({ repository: '  failOn: medium\n' }, 'critical'), 'critical');
    assert.equal(await from({ organisation: '  failOn: medium\n', repository: '  failOn: never\n' }), 'medium');
    assert.equal(await from({ organisation: '  failOn: medium\n' }, 'never'), 'medium');
    assert.equal(await from({ organisation: '  failOn: medium\n' }, 'low'), 'low');
  });
});

describe('the cheapest cut', () => {
  it('is of the paths that nobody has accepted', async () => {
    const open = await report({});
    assert.ok(open.cuts.paths > 0 && open.cuts.cuts.length > 0);
    const prints = audit.findings.filter(({ flow }) => flow !== undefined).map((one) => one.fingerprint);
    const ignores = prints
      .map((print) => `    - { fingerprint: ${print}, reason: "known", until: 2027-01-01 }\n`)
      .join('');
    const accepted = await report({ repository: `  ignore:\n${ignores}` });
    assert.deepEqual([accepted.cuts.paths, accepted.cuts.cuts], [0, []]);
  });
});
