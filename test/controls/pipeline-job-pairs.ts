import type { ChangePair } from './change-pair.ts';
import {
  behind,
  CI,
  called,
  chain,
  deployments,
  job,
  joined,
  PIN,
  rights,
  run,
  SCAN,
  scanning,
  servedBy,
  shipping,
  step,
  two,
} from './pipeline-texts.ts';

/** Whose code a job runs, what it waits for, and what it may. */
export const PIPELINE_JOB_PAIRS: readonly ChangePair[] = [
  {
    attack: 'a called pipeline that is somebody else’s now',
    twin: 'a called pipeline in another file of the repository',
    control: 'pipeline-part-moved-out',
    before: { [CI]: called('./.github/workflows/scan.yml'), [SCAN]: scanning },
    lost: { [CI]: called(`other/flows/.github/workflows/scan.yml@${PIN}`) },
    kept: {
      [CI]: called('./.github/workflows/security.yml'),
      [SCAN]: undefined,
      '.github/workflows/security.yml': scanning,
    },
  },
  {
    attack: 'a local action that is somebody else’s now',
    twin: 'a newer version of an action',
    control: 'pipeline-part-moved-out',
    before: {
      [CI]: job(`steps:\n  - uses: ./.github/actions/scan\n  - uses: acme/setup@${PIN}`),
      '.github/actions/scan/action.yml':
        'name: scan\nruns:\n  using: composite\n  steps:\n    - run: semgrep ci\n      shell: bash\n',
    },
    lost: { [CI]: job(`steps:\n  - uses: other/scan@${PIN}\n  - uses: acme/setup@${PIN}`) },
    kept: { [CI]: job(`steps:\n  - uses: ./.github/actions/scan\n  - uses: acme/setup@${'1'.repeat(40)}`) },
  },
  {
    attack: 'the same action of another owner',
    twin: 'the same action, its owner written otherwise',
    control: 'pipeline-owner-changed',
    before: { [CI]: job(`steps:\n  - uses: acme/notify@${PIN}\n  - run: npm test`) },
    lost: { [CI]: job(`steps:\n  - uses: acme-tools/notify@${PIN}\n  - run: npm test`) },
    kept: { [CI]: job(`steps:\n  - uses: Acme/notify@${PIN}\n  - run: npm test`) },
  },
  {
    attack: 'a called pipeline from a branch',
    twin: 'a called pipeline from another commit',
    control: 'pipeline-action-unpinned',
    before: { [CI]: called(`acme/flows/.github/workflows/a.yml@${PIN}`) },
    lost: { [CI]: called('acme/flows/.github/workflows/a.yml@main') },
    kept: { [CI]: called(`acme/flows/.github/workflows/a.yml@${'1'.repeat(40)}`) },
  },
  {
    attack: 'an included project of GitLab from a branch',
    twin: 'an included project of GitLab from another commit',
    control: 'pipeline-action-unpinned',
    before: {
      '.gitlab-ci.yml': `include:\n  - project: acme/parts\n    file: /build.yml\n    ref: ${PIN}\na:\n  script: [make]\n`,
    },
    lost: {
      '.gitlab-ci.yml':
        'include:\n  - project: acme/parts\n    file: /build.yml\n    ref: main\na:\n  script: [make]\n',
    },
    kept: {
      '.gitlab-ci.yml': `include:\n  - project: acme/parts\n    file: /build.yml\n    ref: ${'1'.repeat(40)}\na:\n  script: [make]\n`,
    },
  },
  {
    attack: 'a library of Jenkins from a branch',
    twin: 'a library of Jenkins from another commit',
    control: 'pipeline-action-unpinned',
    before: { Jenkinsfile: `@Library('parts@${PIN}') _\nnode { sh 'make' }\n` },
    lost: { Jenkinsfile: "@Library('parts@main') _\nnode { sh 'make' }\n" },
    kept: { Jenkinsfile: `@Library('parts@${'1'.repeat(40)}') _\nnode { sh 'make' }\n` },
  },
  {
    attack: 'a joining job that is left out when a check fails',
    twin: 'a joining job that runs unless somebody stops the run',
    control: 'pipeline-join-removed',
    before: { [CI]: joined('if: always()\n') },
    lost: { [CI]: joined('') },
    kept: { [CI]: joined('if: ${{ !cancelled() }}\n') },
  },
  {
    attack: 'a joining job that joins nothing',
    twin: 'a joining job that asks in another way',
    control: 'pipeline-join-removed',
    before: { [CI]: joined('if: always()\n') },
    lost: { [CI]: joined('if: always()\n', 'echo passed') },
    kept: { [CI]: joined('if: always()\n', "jq -e 'all(.result == \"success\")' <<< '${{ toJSON(needs) }}'") },
  },
  {
    attack: 'a deployment that runs whatever the checks say',
    twin: 'a deployment that asks for their result',
    control: 'pipeline-failure-overrun',
    before: { [CI]: behind('environment: production\nsteps:\n  - run: ./deploy.sh') },
    lost: { [CI]: behind('if: always()\nenvironment: production\nsteps:\n  - run: ./deploy.sh') },
    kept: {
      [CI]: behind(
        "if: always() && needs.test.result == 'success'\nenvironment: production\nsteps:\n  - run: ./deploy.sh",
      ),
    },
  },
  {
    attack: 'a deployment of GitLab that waits for no stage',
    twin: 'a deployment of GitLab that names what it waits for',
    control: 'pipeline-failure-overrun',
    before: {
      '.gitlab-ci.yml':
        'stages: [test, deploy]\nunit:\n  stage: test\n  script: [npm test]\nship:\n  stage: deploy\n  environment: production\n  script: [./deploy.sh]\n',
    },
    lost: {
      '.gitlab-ci.yml':
        'stages: [test, deploy]\nunit:\n  stage: test\n  script: [npm test]\nship:\n  stage: deploy\n  needs: []\n  environment: production\n  script: [./deploy.sh]\n',
    },
    kept: {
      '.gitlab-ci.yml':
        'stages: [test, deploy]\nunit:\n  stage: test\n  script: [npm test]\nship:\n  stage: deploy\n  needs: [unit]\n  environment: production\n  script: [./deploy.sh]\n',
    },
  },
  {
    attack: 'a deployment of Azure that runs whatever the checks say',
    twin: 'a deployment of Azure that runs when they passed',
    control: 'pipeline-failure-overrun',
    before: {
      'azure-pipelines.yml':
        'trigger: [main]\njobs:\n  - job: test\n    steps: [{ script: npm test }]\n  - deployment: ship\n    dependsOn: test\n    environment: production\n    strategy: { runOnce: { deploy: { steps: [{ script: ./deploy.sh }] } } }\n',
    },
    lost: {
      'azure-pipelines.yml':
        'trigger: [main]\njobs:\n  - job: test\n    steps: [{ script: npm test }]\n  - deployment: ship\n    dependsOn: test\n    condition: succeededOrFailed()\n    environment: production\n    strategy: { runOnce: { deploy: { steps: [{ script: ./deploy.sh }] } } }\n',
    },
    kept: {
      'azure-pipelines.yml':
        'trigger: [main]\njobs:\n  - job: test\n    steps: [{ script: npm test }]\n  - deployment: ship\n    dependsOn: [test]\n    displayName: ship it\n    environment: production\n    strategy: { runOnce: { deploy: { steps: [{ script: ./deploy.sh }] } } }\n',
    },
  },
  {
    attack: 'runs that stop the runs of others',
    twin: 'runs that stop older ones of their own branch',
    control: 'pipeline-run-cancelled',
    before: { [CI]: run('npm test') },
    lost: { [CI]: `concurrency: { group: ci, cancel-in-progress: true }\n${run('npm test')}` },
    kept: {
      [CI]: `concurrency: { group: "ci-\${{ github.head_ref }}", cancel-in-progress: true }\n${run('npm test')}`,
    },
  },
  {
    attack: 'a guard of what leaves a job that only watches',
    twin: 'a guard in a job that had none',
    control: 'pipeline-egress-opened',
    before: {
      [CI]: step('step-security/harden-runner', 'egress-policy: block', 'allowed-endpoints: api.example.test:443'),
      [SCAN]: run('npm test'),
    },
    lost: { [CI]: step('step-security/harden-runner', 'egress-policy: audit') },
    kept: {
      [SCAN]: step('step-security/harden-runner', 'egress-policy: audit').concat('      - run: npm test\n'),
    },
  },
  {
    attack: 'an image of a job by its tag',
    twin: 'an image of a job by another digest',
    control: 'pipeline-image-unpinned',
    before: { '.gitlab-ci.yml': `test:\n  image: node:24@sha256:${'a'.repeat(64)}\n  script: [npm test]\n` },
    lost: { '.gitlab-ci.yml': 'test:\n  image: node:24\n  script: [npm test]\n' },
    kept: { '.gitlab-ci.yml': `test:\n  image: node:24@sha256:${'b'.repeat(64)}\n  script: [npm test]\n` },
  },
  {
    attack: 'a gone job whose twin lost its environment',
    twin: 'a job with a new name beside one like it',
    control: 'pipeline-environment-removed',
    before: { [CI]: deployments('first', 'second') },
    lost: { [CI]: deployments('', 'second').replace(/ {4}environment: production\n/, '') },
    kept: { [CI]: deployments('second', 'third') },
  },
  {
    attack: 'a job that no longer waits for a check',
    twin: 'a job that waits for a check by way of another',
    control: 'pipeline-needs-removed',
    before: { [CI]: chain('needs: [test, build]', 'needs: [test]') },
    lost: { [CI]: chain('needs: [build]', '') },
    kept: { [CI]: chain('needs: [build]', 'needs: [test]') },
  },
  {
    attack: 'rights of the whole file for a job that had none',
    twin: 'rights of the whole file that stand beside its only job now',
    control: 'pipeline-permission-widened',
    before: {
      [CI]: job('steps:\n  - run: ./ship.sh', 'on: push\npermissions: { contents: write }'),
      [SCAN]: rights('{}'),
    },
    lost: { [SCAN]: rights('{ contents: write }') },
    kept: { [CI]: job('permissions: { contents: write }\nsteps:\n  - run: ./ship.sh', 'on: push\npermissions: {}') },
  },
  {
    attack: 'an action by its tag where it was pinned, though another job has it by that tag',
    twin: 'a job with an action as another job has it',
    control: 'pipeline-action-unpinned',
    before: { [CI]: two(`uses: acme/tool@${PIN}`, 'uses: acme/tool@v1') },
    lost: { [CI]: two('uses: acme/tool@v1', 'uses: acme/tool@v1') },
    kept: {
      [CI]: `${two(`uses: acme/tool@${PIN}`, 'uses: acme/tool@v1')}  c:\n    runs-on: x\n    steps:\n      - uses: acme/tool@v1\n`,
    },
  },
  {
    attack: 'a stage of Jenkins for every branch',
    twin: 'another command behind a condition of Jenkins',
    control: 'pipeline-condition-removed',
    before: { Jenkinsfile: shipping("when { branch 'main' }", './ship.sh one') },
    lost: { Jenkinsfile: shipping('', './ship.sh one') },
    kept: { Jenkinsfile: shipping("when { branch 'main' }", './ship.sh one two') },
  },
  {
    attack: 'a condition of a job that asks for something else',
    twin: 'a condition of a job that asks for more',
    control: 'pipeline-condition-removed',
    before: { [CI]: job("if: github.ref == 'refs/heads/main' && vars.SHIP == 'yes'\nsteps:\n  - run: ./ship.sh") },
    lost: { [CI]: job("if: github.ref == 'refs/heads/main' && vars.ANY == 'yes'\nsteps:\n  - run: ./ship.sh") },
    kept: {
      [CI]: job(
        "if: ${{ vars.SHIP == 'yes' && github.ref == 'refs/heads/main' && github.actor != 'a && b' }}\nsteps:\n  - run: ./ship.sh",
      ),
    },
  },
  {
    attack: 'a step of the repository that is somebody else’s now, under its name',
    twin: 'a second step with the name and the action of another',
    control: 'pipeline-part-moved-out',
    before: {
      [CI]: two('name: scan\n        uses: ./.github/actions/scan', 'name: build\n        uses: acme/build@v1'),
    },
    lost: { [CI]: two(`name: scan\n        uses: acme/other@${PIN}`, 'name: build\n        uses: acme/build@v1') },
    kept: {
      [CI]: two(
        'name: scan\n        uses: ./.github/actions/scan',
        'name: build\n        uses: acme/build@v1\n      - name: build\n        uses: acme/build@v1',
      ),
    },
  },
  {
    attack: 'one of two services without its digest',
    twin: 'one of two services that is gone',
    control: 'pipeline-image-unpinned',
    before: { [CI]: servedBy(`db@sha256:${'a'.repeat(64)}`, `db@sha256:${'b'.repeat(64)}`) },
    lost: { [CI]: servedBy(`db@sha256:${'a'.repeat(64)}`, 'db:18') },
    kept: { [CI]: servedBy(`db@sha256:${'a'.repeat(64)}`) },
  },
  {
    attack: 'a deployment with a test of its own that runs whatever the checks say',
    twin: 'a check that runs whatever the others say',
    control: 'pipeline-failure-overrun',
    before: {
      [CI]: behind('environment: production\nsteps:\n  - run: test -f app && ./deploy.sh'),
      [SCAN]: behind('steps:\n  - run: npm audit'),
    },
    lost: { [CI]: behind('if: always()\nenvironment: production\nsteps:\n  - run: test -f app && ./deploy.sh') },
    kept: { [SCAN]: behind('if: always()\nsteps:\n  - run: npm audit') },
  },
];
