import type { AgentRun, Facts } from '../../../facts/index.ts';
import type { FindingDraft, Fix, Severity } from '../../../findings/index.ts';
import type { Effect } from '../../../pipelines/index.ts';
import type { Rule } from '../../rule.ts';
import { flatSteps, onePerJob } from '../agent-job.ts';
import { agentRule, isContained, meetsOutsiders, type RunFinding, titleOf } from '../agent-rule.ts';
import { actionStep, commandStep, workflow } from '../example.ts';
import { containFix, indentOf } from '../fixes.ts';
import { distinctPlaces, NET } from './entries.ts';
import { HOSTS_DATE, leavingBy } from './hosts.ts';

const OPEN = commandStep('claude -p "Fix the finding" --dangerously-skip-permissions');
const HARDEN = 'step-security/harden-runner@0123456789abcdef0123456789abcdef01234567 # v2.13.0';
const hardened = (policy: string, hosts?: string): string =>
  actionStep(HARDEN, [`egress-policy: ${policy}`, ...(hosts === undefined ? [] : [`allowed-endpoints: ${hosts}`])]);
const SOUND = workflow(`${hardened('block', 'api.anthropic.com:443')}\n${OPEN}`);

function isBlocked(run: AgentRun): boolean {
  return run.controls.some(({ cuts, certainty }) => certainty === 'yes' && cuts.includes('egress'));
}

/** NET001. Containers are CT008. */
export const openEgress: Rule = agentRule(
  {
    ...NET,
    id: 'NET001',
    name: 'no-egress-control',
    title: 'Nothing limits where the agent may send',
    what: 'An agent that can reach the network runs in a job without a firewall, proxy or sandbox that blocks other hosts.',
    why: 'The way out is the third leg of an exfiltration: untrusted text, something private, and a host that takes it. Without a limit any host does.',
    sources: ['Meta, "Agents Rule of Two", October 2025', 'Measured: none of 218 hand-written workflows has a control'],
    severity: 'medium',
    confidence: 'high',
    fix: 'unsafe',
    advice: 'Start the agent with `sallyport run`, or block every host but the model’s before it starts.',
    tags: ['CWE-923', 'CWE-200', 'OWASP-CICD-SEC-7'],
    attack: [workflow(OPEN)],
    benign: [SOUND],
  },
  function* (run, facts): Iterable<RunFinding> {
    if (run.capabilities.network === 'none' || isBlocked(run) || isContained(run)) return;
    if (onePerJob(facts.runs).every((other) => other !== run)) return;
    const fixes = containFix(run, facts);
    const { untrusted, privateData } = run.trifecta;
    const secret = run.credentials.find(({ reachable }) => reachable === 'yes')?.name;
    yield {
      message: `Nothing limits where ${titleOf(run)} of job ${run.job.id} may send`,
      detail:
        untrusted === 'yes' && privateData === 'yes'
          ? `It reads what others write and can reach ${secret ?? 'private data'}; masking in the log does not stop a request.`
          : run.capabilities.network === 'any'
            ? 'Whatever it reads by mistake or by order can leave for any host.'
            : 'Its rules name tools, not hosts: a granted command, a hook or an MCP server reaches any of them.',
      severity: openSeverity(run),
      about: 'egress',
      ...(fixes.length > 0 ? { fixes } : {}),
    };
  },
);

/** High where the three legs meet and nobody has to let them; low where a gate stands or nothing of others is read. */
function openSeverity(run: AgentRun): Severity {
  const { untrusted, privateData } = run.trifecta;
  const split = run.controls.some(({ kind, certainty }) => kind === 'split-job' && certainty === 'yes');
  if (untrusted !== 'yes' || split || (run.gateStrength >= 3 && !meetsOutsiders(run))) return 'low';
  if (run.gateStrength >= 2 || privateData !== 'yes') return 'medium';
  return run.triggers.some(({ untrusted: open, privileged }) => open && privileged) &&
    run.capabilities.network === 'any'
    ? 'high'
    : 'medium';
}

/** Hosts that an agent needs besides its forge. Source: vendors' documentation on networks, read on `HOSTS_DATE`. */
const NEEDED: Readonly<Record<string, readonly string[]>> = {
  'claude-code': ['api.anthropic.com:443'],
  codex: ['api.openai.com:443'],
  gemini: ['generativelanguage.googleapis.com:443'],
};
const FORGE = ['github.com:443', 'api.github.com:443'];

/** NET002 */
export const observedEgress: Rule = agentRule(
  {
    ...NET,
    id: 'NET002',
    name: 'egress-only-observed',
    title: 'The egress control only watches',
    what: 'A control of outgoing connections before the agent is in `audit` mode.',
    why: 'What leaves is written down, and has left.',
    sources: ['step-security/harden-runner documentation, egress-policy'],
    severity: 'medium',
    confidence: 'high',
    fix: 'unsafe',
    advice: `Set \`egress-policy: block\` with the hosts that the job needs (known lists of ${HOSTS_DATE}).`,
    tags: ['CWE-923', 'CWE-778'],
    attack: [workflow(`${hardened('audit')}\n${OPEN}`)],
    benign: [SOUND],
  },
  function* (run, facts): Iterable<RunFinding> {
    const effect = run.effectsBefore.find((one) => one.kind === 'egress-control' && one.mode === 'audit');
    if (effect === undefined || isBlocked(run)) return;
    const fixes = blockFix(run, facts, effect);
    yield {
      message: `Outgoing connections of ${titleOf(run)} in job ${run.job.id} are watched, not blocked`,
      place: effect.place,
      about: 'observed',
      ...(fixes.length > 0 ? { fixes } : {}),
    };
  },
);

function blockFix(run: AgentRun, facts: Facts, effect: Effect): readonly Fix[] {
  const step = flatSteps(run.job.steps).find(({ effects }) => effects.includes(effect));
  const policy = step?.inputs.find(({ name }) => name.toLowerCase() === 'egress-policy');
  const hosts = step?.inputs.find(({ name }) => name.toLowerCase() === 'allowed-endpoints');
  const needed = NEEDED[run.invocation.product];
  const indent = policy && indentOf(facts, policy.keyPlace);
  if (policy === undefined || indent === undefined || needed === undefined || policy.value.text !== 'audit') return [];
  const { file, span } = policy.value.place;
  const list = hosts === undefined ? `\n${indent}allowed-endpoints: ${[...needed, ...FORGE].join(' ')}` : '';
  return [
    {
      title: 'Block every host but these',
      safety: 'unsafe',
      edits: [{ file, span, text: `block${list}` }],
      creates: [],
    },
  ];
}

/** NET003. The network of agentic workflows is AW006. */
export const leakyAllowList: Rule = {
  ...NET,
  id: 'NET003',
  name: 'allow-list-holds-a-way-out',
  title: 'The allow-list holds a host to which anybody can send data',
  what: `A list of allowed hosts (firewall step, sandbox of the agent, WebFetch rule) holds a wildcard or a host where anybody can leave data (list of ${HOSTS_DATE}).`,
  why: 'A paste, a bucket, a gist or a webhook of the attacker is inside the list; the control lets the secret pass and says that all is well.',
  sources: ['Allowed-domain exfiltration with the attacker’s own key, 2025', 'CVE-2026-54316'],
  severity: 'medium',
  confidence: 'medium',
  fix: 'none',
  advice: 'Name full hosts, and for shared ones the method and path, which `sallyport run` can.',
  tags: ['CWE-923', 'CWE-200'],
  attack: [workflow(`${hardened('block', 'api.anthropic.com:443 gist.github.com:443')}\n${OPEN}`)],
  benign: [SOUND],
  check: (facts) =>
    distinctPlaces([...facts.runs.flatMap(inFirewall), ...inSettings(facts), ...facts.runs.flatMap(inRules)]),
};

/** A host that nearly every honest list needs is said aloud only beside one that it does not need. */
function judge(
  hosts: readonly string[],
): { readonly named: string; readonly what: string; readonly severity: Severity } | undefined {
  const found = hosts.flatMap((host) => {
    const way = leavingBy(host);
    return way === undefined ? [] : [{ host, ...way }];
  });
  const worst = found.find(({ usual }) => !usual) ?? found[0];
  if (worst === undefined) return undefined;
  return { named: worst.host, what: worst.what, severity: worst.usual ? 'low' : 'medium' };
}

function inFirewall(run: AgentRun): readonly FindingDraft[] {
  return run.effectsBefore.flatMap((effect): readonly FindingDraft[] => {
    if (effect.kind !== 'egress-control' || effect.mode !== 'block') return [];
    const found = judge(effect.hosts);
    return found === undefined
      ? []
      : [leak(`The firewall of job ${run.job.id}`, found, effect.place, `${run.job.id} ${found.named}`)];
  });
}

function leak(
  who: string,
  { named, what, severity }: NonNullable<ReturnType<typeof judge>>,
  place: FindingDraft['place'],
  subject: string,
): FindingDraft {
  return {
    rule: 'NET003',
    message: `${who} lets the agent reach ${named}: ${what}`,
    severity,
    confidence: 'medium',
    place,
    subject,
  };
}

function inSettings(facts: Facts): readonly FindingDraft[] {
  return facts.configurations
    .filter(({ role }) => role !== 'example')
    .flatMap(({ keys, label, file }) =>
      keys.flatMap(({ path, text, place }) => {
        const found = /^sandbox\.network\.allowedDomains\b/.test(path) ? judge([text]) : undefined;
        return found === undefined || found.severity === 'low'
          ? []
          : [leak(`The ${label}`, found, place, `${file.path} ${text}`)];
      }),
    );
}

function inRules(run: AgentRun): readonly FindingDraft[] {
  return run.invocation.allow.flatMap(({ text, place }) => {
    const domain = /^WebFetch\(domain:([^)\s]{1,253})\)$/.exec(text)?.[1];
    const found = domain === undefined ? undefined : judge([domain]);
    return found === undefined || found.severity === 'low'
      ? []
      : [leak(`\`${text}\` of job ${run.job.id}`, found, place, `${run.job.id} ${text}`)];
  });
}

/** NET010 */
export const lateControl: Rule = agentRule(
  {
    ...NET,
    id: 'NET010',
    name: 'egress-control-in-the-wrong-place',
    title: 'The egress control does not stand around the agent',
    what: 'A firewall step comes after the agent, stands in another job, or guards the runner while the agent works in a container of its own.',
    why: 'It guards nothing that the agent does: connections were made before it, or come from a network that it does not see.',
    sources: ['step-security/harden-runner documentation, limitations: container jobs'],
    severity: 'medium',
    confidence: 'high',
    fix: 'none',
    advice:
      'Make it the first step of the agent’s own job, outside a container, or start the agent with `sallyport run`.',
    tags: ['CWE-693', 'CWE-923'],
    attack: [workflow(`${OPEN}\n${hardened('block', 'api.anthropic.com:443')}`)],
    benign: [SOUND],
  },
  function* (run, facts): Iterable<RunFinding> {
    const late = run.effectsAfter.find(({ kind }) => kind === 'egress-control');
    const early = run.effectsBefore.find((one) => one.kind === 'egress-control' && one.mode === 'block');
    const container = run.job.container;
    if (early !== undefined && container !== undefined && run.pipeline.platform === 'github') {
      yield {
        message: `Job ${run.job.id} runs in a container, whose connections this firewall of the runner does not see`,
        confidence: 'medium',
        place: early.place,
        related: [{ place: container.place, message: 'the container in which the agent runs' }],
        about: 'container',
      };
    } else if (early === undefined && late !== undefined) {
      yield {
        message: `The egress control of job ${run.job.id} starts after ${titleOf(run)}`,
        place: late.place,
        related: [{ place: run.invocation.place, message: 'the agent runs before it' }],
        about: 'late',
      };
    } else if (early === undefined) {
      yield* inOtherJob(run, facts);
    }
  },
);

function* inOtherJob(run: AgentRun, facts: Facts): Iterable<RunFinding> {
  for (const job of run.pipeline.jobs) {
    // Where an agent of its own runs there, the control is for that one.
    if (facts.runs.some((other) => other.job === job) || !run.job.needs.some(({ value }) => value === job.id)) continue;
    const effect = flatSteps(job.steps)
      .flatMap(({ effects }) => effects)
      .find((one) => one.kind === 'egress-control' && one.mode === 'block');
    if (effect === undefined) continue;
    yield {
      message: `The egress control stands in job ${job.id}; ${titleOf(run)} runs in job ${run.job.id}, on a machine without one`,
      severity: 'low',
      confidence: 'medium',
      place: effect.place,
      about: `job ${job.id}`,
    };
    return;
  }
}

/** NET011. Pods are CT008. */
export const metadataService: Rule = {
  ...NET,
  id: 'NET011',
  name: 'metadata-service-reachable',
  title: 'The metadata service of the cloud may answer the agent',
  what: 'An agent with network or commands runs on a machine of one’s own, and nothing blocks 169.254.169.254.',
  why: 'On a cloud machine that address hands out the machine’s own credentials to whoever asks. They open more than the job was given.',
  sources: [
    'AWS documentation, "Use the Instance Metadata Service"',
    'Capital One, 2019: credentials of the machine over metadata',
  ],
  severity: 'medium',
  confidence: 'low',
  fix: 'none',
  advice:
    'Block 169.254.169.254 before the agent starts, require IMDSv2 with one hop, or start the agent with `sallyport run`.',
  tags: ['CWE-918', 'CWE-522'],
  attack: [{ ...workflow(OPEN), text: workflow(OPEN).text.replace('ubuntu-latest', '[self-hosted, linux]') }],
  benign: [workflow(OPEN)],
  check: (facts) =>
    onePerJob(facts.runs).flatMap((run): readonly FindingDraft[] => {
      const { runner, id } = run.job;
      const reaches = run.capabilities.network !== 'none' || run.capabilities.execute === 'any';
      const named = flatSteps([...run.before, run.step]).some(({ run: script }) =>
        script?.text.text.includes('169.254.169.254'),
      );
      if (runner.kind !== 'persistent' || !reaches || named || isBlocked(run) || isContained(run)) return [];
      return [
        {
          rule: 'NET011',
          message: `${titleOf(run)} of job ${id} runs on a machine of your own, where a metadata service may hand out its credentials`,
          severity: meetsOutsiders(run) ? 'medium' : 'low',
          confidence: 'low',
          place: runner.labels[0]?.place ?? run.invocation.place,
          subject: `${id} metadata`,
        },
      ];
    }),
};
