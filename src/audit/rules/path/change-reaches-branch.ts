import type { AgentRun, Credential, Facts } from '../../../facts/index.ts';
import type { AttackPath, Leg } from '../../paths/attack-path.ts';
import {
  agentLeg,
  credentialLeg,
  inputLeg,
  legs,
  nameOf,
  propagationLeg,
  sinkLeg,
  startLeg,
} from '../../paths/legs.ts';
import { pathAbout } from '../../paths/path-about.ts';
import { atMost, pathSeverity, reachSeverity } from '../../paths/path-finding.ts';
import { writerWithin } from '../token-rights.ts';
import { BODY, checkout, ISSUES, KEY, run as step, workflow } from './examples.ts';
import { mergeOfBranch } from './merged-branch.ts';
import type { PathRule } from './path-rule.ts';
import { writtenReviewRule } from './repository-hints.ts';
import { abusableRuns, agentOf, grantOf, strongestSource, who, writesNothing } from './run-questions.ts';

const example = (after: string): string => `${ISSUES}
permissions:
  contents: write
jobs:
  fix:
    runs-on: ubuntu-latest
    steps:
${checkout()}
${step('claude -p "Fix this: $BODY" --permission-mode acceptEdits', KEY, BODY)}
${after}
`;

/** PATH02: untrusted text, an agent, a token that may write, the branch that everybody builds. */
export const changeReachesBranch: PathRule = {
  id: 'PATH02',
  name: 'change-reaches-branch',
  title: 'An outsider can make the agent change the main branch',
  what: 'Text that others write reaches an agent, and what it writes is pushed: by a later step of its job, by the agent itself, which may push and can read a token that changes the repository, or by another pipeline, which merges every branch that begins as those of the agent do.',
  why: 'Nobody reads the change before it is what everybody builds. A pushed workflow, script or dependency runs next with every secret of the repository.',
  sources: [
    'Simon Willison, "The lethal trifecta for AI agents" (2025)',
    'OWASP CICD-SEC-1, Insufficient Flow Control Mechanisms',
  ],
  severity: 'critical',
  confidence: 'medium',
  tier: 'regular',
  family: 'PATH',
  fix: 'none',
  advice: 'Let the agent leave a patch, and let another job open a pull request with it that a person approves.',
  tags: ['CWE-1427', 'CWE-284', 'OWASP-CICD-SEC-1'],
  attack: [workflow('fix', example(step('git commit -am fix\ngit push')))],
  benign: [workflow('fix', example(step('git diff > fix.patch')))],
  paths: (facts: Facts) => abusableRuns(facts).flatMap((run) => pathsOf(run, facts)),
};

function pathsOf(run: AgentRun, facts: Facts): readonly AttackPath[] {
  const source = strongestSource(run);
  if (!source || run.tree.provenance === 'pull-request' || writesNothing(run)) return [];
  const review = writtenReviewRule(facts);
  const last = laterPush(run) ?? ownPush(run) ?? mergedElsewhere(run, facts);
  if (!last) return [];
  const { sink, sure, byAgent } = last;
  // What a token may change that nobody here can see is no reason to cry wolf.
  const severity = byAgent ? atMost(sure ? 'critical' : 'high', pathSeverity(run)) : reachSeverity(run);
  const rule = review
    ? ' A file of the repository asks for approvals, but whether the branch obeys it is set elsewhere.'
    : '';
  return [
    pathAbout(run, {
      rule: 'PATH02',
      subject: `${run.invocation.product} push`,
      message: `${who(run)} can make the ${agentOf(run)} of ${nameOf(run)} ${byAgent ? 'push to the repository' : 'change what is pushed to the repository'}`,
      gain: `The agent meets ${source.what}, and what it writes ${sure || !byAgent ? 'becomes' : 'can become'} a commit without a person in between.${rule}`,
      severity: review ? atMost('medium', severity) : severity,
      confidence: sure ? 'high' : 'medium',
      legs: legs(startLeg(run), inputLeg(run, source), agentLeg(run), ...sink),
    }),
  ];
}

interface Push {
  readonly sink: readonly Leg[];
  readonly sure: boolean;
  readonly byAgent: boolean;
}

/** A later step pushes the tree that the agent wrote, and no pull request is opened with it. */
function laterPush(run: AgentRun): Push | undefined {
  const { effectsAfter, capabilities } = run;
  if (capabilities.write === 'none' && capabilities.execute === 'none') return undefined;
  if (effectsAfter.some(({ kind }) => kind === 'create-pull-request')) return undefined;
  const push = effectsAfter.find((effect) => effect.kind === 'push' && reachesMain(effect.what));
  if (!push) return undefined;
  const cut = {
    what: 'Take the push out of the job: leave a patch, and open a pull request with it in another job',
    cost: 2,
  } as const;
  return {
    sink: [sinkLeg(run, 'push', push, 'a later step pushes what the agent wrote', cut)],
    sure: push.certainty === 'certain' && capabilities.execute === 'any',
    byAgent: false,
  };
}

/** The agent pushes by itself. */
function ownPush(run: AgentRun): Push | undefined {
  const grant = run.capabilities.execute === 'any' ? undefined : grantOf(run, ['git-push']);
  if (run.capabilities.network === 'none' || (run.capabilities.execute !== 'any' && !grant)) return undefined;
  const writer = writerWithin(run, 'contents');
  if (!writer) return undefined;
  const place = grant?.place ?? run.invocation.place;
  const what = grant ? `it may run \`${grant.text}\`` : 'it may run `git push`';
  return {
    sink: [
      {
        ...credentialLeg(run, writer.credential),
        cut: { what: `${lessRights(run, writer.credential)}, and let another job write`, cost: 2 },
      },
      sinkLeg(run, 'own-push', { place }, `${what}, to any branch that its token may change`, {
        what: 'Protect the main branch, and let the agent leave a patch',
        cost: 3,
      }),
    ],
    sure: writer.certainty === 'yes',
    byAgent: true,
  };
}

/** It only pushes a branch of its own, and another pipeline merges that. */
function mergedElsewhere(run: AgentRun, facts: Facts): Push | undefined {
  const found = mergeOfBranch(run, facts);
  if (!found) return undefined;
  const { pipeline, trigger, merge, beginning } = found;
  const cut = {
    what: `Let a person start ${pipeline.file.path}, or ask for a review before it merges`,
    cost: 2,
  } as const;
  const message = `a branch that begins with ${beginning} starts ${pipeline.file.path}`;
  return {
    sink: [
      propagationLeg(run, `branch:${beginning}`, trigger.place, message, cut),
      sinkLeg(run, 'merged-elsewhere', merge, 'it is merged there without a person', cut),
    ],
    sure: merge.certainty === 'certain' && run.capabilities.execute === 'any',
    byAgent: false,
  };
}

function lessRights(run: AgentRun, { class: kind, name }: Credential): string {
  if (kind !== 'personal-token') return `Give ${nameOf(run)} \`contents: read\``;
  return `Give the agent no token that may push (${name}; \`permission-contents: read\` where it is minted)`;
}

/** A branch with a fixed name of its own is not the main one. */
function reachesMain(what: string): boolean {
  const target = what
    .split(' ')
    .slice(2)
    .filter((word) => !word.startsWith('-'))
    .at(1);
  if (target === undefined || /\$|\{/.test(target)) return !/\b(?:branch|BRANCH|head|HEAD_REF)\b/.test(target ?? '');
  const branch = target.split(':').at(-1) ?? target;
  return /^(?:refs\/heads\/)?(?:main|master|trunk|develop|HEAD)$/.test(branch);
}
