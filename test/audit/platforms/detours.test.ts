/** Text and agents that come by a detour in pipelines of other systems: the whole path, and the same job without the hole. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { auditOf } from '../whole-program.ts';
import { DIGEST, describePairs } from './pair.ts';

const SAFE = '--tools "Read,Grep" --setting-sources user --strict-mcp-config --max-turns 9';

const gitlab = (script: readonly string[]): string => `agent:
  image: registry.example.com/ci/claude@sha256:${DIGEST}
  timeout: 10m
  rules:
    - if: $CI_PIPELINE_SOURCE == "schedule" && $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
  script:
${script.map((line) => `    - ${JSON.stringify(line)}\n`).join('')}`;

const INCIDENT =
  'INC=$(curl -s -u "$SNOW_USER:$SNOW_PASS" https://example.service-now.com/api/now/table/incident | jq -r .result[0].description)';

describePairs('GitLab, by a detour', [
  {
    what: 'a ticket in a variable of the shell',
    attack: {
      '.gitlab-ci.yml': gitlab([INCIDENT, 'claude -p "Resolve this. $INC" --dangerously-skip-permissions']),
    },
    twin: { '.gitlab-ci.yml': gitlab([INCIDENT, `claude -p "Which modules have no tests?" ${SAFE}`]) },
    paths: [{ rule: 'PATH01', says: /SNOW_PASS/, meets: 'curl -s' }],
  },
  {
    what: 'a script that one line writes and the next one runs',
    attack: {
      '.gitlab-ci.yml': gitlab([
        INCIDENT,
        'cat > fix.sh <<\'E\'\nclaude -p "Resolve this. $INC" --dangerously-skip-permissions\nE',
        'source fix.sh',
      ]),
    },
    twin: {
      '.gitlab-ci.yml': gitlab([INCIDENT, `echo 'claude -p "Explain the modules" ${SAFE}' > fix.sh`, 'sh fix.sh']),
    },
    paths: [{ rule: 'PATH01', says: /SNOW_PASS/, meets: 'curl -s' }],
  },
]);

const child = (task: string, agent: string): Record<string, string> => ({
  '.gitlab-ci.yml': `call:
  rules: [{ if: $CI_PIPELINE_SOURCE == "merge_request_event" }]
  variables:
    TASK: ${JSON.stringify(task)}
  trigger:
    include: ci/agent.yml
`,
  'ci/agent.yml': `agent:
  image: registry.example.com/ci/claude@sha256:${DIGEST}
  timeout: 10m
  rules: [{ if: $CI_PIPELINE_SOURCE == "parent_pipeline" }]
  script:
    - ${agent}
    - deploy --token "$DEPLOY_TOKEN"
`,
});

describePairs('GitLab, in a child pipeline', [
  {
    what: 'the description of a merge request in a variable of the starting job',
    attack: child('$CI_MERGE_REQUEST_DESCRIPTION', 'claude -p "$TASK" --dangerously-skip-permissions'),
    twin: child('Which modules have no tests?', `claude -p "$TASK" ${SAFE}`),
    paths: [{ rule: 'PATH03', says: /DEPLOY_TOKEN/, meets: 'CI_MERGE_REQUEST_DESCRIPTION' }],
  },
]);

it('what a client shows to a server is not what the answer holds', () => {
  const script = gitlab([INCIDENT, 'claude -p "Resolve this. $INC" --dangerously-skip-permissions']);
  const rules = (text: string) => auditOf({ '.gitlab-ci.yml': text }).findings.map(({ rule }) => rule);
  assert.ok(!rules(script).includes('INP010'));
  assert.ok(rules(script.replace(/"INC=.*\n/, '"INC=$(echo $SNOW_PASS)"\n')).includes('INP010'));
});

const jenkins = (steps: string): string => `pipeline {
  agent { label 'agents-ephemeral' }
  options { timeout(time: 15, unit: 'MINUTES') }
  stages {
    stage('agent') {
      when { changeRequest() }
      environment { ANTHROPIC_API_KEY = credentials('claude') }
      steps {
${steps}
      }
    }
  }
  post { always { cleanWs() } }
}
`;
const onMain = (text: string): string => text.replace('changeRequest()', "branch 'main'");
const TOX = (command: string): string =>
  `[testenv]\ncommands = pytest\n\n[testenv:agent]\ncommands =\n    ${command}\n`;

describePairs('Jenkins, by a detour', [
  {
    what: 'a script that a step writes',
    attack: {
      Jenkinsfile: jenkins(`        writeFile file: 'run.sh', text: '''#!/bin/sh
claude -p "Answer the change $CHANGE_TITLE" --dangerously-skip-permissions
'''
        sh 'sh run.sh'`),
    },
    twin: {
      Jenkinsfile: onMain(
        jenkins(`        writeFile file: 'run.sh', text: 'claude -p "Explain src" ${SAFE}'\n        sh 'sh run.sh'`),
      ),
    },
    paths: [{ rule: 'PATH01', says: /^Anyone/, meets: 'CHANGE_TITLE' }],
  },
  {
    what: 'an environment of tox',
    attack: {
      Jenkinsfile: jenkins("        sh 'tox -e lint,agent'"),
      'tox.ini': TOX(`sh -c 'claude -p "Describe $CHANGE_TITLE" --dangerously-skip-permissions'`),
    },
    twin: {
      Jenkinsfile: jenkins("        sh 'tox -e py312'"),
      'tox.ini': TOX(`sh -c 'claude -p "Describe $CHANGE_TITLE" --dangerously-skip-permissions'`),
    },
    paths: [{ rule: 'PATH01', says: /^Anyone/, meets: 'CHANGE_TITLE' }],
  },
]);

const azure = (steps: string): string => `trigger: none
pr: none
schedules:
  - cron: '0 3 * * *'
    branches: { include: [main] }
pool: { vmImage: windows-2022 }
jobs:
  - job: work
    timeoutInMinutes: 15
    steps:
      - checkout: self
        persistCredentials: false
${steps}
        env:
          ANTHROPIC_API_KEY: $(ANTHROPIC_API_KEY)
`;

describePairs('Azure, by a detour', [
  {
    what: 'a work item in a list of PowerShell',
    attack: {
      'azure-pipelines.yml': azure(`      - pwsh: |
          $item = (Invoke-RestMethod -Uri "$env:SYSTEM_COLLECTIONURI/_apis/wit/workitems/7" -Headers @{ A = "b" }).fields
          $opts = @("--dangerously-skip-permissions", "-p", "Do $($item.title)")
          claude @opts`),
    },
    twin: {
      'azure-pipelines.yml': azure(`      - pwsh: |
          $item = (Invoke-RestMethod -Uri "$env:SYSTEM_COLLECTIONURI/_apis/wit/workitems/7" -Headers @{ A = "b" }).id
          $opts = @("-p", "Explain src", "--tools", "Read", "--setting-sources", "user", "--strict-mcp-config")
          claude @opts`),
    },
    paths: [{ rule: 'PATH01', says: /ANTHROPIC_API_KEY/, meets: 'Invoke-RestMethod' }],
  },
  {
    what: 'a script of the step before',
    attack: {
      'azure-pipelines.yml': azure(`      - bash: |
          curl -s https://example.youtrack.cloud/api/issues?fields=summary -o task.json
          cat > go.sh <<'S'
          claude -p "$(jq -r .[0].summary task.json)" --dangerously-skip-permissions
          S
      - bash: bash ./go.sh`),
    },
    twin: {
      'azure-pipelines.yml': azure(`      - bash: |
          curl -s https://example.youtrack.cloud/api/issues?fields=summary -o task.json
          echo 'jq length task.json' > go.sh
      - bash: bash ./go.sh`),
    },
    paths: [{ rule: 'PATH01', says: /ANTHROPIC_API_KEY/, meets: 'youtrack' }],
  },
]);
