import type { AgentRun, Credential, Facts } from '../../../facts/index.ts';
import type { Effect, Job } from '../../../pipelines/index.ts';
import type { AttackPath, Leg } from '../../paths/attack-path.ts';
import { agentLeg, credentialLeg, exitLeg, inputLeg, legs, nameOf, sinkLeg, startLeg } from '../../paths/legs.ts';
import { pathAbout } from '../../paths/path-about.ts';
import { pathSeverity, reachSeverity } from '../../paths/path-finding.ts';
import { mayWrite, rightsOf } from '../token-rights.ts';
import { BODY, checkout, ISSUES, KEY, run as step, workflow } from './examples.ts';
import { callsForeignAgent } from './foreign-agent.ts';
import type { PathRule } from './path-rule.ts';
import { followers } from './pipeline-joins.ts';
import { abusableRuns, agentOf, cutBy, reachableCredentials, strongestSource, who } from './run-questions.ts';

const example = (job: string): string => `${ISSUES}
permissions:
  contents: read
jobs:
  triage:
    runs-on: ubuntu-latest
    steps:
${checkout()}
${step('claude -p "Fix this: $BODY" --dangerously-skip-permissions', KEY, BODY)}
${job}${step('npm publish', `NODE_AUTH_TOKEN: \${{ secrets.NPM_TOKEN }}`)}
`;

const RELEASE_JOB = `  release:
    runs-on: ubuntu-latest
    steps:
${checkout()}
`;

/** PATH03: untrusted text, an agent, a credential that publishes, deploys or signs. */
export const releaseCredential: PathRule = {
  id: 'PATH03',
  name: 'release-credential',
  title: 'An outsider can make the agent publish, deploy or sign',
  what: "Text that others write reaches an agent in a job that holds a credential of a registry, a deployment or a signature, that publishes, deploys or signs after the agent, or whose output or artefact a needs-linked job publishes without an environment in between. Also: such a trigger hands every secret to an agent workflow of another repository. Reported instead of PATH01 where the credential is within the agent's reach.",
  why: 'What is published under the name of the project runs on the machines of everybody who uses it.',
  sources: [
    'Clinejection (2026): issue title to an AI triage workflow to a poisoned release',
    'OWASP CICD-SEC-5, Insufficient PBAC',
  ],
  severity: 'critical',
  confidence: 'medium',
  tier: 'regular',
  family: 'PATH',
  fix: 'none',
  advice: 'Publish in a job of its own that starts from a reviewed commit and waits for an environment approval.',
  tags: ['CWE-1427', 'CWE-829', 'OWASP-CICD-SEC-5'],
  attack: [workflow('triage', example(''))],
  benign: [workflow('triage', example(RELEASE_JOB))],
  paths: (facts: Facts) => [...abusableRuns(facts).flatMap(pathsOf), ...callsForeignAgent(facts)],
};

const RELEASING: ReadonlySet<Effect['kind']> = new Set<Effect['kind']>(['publish', 'deploy', 'sign', 'release']);

function pathsOf(run: AgentRun): readonly AttackPath[] {
  const source = strongestSource(run);
  const idle = run.capabilities.write === 'none' && run.capabilities.execute === 'none';
  if (!source || (cutBy(run, 'write') && cutBy(run, 'credential'))) return [];
  const held = heldCredential(run);
  const later = idle ? undefined : (laterRelease(run) ?? linkedRelease(run));
  if (!held && !later) return [];
  const thing = held ? held.name : (later?.what ?? '');
  const message = held
    ? `${who(run)} can make the ${agentOf(run)} of ${nameOf(run)} use ${thing}, which ${POWER[held.class] ?? 'publishes'}`
    : `${who(run)} can make the ${agentOf(run)} of ${nameOf(run)} change what is released: ${thing}`;
  return [
    pathAbout(run, {
      rule: 'PATH03',
      subject: `${run.invocation.product} release ${held ? held.name : 'later'}`,
      message,
      gain: `The agent meets ${source.what}. ${held ? 'With that credential its author releases in the name of the project.' : 'What it leaves in the tree is released with the credentials of the project.'}`,
      severity: held ? pathSeverity(run) : reachSeverity(run),
      confidence: (held?.reachable ?? 'unknown') === 'yes' ? 'high' : 'medium',
      legs: legs(
        startLeg(run),
        inputLeg(run, source),
        agentLeg(run),
        ...(held ? heldLegs(run, held) : (later?.legs ?? [])),
      ),
      ...(held ? { replaces: ['PATH01'] } : {}),
    }),
  ];
}

const POWER: Partial<Record<Credential['class'], string>> = {
  registry: 'publishes packages',
  deploy: 'deploys',
  signing: 'signs',
  kubernetes: 'changes the cluster',
  cloud: 'changes what runs in the cloud',
};

/** A releasing credential that the agent reads. A cloud login alone is often only the way to the model. */
function heldCredential(run: AgentRun): Credential | undefined {
  const closed = cutBy(run, 'credential') ?? cutBy(run, 'egress');
  if (closed || run.capabilities.network === 'none') return undefined;
  const deploys = [...run.effectsBefore, ...run.effectsAfter].some(({ kind }) => kind === 'deploy');
  return reachableCredentials(run).find(({ class: kind, scope, name }) => {
    if (scope === 'mintable') return false;
    if (kind === 'cloud') return deploys;
    if (name === 'login to registry') return mayWrite(rightsOf(run), 'packages') === 'yes';
    return kind === 'registry' || kind === 'deploy' || kind === 'signing' || kind === 'kubernetes';
  });
}

function heldLegs(run: AgentRun, held: Credential): readonly Leg[] {
  const exit = run.exits.find(({ kind, by }) => kind === 'network' && by === 'agent');
  return legs(credentialLeg(run, held), exit && exitLeg(run, exit));
}

interface Release {
  readonly what: string;
  readonly legs: readonly Leg[];
}

function laterRelease(run: AgentRun): Release | undefined {
  if (cutBy(run, 'write')?.kind === 'sandbox') return undefined;
  const effect = run.effectsAfter.find(({ kind, certainty }) => RELEASING.has(kind) && certainty === 'certain');
  if (!effect) return undefined;
  const what = 'what' in effect ? effect.what : effect.kind;
  const cut = { what: `Do the ${effect.kind} in a job of its own, from a reviewed commit`, cost: 3 } as const;
  return {
    what,
    legs: [
      sinkLeg(run, `release:${effect.kind}`, effect, `a later step does ${what} in the tree that the agent wrote`, cut),
    ],
  };
}

/** A job that needs the agent's, takes what it left, and releases, with nobody asked in between. */
function linkedRelease(run: AgentRun): Release | undefined {
  const { pipeline, job } = run;
  if (run.pipeline.platform !== 'github') return undefined;
  for (const next of followers(pipeline, job)) {
    const effects = next.steps.flatMap((step) => step.effects);
    const effect = effects.find(({ kind, certainty }) => RELEASING.has(kind) && certainty === 'certain');
    if (next.deployment || !effect || !takesFrom(next, run)) continue;
    const what = `${'what' in effect ? effect.what : effect.kind} in job ${next.id}`;
    const cut = { what: `Give job ${next.id} an environment that asks for an approval`, cost: 2 } as const;
    return {
      what,
      legs: [
        sinkLeg(
          run,
          `release:${next.id}`,
          effect,
          `job ${next.id} takes what the agent's job left and does ${what}`,
          cut,
        ),
      ],
    };
  }
  return undefined;
}

function takesFrom(next: Job, run: AgentRun): boolean {
  const uploads = run.effectsAfter.some(({ kind }) => kind === 'artifact-upload');
  const downloads = next.steps.some(({ effects }) =>
    effects.some((effect) => effect.kind === 'artifact-download' && !effect.otherRun),
  );
  return uploads && downloads;
}
