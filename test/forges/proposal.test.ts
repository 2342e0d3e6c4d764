/** A branch with one commit and a request for it, at each forge. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SallyportError } from '../../src/errors/index.ts';
import {
  type ForgeName,
  type OpenedRequest,
  type Proposal,
  proposeChange,
  renderProposal,
} from '../../src/forges/index.ts';
import { manualTime } from './support/forge-server.ts';
import { BASE, FILE, type RepositoryServer, startRepository, TOKEN } from './support/repository-server.ts';

const FORGES: readonly ForgeName[] = ['github', 'gitlab', 'gitea', 'azure'];

function propose(forge: ForgeName, server: RepositoryServer, change: Partial<Proposal> = {}): Promise<OpenedRequest> {
  const proposal: Proposal = {
    repository: server.repository,
    baseCommit: BASE,
    target: undefined,
    branch: 'heal/one',
    files: [
      { path: FILE, before: 'a\n', after: 'b\n', executable: false },
      { path: 'tools/new file.sh', before: undefined, after: 'c\n', executable: true },
    ],
    message: 'Mend it',
    title: 'Mend CODE03',
    body: 'Checks',
    date: '2026-01-01T00:00:00Z',
    ...change,
  };
  return proposeChange({ forge, apiUrl: server.url, token: TOKEN }, proposal, manualTime());
}

function isRefusal(pattern: RegExp): (error: unknown) => boolean {
  return (error) => error instanceof SallyportError && error.code === 'SP2411' && pattern.test(error.message);
}

for (const forge of FORGES) {
  describe(`a proposal on ${forge}`, () => {
    it('becomes a branch with its files and a request to the default branch', async () => {
      await using server = await startRepository(forge);
      const opened = await propose(forge, server);
      assert.deepEqual([opened.number, opened.target], [7, 'main']);
      assert.match(opened.url, /^https:\/\/\w+\.test\/.*7$/);
      assert.deepEqual(server.state.branches.get('heal/one')?.files, { [FILE]: 'b\n', 'tools/new file.sh': 'c\n' });
      assert.deepEqual(server.state.requests, [
        { head: 'heal/one', base: 'main', title: 'Mend CODE03', body: 'Checks' },
      ]);
    });

    it('goes to the branch that is named, and asks for no default', async () => {
      await using server = await startRepository(forge);
      assert.equal((await propose(forge, server, { target: 'release' })).target, 'release');
      assert.equal(server.state.requests[0]?.base, 'release');
    });

    it('needs a free branch: what is there is not touched', async () => {
      await using server = await startRepository(forge);
      server.state.branches.set('heal/one', { commit: 'd'.repeat(40), files: {} });
      await assert.rejects(propose(forge, server), isRefusal(/the branch heal\/one cannot be made/));
      assert.equal(server.state.branches.get('heal/one')?.commit, 'd'.repeat(40));
      assert.deepEqual(server.state.requests, []);
    });

    it('needs a commit that the forge has', async () => {
      await using server = await startRepository(forge);
      await assert.rejects(
        propose(forge, server, { baseCommit: 'c'.repeat(40) }),
        isRefusal(/does not have the commit c{40}/),
      );
      await assert.rejects(propose(forge, server, { baseCommit: 'worktree' }), { code: 'SP2402' });
      assert.equal(server.state.branches.size, 1);
    });

    it('says that the branch is there when the request is refused', async () => {
      await using server = await startRepository(forge);
      server.state.mayOpen = false;
      await assert.rejects(propose(forge, server), isRefusal(/the branch heal\/one is made, .* it answers 403/));
      assert.ok(server.state.branches.has('heal/one'));
    });

    it('is refused with a wrong token, which stands in no message', async () => {
      await using server = await startRepository(forge);
      const access = { forge, apiUrl: server.url, token: 'glpat-another' };
      const proposal = { repository: server.repository, baseCommit: BASE, target: 'main', branch: 'x', files: [] };
      const asked = proposeChange(access, { ...proposal, message: '', title: '', body: '', date: '' }, manualTime());
      await assert.rejects(asked, (error) => {
        return error instanceof SallyportError && error.code === 'SP2403' && !error.message.includes('glpat-another');
      });
    });
  });
}

describe('a proposal on GitHub', () => {
  it('whose answer got lost is made once: the same proposal is the same commit', async () => {
    await using server = await startRepository('github');
    await propose('github', server);
    server.state.requests.length = 0;
    await propose('github', server);
    assert.equal(server.state.branches.size, 2);
    assert.equal(server.state.requests.length, 1);
  });

  it('keeps the mode of a program', async () => {
    await using server = await startRepository('github');
    await propose('github', server);
    const [tree] = server.sent('POST', /trees$/);
    assert.match(JSON.stringify(tree?.body), /"path":"tools\/new file.sh","mode":"100755"/);
  });
});

describe('the text of a request', () => {
  it('shows nothing of the repository as markup', () => {
    const { title, body } = renderProposal({
      rule: 'CODE03',
      title: 'A weakness',
      file: 'a`|@ada <img src=x>.py',
      fingerprint: 'ab'.repeat(32),
      checks: [{ check: 'scope', outcome: 'passed', reason: 'it changes [x](https://a.test) | @ada\n# no' }],
    });
    assert.match(title, /^Mend CODE03 in [\w./@+?-]+$/);
    assert.ok(!body.includes('<img'));
    assert.ok(!/(?:^|\s)@ada/.test(body));
    assert.ok(!body.includes('](https'));
    assert.equal(body.split('\n').filter((line) => line.startsWith('| scope')).length, 1);
  });
});
