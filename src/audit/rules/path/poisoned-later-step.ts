import type { AgentRun, Facts } from '../../../facts/index.ts';
import type { Effect } from '../../../pipelines/index.ts';
import type { AttackPath } from '../../paths/attack-path.ts';
import { agentLeg, inputLeg, legs, nameOf, propagationLeg, sinkLeg, startLeg } from '../../paths/legs.ts';
import { pathAbout } from '../../paths/path-about.ts';
import { atMost, pathSeverity } from '../../paths/path-finding.ts';
import { isContained } from '../agent-rule.ts';
import { BODY, checkout, ISSUES, KEY, run as step, workflow } from './examples.ts';
import { nameOfStep, type PrivilegedStep, privilegedSteps } from './later-work.ts';
import type { PathRule } from './path-rule.ts';
import { abusableRuns, agentOf, grantOf, strongestSource, who } from './run-questions.ts';

const PUSH = 'git push "https://x-access-token:$PUSH_TOKEN@github.com/acme/app" HEAD:agent/fix';
const example = (between: string): string => `${ISSUES}
permissions:
  contents: read
jobs:
  fix:
    runs-on: ubuntu-latest
    steps:
${checkout()}
${step('claude -p "Fix this: $BODY" --dangerously-skip-permissions', KEY, BODY)}
${between}${step(PUSH, `PUSH_TOKEN: \${{ secrets.PUSH_PAT }}`)}
`;

const NEW_JOB = `  push:
    needs: fix
    runs-on: ubuntu-latest
    steps:
${checkout()}
`;

/** PATH06: what the agent left in the tree runs inside a later step that holds more than the agent. */
export const poisonedLaterStep: PathRule = {
  id: 'PATH06',
  name: 'poisoned-later-step',
  title: 'A later step runs what the agent left, with a secret the agent never had',
  what: 'After an agent that outsiders can steer, a step of the same job runs git, a build or a script in the tree that the agent could write, with a credential that the agent itself was not given.',
  why: "Git obeys `.git/config` and hooks, package managers obey the tree, every program obeys PATH. Keeping the token out of the agent's step helps nothing when the next step runs the agent's code.",
  sources: [
    'OWASP CICD-SEC-4, Poisoned Pipeline Execution',
    'git-config(1): core.hooksPath, core.fsmonitor, core.sshCommand',
  ],
  severity: 'high',
  confidence: 'medium',
  tier: 'regular',
  family: 'PATH',
  fix: 'none',
  advice: 'Hand a patch to a new job that checks out afresh, applies it and then uses the token.',
  tags: ['CWE-829', 'CWE-426', 'OWASP-CICD-SEC-4'],
  attack: [workflow('fix', example(''))],
  benign: [workflow('fix', example(NEW_JOB))],
  paths: (facts: Facts) => abusableRuns(facts).flatMap(pathsOf),
};

function pathsOf(run: AgentRun): readonly AttackPath[] {
  const source = strongestSource(run);
  if (!source || isContained(run)) return [];
  const found = privilegedSteps(run).flatMap((later) => {
    const how = poisonable(run, later.effects);
    return how ? [{ later, how }] : [];
  })[0];
  if (!found) return [];
  const { later, how } = found;
  const name = nameOfStep(later.step);
  return [
    pathAbout(run, {
      rule: 'PATH06',
      subject: `${run.invocation.product} before ${name}`,
      message: `${who(run)} can make the ${agentOf(run)} of ${nameOf(run)} plant code that step ${name} runs with ${later.secret.name}`,
      gain: `The agent meets ${source.what}. It was not given ${later.secret.name}, but ${how.what}.`,
      severity: atMost('high', pathSeverity(run)),
      confidence: run.capabilities.execute === 'any' ? 'high' : 'medium',
      place: how.effect.place,
      legs: legs(startLeg(run), inputLeg(run, source), agentLeg(run), ...endOf(run, later, how)),
    }),
  ];
}

interface How {
  readonly effect: Effect;
  readonly what: string;
}

/** What in the later step obeys the tree, and whether this agent can write that part of it. */
function poisonable(run: AgentRun, effects: readonly Effect[]): How | undefined {
  const { execute, write } = run.capabilities;
  const runs = execute === 'any' || grantOf(run, ['execute', 'execute-tree', 'git-write']) !== undefined;
  const git = effects.find((effect) => effect.kind === 'git' && !effect.guarded);
  if (git && runs) return { effect: git, what: 'git there obeys the `.git/config` and hooks that it could write' };
  const build = effects.find(({ kind }) => kind === 'build' || kind === 'unfollowed');
  if (build && (runs || write !== 'none')) {
    const tool = build.kind === 'build' ? build.tool : 'a script of the tree';
    return { effect: build, what: `${tool} there runs what the tree says, which it could write` };
  }
  return undefined;
}

function endOf(run: AgentRun, { step: { place }, secret }: PrivilegedStep, { effect, what }: How) {
  return [
    propagationLeg(run, 'poisoned-tree', effect.place, what, {
      what: 'Do this in another job, from a patch of the agent',
      cost: 3,
    }),
    sinkLeg(run, `later:${secret.name}`, { place }, `that code runs with ${secret.name}`, {
      what: `Move ${secret.name} to another job`,
      cost: 3,
    }),
  ];
}
