import { agentCommand, applyCommands, INSTALL_SALLYPORT, INSTALL_SANDBOX, installAgent } from './commands.ts';
import type { Needs } from './needs.ts';

const OUT = '$WORKSPACE_TMP/sallyport-out';
const KEPT = 'sallyport-out';
const PACKAGE =
  '// Set SALLYPORT_PACKAGE to the package that `npm pack` made of Sallyport: a file or an https address.';

/**
 * The agent's stage, and the stage that proposes its patch when something is written. It stays away from pull requests:
 * one of a fork may bring its own Jenkinsfile to the credentials of the job.
 */
export function jenkinsAgent(needs: Needs): string {
  const { writes, minutes, agent, dependencies } = needs;
  return pipeline(
    [
      `// Made by \`sallyport init\`: ${agent.title}, contained, on branches of this repository. The base is origin/main.`,
    ],
    minutes + 15,
    [
      ...stage('Agent', 'machines with Node 24 that are used for one build', [
        `      when { ${writes ? "branch 'main'" : 'not { changeRequest() }'} }`,
        '      steps {',
        '        checkout scm // its credentials stay with the controller',
        `        sh '${INSTALL_SANDBOX}'`,
        `        sh '${INSTALL_SALLYPORT}'`,
        `        sh '${installAgent(needs)}'`,
        ...(dependencies ? [`        sh '${dependencies.command}'`] : []),
        "        sh 'sallyport doctor' // nothing starts where the sandbox does not hold",
        `        withCredentials([string(credentialsId: '${credentialOf(agent.key)}', variable: '${agent.key}')]) { // this step only`,
        `          sh ${groovy(agentCommand(needs, OUT, 'origin/main'))}`,
        '        }',
        '      }',
        '      post {',
        '        always {',
        `          sh 'if [ -d "${OUT}" ]; then mv -- "${OUT}" ${KEPT}; fi'`,
        `          archiveArtifacts artifacts: '${KEPT}/**', allowEmptyArchive: true`,
        ...(writes ? [`          stash name: 'patch', includes: '${KEPT}/changes.patch', allowEmpty: true`] : []),
        '          deleteDir()',
        '        }',
        '      }',
      ]),
      ...(writes ? applyStage() : []),
    ],
  );
}

/** The merge check: what a pull request adds. It has no credentials. */
export function jenkinsCheck(): string {
  return pipeline(['// Made by `sallyport init`: what a pull request adds to the ways of an attack, judged.'], 10, [
    ...stage('Check', 'no credentials here', [
      '      when { changeRequest() }',
      '      steps {',
      '        checkout scm',
      `        sh '${INSTALL_SALLYPORT}'`,
      `        sh 'sallyport ci --base "origin/$CHANGE_TARGET"'`,
      '      }',
      '      post { always { deleteDir() } }',
    ]),
  ]);
}

function applyStage(): readonly string[] {
  const push = 'git push origin "HEAD:refs/heads/sallyport/run-$BUILD_NUMBER"';
  return stage('Apply', 'holds the right to write; no agent and no program of the repository runs here', [
    "      when { branch 'main' }",
    '      steps {',
    '        checkout scm',
    "        unstash 'patch'",
    `        sh '${INSTALL_SALLYPORT}'`,
    "        sh '''",
    '          set -eu',
    ...applyCommands(`${KEPT}/changes.patch`).map((line) => `          ${line}`),
    "        '''",
    "        withCredentials([gitUsernamePassword(credentialsId: 'sallyport-push')]) { // this step only",
    `          sh '${push}'`,
    '        }',
    '      }',
    '      post { always { deleteDir() } }',
  ]);
}

function pipeline(opening: readonly string[], minutes: number, stages: readonly string[]): string {
  return [
    ...opening,
    PACKAGE,
    'pipeline {',
    '  agent none',
    '  options {',
    `    timeout(time: ${minutes}, unit: 'MINUTES')`,
    '    skipDefaultCheckout()',
    '    disableConcurrentBuilds(abortPrevious: true)',
    '  }',
    '  stages {',
    ...stages,
    '  }',
    '}',
    '',
  ].join('\n');
}

function stage(name: string, why: string, body: readonly string[]): readonly string[] {
  return [`    stage('${name}') { // ${why}`, "      agent { label 'sallyport' }", ...body, '    }'];
}

/** `ANTHROPIC_API_KEY` is kept as `anthropic-api-key`. */
function credentialOf(key: string): string {
  return key.toLowerCase().replaceAll('_', '-');
}

/** A Groovy string without interpolation. */
function groovy(command: string): string {
  return `'${command.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
