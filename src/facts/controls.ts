import type { Effect } from '../pipelines/index.ts';
import { isWrapped } from './compiled.ts';
import { tokenWrites } from './credentials.ts';
import type { LocatedAgent } from './locate-agents.ts';
import type { AgentRun, Control } from './model.ts';
import type { Start } from './start.ts';

/** Everything that stands in the way, and what it cuts. A control that cannot be verified is `unknown` and cuts nothing. */
export function readControls(
  agent: LocatedAgent,
  start: Start,
  tree: AgentRun['tree'],
  effects: { readonly before: readonly Effect[]; readonly after: readonly Effect[] },
): readonly Control[] {
  return [
    ...gateControls(start),
    ...egressControls(effects.before),
    ...sandboxControls(agent),
    ...configurationControls(agent, tree),
    ...scrubControls(agent),
    ...tokenControls(agent, effects.after),
    ...boundControls(agent, effects.after),
  ];
}

function gateControls(start: Start): readonly Control[] {
  return start.gates.map((gate) => ({
    kind: gate.kind === 'environment' ? ('environment-approval' as const) : ('gate' as const),
    what: gate.spoofable === undefined ? gate.kind : `${gate.kind}, but ${gate.spoofable}`,
    certainty:
      gate.kind === 'environment'
        ? ('unknown' as const)
        : gate.spoofable === undefined
          ? ('yes' as const)
          : ('no' as const),
    cuts: gate.strength >= 2 ? (['start'] as const) : [],
    place: gate.place,
  }));
}

function egressControls(before: readonly Effect[]): readonly Control[] {
  return before.flatMap((effect): Control[] => {
    if (effect.kind !== 'egress-control') return [];
    const blocks = effect.mode === 'block';
    const hosts = effect.hosts.length > 0 ? ` (${effect.hosts.length} hosts)` : '';
    const what = blocks ? `outgoing connections are blocked${hosts}` : 'outgoing connections are only observed';
    return [
      { kind: 'egress', what, certainty: blocks ? 'yes' : 'no', cuts: blocks ? ['egress'] : [], place: effect.place },
    ];
  });
}

/** Sandboxes around the whole agent: the firewall of compiled agentic workflows, `sallyport run`. */
function sandboxControls(agent: LocatedAgent): readonly Control[] {
  const { invocation } = agent;
  const { state, place } = invocation.sandbox;
  // What stands around the agent holds whatever the agent's own sandbox is set to.
  const around = isWrapped(agent);
  if (state !== 'on' && !around) return [];
  return [
    {
      kind: 'sandbox',
      what: around ? 'the whole agent runs inside a sandbox with egress control' : "the agent's own sandbox is on",
      certainty: around ? 'yes' : 'unknown',
      cuts: around ? ['egress', 'credential', 'write'] : [],
      place: place ?? invocation.place,
    },
  ];
}

function configurationControls({ invocation }: LocatedAgent, tree: AgentRun['tree']): readonly Control[] {
  const controls: Control[] = [];
  if (invocation.restores.length > 0 && tree.provenance === 'pull-request') {
    const what = `the action takes ${invocation.restores.slice(0, 3).join(', ')} … from the base`;
    controls.push({ kind: 'restored-configuration', what, certainty: 'yes', cuts: ['input'], place: invocation.place });
  }
  const own = invocation.settingSources !== undefined && !invocation.settingSources.includes('project');
  if (own) {
    const what = '--setting-sources leaves the settings and MCP servers of the repository out';
    controls.push({
      kind: 'ignored-configuration',
      what,
      certainty: 'yes',
      cuts: ['input', 'execute'],
      place: invocation.place,
    });
  }
  return controls;
}

function scrubControls({ invocation }: LocatedAgent): readonly Control[] {
  const scrub = invocation.written.find(
    ({ name, text }) => name === 'CLAUDE_CODE_SUBPROCESS_ENV_SCRUB' && !/^(?:0|false|)$/.test(text),
  );
  const implied = invocation.builtInGate.openedTo.find(({ what }) => what.includes('allowed_non_write_users'));
  const place = scrub?.place ?? implied?.place;
  if (!place) return [];
  // It hides the vendor's own and cloud credentials from subprocesses, not the forge token: it cuts no leg alone.
  const what = 'model and cloud keys are hidden from the programs that the agent starts';
  return [{ kind: 'environment-scrub', what, certainty: 'yes', cuts: [], place }];
}

function tokenControls(agent: LocatedAgent, after: readonly Effect[]): readonly Control[] {
  const { job, pipeline } = agent;
  const permissions = job.permissions ?? pipeline.permissions;
  if (!permissions || tokenWrites(permissions) !== 'no') return [];
  const controls: Control[] = [
    {
      kind: 'read-only-token',
      what: "the job's token can only read",
      certainty: 'yes',
      cuts: ['write'],
      place: permissions.place,
    },
  ];
  const writers = pipeline.jobs.filter(
    (other) =>
      other.needs.some(({ value }) => value === job.id) &&
      tokenWrites(other.permissions ?? pipeline.permissions) === 'yes',
  );
  const writer = writers[0];
  if (writer && !after.some(({ kind }) => kind === 'push' || kind === 'publish')) {
    const what = `writing happens in job ${writer.id}, which holds no agent`;
    controls.push({ kind: 'split-job', what, certainty: 'yes', cuts: ['write'], place: writer.place });
  }
  return controls;
}

function boundControls({ job, stepPath }: LocatedAgent, after: readonly Effect[]): readonly Control[] {
  const limit = stepPath.find(({ timeoutMinutes }) => timeoutMinutes)?.timeoutMinutes ?? job.timeoutMinutes;
  const cleanup = after.find(({ kind }) => kind === 'cleanup');
  return [
    ...(limit
      ? [
          {
            kind: 'timeout' as const,
            what: `stops after ${limit.value} minutes`,
            certainty: 'yes' as const,
            cuts: [],
            place: limit.place,
          },
        ]
      : []),
    ...(cleanup
      ? [
          {
            kind: 'teardown' as const,
            what: 'a later step cleans up',
            certainty: 'unknown' as const,
            cuts: [],
            place: cleanup.place,
          },
        ]
      : []),
  ];
}
