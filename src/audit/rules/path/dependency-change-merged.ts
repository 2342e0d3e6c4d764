import type { AgentRun, Facts } from '../../../facts/index.ts';
import type { Place } from '../../../syntax/index.ts';
import type { AttackPath } from '../../paths/attack-path.ts';
import { legs, nameOf } from '../../paths/legs.ts';
import { pathAbout } from '../../paths/path-about.ts';
import { acceptedLegs } from './agent-approves.ts';
import { acceptanceBy } from './approving-agent.ts';
import { checkout, KEY, PULL_REQUEST_TARGET, run as step, workflow } from './examples.ts';
import type { PathRule } from './path-rule.ts';
import { abusableRuns, agentOf, strongestSource } from './run-questions.ts';

const example = (merge: string): string => `${PULL_REQUEST_TARGET}
permissions:
  contents: write
  pull-requests: write
jobs:
  update:
    if: github.event.pull_request.user.login == 'dependabot[bot]'
    runs-on: ubuntu-latest
    steps:
${checkout()}
${step('gh pr view "$NUMBER" | claude -p "Is this update safe?" --tools Read', KEY, `NUMBER: \${{ github.event.number }}`, `GH_TOKEN: \${{ github.token }}`)}
${step(`${merge} "$NUMBER"`, `NUMBER: \${{ github.event.number }}`, `GH_TOKEN: \${{ github.token }}`)}
`;
const BOT = {
  file: '.github/dependabot.yml',
  text: 'version: 2\nupdates:\n  - package-ecosystem: npm\n    directory: /\n    schedule: { interval: daily }\n',
};

/** PATH19: the changelog of a dependency talks the agent into merging it. */
export const dependencyChangeMerged: PathRule = {
  id: 'PATH19',
  name: 'dependency-change-merged',
  title: "A dependency's own changelog can get it merged",
  what: 'An agent judges the pull requests of a dependency bot (Dependabot, Renovate), whose text holds the changelog and release notes of the dependency, and the approval or merge follows without a person. Reported instead of PATH13.',
  why: 'Whoever publishes a version of the dependency writes the text that decides whether this repository takes it: a poisoned release brings its own recommendation.',
  sources: ['GitHub documentation, "Automating Dependabot with GitHub Actions"', 'poutine, confused_deputy_auto_merge'],
  severity: 'high',
  confidence: 'medium',
  tier: 'regular',
  family: 'PATH',
  fix: 'none',
  advice:
    'Merge by rules on version and age only, or let a person approve; show the agent the lock file, not the changelog.',
  tags: ['CWE-829', 'CWE-1427', 'OWASP-CICD-SEC-3'],
  attack: [workflow('update', example('gh pr merge --auto --squash')), BOT],
  benign: [workflow('update', example('gh pr comment --body checked')), BOT],
  paths: (facts: Facts) => abusableRuns(facts).flatMap((run) => pathsOf(run, facts)),
};

const BOT_NAME = /dependabot|renovate/i;

function pathsOf(run: AgentRun, facts: Facts): readonly AttackPath[] {
  const source = strongestSource(run);
  const bot = source && botOf(run, facts);
  const acceptance = bot && acceptanceBy(run);
  if (!source || !bot || !acceptance) return [];
  return [
    pathAbout(run, {
      rule: 'PATH19',
      subject: `${run.invocation.product} ${acceptance.kind}`,
      message: `Whoever publishes a dependency can talk the ${agentOf(run)} of ${nameOf(run)} into the ${acceptance.kind === 'merge' ? 'merge' : 'approval'} of its update`,
      gain: `The agent meets ${source.what}, which holds the release notes of the dependency, and ${acceptance.what} follows without a person. That only ${bot.name} may open such a change does not help: it copies what the publisher wrote.`,
      severity: 'high',
      confidence: 'medium',
      place: acceptance.place,
      replaces: ['PATH13'],
      legs: legs(
        {
          id: `${run.id}:dependency`,
          step: {
            place: bot.place,
            role: 'trigger',
            message: `${bot.name} opens a pull request with what the publisher of a dependency wrote`,
          },
          cut: { what: `Group and delay updates, and let a person read those of ${bot.name}`, cost: 3 },
        },
        ...acceptedLegs(run, source, acceptance).slice(1),
      ),
    }),
  ];
}

/** The bot that this job waits for: named in its conditions, or let in by the action. */
function botOf(run: AgentRun, facts: Facts): { readonly name: string; readonly place: Place } | undefined {
  if (!run.triggers.some(({ event }) => /pull_request|workflow_run|merge_request/.test(event))) return undefined;
  const conditions = [run.job.condition, ...[...run.stepPath, ...run.after].map(({ condition }) => condition)];
  // `!= 'dependabot[bot]'` keeps the bot out.
  const asked = conditions.find((one) => one && BOT_NAME.test(one.text.text.replace(/!=\s*'[^']{0,60}'/g, '')));
  const opened = run.invocation.builtInGate.openedTo.find(({ what, bots }) => bots && BOT_NAME.test(what));
  const file = facts.pipelines.find(({ role }) => role === 'dependency-bot');
  const ordered = file && run.invocation.prompts.find(({ text }) => BOT_NAME.test(text));
  const place = asked?.text.place ?? opened?.place ?? ordered?.place;
  const text = asked?.text.text ?? opened?.what ?? ordered?.text ?? '';
  return place && { name: /renovate/i.test(text) ? 'Renovate' : 'Dependabot', place };
}
