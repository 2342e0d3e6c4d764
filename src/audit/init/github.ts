import {
  ALLOW_NAMESPACES,
  agentCommand,
  applyCommands,
  INSTALL_SALLYPORT,
  INSTALL_SANDBOX,
  installAgent,
} from './commands.ts';
import type { Needs } from './needs.ts';

/** Actions by full commit; the tags pointed there on 2026-11-21. */
const CHECKOUT = 'actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1';
const SETUP_NODE = 'actions/setup-node@820762786026740c76f36085b0efc47a31fe5020 # v7.0.0';
const UPLOAD = 'actions/upload-artifact@bbbca2ddaa5d8feaa63e36b76fdaad77386f024f # v7.0.0';
const DOWNLOAD = 'actions/download-artifact@3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c # v8.0.1';

const OUT = '$RUNNER_TEMP/sallyport-out';
const PATCH = '$RUNNER_TEMP/patch/changes.patch';
const BUNDLE = '$RUNNER_TEMP/sallyport.json';

/** The workflow of the agent: one job for a review, two when something is written. */
export function githubAgent(needs: Needs): string {
  return [
    `# Made by \`sallyport init\`: ${needs.agent.title}, contained. The change comes out as a patch.`,
    '# Set the variable SALLYPORT_PACKAGE to the package that `npm pack` made of Sallyport: a file or an https address.',
    'name: sallyport-agent',
    'on:',
    needs.writes ? '  workflow_dispatch: # people with write access start it' : '  pull_request:',
    'permissions: {}',
    'concurrency:',
    `  group: sallyport-agent-${value('github.ref')}`,
    '  cancel-in-progress: true',
    'jobs:',
    ...agentJob(needs),
    ...(needs.writes ? applyJob() : []),
    '',
  ].join('\n');
}

/** The merge check: what a pull request adds, judged by the policy of its base. */
export function githubCheck(): string {
  return [
    '# Made by `sallyport init`: audit, review and gate of a pull request. Make `sallyport/ci (main)` a required check of `main`.',
    '# The first job reads the change and has no rights; the second has them and reads no code.',
    'name: sallyport-check',
    'on:',
    '  pull_request:',
    'permissions: {}',
    'concurrency:',
    `  group: sallyport-check-${value('github.ref')}`,
    '  cancel-in-progress: true',
    'jobs:',
    '  analyse:',
    '    runs-on: ubuntu-24.04',
    '    timeout-minutes: 15',
    '    permissions:',
    '      contents: read',
    '    steps:',
    ...checkout('the base, which the change is compared with'),
    ...node(),
    '      - name: Install Sallyport',
    ...packageVariable(),
    `        run: ${INSTALL_SALLYPORT}`,
    '      - name: Audit, review and judge',
    `        run: sallyport ci --summary "$GITHUB_STEP_SUMMARY" --bundle "${BUNDLE}"`,
    '      - name: Hand over the result',
    '        if: always()',
    `        uses: ${UPLOAD}`,
    '        with:',
    '          name: sallyport-result',
    `          path: ${value('runner.temp')}/sallyport.json`,
    '          retention-days: 1',
    '          if-no-files-found: ignore',
    ...postJob(),
    '',
  ].join('\n');
}

function postJob(): readonly string[] {
  return [
    '  post:',
    '    # The job of a fork has no rights: what there is to say is in the summary of the first job.',
    '    if: always() && github.event.pull_request.head.repo.full_name == github.repository',
    '    needs: analyse',
    '    runs-on: ubuntu-24.04',
    '    timeout-minutes: 10',
    '    permissions:',
    '      contents: read',
    '      checks: write',
    '      pull-requests: write',
    '    steps:',
    ...node(),
    '      - name: Install Sallyport',
    ...packageVariable(),
    `        run: ${INSTALL_SALLYPORT}`,
    `      - uses: ${DOWNLOAD}`,
    '        with:',
    '          name: sallyport-result',
    `          path: ${value('runner.temp')}`,
    '      - name: Post it',
    '        env:',
    `          GITHUB_TOKEN: ${value('github.token')}`,
    `        run: sallyport post "${BUNDLE}"`,
  ];
}

function agentJob(needs: Needs): readonly string[] {
  const { writes, minutes, agent, dependencies } = needs;
  return [
    '  agent:',
    ...(writes
      ? []
      : [
          '    # A fork has no key: there is nothing to do for it.',
          '    if: github.event.pull_request.head.repo.full_name == github.repository',
        ]),
    '    runs-on: ubuntu-24.04',
    `    timeout-minutes: ${minutes + 5}`,
    '    permissions:',
    '      contents: read # no right beyond reading the change',
    '    steps:',
    ...checkout('the base, from which the policy is read'),
    ...node(),
    `      - name: Install Sallyport and ${agent.title}; no key is here yet`,
    ...packageVariable(),
    '        run: |',
    `          ${INSTALL_SANDBOX}`,
    `          ${INSTALL_SALLYPORT}`,
    `          ${installAgent(needs)}`,
    ...ALLOW_NAMESPACES.map((line) => `          ${line}`),
    ...(dependencies ? ['      - name: Install the dependencies', `        run: ${dependencies.command}`] : []),
    '      - name: Check that the sandbox holds on this host',
    '        run: sallyport doctor',
    '      - name: Run the agent',
    '        env:',
    `          ${agent.key}: ${value(`secrets.${agent.key}`)} # this step only`,
    `        run: ${agentCommand(needs, OUT)}`,
    ...upload(writes),
    '      - name: Clean up',
    '        if: always()',
    `        run: rm -rf -- "${OUT}"`,
  ];
}

function upload(writes: boolean): readonly string[] {
  const evidence = [
    '      - name: Keep the evidence',
    '        if: always()',
    `        uses: ${UPLOAD}`,
    '        with:',
    '          name: sallyport-evidence',
    `          path: ${value('runner.temp')}/sallyport-out/`,
    '          retention-days: 30',
    '          if-no-files-found: ignore',
  ];
  const patch = [
    '      - name: Hand over the patch',
    `        uses: ${UPLOAD}`,
    '        with:',
    '          name: sallyport-patch',
    `          path: ${value('runner.temp')}/sallyport-out/changes.patch`,
    '          retention-days: 1',
    '          if-no-files-found: ignore',
  ];
  return writes ? [...evidence, ...patch] : evidence;
}

function applyJob(): readonly string[] {
  return [
    '  apply: # holds the right to write; no agent and no program of the repository runs here',
    '    needs: agent',
    '    runs-on: ubuntu-24.04',
    '    timeout-minutes: 10',
    '    permissions:',
    '      contents: write',
    '      pull-requests: write',
    '    steps:',
    ...checkout('the state that the patch was made for'),
    ...node(),
    '      - name: Install Sallyport',
    ...packageVariable(),
    `        run: ${INSTALL_SALLYPORT}`,
    `      - uses: ${DOWNLOAD}`,
    '        with:',
    '          name: sallyport-patch',
    `          path: ${value('runner.temp')}/patch`,
    '      - name: Apply the patch and judge it',
    '        run: |',
    ...applyCommands(PATCH).map((line) => `          ${line}`),
    '      - name: Propose it',
    '        env:',
    `          GH_TOKEN: ${value('github.token')}`,
    '        run: |',
    '          git diff --quiet "$GITHUB_SHA" HEAD && exit 0',
    '          branch="sallyport/run-$GITHUB_RUN_ID"',
    '          git -c credential.helper=\'!gh auth git-credential\' push origin "HEAD:refs/heads/$branch"',
    '          gh pr create --draft --head "$branch" --title "Change made by an agent" --body "Evidence: run $GITHUB_RUN_ID"',
    '      - name: Clean up',
    '        if: always()',
    '        run: rm -rf -- "$RUNNER_TEMP/patch"',
  ];
}

function checkout(why: string): readonly string[] {
  return [
    `      - uses: ${CHECKOUT}`,
    '        with:',
    '          persist-credentials: false # no token stays in .git',
    `          fetch-depth: 0 # ${why}`,
  ];
}

function node(): readonly string[] {
  return [`      - uses: ${SETUP_NODE}`, '        with:', '          node-version: 24'];
}

function packageVariable(): readonly string[] {
  return ['        env:', `          SALLYPORT_PACKAGE: ${value('vars.SALLYPORT_PACKAGE')}`];
}

function value(path: string): string {
  return `\${{ ${path} }}`;
}
