import type { AgentRun, Facts } from '../../../facts/index.ts';
import type { Place, SourceTree } from '../../../syntax/index.ts';
import type { AttackPath } from '../../paths/attack-path.ts';
import { agentLeg, credentialLeg, inputLeg, legs, nameOf, sinkLeg, startLeg } from '../../paths/legs.ts';
import { pathAbout } from '../../paths/path-about.ts';
import { atMost, pathSeverity } from '../../paths/path-finding.ts';
import { isContained } from '../agent-rule.ts';
import { BODY, checkout, ISSUES, KEY, run as step, workflow } from './examples.ts';
import type { PathRule } from './path-rule.ts';
import { abusableRuns, agentOf, strongestSource, who } from './run-questions.ts';

const TRIAGE = workflow(
  'triage',
  `${ISSUES}
permissions:
  contents: read
  id-token: write
jobs:
  triage:
    runs-on: ubuntu-latest
    steps:
${checkout()}
${step('claude -p "Label this: $BODY" --dangerously-skip-permissions', KEY, BODY)}
`,
);
const role = (subject: string) => ({
  file: 'infra/role.tf',
  text: `data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]
    condition {
      test     = "StringLike"
      variable = "token.actions.githubusercontent.com:sub"
      values   = ["repo:acme/app:${subject}"]
    }
  }
}
`,
});

/** PATH21: the agent mints an identity token, and the cloud role trusts the whole repository. */
export const identityTrustedByRepository: PathRule = {
  id: 'PATH21',
  name: 'identity-trusted-by-repository',
  title: 'The agent can become a cloud role that trusts the whole repository',
  what: 'An agent that outsiders can steer may run commands in a job with `id-token: write`, and a trust policy in this repository (Terraform, CloudFormation, JSON) accepts identity tokens of every branch and job of a repository.',
  why: 'Any program of the job asks for a token that says which repository it comes from. A policy that asks for nothing more hands the deployment role to the job that labels issues.',
  sources: [
    'GitHub documentation, "Security hardening with OpenID Connect": customise the subject',
    'Tinder Security, "Identifying vulnerabilities in GitHub Actions and AWS OIDC configurations" (2023)',
  ],
  severity: 'high',
  confidence: 'medium',
  tier: 'regular',
  family: 'PATH',
  fix: 'none',
  advice:
    "Bind the role to an environment (`repo:acme/app:environment:production`), and take `id-token: write` from the agent's job.",
  tags: ['CWE-269', 'CWE-1427', 'OWASP-CICD-SEC-2'],
  attack: [TRIAGE, role('*')],
  benign: [TRIAGE, role('environment:production')],
  paths: (facts: Facts) => {
    const runs = abusableRuns(facts).filter(mintsIdentity);
    const trust = runs.length > 0 ? wideTrust(facts) : undefined;
    return trust ? runs.flatMap((run) => pathsOf(run, trust)) : [];
  },
};

function mintsIdentity(run: AgentRun): boolean {
  const token = run.credentials.find(({ scope }) => scope === 'mintable');
  return token !== undefined && token.reachable !== 'no' && !isContained(run) && run.capabilities.network !== 'none';
}

function pathsOf(run: AgentRun, trust: Place): readonly AttackPath[] {
  const source = strongestSource(run);
  const token = run.credentials.find(({ scope }) => scope === 'mintable');
  if (!source || !token) return [];
  return [
    pathAbout(run, {
      rule: 'PATH21',
      subject: `${run.invocation.product} ${trust.file}`,
      message: `${who(run)} can make the ${agentOf(run)} of ${nameOf(run)} take the cloud role of ${trust.file}`,
      gain: `The agent meets ${source.what} and can mint an identity token of this repository; the role asks for nothing else.`,
      severity: atMost('high', pathSeverity(run)),
      confidence: token.reachable === 'yes' ? 'high' : 'medium',
      legs: legs(
        startLeg(run),
        inputLeg(run, source),
        agentLeg(run),
        credentialLeg(run, token),
        sinkLeg(
          run,
          `trust:${trust.file}`,
          { place: trust },
          'the role accepts a token of every branch and job of the repository',
          {
            what: 'Bind the role to an environment in its trust policy',
            cost: 2,
          },
        ),
      ),
    }),
  ];
}

const MOST_FILES = 400;
const MOST_BYTES = 262_144;
const POLICY = /\.(?:tf|tofu|json|ya?ml|ts|bicep)$/;
/** `repo:owner/name:*` and `repo:owner/*`: every branch, tag, pull request and environment. */
const WIDE = /repo:[\w.-]{1,100}\/(?:[\w.-]{1,100}:\*|\*)(?=["'\s,\]]|$)/;
/** Terraform and JSON name the issuer's claim next to the values. */
const CLAIM = 'token.actions.githubusercontent.com';

/** The first trust policy of the repository that accepts any token of a whole repository. */
function wideTrust({ tree, source }: Facts): Place | undefined {
  for (const path of policyFiles(tree)) {
    const text = source(path)?.text;
    if (text === undefined || !text.includes(CLAIM)) continue;
    const match = WIDE.exec(text);
    if (match) return { file: path, span: { start: match.index, end: match.index + match[0].length } };
  }
  return undefined;
}

function policyFiles({ entries }: SourceTree): readonly string[] {
  return entries
    .filter((entry) => entry.kind === 'file' && entry.size <= MOST_BYTES && POLICY.test(entry.path))
    .map(({ path }) => path)
    .filter((path) => !/(?:^|\/)node_modules\/|package(?:-lock)?\.json$|^\.github\/workflows\//.test(path))
    .slice(0, MOST_FILES);
}
