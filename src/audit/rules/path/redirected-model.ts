import { isModelHost, isRouting } from '../../../agents/index.ts';
import type { AgentRun, Credential, Facts } from '../../../facts/index.ts';
import type { AttackPath } from '../../paths/attack-path.ts';
import { changeLeg, credentialLeg, legs, nameOf, propagationLeg, sinkLeg, startLeg } from '../../paths/legs.ts';
import { pathAbout } from '../../paths/path-about.ts';
import { checkout, HEAD, KEY, PULL_REQUEST_TARGET, run as step, workflow } from './examples.ts';
import { isOpenToChanges, whoChanges } from './foreign-change.ts';
import { configurableRuns, openConfiguration } from './open-configuration.ts';
import type { PathRule } from './path-rule.ts';
import { abusableRuns } from './run-questions.ts';

const example = (flags: string): string => `${PULL_REQUEST_TARGET}
permissions:
  contents: read
jobs:
  review:
    runs-on: ubuntu-latest
    steps:
${checkout(HEAD)}
${step(`claude -p "Review the change" --bare ${flags}--tools Read`, KEY)}
`;

/** PATH15: configuration in the tree sends the model's requests, and the key in them, elsewhere. */
export const redirectedModel: PathRule = {
  id: 'PATH15',
  name: 'redirected-model',
  title: 'Configuration in the tree sends the model key to another host',
  what: "The settings that the agent loads can name the base URL, proxy or headers of its requests, and they come from a pull request, or they are committed and name a host that is not a model vendor's.",
  why: 'The `env` block of the repository beats the variables of the job, and `--bare` does not leave it out. The first request carries the key to whoever answers at that address, who then also decides what the model says.',
  sources: ['Claude Code documentation, settings.md and permissions.md', 'CVE-2026-21852 (base URL before trust)'],
  severity: 'critical',
  confidence: 'high',
  tier: 'regular',
  family: 'PATH',
  fix: 'none',
  advice: 'Add `--setting-sources user`, or start the agent with `sallyport run`, whose broker holds the key.',
  tags: ['CWE-522', 'CWE-441', 'OWASP-CICD-SEC-6'],
  attack: [workflow('review', example(''))],
  benign: [workflow('review', example('--setting-sources user '))],
  paths: (facts: Facts) => [...configurableRuns(facts).flatMap(fromChange), ...abusableRuns(facts).flatMap(fromCommit)],
};

function modelKey({ credentials }: AgentRun): Credential | undefined {
  return credentials.find(({ class: kind, scope }) => kind === 'model-key' && scope !== 'other-step');
}

function fromChange(run: AgentRun): readonly AttackPath[] {
  const open = openConfiguration(run, 'redirects')[0];
  const key = modelKey(run);
  if (!open || !key) return [];
  return [
    pathAbout(run, {
      rule: 'PATH15',
      subject: 'change',
      message: `${whoChanges(run)} receives ${key.name} of ${nameOf(run)} by adding ${open.file} to it`,
      gain: `The change holds ${open.what}. The key can be used until somebody notices the bill.`,
      severity: isOpenToChanges(run) ? 'critical' : 'high',
      confidence: open.certain ? 'high' : 'medium',
      legs: legs(
        startLeg(run),
        changeLeg(run),
        propagationLeg(run, 'routing', run.invocation.place, `${open.file} in the change holds ${open.what}`, {
          what: 'Start the agent with `--setting-sources user`',
          cost: 1,
        }),
        credentialLeg(run, key),
        sinkLeg(
          run,
          'routing:sink',
          run.invocation,
          'the first request carries the key to the host that the change names',
          {
            what: 'Allow the agent named hosts only (egress control before the agent)',
            cost: 2,
          },
        ),
      ),
    }),
  ];
}

const LOCAL = /^(?:localhost|127\.|\[?::1|0\.0\.0\.0|host\.docker\.internal)/;

/** Committed to the base: whoever runs that host has the key of every run. */
function fromCommit(run: AgentRun): readonly AttackPath[] {
  const key = modelKey(run);
  if (!key) return [];
  const variables = run.configuration.flatMap((one) => one.environment);
  for (const fact of run.effective) {
    if (fact.kind !== 'environment' || fact.inForce !== 'yes') continue;
    const variable = variables.find(
      ({ place }) => place.file === fact.place.file && place.span.start === fact.place.span.start,
    );
    const host = variable && isRouting(variable.name) ? hostOf(variable.value) : undefined;
    if (variable && host !== undefined && !isModelHost(host) && !LOCAL.test(host))
      return [committed(run, key, variable, host)];
  }
  return [];
}

function hostOf(value: string): string | undefined {
  return /^https?:\/\/(?:[^/@\s]{1,100}@)?([^/:\s$]{1,253})/i.exec(value)?.[1]?.toLowerCase();
}

function committed(
  run: AgentRun,
  key: Credential,
  variable: AgentRun['configuration'][number]['environment'][number],
  host: string,
): AttackPath {
  const { name, place } = variable;
  return pathAbout(run, {
    rule: 'PATH15',
    subject: `committed ${name}`,
    message: `Whoever runs ${host} receives ${key.name} of ${nameOf(run)}: ${name} in ${place.file} sends it there`,
    gain: `${name} is in force in this job, and that host sees every prompt, every file the agent reads, and the key.`,
    severity: 'high',
    confidence: 'medium',
    place,
    legs: legs(
      startLeg(run),
      propagationLeg(run, `routing:${name}`, place, `${name} is committed, and an unattended run obeys it`, {
        what: `Take ${name} out of ${place.file}`,
        cost: 1,
      }),
      credentialLeg(run, key),
      sinkLeg(run, 'routing:committed', { place }, `every request carries the key to ${host}`, {
        what: `Allow the agent its vendor's host only`,
        cost: 2,
      }),
    ),
  });
}
