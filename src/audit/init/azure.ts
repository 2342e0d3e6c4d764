import {
  ALLOW_NAMESPACES,
  agentCommand,
  applyCommands,
  INSTALL_SALLYPORT,
  INSTALL_SANDBOX,
  installAgent,
} from './commands.ts';
import type { Needs } from './needs.ts';

const OUT = '$AGENT_TEMPDIRECTORY/sallyport-out';
const KEPT = '$(Agent.TempDirectory)/sallyport-out';

const PACKAGE =
  '# Set the variable SALLYPORT_PACKAGE to the package that `npm pack` made of Sallyport: a file or an https address.';
const PULL_REQUESTS = ['pr:', '  branches:', "    include: ['*']"];

/** An agent that reviews, and the merge check: both start with a pull request. */
export function azurePipeline(needs: Needs): string {
  return pipeline(
    [
      `# Made by \`sallyport init\`: ${needs.agent.title}, contained; and what a pull request adds, judged.`,
      keyNote(needs),
    ],
    PULL_REQUESTS,
    [...agentJob(needs), ...checkJob()],
  );
}

/** The agent's job, and the job that proposes its patch when something is written. */
export function azureAgent(needs: Needs): string {
  return pipeline(
    [`# Made by \`sallyport init\`: ${needs.agent.title}, contained.`, keyNote(needs)],
    needs.writes ? ['pr: none # people with the right to queue it start it'] : PULL_REQUESTS,
    [...agentJob(needs), ...(needs.writes ? applyJob() : [])],
  );
}

/** The merge check alone. */
export function azureCheck(): string {
  return pipeline(
    ['# Made by `sallyport init`: audit, review and gate of a pull request. It has no rights and no key.'],
    PULL_REQUESTS,
    checkJob(),
  );
}

function keyNote({ agent }: Needs): string {
  return `# ${agent.key} is a secret variable: it reaches only the step that names it.`;
}

function pipeline(
  [opening = '', ...notes]: readonly string[],
  start: readonly string[],
  jobs: readonly string[],
): string {
  return [opening, PACKAGE, ...notes, 'trigger: none', ...start, 'jobs:', ...jobs, ''].join('\n');
}

function agentJob(needs: Needs): readonly string[] {
  const { writes, minutes, agent, dependencies } = needs;
  return [
    ...job('agent', minutes + 5),
    ...(writes ? [] : ["    condition: ne(variables['System.PullRequest.IsFork'], 'True') # a fork has no key"]),
    '    steps:',
    ...checkout('the base, from which the policy is read'),
    ...script('Install Sallyport and the agent; no key is here yet', [
      INSTALL_SANDBOX,
      ...ALLOW_NAMESPACES,
      INSTALL_SALLYPORT,
      installAgent(needs),
    ]),
    ...(dependencies ? script('Install the dependencies', [dependencies.command]) : []),
    ...script('Check that the sandbox holds on this host', ['sallyport doctor']),
    ...script('Run the agent', [agentCommand(needs, OUT)]),
    `        env: { ${agent.key}: $(${agent.key}) } # this step only`,
    `      - publish: ${KEPT}`,
    '        artifact: sallyport-evidence',
    '        displayName: Keep the evidence',
    '        condition: always()',
    ...script('Clean up', [`rm -rf -- "${OUT}"`]),
    '        condition: always()',
  ];
}

function applyJob(): readonly string[] {
  return [
    ...job('apply', 10, 'holds the right to write; no agent and no program of the repository runs here'),
    '    dependsOn: agent',
    '    steps:',
    ...checkout('the state that the patch was made for'),
    '      - download: current',
    '        artifact: sallyport-evidence',
    '        patterns: changes.patch',
    ...script('Install Sallyport', [INSTALL_SALLYPORT]),
    ...script('Apply the patch and judge it', applyCommands('$PIPELINE_WORKSPACE/sallyport-evidence/changes.patch')),
    ...script('Propose it', [
      'git -c http.extraheader="AUTHORIZATION: bearer $SYSTEM_ACCESSTOKEN" push origin "HEAD:refs/heads/sallyport/run-$BUILD_BUILDID"',
    ]),
    '        env: { SYSTEM_ACCESSTOKEN: $(System.AccessToken) } # this step only',
    ...script('Clean up', ['rm -rf -- "$PIPELINE_WORKSPACE/sallyport-evidence"']),
    '        condition: always()',
  ];
}

function checkJob(): readonly string[] {
  return [
    ...job('check', 10),
    '    steps:',
    ...checkout('the base, which the change is compared with'),
    ...script('Install Sallyport', [INSTALL_SALLYPORT]),
    ...script('Report what the change adds', [
      'sallyport ci --base "origin/${SYSTEM_PULLREQUEST_TARGETBRANCH#refs/heads/}"',
    ]),
  ];
}

function job(name: string, minutes: number, why?: string): readonly string[] {
  return [
    `  - job: ${name}${why === undefined ? '' : ` # ${why}`}`,
    '    pool: { vmImage: ubuntu-24.04 }',
    `    timeoutInMinutes: ${minutes}`,
  ];
}

function checkout(why: string): readonly string[] {
  return [
    '      - checkout: self',
    '        persistCredentials: false',
    `        fetchDepth: 0 # ${why}`,
    '      - task: UseNode@1',
    "        inputs: { version: '24.x' }",
  ];
}

function script(name: string, commands: readonly string[]): readonly string[] {
  return [
    '      - script: |',
    '          set -eu',
    ...commands.map((command) => `          ${command}`),
    `        displayName: ${name}`,
  ];
}
