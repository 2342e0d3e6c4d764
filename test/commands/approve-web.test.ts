/** A passkey from its making to an approval that counts, in a real browser. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { openChromium, type Visitor } from '../support/chromium.ts';
import { type ApprovalGround, openApprovalGround } from './support/approval-ground.ts';

interface Shown {
  readonly counted: readonly {
    readonly approver: string;
    readonly method: string;
    readonly userVerified: boolean;
    readonly reason: string;
  }[];
}

async function press(visitor: Visitor): Promise<string> {
  await visitor.page.click('button:enabled');
  const status = visitor.page.locator('[role=status]:not(:empty)');
  await status.waitFor();
  return (await status.textContent()) ?? '';
}

async function enrol(ground: ApprovalGround, visitor: Visitor): Promise<string> {
  await using enrolment = ground.start('--enrol', '--as', 'alice');
  await visitor.page.goto(await enrolment.address());
  assert.match(await press(visitor), /^Done/);
  const { code, stdout } = await enrolment.end();
  assert.equal(code, 0);
  return stdout;
}

describe('sallyport approve --web', () => {
  it('makes a passkey, shows the change on a page, and signs what was shown there', async () => {
    using ground = openApprovalGround();
    await using visitor = await openChromium();
    const { page } = visitor;
    const row = await enrol(ground, visitor);
    assert.match(row, /^ {6}- kind: passkey\n {8}credentialId: [\w-]+\n/);
    ground.trust(row);
    const elsewhere: string[] = [];
    page.on('request', (request) => {
      if (!request.url().startsWith('http://localhost:')) elsewhere.push(request.url());
    });

    await using approval = ground.start('--web', '--break-glass');
    const response = await page.goto(await approval.address());
    assert.ok(response);
    const html = await response.text();
    const policy = response.headers()['content-security-policy'] ?? '';
    assert.match(
      policy,
      /^default-src 'none'; script-src 'sha256-[^']+'; style-src 'sha256-[^']+'; connect-src 'self'/,
    );
    const text = (await page.textContent('body')) ?? '';
    const head = ground.git('rev-parse', 'topic');
    for (const part of ['BREAKS THE GLASS', head, 'refs/heads/main', 'src/pages.py', '@acme/security', 'alice, bob'])
      assert.ok(text.includes(part), part);

    // The browser wants a reason, and the program behind the page wants one that says something.
    await page.fill('#reason', '   ');
    assert.match(await press(visitor), /Not done: a reason is needed/);
    await page.fill('#reason', 'production is down');
    await visitor.setUserVerified(false);
    assert.match(await press(visitor), /^Not done/);
    await visitor.setUserVerified(true);
    assert.match(await press(visitor), /^Signed/);

    const { code, stdout, stderr } = await approval.end();
    assert.equal(code, 0, stderr);
    assert.match(stdout, /signed [0-9a-f]{64}/);
    assert.deepEqual(elsewhere, []);
    assertShown(ground, html);
    await assert.rejects(page.goto(await approval.address()), /ERR_CONNECTION_REFUSED/);

    const words = ['--break-glass', '--reason', 'it is', '--yes'] as const;
    assert.equal(ground.approve('--key', `${ground.keys}/bob`, ...words).code, 0);
    const report: Shown = JSON.parse(ground.approve('--show', '--format', 'json').stdout);
    // Decided in the same second, they stand in either order.
    const counted = report.counted.toSorted((one, other) => (one.approver < other.approver ? -1 : 1));
    assert.deepEqual(
      counted.map(({ approver, method, userVerified, reason }) => [approver, method, userVerified, reason]),
      [
        ['alice', 'passkey', true, 'production is down'],
        ['bob', 'ssh', false, 'it is'],
      ],
    );
  });

  it('says what is missing when nobody has a passkey, or another program has the port', async () => {
    using ground = openApprovalGround();
    assert.match(ground.approve('--web').stderr, /SP2607/);
    await using visitor = await openChromium();
    ground.trust(await enrol(ground, visitor));
    await using first = ground.start('--web');
    await first.address();
    const second = ground.approve('--web');
    assert.deepEqual([second.code, /SP2605/.test(second.stderr)], [2, true]);
  });
});

/** The statement names the digest of the very page that the browser got. */
function assertShown(ground: ApprovalGround, html: string): void {
  const ref = 'refs/sallyport/attestations';
  const [path = ''] = ground.git('ls-tree', '-r', '--name-only', ref).split('\n');
  const bundle: { readonly payload: string } = JSON.parse(ground.git('show', `${ref}:${path}`));
  const statement: { readonly predicate: { readonly presented: { readonly interface: unknown } } } = JSON.parse(
    Buffer.from(bundle.payload, 'base64').toString(),
  );
  const digest = createHash('sha256').update(html).digest('hex');
  assert.deepEqual(statement.predicate.presented.interface, { name: 'web', version: 'web/1', digest });
}
