/** Which change a job is about, from the variables that each system documents. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { detectContext, type Environment, findToken } from '../../../src/forges/index.ts';

const HEAD = 'a'.repeat(40);
const TRIAL = 'd'.repeat(40);
const BASE = 'b'.repeat(40);

const GITHUB: Environment = {
  GITHUB_ACTIONS: 'true',
  GITHUB_API_URL: 'https://api.github.com',
  GITHUB_REPOSITORY: 'acme/app',
  GITHUB_EVENT_NAME: 'pull_request',
  GITHUB_SHA: TRIAL,
  GITHUB_REF: 'refs/pull/7/merge',
  GITHUB_BASE_REF: 'main',
  GITHUB_ACTOR: 'ada',
};

function pullEvent(from: string | undefined = 'acme/app') {
  const repo = from === undefined ? null : { full_name: from };
  return JSON.stringify({
    sender: { login: 'eve' },
    pull_request: {
      number: 7,
      head: { sha: HEAD, ref: 'topic', repo },
      base: { sha: BASE, ref: 'main', repo: { full_name: 'acme/app' } },
    },
  });
}

describe('a job of GitHub Actions', () => {
  it('for a pull request is about its head, not about the trial merge', () => {
    assert.deepEqual(detectContext(GITHUB, pullEvent()), {
      system: 'github-actions',
      forge: 'github',
      apiUrl: 'https://api.github.com',
      repository: 'acme/app',
      number: 7,
      headCommit: HEAD,
      baseCommit: BASE,
      targetBranch: 'main',
      actor: 'eve',
      event: 'pull_request',
      fromFork: false,
    });
  });

  it('knows a fork, also one that is gone', () => {
    assert.equal(detectContext(GITHUB, pullEvent('eve/app'))?.fromFork, true);
    assert.equal(
      detectContext(GITHUB, JSON.stringify({ pull_request: { number: 7, head: { repo: null } } }))?.fromFork,
      true,
    );
  });

  it('with the rights of the base is about the head of the change, not about the base', () => {
    const context = detectContext({ ...GITHUB, GITHUB_EVENT_NAME: 'pull_request_target' }, pullEvent('eve/app'));
    assert.deepEqual([context?.fromFork, context?.headCommit], [true, HEAD]);
  });

  it('after another workflow is about the head of that run; for a fork no number is told', () => {
    const run = { head_sha: HEAD, head_repository: { full_name: 'eve/app' }, pull_requests: [] };
    const environment = {
      ...GITHUB,
      GITHUB_EVENT_NAME: 'workflow_run',
      GITHUB_REF: 'refs/heads/main',
      GITHUB_BASE_REF: '',
    };
    const context = detectContext(environment, JSON.stringify({ workflow_run: run }));
    assert.deepEqual([context?.headCommit, context?.number, context?.fromFork], [HEAD, undefined, true]);
    const own = { ...run, pull_requests: [{ number: 9, base: { ref: 'main' } }] };
    const known = detectContext(environment, JSON.stringify({ workflow_run: own }));
    assert.deepEqual([known?.number, known?.targetBranch], [9, 'main']);
  });

  it('in a merge queue is about the queued commit, after a push about the pushed one', () => {
    const queue = JSON.stringify({ merge_group: { head_sha: HEAD, base_sha: BASE, base_ref: 'refs/heads/main' } });
    const queued = detectContext({ ...GITHUB, GITHUB_EVENT_NAME: 'merge_group', GITHUB_REF: 'refs/heads/x' }, queue);
    assert.equal(queued?.targetBranch, 'main', 'a check of the queue is for its branch');
    assert.deepEqual([queued?.headCommit, queued?.baseCommit, queued?.number], [HEAD, BASE, undefined]);
    const pushed = detectContext({
      ...GITHUB,
      GITHUB_EVENT_NAME: 'push',
      GITHUB_REF: 'refs/heads/x',
      GITHUB_SHA: HEAD,
    });
    assert.deepEqual([pushed?.headCommit, pushed?.number], [HEAD, undefined]);
  });

  it('for a comment on a pull request knows the number and no commit', () => {
    const event = JSON.stringify({ issue: { number: 7, pull_request: { url: 'x' } }, sender: { login: 'eve' } });
    const context = detectContext(
      { ...GITHUB, GITHUB_EVENT_NAME: 'issue_comment', GITHUB_REF: 'refs/heads/main' },
      event,
    );
    assert.deepEqual([context?.number, context?.headCommit], [7, undefined]);
    const issue = JSON.stringify({ issue: { number: 8 } });
    assert.equal(
      detectContext({ ...GITHUB, GITHUB_EVENT_NAME: 'issue_comment', GITHUB_REF: 'refs/heads/main' }, issue)?.number,
      undefined,
    );
  });

  it('of Gitea and Forgejo has the same variables', () => {
    for (const mark of ['GITEA_ACTIONS', 'FORGEJO_ACTIONS']) {
      const context = detectContext(
        { ...GITHUB, [mark]: 'true', GITHUB_API_URL: 'https://git.test/api/v1' },
        pullEvent(),
      );
      assert.deepEqual([context?.system, context?.forge, context?.number], ['gitea-actions', 'gitea', 7]);
    }
  });

  it('without its event still knows the number', () => {
    const context = detectContext(GITHUB);
    assert.deepEqual([context?.number, context?.repository, context?.targetBranch], [7, 'acme/app', 'main']);
  });

  it('reads any event without a fault', () => {
    const runs = { numRuns: Number(process.env['SALLYPORT_FUZZ_RUNS'] ?? 300) };
    const value = fc.dictionary(
      fc.constantFrom('pull_request', 'issue', 'workflow_run', 'merge_group', 'head', 'number', '__proto__', 'sender'),
      fc.oneof(fc.jsonValue(), fc.record({ head: fc.jsonValue(), pull_requests: fc.jsonValue() })),
    );
    const event = fc.oneof(
      fc.string(),
      fc.json(),
      value.map((any) => JSON.stringify(any)),
    );
    fc.assert(
      fc.property(event, (text) => {
        const context = detectContext(GITHUB, text);
        assert.ok(context?.headCommit === undefined || /^[0-9a-f]{40,64}$/.test(context.headCommit));
        assert.ok(context?.number === undefined || context.number > 0);
      }),
      runs,
    );
  });
});

const GITLAB: Environment = {
  GITLAB_CI: 'true',
  CI_API_V4_URL: 'https://gitlab.test/api/v4',
  CI_PROJECT_PATH: 'group/app',
  CI_MERGE_REQUEST_PROJECT_PATH: 'group/app',
  CI_MERGE_REQUEST_SOURCE_PROJECT_PATH: 'group/app',
  CI_MERGE_REQUEST_IID: '7',
  CI_COMMIT_SHA: HEAD,
  CI_MERGE_REQUEST_DIFF_BASE_SHA: BASE,
  CI_MERGE_REQUEST_TARGET_BRANCH_NAME: 'main',
  GITLAB_USER_LOGIN: 'ada',
  CI_PIPELINE_SOURCE: 'merge_request_event',
};

describe('a job of GitLab CI', () => {
  it('for a merge request is about its head', () => {
    assert.deepEqual(detectContext(GITLAB), {
      system: 'gitlab-ci',
      forge: 'gitlab',
      apiUrl: 'https://gitlab.test/api/v4',
      repository: 'group/app',
      number: 7,
      headCommit: HEAD,
      baseCommit: BASE,
      targetBranch: 'main',
      actor: 'ada',
      event: 'merge_request_event',
      fromFork: false,
    });
  });

  it('in a merged-results pipeline is about the source branch, not the trial merge', () => {
    const context = detectContext({ ...GITLAB, CI_COMMIT_SHA: TRIAL, CI_MERGE_REQUEST_SOURCE_BRANCH_SHA: HEAD });
    assert.equal(context?.headCommit, HEAD);
  });

  it('for a fork posts to the target, in whichever project it runs', () => {
    const fork = { ...GITLAB, CI_MERGE_REQUEST_SOURCE_PROJECT_PATH: 'eve/app' };
    const parent = detectContext(fork);
    assert.deepEqual([parent?.repository, parent?.fromFork], ['group/app', true]);
    const own = detectContext({ ...fork, CI_PROJECT_PATH: 'eve/app' });
    assert.deepEqual([own?.repository, own?.fromFork], ['group/app', true]);
  });

  it('for a branch has no number', () => {
    const context = detectContext({ GITLAB_CI: 'true', CI_PROJECT_PATH: 'group/app', CI_COMMIT_SHA: HEAD });
    assert.deepEqual([context?.number, context?.headCommit, context?.fromFork], [undefined, HEAD, undefined]);
  });
});

describe('a job of Jenkins', () => {
  for (const [url, forge, repository, apiUrl] of [
    ['https://github.com/acme/app/pull/7', 'github', 'acme/app', 'https://api.github.com'],
    ['https://ghe.test/acme/app/pull/7', 'github', 'acme/app', 'https://ghe.test/api/v3'],
    ['https://gitlab.test/group/sub/app/-/merge_requests/7', 'gitlab', 'group/sub/app', 'https://gitlab.test/api/v4'],
    ['https://git.test/acme/app/pulls/7', 'gitea', 'acme/app', 'https://git.test/api/v1'],
    ['https://git.test/other', undefined, undefined, undefined],
    ['not an address', undefined, undefined, undefined],
  ] as const) {
    it(`reads ${url}`, () => {
      const context = detectContext({
        JENKINS_URL: 'x',
        CHANGE_ID: '7',
        CHANGE_URL: url,
        GIT_COMMIT: HEAD,
        CHANGE_TARGET: 'main',
      });
      assert.deepEqual(
        [context?.forge, context?.repository, context?.apiUrl, context?.number, context?.fromFork],
        [forge, repository, apiUrl, 7, false],
      );
    });
  }

  it('knows a fork', () => {
    assert.equal(detectContext({ JENKINS_URL: 'x', CHANGE_ID: '7', CHANGE_FORK: 'eve' })?.fromFork, true);
  });
});

describe('a job of Azure Pipelines', () => {
  it('for a pull request on GitHub has its number there', () => {
    const context = detectContext({
      TF_BUILD: 'True',
      BUILD_REPOSITORY_PROVIDER: 'GitHub',
      BUILD_REPOSITORY_NAME: 'acme/app',
      BUILD_SOURCEVERSION: TRIAL,
      SYSTEM_PULLREQUEST_PULLREQUESTID: '123456',
      SYSTEM_PULLREQUEST_PULLREQUESTNUMBER: '7',
      SYSTEM_PULLREQUEST_SOURCECOMMITID: HEAD,
      SYSTEM_PULLREQUEST_TARGETBRANCH: 'refs/heads/main',
      SYSTEM_PULLREQUEST_ISFORK: 'True',
    });
    assert.deepEqual(
      [context?.forge, context?.number, context?.headCommit, context?.targetBranch, context?.fromFork],
      ['github', 7, HEAD, 'main', true],
    );
  });

  it('for a repository of Azure names its project', () => {
    const context = detectContext({
      TF_BUILD: 'True',
      BUILD_REPOSITORY_PROVIDER: 'TfsGit',
      BUILD_REPOSITORY_NAME: 'app',
      SYSTEM_TEAMPROJECT: 'my project',
      SYSTEM_COLLECTIONURI: 'https://dev.azure.com/acme/',
      SYSTEM_PULLREQUEST_PULLREQUESTID: '7',
    });
    assert.deepEqual(
      [context?.forge, context?.repository, context?.apiUrl, context?.number],
      ['azure', 'my project/app', 'https://dev.azure.com/acme/', 7],
    );
  });

  it('without the source commit knows none rather than the trial merge', () => {
    const context = detectContext({
      TF_BUILD: 'True',
      BUILD_SOURCEVERSION: TRIAL,
      SYSTEM_PULLREQUEST_PULLREQUESTID: '7',
    });
    assert.deepEqual([context?.headCommit, context?.forge], [undefined, undefined]);
  });
});

describe('the environment', () => {
  it('outside of a CI system is about nothing', () => assert.equal(detectContext({ PATH: '/bin' }), undefined));

  it('gives no commit and number that are none', () => {
    const context = detectContext({ ...GITLAB, CI_COMMIT_SHA: '0'.repeat(40), CI_MERGE_REQUEST_IID: '-7' });
    assert.deepEqual([context?.headCommit, context?.number], [undefined, undefined]);
  });

  it('gives the token that was made for us first, and that of a GitLab job last', () => {
    const all = { SALLYPORT_FORGE_TOKEN: 'own', GITLAB_TOKEN: 'project', CI_JOB_TOKEN: 'job' };
    assert.deepEqual(findToken(all, 'gitlab'), { token: 'own', kind: 'personal' });
    assert.deepEqual(findToken({ ...all, SALLYPORT_FORGE_TOKEN: ' ' }, 'gitlab'), {
      token: 'project',
      kind: 'personal',
    });
    assert.deepEqual(findToken({ CI_JOB_TOKEN: 'job' }, 'gitlab'), { token: 'job', kind: 'job' });
    assert.equal(findToken({ CI_JOB_TOKEN: 'job' }, 'github'), undefined);
  });

  it("gives GitHub's token to no Gitea, and that of a Gitea job to no GitHub, though they have one name", () => {
    const token = { GITHUB_TOKEN: 'job' };
    const found = { token: 'job', kind: 'personal' };
    assert.deepEqual(findToken(token, 'github'), found);
    assert.equal(findToken({ ...token, GITHUB_ACTIONS: 'true' }, 'gitea'), undefined);
    assert.equal(findToken(token, 'gitea'), undefined);
    for (const mark of ['GITEA_ACTIONS', 'FORGEJO_ACTIONS']) {
      const job = { ...token, GITHUB_ACTIONS: 'true', [mark]: 'true' };
      assert.deepEqual(findToken(job, 'gitea'), found);
      assert.equal(findToken(job, 'github'), undefined);
      assert.deepEqual(findToken({ ...job, GH_TOKEN: 'own' }, 'github'), { token: 'own', kind: 'personal' });
    }
  });
});
