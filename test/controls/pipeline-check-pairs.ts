import type { ChangePair } from './change-pair.ts';
import { CI, called, job, matrix, PIN, run, SCAN, scanning, step } from './pipeline-texts.ts';

/** A check is still named, and does less. */
export const PIPELINE_CHECK_PAIRS: readonly ChangePair[] = [
  {
    attack: 'a check taken out of a matrix',
    twin: 'a version taken out of a matrix',
    control: 'pipeline-matrix-narrowed',
    before: { [CI]: matrix('unit, lint, sast') },
    lost: { [CI]: matrix('unit, lint') },
    kept: { [CI]: matrix('sast, unit, lint').replace('22, 24', '24') },
  },
  {
    attack: 'a check that a matrix leaves out',
    twin: 'a combination of systems that a matrix leaves out',
    control: 'pipeline-matrix-narrowed',
    before: { [CI]: matrix('unit, sast') },
    lost: { [CI]: matrix('unit, sast').replace('    node', '    exclude: [{ check: sast }]\n        node') },
    kept: { [CI]: matrix('unit, sast').replace('    node', '    exclude: [{ os: windows }]\n        node') },
  },
  {
    attack: 'a language that a scanner is no longer given',
    twin: 'one more language',
    control: 'pipeline-matrix-narrowed',
    before: {
      [CI]: job(
        `strategy:\n  matrix:\n    language: [java, javascript]\nsteps:\n  - uses: github/codeql-action/init@${PIN}\n    with:\n      languages: \${{ matrix.language }}`,
      ),
    },
    lost: {
      [CI]: job(
        `strategy:\n  matrix:\n    language: [javascript]\nsteps:\n  - uses: github/codeql-action/init@${PIN}\n    with:\n      languages: \${{ matrix.language }}`,
      ),
    },
    kept: {
      [CI]: job(
        `strategy:\n  matrix:\n    language: [go, javascript, java]\nsteps:\n  - uses: github/codeql-action/init@${PIN}\n    with:\n      languages: \${{ matrix.language }}`,
      ),
    },
  },
  {
    attack: 'a suite taken out of a matrix of GitLab',
    twin: 'suites of GitLab in another order',
    control: 'pipeline-matrix-narrowed',
    before: {
      '.gitlab-ci.yml':
        'all:\n  parallel:\n    matrix:\n      - SUITE: [unit, permissions]\n  script: [./ci.sh $SUITE]\n',
    },
    lost: { '.gitlab-ci.yml': 'all:\n  parallel:\n    matrix:\n      - SUITE: [unit]\n  script: [./ci.sh $SUITE]\n' },
    kept: {
      '.gitlab-ci.yml':
        'all:\n  parallel:\n    matrix:\n      - SUITE: [permissions, unit, e2e]\n  script: [./ci.sh $SUITE]\n',
    },
  },
  {
    attack: 'a check taken out of a matrix of Azure',
    twin: 'a leg of Azure with another name',
    control: 'pipeline-matrix-narrowed',
    before: {
      'azure-pipelines.yml':
        'trigger: [main]\npool: { vmImage: ubuntu-latest }\nstrategy:\n  matrix:\n    one: { check: unit }\n    two: { check: sast }\nsteps:\n  - script: ./ci.sh $(check)\n',
    },
    lost: {
      'azure-pipelines.yml':
        'trigger: [main]\npool: { vmImage: ubuntu-latest }\nstrategy:\n  matrix:\n    one: { check: unit }\nsteps:\n  - script: ./ci.sh $(check)\n',
    },
    kept: {
      'azure-pipelines.yml':
        'trigger: [main]\npool: { vmImage: ubuntu-latest }\nstrategy:\n  matrix:\n    first: { check: unit }\n    second: { check: sast }\nsteps:\n  - script: ./ci.sh $(check)\n',
    },
  },
  {
    attack: 'a check taken out of the axes of Jenkins',
    twin: 'one more axis of Jenkins',
    control: 'pipeline-matrix-narrowed',
    before: {
      Jenkinsfile:
        "pipeline { agent any\n stages { stage('all') { matrix { axes { axis { name 'CHECK'\n values 'unit', 'sast' } }\n stages { stage('run') { steps { sh './ci.sh' } } } } } } }\n",
    },
    lost: {
      Jenkinsfile:
        "pipeline { agent any\n stages { stage('all') { matrix { axes { axis { name 'CHECK'\n values 'unit' } }\n stages { stage('run') { steps { sh './ci.sh' } } } } } } }\n",
    },
    kept: {
      Jenkinsfile:
        "pipeline { agent any\n stages { stage('all') { matrix { axes { axis { name 'CHECK'\n values 'sast', 'unit' }\n axis { name 'JDK'\n values '21', '25' } }\n stages { stage('run') { steps { sh './ci.sh' } } } } } } }\n",
    },
  },
  {
    attack: 'a pipeline of checks that nobody calls any more',
    twin: 'a called pipeline that was written out in place',
    control: 'pipeline-check-removed',
    before: { [CI]: called('./.github/workflows/scan.yml'), [SCAN]: scanning },
    lost: { [CI]: called('x').replace(/ {2}scan:\n.*\n/, '') },
    kept: {
      [CI]: called('x').replace('    uses: x\n', '    runs-on: x\n    steps:\n      - run: semgrep ci\n'),
      [SCAN]: undefined,
    },
  },
  {
    attack: 'a template of checks that GitLab no longer includes',
    twin: 'templates in another order',
    control: 'pipeline-check-removed',
    before: {
      '.gitlab-ci.yml':
        'include:\n  - template: Security/SAST.gitlab-ci.yml\n  - template: Jobs/Build.gitlab-ci.yml\nbuild:\n  script: [make]\n',
    },
    lost: { '.gitlab-ci.yml': 'include:\n  - template: Jobs/Build.gitlab-ci.yml\nbuild:\n  script: [make]\n' },
    kept: {
      '.gitlab-ci.yml':
        'include:\n  - template: Jobs/Build.gitlab-ci.yml\n  - template: Security/SAST.gitlab-ci.yml\nbuild:\n  script: [make]\n',
    },
  },
  {
    attack: 'a scanner that minds only the worst',
    twin: 'a scanner that minds more',
    control: 'pipeline-check-loosened',
    before: { [CI]: step('anchore/scan-action', 'severity-cutoff: high', 'fail-build: true') },
    lost: { [CI]: step('anchore/scan-action', 'severity-cutoff: critical', 'fail-build: true') },
    kept: { [CI]: step('anchore/scan-action', 'fail-build: true', 'severity-cutoff: medium') },
  },
  {
    attack: 'a scanner that no longer fails the build',
    twin: 'a scanner that says what it found in another form',
    control: 'pipeline-failure-ignored',
    before: { [CI]: step('anchore/scan-action', 'severity-cutoff: high', 'fail-build: true') },
    lost: { [CI]: step('anchore/scan-action', 'severity-cutoff: high', 'fail-build: false') },
    kept: { [CI]: step('anchore/scan-action', 'severity-cutoff: high', 'fail-build: "true"', 'output-format: sarif') },
  },
  {
    attack: 'a scanner without its exit code',
    twin: 'a scanner with another exit code',
    control: 'pipeline-failure-ignored',
    before: { [CI]: step('aquasecurity/trivy-action', 'exit-code: 1', 'severity: CRITICAL,HIGH') },
    lost: { [CI]: step('aquasecurity/trivy-action', 'severity: CRITICAL,HIGH') },
    kept: { [CI]: step('aquasecurity/trivy-action', 'severity: HIGH,CRITICAL', 'exit-code: 2') },
  },
  {
    attack: 'a scanner that minds fewer levels',
    twin: 'levels in another order',
    control: 'pipeline-check-loosened',
    before: { [CI]: run('trivy fs --exit-code 1 --severity HIGH,CRITICAL .') },
    lost: { [CI]: run('trivy fs --exit-code 1 --severity CRITICAL .') },
    kept: { [CI]: run('trivy fs --severity=CRITICAL,HIGH --exit-code=1 .') },
  },
  {
    attack: 'a scanner that leaves out a folder of sign-in',
    twin: 'a scanner that leaves out nothing more',
    control: 'pipeline-check-narrowed',
    before: { [CI]: run('semgrep ci --exclude dist') },
    lost: { [CI]: run('semgrep ci --exclude dist --exclude src/auth') },
    kept: { [CI]: run('semgrep ci --metrics=off --exclude=dist') },
  },
  {
    attack: 'a threshold of tests in a script of a package',
    twin: 'a higher threshold of tests',
    control: 'pipeline-check-loosened',
    before: { 'package.json': '{"scripts":{"audit":"npm audit --audit-level=moderate"}}' },
    lost: { 'package.json': '{"scripts":{"audit":"npm audit --audit-level=high"}}' },
    kept: { 'package.json': '{"scripts":{"audit":"npm audit --audit-level low"}}' },
  },
  {
    attack: 'a scanner of GitLab that is switched off by a variable',
    twin: 'another variable',
    control: 'pipeline-failure-ignored',
    before: { '.gitlab-ci.yml': 'variables:\n  NODE: "24"\nbuild:\n  script: [make]\n' },
    lost: { '.gitlab-ci.yml': 'variables:\n  NODE: "24"\n  SAST_DISABLED: "true"\nbuild:\n  script: [make]\n' },
    kept: { '.gitlab-ci.yml': 'variables:\n  NODE: "26"\n  SAST_DISABLED: "false"\nbuild:\n  script: [make]\n' },
  },
  {
    attack: 'folders that a scanner of GitLab leaves out by a variable',
    twin: 'the same folders in another order',
    control: 'pipeline-check-narrowed',
    before: { '.gitlab-ci.yml': 'variables:\n  SAST_EXCLUDED_PATHS: "spec, tmp"\nbuild:\n  script: [make]\n' },
    lost: { '.gitlab-ci.yml': 'variables:\n  SAST_EXCLUDED_PATHS: "spec, tmp, app"\nbuild:\n  script: [make]\n' },
    kept: { '.gitlab-ci.yml': 'variables:\n  SAST_EXCLUDED_PATHS: "tmp,spec"\nbuild:\n  script: [make]\n' },
  },
  {
    attack: 'sessions of tests that no longer run',
    twin: 'a session that tests nothing and no longer runs',
    control: 'pipeline-check-removed',
    before: { [CI]: run('nox -s tests', 'nox --force-color -s update_locks') },
    lost: { [CI]: run('nox --force-color -s update_locks') },
    kept: { [CI]: run('nox -s tests') },
  },
  {
    attack: 'a check that a matrix leaves out for all versions',
    twin: 'a check that a matrix leaves out for one version',
    control: 'pipeline-matrix-narrowed',
    before: { [CI]: matrix('unit, sast') },
    lost: { [CI]: matrix('unit, sast').replace('    node', '    exclude: [{ check: sast }]\n        node') },
    kept: { [CI]: matrix('unit, sast').replace('    node', '    exclude: [{ check: sast, node: 22 }]\n        node') },
  },
  {
    attack: 'a level of a scanner',
    twin: 'a level of something that is no check',
    control: 'pipeline-check-loosened',
    before: { [CI]: step('acme/code-scan', 'level: high'), [SCAN]: step('acme/notify', 'level: high') },
    lost: { [CI]: step('acme/code-scan', 'level: critical') },
    kept: { [SCAN]: step('acme/notify', 'level: critical') },
  },
];
