/** Values that a script has checked, shortened or only quotes; and places of other platforms and of server lines. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findings, marks } from './audited.ts';

const FILE = '.github/workflows/work.yml';

function script(lines: readonly string[], name = 'TITLE', value = '${{ github.event.issue.title }}') {
  const body = lines.map((line) => `          ${line}\n`).join('');
  return {
    [FILE]: `on: issues\npermissions: {}\njobs:\n  work:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: |\n${body}        env:\n          ${name}: ${value}\n`,
  };
}

function count(rule: string, ...lines: readonly string[]): number {
  return findings(script(lines), rule).length;
}

describe('an argument that begins with outside text', () => {
  it('is none where it is the value of an option, of two words for jq', () => {
    assert.equal(count('CI019', `jq --arg title "$TITLE" '.title = $title' issue.json`), 0);
    assert.equal(count('CI019', 'jq "$TITLE" issue.json'), 1);
  });

  it('is none behind a check of how it begins', () => {
    const check = (pattern: string) => [`if [[ "$TITLE" =~ ${pattern} ]]; then`, '  curl "$TITLE"', 'fi'];
    assert.equal(count('CI019', ...check('^https://example\\.test/')), 0);
    assert.equal(count('CI019', ...check('^[0-9a-z]+$')), 0);
    assert.equal(count('CI019', ...check('^[a-z-]+$')), 1);
    assert.equal(count('CI019', ...check('https://')), 1);
    assert.equal(count('CI019', 'curl "$TITLE"', '[[ "$TITLE" =~ ^https:// ]]'), 1);
  });
});

describe('outside text in the environment of later steps', () => {
  it('is reported, and not where the script made it one line', () => {
    assert.equal(count('CI006', 'echo "NAME=$TITLE" >> "$GITHUB_ENV"'), 1);
    assert.equal(count('CI006', `NAME=$(echo "$TITLE" | tr -d '\\n')`, 'echo "NAME=$NAME" >> "$GITHUB_ENV"'), 0);
    assert.equal(count('CI006', 'NAME=$(echo "$TITLE" | cat)', 'echo "NAME=$NAME" >> "$GITHUB_ENV"'), 1);
    assert.equal(count('CI006', `NAME=$(echo "$TITLE" | tr -d '\\n')`, 'echo "$NAME" >> "$GITHUB_PATH"'), 1);
  });

  it('is not what stands in the summary', () => {
    assert.equal(count('CI006', 'echo "From $TITLE" >> "$GITHUB_STEP_SUMMARY"'), 0);
  });
});

describe('a trigger that brings outside content', () => {
  it('is shown with the checkout that brings it', () => {
    const text = (ref: string) =>
      `on: pull_request_target\npermissions: {}\njobs:\n  work:\n    runs-on: ubuntu-24.04\n    steps:\n      - uses: actions/checkout@v4\n${ref}`;
    const head = { [FILE]: text(`        with:\n          ref: refs/pull/\${{ github.event.number }}/merge\n`) };
    assert.deepEqual(
      findings(head, 'CI004').flatMap(({ related }) => related.map(({ message }) => message)),
      ['brings what an outsider wrote onto the disk'],
    );
    assert.deepEqual(
      findings({ [FILE]: text('') }, 'CI004').flatMap(({ related }) => related),
      [],
    );
  });
});

describe('a field of what the forge answered', () => {
  const file = (field: string, action = 'octokit/request-action@v2.x') => ({
    [FILE]: `on:\n  workflow_run:\n    workflows: [Tests]\njobs:\n  work:\n    runs-on: ubuntu-24.04\n    steps:\n      - id: pull\n        uses: ${action}\n        with:\n          route: GET /repos/acme/app/pulls/5\n      - run: echo \${{ fromJson(steps.pull.outputs.data).${field} }}\n`,
  });
  const severe = (field: string) =>
    findings(file(field), 'CI001').filter(({ severity }) => severity === 'critical' || severity === 'high').length;

  it('is outside text where a person writes it, and none where it is a number or a branch of the repository', () => {
    for (const field of ['title', 'head.ref', 'user.bio']) assert.equal(severe(field), 1, field);
    for (const field of ['number', 'base.ref', 'head.sha', 'merged']) assert.equal(severe(field), 0, field);
  });
});

describe('a literal under the name of a credential', () => {
  it('is one, and none where it only counts up', () => {
    const env = (value: string) => ({
      [FILE]: `on: push\njobs:\n  work:\n    runs-on: ubuntu-24.04\n    env:\n      STORE_SECRET_KEY: ${value}\n    steps:\n      - run: make\n`,
    });
    assert.equal(findings(env('q8Zr2LxYv9Tn4Wb7Kd1Fs6Hj3Mc5Pg0A'), 'CI011').length, 1);
    assert.equal(findings(env('e2e0123456789abcdef0123456789abcdef'), 'CI011').length, 0);
  });
});

describe('other platforms', () => {
  it('run downloaded programs, too', () => {
    const azure = (command: string) => ({
      'azure-pipelines.yml': `trigger: none\npool:\n  vmImage: ubuntu-24.04\nsteps:\n  - bash: ${command}\n`,
    });
    assert.equal(findings(azure('curl https://example.test/install.sh | bash'), 'CI020').length, 1);
    assert.equal(findings(azure('curl -o page.html https://example.test/'), 'CI020').length, 0);
  });

  it('put an input of a component into a script as program text', () => {
    const component = (command: string) => ({
      '.gitlab-ci.yml': `spec:\n  inputs:\n    folder:\n      default: app\n---\ntest:\n  script:\n    - ${command}\n`,
    });
    assert.deepEqual(marks(component('cd $[[ inputs.folder ]]'), 'CI030'), ['low $[[ inputs.folder ]]']);
    assert.deepEqual(marks(component('cd "$FOLDER"'), 'CI030'), []);
  });
});

describe('an MCP server', () => {
  const server = (entry: object) => ({ '.mcp.json': JSON.stringify({ mcpServers: { notes: entry } }) });

  it('whose command is a line of shell is read as one', () => {
    assert.equal(findings(server({ command: 'curl https://example.test/install.sh | sh' }), 'CFG003').length, 1);
    assert.equal(findings(server({ command: 'C:/Program Files/notes/server.exe' }), 'CFG003').length, 0);
  });

  it('with joined words under the name of a key holds a literal value', () => {
    const key = (value: string) => marks(server({ command: 'notes', env: { API_KEY: value } }), 'CRD015');
    assert.deepEqual(key('correct-horse-battery'), ['low "correct-horse-battery"']);
    for (const value of ['your-api-key-here', '${API_KEY}', 'from-the-token-store', 'none'])
      assert.deepEqual(key(value), []);
  });
});
