import { agentCommand, applyCommands } from './commands.ts';
import type { Needs } from './needs.ts';

const OUT = '$CI_PROJECT_DIR/../sallyport-out';
const KEPT = 'sallyport-out';

/** Merge requests of this project: one of a fork must not reach the key. */
const OWN_MERGE_REQUEST =
  '$CI_PIPELINE_SOURCE == "merge_request_event" && $CI_MERGE_REQUEST_SOURCE_PROJECT_ID == $CI_PROJECT_ID';
const BY_HAND = '$CI_PIPELINE_SOURCE == "web"';

/** All of it in one file: the agent, what proposes its patch, and the merge check. */
export function gitlabPipeline(needs: Needs): string {
  return [
    `# Made by \`sallyport init\`: ${needs.agent.title}, contained; and what a merge request adds, judged.`,
    ...agentLines(needs),
    ...checkJob(),
    '',
  ].join('\n');
}

/** The agent's job, and the job that proposes its patch when something is written. */
export function gitlabAgent(needs: Needs): string {
  return [`# Made by \`sallyport init\`: ${needs.agent.title}, contained.`, ...agentLines(needs), ''].join('\n');
}

/** The merge check alone. */
export function gitlabCheck(): string {
  return [
    '# Made by `sallyport init`: audit, review and gate of a merge request. The first job reads the change and holds no',
    '# token that can write. Set SALLYPORT_IMAGE to an image, by digest, with Node 24, git and Sallyport.',
    ...checkJob(),
    '',
  ].join('\n');
}

function agentLines(needs: Needs): readonly string[] {
  const { agent } = needs;
  return [
    '# Set SALLYPORT_IMAGE to an image, by digest, with Node 24, git, bubblewrap, Sallyport and the agent',
    `# (${agent.package}). Give ${agent.key} the environment scope \`sallyport-agent\`: no other job can read it then.`,
    ...agentJob(needs),
    ...(needs.writes ? applyJob() : []),
  ];
}

function agentJob(needs: Needs): readonly string[] {
  const { writes, minutes, dependencies } = needs;
  return [
    'sallyport-agent:',
    '  image: $SALLYPORT_IMAGE',
    '  tags: [sallyport] # runners that let a job make user namespaces and are used for one job',
    '  rules:',
    `    - if: ${writes ? `${BY_HAND} # people with the right to run pipelines start it` : OWN_MERGE_REQUEST}`,
    `  timeout: ${minutes + 5} minutes`,
    '  interruptible: true',
    '  environment: { name: sallyport-agent, action: access }',
    '  variables:',
    ...checkoutVariables('the base, from which the policy is read'),
    '  script:',
    ...(writes ? [] : fetchTarget()),
    ...(dependencies ? [`    - ${dependencies.command}`] : []),
    '    - sallyport doctor # nothing starts where the sandbox does not hold',
    `    - ${agentCommand(needs, OUT)}`,
    '  after_script: # whatever happened',
    `    - if [ -d "${OUT}" ]; then mv -- "${OUT}" ${KEPT}; fi`,
    '  artifacts:',
    '    when: always',
    '    expire_in: 30 days',
    '    access: developer',
    `    paths: [${KEPT}/]`,
  ];
}

function applyJob(): readonly string[] {
  const push =
    'git -c credential.helper=\'!f() { echo username=sallyport; echo "password=$SALLYPORT_PUSH_TOKEN"; }; f\' push -o merge_request.create -o merge_request.draft "$CI_PROJECT_URL.git" "HEAD:refs/heads/sallyport/run-$CI_PIPELINE_ID"';
  return [
    '# Holds the right to write, by SALLYPORT_PUSH_TOKEN with the environment scope `sallyport-apply`. No agent and no',
    '# program of the repository runs here.',
    'sallyport-apply:',
    '  image: $SALLYPORT_IMAGE',
    '  rules:',
    `    - if: ${BY_HAND}`,
    '  needs: [sallyport-agent]',
    '  timeout: 10 minutes',
    '  environment: { name: sallyport-apply, action: access }',
    '  variables:',
    ...checkoutVariables('the state that the patch was made for'),
    '  script:',
    '    - |',
    ...[...applyCommands(`${KEPT}/changes.patch`), push].map((line) => `      ${line}`),
    '  after_script:',
    `    - rm -rf -- ${KEPT}`,
  ];
}

function checkJob(): readonly string[] {
  return [
    'sallyport-check:',
    '  image: $SALLYPORT_IMAGE',
    '  rules:',
    '    - if: $CI_PIPELINE_SOURCE == "merge_request_event"',
    '  timeout: 10 minutes',
    '  variables:',
    ...checkoutVariables('the base, which the change is compared with'),
    '  script:',
    ...fetchTarget(),
    '    - sallyport ci --bundle sallyport.json',
    '  artifacts:',
    '    when: always',
    '    expire_in: 1 day',
    '    paths: [sallyport.json]',
    '# Brings the result to the merge request, by GITLAB_TOKEN (scope api) with the environment scope `sallyport-post`. No',
    '# code is here.',
    'sallyport-post:',
    '  image: $SALLYPORT_IMAGE',
    '  rules:',
    `    - if: ${OWN_MERGE_REQUEST}`,
    '      when: always',
    '  needs: [sallyport-check]',
    '  timeout: 10 minutes',
    '  environment: { name: sallyport-post, action: access }',
    '  variables:',
    '    GIT_STRATEGY: none',
    '  script:',
    '    - sallyport post sallyport.json',
  ];
}

function checkoutVariables(why: string): readonly string[] {
  return [`    GIT_DEPTH: "0" # ${why}`, '    FF_GIT_URLS_WITHOUT_TOKENS: "true" # no token stays in .git'];
}

/** A runner fetches the merge request only. */
function fetchTarget(): readonly string[] {
  const branch = '$CI_MERGE_REQUEST_TARGET_BRANCH_NAME';
  return [`    - git fetch -q origin "+refs/heads/${branch}:refs/remotes/origin/${branch}"`];
}
