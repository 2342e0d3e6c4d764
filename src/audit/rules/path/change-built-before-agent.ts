import type { AgentRun, Credential, Facts } from '../../../facts/index.ts';
import type { AttackPath } from '../../paths/attack-path.ts';
import { changeLeg, credentialLeg, legs, nameOf, propagationLeg, sinkLeg, startLeg } from '../../paths/legs.ts';
import { pathAbout } from '../../paths/path-about.ts';
import { isContained } from '../agent-rule.ts';
import { buildOfChange } from '../change-build.ts';
import { checkout, HEAD, KEY, PULL_REQUEST_TARGET, run as step, workflow } from './examples.ts';
import { checksOutForeignChange, isOpenToChanges, whoChanges } from './foreign-change.ts';
import type { PathRule } from './path-rule.ts';
import { agentOf, namesOfCredentials } from './run-questions.ts';

const SAFE = 'claude -p "Review it" --tools Read --setting-sources user --strict-mcp-config';

const example = (build: string): string => `${PULL_REQUEST_TARGET}
permissions:
  contents: read
env:
  ${KEY}
jobs:
  review:
    runs-on: ubuntu-latest
    steps:
${checkout(HEAD)}
${build === '' ? '' : `${step(build)}\n`}${step(SAFE)}
`;

/** PATH24: code of the change runs where the agent's key lies, before there is an agent. */
export const changeBuiltBeforeAgent: PathRule = {
  id: 'PATH24',
  name: 'change-built-before-agent',
  title: "A pull request's own code runs beside the agent's key",
  what: 'A step before the agent installs, builds or tests the head of an outsider’s pull request in the same job, and that job holds a secret: in the environment of the job, where the build reads it, or in the step of the agent, for which what the build left behind only has to wait.',
  why: 'No model has to be fooled, and no tool list and no sandbox around the agent stands in the way: the build is a program of whoever wrote the change, and starts first.',
  sources: [
    'GitHub Security Lab, "Preventing pwn requests"',
    'poutine documentation, untrusted_checkout_exec',
    'TanStack (CVE-2026-45321): a build of a pull request fills the cache and reads a token from memory',
  ],
  severity: 'critical',
  confidence: 'high',
  tier: 'regular',
  family: 'PATH',
  fix: 'none',
  advice: 'Build in a job without secrets and hand its output over as a file, or start the agent before the build.',
  tags: ['CWE-829', 'CWE-522', 'OWASP-CICD-SEC-4'],
  attack: [workflow('review', example('npm ci'))],
  benign: [workflow('review', example('npm ci --ignore-scripts'))],
  paths: (facts: Facts) => facts.runs.filter(checksOutForeignChange).flatMap(pathsOf),
};

function pathsOf(run: AgentRun): readonly AttackPath[] {
  const build = buildOfChange(run);
  const held = build ? credentialsBeside(run) : [];
  const worst = held.find(({ class: kind }) => kind !== 'model-key') ?? held[0];
  if (!build || !worst) return [];
  const reads = held.some(inItsEnvironment);
  return [
    pathAbout(run, {
      rule: 'PATH24',
      subject: `${run.invocation.product} ${build.tool}`,
      message: `${whoChanges(run)} runs code beside the ${agentOf(run)} of ${nameOf(run)}, with ${namesOfCredentials(held)} in reach`,
      gain: reads
        ? `\`${build.tool}\` runs programs of the change, which have that secret in their environment.`
        : `\`${build.tool}\` runs programs of the change; what they leave behind, on PATH, in the home directory or in the background, meets the step with that secret.`,
      severity: isOpenToChanges(run) ? 'critical' : 'high',
      confidence: reads && build.certainty === 'certain' ? 'high' : 'medium',
      place: build.place,
      legs: legs(
        startLeg(run),
        changeLeg(run),
        propagationLeg(run, `build:${build.tool}`, build.place, `\`${build.tool}\` runs what the change wrote`, {
          what: `Build in another job than ${nameOf(run)}, without secrets`,
          cost: 2,
        }),
        credentialLeg(run, worst),
        sinkLeg(run, 'build:sink', build, 'the program of the change sends it away', {
          what: 'Allow the job named hosts only (egress control before the build)',
          cost: 2,
        }),
      ),
    }),
  ];
}

function inItsEnvironment({ scope }: Credential): boolean {
  return scope === 'pipeline' || scope === 'job';
}

/** What the tools of the agent may reach does not matter here. Behind a sandbox that keeps the key outside, only the build's own environment. */
function credentialsBeside(run: AgentRun): readonly Credential[] {
  const written = run.credentials.filter(({ scope }) => scope !== 'mintable' && scope !== 'other-step');
  const near = written.filter(inItsEnvironment);
  return near.length > 0 || isContained(run) ? near : written;
}
