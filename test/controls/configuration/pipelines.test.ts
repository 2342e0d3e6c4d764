import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type Case, checkCase, sentenceOf } from '../cases.ts';
import { compare, compareText, loadTools, type Tools } from '../trees.ts';

const GITHUB = '.github/workflows/ci.yml';
const GITLAB = '.gitlab-ci.yml';
const AZURE = 'azure-pipelines.yml';
const JENKINS = 'Jenkinsfile';

const github = (body: string, head = 'on: push'): string =>
  `${head}\njobs:\n  sec:\n    runs-on: ubuntu-latest\n${body}`;
const azure = (steps: string): string => `trigger: [main]\npool: { vmImage: ubuntu-latest }\nsteps:\n${steps}`;
const jenkins = (steps: string): string =>
  `pipeline {\n  agent any\n  stages {\n    stage('check') {\n      steps {\n${steps}\n      }\n    }\n  }\n}\n`;

const CASES: readonly Case[] = [
  {
    name: 'GitHub: write-all in place of a map of rights',
    file: GITHUB,
    before: `permissions:\n  contents: read\n${github('    steps:\n      - run: npm test\n')}`,
    after: `permissions: write-all\n${github('    steps:\n      - run: npm test\n')}`,
    control: 'pipeline-permission-widened',
    line: 'write-all',
  },
  {
    name: 'GitHub: the block of rights removed',
    file: GITHUB,
    before: `permissions: {}\n${github('    steps:\n      - run: npm test\n')}`,
    after: github('    steps:\n      - run: npm test\n'),
    control: 'pipeline-permission-widened',
  },
  {
    name: 'GitHub: an identity token for a job',
    file: GITHUB,
    before: github('    permissions: { contents: read }\n    steps:\n      - run: npm test\n'),
    after: github('    permissions: { contents: read, id-token: write }\n    steps:\n      - run: npm test\n'),
    control: 'pipeline-permission-widened',
    line: 'id-token',
  },
  {
    name: 'GitHub: rights moved from the file to its only job',
    file: GITHUB,
    before: `permissions: { contents: read }\n${github('    steps:\n      - run: npm test\n')}`,
    after: github('    permissions: { contents: read }\n    steps:\n      - run: npm test\n'),
    control: undefined,
  },
  {
    name: 'GitHub: exit 0 behind a check',
    file: GITHUB,
    before: github('    steps:\n      - run: |\n          npm audit\n'),
    after: github('    steps:\n      - run: |\n          npm audit\n          exit 0\n'),
    control: 'pipeline-failure-ignored',
    line: 'exit 0',
  },
  {
    name: 'GitHub: set +e before a check',
    file: GITHUB,
    before: github('    steps:\n      - run: |\n          npm audit\n'),
    after: github('    steps:\n      - run: |\n          set +e\n          npm audit\n'),
    control: 'pipeline-failure-ignored',
    line: 'set +e',
  },
  {
    name: 'GitHub: a scanner that exits with 0',
    file: GITHUB,
    before: github('    steps:\n      - uses: aquasecurity/trivy-action@v1\n        with:\n          exit-code: "1"\n'),
    after: github('    steps:\n      - uses: aquasecurity/trivy-action@v1\n        with:\n          exit-code: "0"\n'),
    control: 'pipeline-failure-ignored',
    line: 'exit-code',
  },
  {
    name: 'GitHub: the security job removed',
    file: GITHUB,
    before: `${github('    steps:\n      - uses: github/codeql-action/analyze@v3\n')}  build:\n    runs-on: ubuntu-latest\n    steps:\n      - run: make build\n`,
    after: 'on: push\njobs:\n  build:\n    runs-on: ubuntu-latest\n    steps:\n      - run: make build\n',
    control: 'pipeline-check-removed',
  },
  {
    name: 'GitHub: a job renamed with everything in it',
    file: GITHUB,
    before: github(
      "    if: github.ref == 'refs/heads/main'\n    timeout-minutes: 5\n    permissions: { contents: write }\n    steps:\n      - uses: actions/cache@v4\n      - run: npm test || true\n",
    ),
    after: github(
      "    if: github.ref == 'refs/heads/main'\n    timeout-minutes: 5\n    permissions: { contents: write }\n    steps:\n      - uses: actions/cache@v4\n      - run: npm test || true\n",
    ).replace('sec:', 'unit:'),
    control: undefined,
  },
  {
    name: 'GitHub: a new job that ignores the failure of a check is no weakening, but shown',
    file: GITHUB,
    before: github('    steps:\n      - run: npm run build\n'),
    after: `${github('    steps:\n      - run: npm run build\n')}  extra:\n    runs-on: ubuntu-latest\n    steps:\n      - run: npm audit || true\n`,
    control: 'pipeline-failure-ignored',
  },
  {
    name: 'GitHub: an outsider’s event in place of a harmless one',
    file: GITHUB,
    before: github('    steps:\n      - run: npm test\n', 'on: [pull_request]'),
    after: github('    steps:\n      - run: npm test\n', 'on: [pull_request_target]'),
    control: 'pipeline-trigger-widened',
    line: 'pull_request_target',
  },
  {
    name: 'GitHub: every secret handed to a called workflow',
    file: GITHUB,
    before:
      'on: push\njobs:\n  call:\n    uses: acme/flows/.github/workflows/a.yml@08c6903cd8c0fde910a37f88322edcfb5dd907a8\n',
    after:
      'on: push\njobs:\n  call:\n    uses: acme/flows/.github/workflows/a.yml@08c6903cd8c0fde910a37f88322edcfb5dd907a8\n    secrets: inherit\n',
    control: 'pipeline-secret-given',
    line: 'inherit',
  },
  {
    name: 'GitHub: steps in another order, names and quotes changed',
    file: GITHUB,
    before: github('    steps:\n      - run: npm ci\n      - run: npm test\n      - run: npm audit\n'),
    after: github(
      "    # all checks\n    steps:\n      - run: 'npm ci'\n      - name: audit\n        run: npm audit\n      - name: unit tests\n        run: |\n          npm test\n",
    ),
    control: undefined,
  },
  {
    name: 'GitHub: a job of checks that runs only for some',
    file: GITHUB,
    before: github('    steps:\n      - run: npm audit\n'),
    after: github("    if: github.ref == 'refs/heads/main'\n    steps:\n      - run: npm audit\n"),
    control: 'pipeline-check-conditional',
    line: 'if:',
  },
  {
    name: 'GitHub: one more harmless event',
    file: GITHUB,
    before: github('    steps:\n      - uses: actions/checkout@v5\n      - run: npm test\n', 'on: push'),
    after: github('    steps:\n      - uses: actions/checkout@v5\n      - run: npm test\n', 'on: [push, merge_group]'),
    control: undefined,
  },
  {
    name: 'GitHub: a secret for every job',
    file: GITHUB,
    before: github('    steps:\n      - run: npm test\n'),
    after: `env:\n  KEY: \${{ secrets.DEPLOY_KEY }}\n${github('    steps:\n      - run: npm test\n')}`,
    control: 'pipeline-secret-given',
    line: 'DEPLOY_KEY',
  },
  {
    name: 'GitHub: a service with rights over the host',
    file: GITHUB,
    before: github('    services:\n      db:\n        image: db\n    steps:\n      - run: npm test\n'),
    after: github(
      '    services:\n      db:\n        image: db\n        options: --privileged\n    steps:\n      - run: npm test\n',
    ),
    control: 'pipeline-container-opened',
    line: '--privileged',
  },
  {
    name: 'GitLab: a job that may fail',
    file: GITLAB,
    before: 'sast:\n  script:\n    - semgrep ci\n',
    after: 'sast:\n  script:\n    - semgrep ci\n  allow_failure: true\n',
    control: 'pipeline-failure-ignored',
    line: 'allow_failure',
  },
  {
    name: 'GitLab: a check that cannot fail',
    file: GITLAB,
    before: 'sast:\n  script:\n    - semgrep ci\n',
    after: 'sast:\n  script:\n    - semgrep ci || true\n',
    control: 'pipeline-failure-ignored',
    line: '|| true',
  },
  {
    name: 'GitLab: a deployment that nobody starts by hand any more',
    file: GITLAB,
    before: 'deploy:\n  when: manual\n  environment: production\n  script:\n    - ./deploy.sh\n',
    after: 'deploy:\n  environment: production\n  script:\n    - ./deploy.sh\n',
    control: 'pipeline-condition-removed',
  },
  {
    name: 'GitLab: a deployment without its environment',
    file: GITLAB,
    before: 'deploy:\n  environment: production\n  script:\n    - ./deploy.sh\n',
    after: 'deploy:\n  script:\n    - ./deploy.sh\n',
    control: 'pipeline-environment-removed',
  },
  {
    name: 'GitLab: a job that never runs',
    file: GITLAB,
    before: 'sast:\n  script:\n    - semgrep ci\n',
    after: 'sast:\n  script:\n    - semgrep ci\n  rules:\n    - when: never\n',
    control: 'pipeline-check-disabled',
    line: 'never',
  },
  {
    name: 'GitLab: keys in another order, comments added',
    file: GITLAB,
    before: 'sast:\n  stage: test\n  script:\n    - semgrep ci\n  timeout: 10 minutes\n',
    after: '# checks\nsast:\n  timeout: 10 minutes\n  script: [semgrep ci]\n  stage: "test"\n',
    control: undefined,
  },
  {
    name: 'Azure: a step that goes on after a failure',
    file: AZURE,
    before: azure('  - script: npm audit\n'),
    after: azure('  - script: npm audit\n    continueOnError: true\n'),
    control: 'pipeline-failure-ignored',
    line: 'continueOnError',
  },
  {
    name: 'Azure: a check removed',
    file: AZURE,
    before: azure('  - script: npm audit\n  - script: npm run build\n'),
    after: azure('  - script: npm run build\n'),
    control: 'pipeline-check-removed',
  },
  {
    name: 'Azure: the same steps with names',
    file: AZURE,
    before: azure('  - script: npm audit\n'),
    after: azure('  - script: "npm audit"\n    displayName: audit\n'),
    control: undefined,
  },
  {
    name: 'Jenkins: a check that cannot fail',
    file: JENKINS,
    before: jenkins("        sh 'npm audit'"),
    after: jenkins("        sh 'npm audit || true'"),
    control: 'pipeline-failure-ignored',
    line: '|| true',
  },
  {
    name: 'Jenkins: a check whose failure is caught',
    file: JENKINS,
    before: jenkins("        sh 'npm audit'"),
    after: jenkins(
      "        catchError(buildResult: 'SUCCESS', stageResult: 'SUCCESS') {\n          sh 'npm audit'\n        }",
    ),
    control: 'pipeline-failure-ignored',
  },
  {
    name: 'Jenkins: a check removed',
    file: JENKINS,
    before: jenkins("        sh 'npm audit'\n        sh 'npm run build'"),
    after: jenkins("        sh 'npm run build'"),
    control: 'pipeline-check-removed',
  },
  {
    name: 'Jenkins: comments and blanks',
    file: JENKINS,
    before: jenkins("        sh 'npm audit'"),
    after: jenkins("        // look for known faults\n\n        sh 'npm audit'"),
    control: undefined,
  },
];

describe('the comparison of pipelines', () => {
  let tools: Tools;
  before(async () => {
    tools = await loadTools();
  });
  after(() => tools.grammars[Symbol.dispose]());

  for (const one of CASES) it(sentenceOf(one), () => checkCase(one, tools));

  it('sees a check that moved to another pipeline as no loss', () => {
    const check = 'on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: npm audit\n';
    const build = 'on: push\njobs:\n  b:\n    runs-on: x\n    steps:\n      - run: make build\n';
    const both = 'on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: npm audit\n      - run: make build\n';
    const { changes } = compare(
      tools,
      [{ file: '.github/workflows/a.yml', text: both }],
      [
        { file: '.github/workflows/a.yml', text: build },
        { file: '.github/workflows/check.yml', text: check },
      ],
    );
    const found = changes.filter(({ control }) => control === 'pipeline-check-removed');
    assert.deepEqual(
      found.map(({ direction, after: now }) => [direction, now?.file]),
      [['moved', '.github/workflows/check.yml']],
    );
  });

  it('compares a pipeline that was renamed and changed in one go with what it was', () => {
    const steps = ['npm ci', 'npm run build', 'npm test', 'npm audit'].map((line) => `      - run: ${line}\n`).join('');
    const old = github(`    steps:\n${steps}`);
    const { changes } = compare(
      tools,
      [{ file: '.github/workflows/a.yml', text: old }],
      [{ file: '.github/workflows/b.yml', text: old.replace('npm audit', 'npm audit || true') }],
    );
    const seen = changes
      .filter(({ direction }) => direction === 'weakened')
      .map(({ control, severity }) => [control, severity]);
    assert.deepEqual(seen, [['pipeline-failure-ignored', 'high']]);
  });

  it('tells rights of the whole file once, however many jobs have them', () => {
    const jobs = ['a', 'b', 'c'].map((name) => `  ${name}:\n    runs-on: x\n    steps: [{ run: make }]\n`).join('');
    const text = (access: string): string => `on: push\npermissions:\n  contents: ${access}\njobs:\n${jobs}`;
    const { changes } = compareText(tools, GITHUB, text('read'), text('write'));
    assert.deepEqual(
      changes.map(({ control, direction, message }) => [control, direction, message.includes('every job')]),
      [['pipeline-permission-widened', 'weakened', true]],
    );
  });

  it('sees a pipeline that was moved to where nothing starts it', () => {
    const old = github('    steps:\n      - run: npm audit\n');
    const { changes } = compare(tools, [{ file: GITHUB, text: old }], [{ file: 'attic/ci.yml', text: old }]);
    assert.ok(changes.some(({ control, direction }) => control === 'pipeline-removed' && direction === 'weakened'));
  });

  it('follows the files that a GitLab pipeline includes', () => {
    const root = { file: '.gitlab-ci.yml', text: 'include:\n  - local: ci/check.yml\n' };
    const { changes } = compare(
      tools,
      [root, { file: 'ci/check.yml', text: 'sast:\n  script:\n    - semgrep ci\n' }],
      [root, { file: 'ci/check.yml', text: 'sast:\n  script:\n    - semgrep ci || true\n' }],
    );
    const found = changes.find(({ control }) => control === 'pipeline-failure-ignored');
    assert.equal(found?.after?.file, 'ci/check.yml');
  });
});
