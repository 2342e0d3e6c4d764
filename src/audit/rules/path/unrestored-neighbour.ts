import type { AgentRun, Facts } from '../../../facts/index.ts';
import type { AttackPath } from '../../paths/attack-path.ts';
import { changeLeg, credentialLeg, legs, nameOf, propagationLeg, startLeg } from '../../paths/legs.ts';
import { pathAbout } from '../../paths/path-about.ts';
import { atMost } from '../../paths/path-finding.ts';
import { CLAUDE_ACTION, checkout, HEAD, KEY, PULL_REQUEST_TARGET, run as step, workflow } from './examples.ts';
import { isOpenToChanges, whoChanges, worksOnForeignChange } from './foreign-change.ts';
import { comesBefore, openConfiguration } from './open-configuration.ts';
import type { PathRule } from './path-rule.ts';

const SUMMARY = step('claude -p "Sum up the change" --allowedTools Read', KEY);
const REVIEW = `      - uses: ${CLAUDE_ACTION}
        with:
          anthropic_api_key: \${{ secrets.ANTHROPIC_API_KEY }}
          prompt: Review the change`;

const example = (...steps: readonly string[]): string => `${PULL_REQUEST_TARGET}
permissions:
  contents: read
jobs:
  review:
    runs-on: ubuntu-latest
    steps:
${checkout(HEAD)}
${steps.join('\n')}
`;

/** PATH17: one agent of the job takes its configuration from the base, the one before it does not. */
export const unrestoredNeighbour: PathRule = {
  id: 'PATH17',
  name: 'unrestored-neighbour',
  title: 'An agent runs before the action that restores its configuration',
  what: "A job works on a pull request with an action that takes the agent's configuration from the base before it starts, and an earlier step of the same job starts the agent on the copy of the pull request. Reported instead of PATH04 and PATH15 about that earlier step.",
  why: "The action's documentation says that the configuration is safe, and it is, from that step on. The step before it obeys the hooks and servers of the change.",
  sources: ['claude-code-action, docs/security.md: restored paths', 'Claude Code documentation, permissions.md'],
  severity: 'high',
  confidence: 'high',
  tier: 'regular',
  family: 'PATH',
  fix: 'none',
  advice: 'Move the step behind the action, or restore `.claude` and `.mcp.json` from the base before it.',
  tags: ['CWE-696', 'CWE-829', 'OWASP-CICD-SEC-4'],
  attack: [workflow('review', example(SUMMARY, REVIEW))],
  benign: [workflow('review', example(REVIEW, SUMMARY))],
  paths: (facts: Facts) => {
    const runs = facts.runs.filter(worksOnForeignChange);
    return runs.flatMap((run) => {
      const restoring = runs.find(
        (other) => other.job === run.job && other.invocation.restores.length > 0 && comesBefore(run, other),
      );
      return restoring ? pathsOf(run, restoring) : [];
    });
  },
};

function pathsOf(run: AgentRun, restoring: AgentRun): readonly AttackPath[] {
  const open = [...openConfiguration(run, 'runs'), ...openConfiguration(run, 'redirects')];
  const first = open[0];
  if (!first) return [];
  const credential = run.credentials.find(({ scope }) => scope !== 'other-step');
  return [
    pathAbout(run, {
      rule: 'PATH17',
      subject: `before ${restoring.invocation.spelled}`,
      message: `${whoChanges(run)} runs programs in ${nameOf(run)}: this step obeys its configuration before ${restoring.invocation.spelled} restores the base's`,
      gain: `The change brings ${first.what} in ${first.file}; it has the environment of this step. What the action restores later does not help.`,
      severity: atMost('high', isOpenToChanges(run) ? 'critical' : 'high'),
      confidence: first.certain ? 'high' : 'medium',
      replaces: ['PATH04', 'PATH15'],
      legs: legs(
        startLeg(run),
        changeLeg(run),
        propagationLeg(
          run,
          'unrestored',
          run.invocation.place,
          `${first.file} of the change is in force here; the base's comes back only at ${restoring.invocation.spelled}`,
          {
            what: `Move this step behind ${restoring.invocation.spelled}`,
            cost: 1,
          },
        ),
        credential && credentialLeg(run, credential),
      ),
    }),
  ];
}
