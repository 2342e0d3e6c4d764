/** A write whose answer is lost: the forge may have done it, and nobody wants to read the same thing twice. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Forge, openForge } from '../../src/forges/index.ts';
import * as azure from './support/azure-server.ts';
import { type ForgeReply, type ForgeServer, manualTime } from './support/forge-server.ts';
import * as gitea from './support/gitea-server.ts';
import * as github from './support/github-server.ts';
import * as gitlab from './support/gitlab-server.ts';
import { referenceTo, remarkAt } from './support/remarks.ts';

const MARKER = '<!-- sallyport:summary:gate -->';
const SUMMARY = { marker: MARKER, markdown: `All is said\n\n${MARKER}` };
const REMARKS = [remarkAt(2), remarkAt(3)];

interface Row {
  readonly name: 'github' | 'gitlab' | 'gitea' | 'azure';
  readonly repository: string;
  start(): Promise<ForgeServer>;
  readonly token: string;
  /** Where a comment, and where the remarks, are written. */
  readonly comments: RegExp;
  readonly remarks: RegExp;
}

const ROWS: readonly Row[] = [
  {
    name: 'github',
    repository: 'acme/app',
    start: () => github.startGithub(),
    token: github.TOKEN,
    comments: /issues\/7\/comments$/,
    remarks: /reviews$/,
  },
  {
    name: 'gitlab',
    repository: 'group/sub/app',
    start: () => gitlab.startGitlab(),
    token: gitlab.TOKEN,
    comments: /notes$/,
    remarks: /discussions$/,
  },
  {
    name: 'gitea',
    repository: 'acme/app',
    start: () => gitea.startGitea(),
    token: gitea.TOKEN,
    comments: /issues\/7\/comments$/,
    remarks: /reviews$/,
  },
  {
    name: 'azure',
    repository: 'my project/app',
    start: () => azure.startAzure(),
    token: azure.TOKEN,
    comments: /threads$/,
    remarks: /threads$/,
  },
];

const LOSSES: readonly (readonly [what: string, reply: ForgeReply])[] = [
  ['the line breaks', { status: 200, body: { ok: true }, broken: true }],
  ['a proxy before the forge gives up', { status: 502, raw: '<html>Bad gateway</html>' }],
];

function open({ name, token }: Row, server: ForgeServer): Forge {
  return openForge({ forge: name, apiUrl: server.url, token, tokenKind: 'personal' }, manualTime());
}

for (const row of ROWS) {
  const change = referenceTo(github.HEAD, { repository: row.repository });
  describe(`when the answer of ${row.name} is lost`, () => {
    for (const [what, reply] of LOSSES) {
      it(`a comment that stands there is not written again (${what})`, async () => {
        await using server = await row.start();
        server.faults.push({ method: 'POST', path: row.comments, reply, done: true });
        assert.equal((await open(row, server).postSummary(change, SUMMARY)).created, 1);
        assert.equal(server.sent('POST', row.comments).length, 1);
        assert.equal((await open(row, server).postSummary(change, SUMMARY)).unchanged, 1);
      });

      it(`a comment that does not stand there is written (${what})`, async () => {
        await using server = await row.start();
        server.faults.push({ method: 'POST', path: row.comments, reply });
        assert.equal((await open(row, server).postSummary(change, SUMMARY)).created, 1);
        assert.equal(server.sent('POST', row.comments).length, 2);
        assert.equal((await open(row, server).postSummary(change, SUMMARY)).unchanged, 1);
      });

      it(`remarks that stand there are not written again, and the others are (${what})`, async () => {
        await using server = await row.start();
        server.faults.push({ method: 'POST', path: row.remarks, reply, done: true });
        const before = open(row, server);
        assert.equal((await before.postRemarks(change, REMARKS)).created, 2);
        // One review for both, or each on its own.
        const atOnce = row.remarks.source.startsWith('reviews') ? 1 : 2;
        assert.equal(server.sent('POST', row.remarks).length, atOnce);
        assert.equal(server.sent('DELETE').length, 0);
        assert.equal((await before.postRemarks(change, REMARKS)).unchanged, 2);
      });
    }

    it('a limit says that nothing was done: the comment is sent again without a look', async () => {
      await using server = await row.start();
      server.faults.push({
        method: 'POST',
        path: row.comments,
        reply: { status: 429, headers: { 'retry-after': '1' } },
      });
      assert.equal((await open(row, server).postSummary(change, SUMMARY)).created, 1);
      assert.equal(server.sent('POST', row.comments).length, 2);
    });
  });
}
