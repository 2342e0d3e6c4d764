/** Who pushed a part of a change: whoever lets somebody else push last is still among them. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Forge, type ForgeName, openForge } from '../../src/forges/index.ts';
import { TOKEN as AZURE, startAzure } from './support/azure-server.ts';
import { manualTime } from './support/forge-server.ts';
import { TOKEN as GITEA, startGitea } from './support/gitea-server.ts';
import { TOKEN as GITHUB, HEAD, MERGE_BASE, startGithub } from './support/github-server.ts';
import { TOKEN as GITLAB, startGitlab } from './support/gitlab-server.ts';

const NONE = '0'.repeat(40);
const CODE = '5'.repeat(40);
const OTHER = '6'.repeat(40);
const REFUSED = { status: 403, body: { message: 'no' } };

type ForgeChange = Awaited<ReturnType<Forge['readChange']>>;

/** Who moved the branch from where to where. */
type Move = readonly [by: string, before: string, after: string];

interface Case {
  /** The newest first. */
  readonly moves: readonly Move[];
  /** Whether the forge refuses to tell. */
  readonly refused?: boolean;
}

async function changeOf(forge: ForgeName, apiUrl: string, token: string): Promise<ForgeChange> {
  const repository = forge === 'gitlab' ? 'group/sub/app' : forge === 'azure' ? 'my project/app' : 'acme/app';
  const reference = { repository, number: 7, headCommit: HEAD, baseCommit: undefined };
  return openForge({ forge, apiUrl, token }, manualTime()).readChange(reference);
}

const READERS = {
  github: async ({ moves, refused }: Case) => {
    const activity = moves.map(([login, before, after]) => ({ before, after, actor: { login } }));
    await using github = await startGithub({ activity });
    if (refused === true) github.faults.push({ method: 'GET', path: /activity$/, reply: REFUSED });
    return await changeOf('github', github.url, GITHUB);
  },
  gitlab: async ({ moves, refused }: Case) => {
    const pushes = moves.map(([author_username, before, after]) => {
      const [commit_from, commit_to] = [before, after].map((commit) => (commit === NONE ? null : commit));
      return {
        author_username,
        push_data: { commit_from, commit_to, ref: 'topic', ref_type: 'branch', ref_count: null },
      };
    });
    await using gitlab = await startGitlab({ pushes });
    if (refused === true) gitlab.faults.push({ method: 'GET', path: /events$/, reply: REFUSED });
    return await changeOf('gitlab', gitlab.url, GITLAB);
  },
  azure: async ({ moves, refused }: Case) => {
    const pushes = moves.map(([uniqueName, oldObjectId, newObjectId]) => ({
      pushedBy: { uniqueName },
      refUpdates: [{ name: 'refs/heads/topic', oldObjectId, newObjectId }],
    }));
    await using azure = await startAzure({ pushes });
    if (refused === true) azure.faults.push({ method: 'GET', path: /pushes$/, reply: REFUSED });
    return await changeOf('azure', azure.url, AZURE);
  },
};

/** On Azure the fake's iterations are all by eve: she counts as well. */
function known({ pushers: { logins, complete } }: ForgeChange) {
  return { logins: logins.filter((login) => login !== 'eve@example.test').toSorted(), complete };
}

for (const forge of ['github', 'gitlab', 'azure'] as const)
  describe(`the pushers on ${forge}`, () => {
    const read = async (...moves: readonly Move[]) => known(await READERS[forge]({ moves }));

    it('are all from the base to the head, whoever pushed last', async () => {
      assert.deepEqual(await read(['owner', CODE, HEAD], ['mallory', MERGE_BASE, CODE], ['owner', NONE, MERGE_BASE]), {
        logins: ['mallory', 'owner'],
        complete: true,
      });
    });

    it('are not those who pushed what the base has already, or before the branch was made anew', async () => {
      assert.deepEqual(await read(['owner', MERGE_BASE, HEAD], ['carol', OTHER, MERGE_BASE], ['carol', NONE, OTHER]), {
        logins: ['owner'],
        complete: true,
      });
      assert.deepEqual(await read(['owner', NONE, HEAD], ['carol', OTHER, NONE], ['carol', NONE, OTHER]), {
        logins: ['owner'],
        complete: true,
      });
    });

    it('are not forgotten when the branch is rewritten, moved back, or deleted and restored', async () => {
      const mallory: Move = ['mallory', NONE, CODE];
      for (const moves of [
        [['owner', CODE, HEAD], mallory],
        [['owner', OTHER, HEAD], ['owner', CODE, OTHER], mallory],
        [['owner', CODE, HEAD], ['owner', MERGE_BASE, CODE], ['mallory', CODE, MERGE_BASE], mallory],
        [['owner', CODE, HEAD], ['owner', OTHER, CODE], ['owner', MERGE_BASE, OTHER], ['mallory', CODE, NONE], mallory],
        [['owner', NONE, HEAD], ['owner', HEAD, NONE], ['owner', CODE, HEAD], mallory],
      ] satisfies readonly (readonly Move[])[])
        assert.deepEqual(await read(...moves), { logins: ['mallory', 'owner'], complete: true });
    });

    it('are found behind pages of other pushes', async () => {
      const steps = Array.from({ length: 250 }, (_, at) => (at + 16).toString(16).padStart(40, '7'));
      const moves = steps.map((step, at): Move => ['owner', steps[at + 1] ?? CODE, step]);
      const change = await read(['owner', steps[0] ?? '', HEAD], ...moves, ['mallory', NONE, CODE]);
      assert.deepEqual(change, { logins: ['mallory', 'owner'], complete: true });
    });

    it('are said not to be all where the record is cut or refused, and the last one is known as before', async () => {
      assert.deepEqual(await read(['owner', CODE, HEAD]), { logins: ['owner'], complete: false });
      const endless = Array.from({ length: 1100 }, (): Move => ['owner', HEAD, HEAD]);
      assert.deepEqual(await read(...endless), { logins: ['owner'], complete: false });
      const refused = await READERS[forge]({ moves: [['owner', NONE, HEAD]], refused: true });
      assert.deepEqual(known(refused), { logins: [], complete: false });
    });
  });

describe('a push that is told in part', () => {
  it('of many branches at once on GitLab makes its pusher one of this where the way to the base is not known', async () => {
    const push = (author_username: string, push_data: object) => ({ author_username, push_data });
    const bulk = push('mallory', { commit_from: null, commit_to: null, ref: null, ref_count: 4 });
    const topic = { ref: 'topic', ref_type: 'branch', commit_to: HEAD };
    const read = async (commit_from: string | null) => {
      await using gitlab = await startGitlab({ pushes: [push('owner', { ...topic, commit_from }), bulk] });
      return (await changeOf('gitlab', gitlab.url, GITLAB)).pushers;
    };
    assert.deepEqual(await read(CODE), { logins: ['owner', 'mallory'], complete: false });
    assert.deepEqual(await read(MERGE_BASE), { logins: ['owner'], complete: true });
  });

  it('by an account that is gone leaves somebody unknown', async () => {
    const activity = [{ before: NONE, after: HEAD, actor: null }];
    await using github = await startGithub({ activity });
    const { lastPusher, pushers } = await changeOf('github', github.url, GITHUB);
    assert.deepEqual({ lastPusher, pushers }, { lastPusher: undefined, pushers: { logins: [], complete: false } });
  });
});

describe('the pushers to a fork on Azure', () => {
  const update = { name: 'refs/heads/topic', oldObjectId: NONE, newObjectId: HEAD };
  const push = { pushedBy: { uniqueName: 'mallory' }, refUpdates: [update] };

  it('are read from the fork, and are not known where it is not told which', async () => {
    const read = async (repository: object | undefined) => {
      await using azure = await startAzure({ pushes: [push], fork: { repository } });
      return known(await changeOf('azure', azure.url, AZURE));
    };
    const theirs = { name: 'app', project: { name: 'their project' } };
    assert.deepEqual(await read(theirs), { logins: ['mallory'], complete: true });
    for (const unknown of [undefined, {}, { name: 'app' }])
      assert.deepEqual(await read(unknown), { logins: [], complete: false });
  });
});

describe('the pushers on Gitea', () => {
  it('are those who pushed since the request was opened, and never all; who only remarks is none', async () => {
    const entry = (type: string, login: string) => ({ type, created_at: '2026-05-03T10:00:00Z', user: { login } });
    const talk = Array.from({ length: 130 }, () => entry('comment', 'carol'));
    const timeline = [entry('pull_push', 'mallory'), ...talk, entry('pull_push', 'owner'), { type: 'pull_push' }];
    await using gitea = await startGitea({ timeline });
    const { lastPusher, pushers } = await changeOf('gitea', gitea.url, GITEA);
    assert.deepEqual(pushers, { logins: ['mallory', 'owner'], complete: false });
    assert.equal(lastPusher, undefined);
    gitea.faults.push({ method: 'GET', path: /timeline$/, reply: REFUSED });
    assert.deepEqual((await changeOf('gitea', gitea.url, GITEA)).pushers, { logins: [], complete: false });
  });
});
