import { type AgentRun, type Facts, givenServers } from '../../../facts/index.ts';
import type { Place } from '../../../syntax/index.ts';
import type { AttackPath } from '../../paths/attack-path.ts';
import { agentLeg, credentialLeg, inputLeg, legs, nameOf, sinkLeg, startLeg } from '../../paths/legs.ts';
import { pathAbout } from '../../paths/path-about.ts';
import { atMost, isOpen, pathSeverity } from '../../paths/path-finding.ts';
import { isContained } from '../agent-rule.ts';
import { BODY, checkout, ISSUES, KEY, run as step, workflow } from './examples.ts';
import type { PathRule } from './path-rule.ts';
import {
  abusableRuns,
  agentOf,
  namesOfCredentials,
  reachableCredentials,
  strongestSource,
  who,
} from './run-questions.ts';

const example = (hosts: string): string => `${ISSUES}
permissions:
  contents: read
jobs:
  triage:
    runs-on: ubuntu-latest
    steps:
      - uses: step-security/harden-runner@0634a2670c59f64b4a01f0f96f84700a4088b9f0 # v2.12.0
        with:
          egress-policy: block
          allowed-endpoints: ${hosts}
${checkout()}
${step('claude -p "Label this: $BODY" --dangerously-skip-permissions', KEY, BODY)}
`;

/** PATH14: the allow-list holds a host at which anybody can leave something. */
export const allowedHostLeaks: PathRule = {
  id: 'PATH14',
  name: 'allowed-host-leaks',
  title: 'The allowed hosts include one where anybody can leave a secret',
  what: 'An agent that outsiders can steer runs behind egress control, and the list of allowed hosts holds a forge, a gist or paste service, a package registry, an object store, a tunnel, a wildcard or a remote MCP server. PATH01 is silent there because the control cuts it.',
  why: 'A host name says where bytes go, not whose account they go to. With a key of his own, an attacker lets the agent write into his gist, bucket or package through the very host that the build needs.',
  sources: [
    'Anthropic, code execution and the Files API: exfiltration through an allowed API host (2025)',
    'MITRE ATT&CK T1567, Exfiltration Over Web Service',
  ],
  severity: 'high',
  confidence: 'medium',
  tier: 'regular',
  family: 'PATH',
  fix: 'none',
  advice: 'Limit methods and paths, not only hosts: `sallyport run` does it in its broker.',
  tags: ['CWE-200', 'CWE-1427', 'OWASP-CICD-SEC-6'],
  attack: [workflow('triage', example('api.anthropic.com:443 gist.github.com:443'))],
  benign: [workflow('triage', example('api.anthropic.com:443'))],
  paths: (facts: Facts) => abusableRuns(facts).flatMap((run) => pathsOf(run, facts)),
};

interface HostRow {
  readonly pattern: RegExp;
  readonly what: string;
  /** Needed by nearly every job: the weaker finding. */
  readonly common: boolean;
}

/** Hosts at which somebody with an account of his own can leave bytes. */
const LEAKING: readonly HostRow[] = [
  { pattern: /^\*(?:\.[a-z]+)?$|^\*\.(?:com|net|org|io|dev)$/, what: 'is any host', common: false },
  {
    pattern: /(?:^|\.)(?:gist\.github|pastebin|paste\.ee|transfer\.sh|file\.io|0x0\.st|ix\.io|hastebin)\b/,
    what: 'takes texts of anybody',
    common: false,
  },
  {
    pattern: /(?:webhook\.site|requestbin|pipedream\.net|ngrok|trycloudflare|loca\.lt|interact\.sh|oast\.)/,
    what: 'is an inbox or tunnel of anybody',
    common: false,
  },
  {
    pattern: /(?:discord(?:app)?\.com|hooks\.slack\.com|api\.telegram\.org)$/,
    what: 'takes messages to any channel',
    common: false,
  },
  {
    pattern:
      /(?:^|\.)s3[.-][a-z0-9-]*\.?amazonaws\.com$|\*\.amazonaws\.com|storage\.googleapis\.com|\.blob\.core\.windows\.net|r2\.cloudflarestorage\.com/,
    what: 'keeps buckets of anybody',
    common: false,
  },
  {
    pattern: /(?:^|\.)(?:api\.github\.com|gitlab\.com|bitbucket\.org)$|\*\.github(?:usercontent)?\.com/,
    what: 'takes comments, gists and repositories of anybody',
    common: true,
  },
  { pattern: /^(?:github\.com|uploads\.github\.com)$/, what: 'takes pushes to repositories of anybody', common: true },
  {
    pattern: /^(?:registry|upload|push)\.|^(?:npm|pypi|ghcr)\.|(?:^|\.)docker\.io$/,
    what: 'takes packages of anybody',
    common: true,
  },
];

function pathsOf(run: AgentRun, facts: Facts): readonly AttackPath[] {
  const source = strongestSource(run);
  const credentials = reachableCredentials(run);
  const worst = credentials[0];
  const { execute, network } = run.capabilities;
  if (!source || !worst || isContained(run) || (execute !== 'any' && network === 'none')) return [];
  const leak = leakingHost(run, facts);
  if (!leak) return [];
  const { host, what, common, place } = leak;
  return [
    pathAbout(run, {
      rule: 'PATH14',
      subject: `${run.invocation.product} ${host}`,
      message: `${who(run)} can make the ${agentOf(run)} of ${nameOf(run)} leave ${namesOfCredentials(credentials)} at ${host}, which is allowed`,
      gain: `The agent meets ${source.what}; ${host} ${what}.`,
      severity: atMost(isOpen(run) && !common ? 'high' : 'medium', pathSeverity(run)),
      confidence: common ? 'low' : 'medium',
      place,
      legs: legs(
        startLeg(run),
        inputLeg(run, source),
        agentLeg(run),
        credentialLeg(run, worst),
        sinkLeg(run, `allowed:${host}`, { place }, `it leaves through ${host}, which ${what}`, {
          what: common
            ? `Limit what may be asked of ${host}: methods and paths (\`sallyport run\`)`
            : `Take ${host} from the allowed hosts`,
          cost: common ? 3 : 1,
        }),
      ),
    }),
  ];
}

interface Leak {
  readonly host: string;
  readonly what: string;
  readonly common: boolean;
  readonly place: Place;
}

/** The worst host of the lists that really block, remote servers of the agent among them. */
function leakingHost(run: AgentRun, facts: Facts): Leak | undefined {
  const lists = run.effectsBefore.flatMap((effect) =>
    effect.kind === 'egress-control' && effect.mode === 'block' ? [{ hosts: effect.hosts, place: effect.place }] : [],
  );
  const given = [...givenServers(run, facts).values()];
  const configured = run.configuration.flatMap(({ servers }) => servers);
  const remote = new Set([...configured, ...given].flatMap(({ url }) => hostOf(url)));
  const leaks = lists.flatMap(({ hosts, place }) =>
    hosts.map(bare).flatMap((host): readonly Leak[] => {
      const row = LEAKING.find(({ pattern }) => pattern.test(host));
      if (row) return [{ host, what: row.what, common: row.common, place }];
      return remote.has(host)
        ? [{ host, what: 'is an MCP server, which takes any text as an argument', common: false, place }]
        : [];
    }),
  );
  return leaks.find(({ common }) => !common) ?? leaks[0];
}

function bare(host: string): string {
  return host
    .trim()
    .toLowerCase()
    .replace(/^https?:\/\//, '')
    .replace(/:\d+$/, '')
    .replace(/\/.*$/, '');
}

function hostOf(url: string | undefined): readonly string[] {
  return url === undefined ? [] : [bare(url)];
}
