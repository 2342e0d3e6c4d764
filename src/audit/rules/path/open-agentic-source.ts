import { type Facts, fileRole } from '../../../facts/index.ts';
import type { Severity } from '../../../findings/index.ts';
import type { Pipeline } from '../../../pipelines/index.ts';
import type { Place } from '../../../syntax/index.ts';
import { type AttackPath, cheapestLeg, type Leg } from '../../paths/attack-path.ts';
import { agenticSources, source } from '../aw/agentic-source.ts';
import {
  mergedOutput,
  openNetwork,
  ownSecrets,
  publishedOutput,
  type Steering,
  steeringOf,
  steeringText,
  toolTokens,
} from './agentic-source-power.ts';
import type { PathRule } from './path-rule.ts';

/** PATH23: several switches of one source of an agentic workflow make a whole way. */
export const openAgenticSource: PathRule = {
  id: 'PATH23',
  name: 'open-agentic-source',
  title: 'The source of an agentic workflow leaves a whole way open',
  what: 'Text of outsiders reaches the agent of an agentic workflow (`roles: all`, a command of a member on a stranger’s issue, the clock), and the same source opens a way to harm: without sandbox or firewall, or with every host allowed, a secret of its environment leaves; a tool with a token of its own reads or writes past the job’s rights and an output publishes it; or its output is merged without a person.',
  why: 'Each switch is a choice that one may make. Together they take away what the compiler built: the walls around the agent, and the person between its output and the repository.',
  sources: [
    'GitHub Agentic Workflows documentation, "Security architecture", "Safe outputs", "Network"',
    'Noma Security, "GitLost" (2026): an issue makes an agentic workflow publish a private repository',
  ],
  severity: 'critical',
  confidence: 'medium',
  tier: 'regular',
  family: 'PATH',
  fix: 'none',
  advice:
    'Take one of them back: the check of roles, the sandbox, the token of the tool, or the merge without a person.',
  tags: ['CWE-1427', 'CWE-693', 'OWASP-LLM06'],
  attack: source('roles: all\nsandbox: false\ntools:\n  bash: ["*"]'),
  benign: source('roles: all\ntools:\n  bash: ["git log:*"]\nsafe-outputs:\n  add-comment: { max: 1 }'),
  paths: (facts: Facts) => agenticSources(facts).flatMap(pathsOf),
};

/** The end of a way: what is lost, and the legs that lead there. */
interface Harm {
  readonly subject: string;
  readonly does: string;
  readonly gain: string;
  /** When anybody can steer it. */
  readonly worst: Severity;
  readonly legs: readonly Leg[];
}

function pathsOf(pipeline: Pipeline): readonly AttackPath[] {
  if (fileRole(pipeline.file.path) !== 'active' || pipeline.jobs.length === 0) return [];
  const steering = steeringOf(pipeline);
  if (steering === undefined) return [];
  const harms = [leakedSecret(pipeline), usedToken(pipeline), mergedWork(pipeline)].filter((one) => one !== undefined);
  return harms.map((harm) => {
    const legs = [...beginning(pipeline, steering), ...harm.legs];
    const path: AttackPath = {
      rule: 'PATH23',
      run: undefined,
      subject: `${pipeline.file.path} ${harm.subject}`,
      message: `${steering.open ? 'Anyone' : 'Whoever writes the text that the agent reads'} can make the agent of this workflow ${harm.does}`,
      detail: '',
      severity: steering.open ? harm.worst : lessThan(harm.worst),
      confidence: 'medium',
      place: harm.legs.at(-1)?.step.place ?? steering.trigger.place,
      legs,
    };
    return { ...path, detail: `${harm.gain} Cheapest cut: ${cheapestLeg(path)?.cut.what}.` };
  });
}

function lessThan(severity: Severity): Severity {
  return severity === 'critical' ? 'high' : 'medium';
}

/** Somebody starts it, and their text meets the agent. */
function beginning(pipeline: Pipeline, { open, trigger }: Steering): readonly Leg[] {
  const text = steeringText(pipeline);
  const who = open ? 'anyone' : trigger.who === 'schedule' ? 'the clock' : 'a member, on what an outsider wrote,';
  return [
    leg(pipeline, 'start', 'trigger', trigger.place, `${who} starts the agent with ${trigger.event}`, {
      what: open ? 'Take `roles: all` away' : 'Set `min-integrity: approved` for the GitHub tool',
      cost: 1,
    }),
    leg(pipeline, 'input', 'source', text.place, `the agent meets ${text.what}`, {
      what: 'Hand the text over as data, or keep it away from the agent',
      cost: 4,
    }),
  ];
}

function leakedSecret(pipeline: Pipeline): Harm | undefined {
  const network = openNetwork(pipeline);
  const [secret] = network ? ownSecrets(pipeline, network.bare) : [];
  if (!network || !secret) return undefined;
  return {
    subject: `leak ${secret.what}`,
    does: `send ${secret.what} away`,
    gain: `${network.what} opens every host to it, and ${secret.what} is in its reach.`,
    worst: 'critical',
    legs: [
      leg(pipeline, 'secret', 'credential', secret.place, `${secret.what} is in the agent's reach`, {
        what: 'Give the secret to a step before or behind the agent',
        cost: 2,
      }),
      leg(pipeline, 'network', 'sink', network.place, `it leaves for any host: ${network.what}`, {
        what: 'Leave sandbox and firewall on, and name the hosts',
        cost: 1,
      }),
    ],
  };
}

function usedToken(pipeline: Pipeline): Harm | undefined {
  const tokens = toolTokens(pipeline);
  const token = tokens.find(({ writes }) => writes) ?? tokens[0];
  const output = token && !token.writes ? publishedOutput(pipeline) : undefined;
  if (token === undefined || (!token.writes && output === undefined)) return undefined;
  const reads = `${token.tool} reads with ${token.what}, whose rights no \`permissions\` bound`;
  const cut = {
    what: `Give ${token.tool} the job's own token, or one of an App for named repositories`,
    cost: 2,
  } as const;
  return {
    subject: `token ${token.what}`,
    does: token.writes ? `act with ${token.what}` : `publish what ${token.what} can read`,
    gain: token.writes ? `${token.tool} writes with ${token.what}, past the rights of the workflow.` : `${reads}.`,
    worst: 'high',
    legs: [
      leg(
        pipeline,
        'tool',
        token.writes ? 'sink' : 'credential',
        token.place,
        token.writes ? `${token.tool} acts with ${token.what}` : reads,
        cut,
      ),
      ...(output === undefined
        ? []
        : [
            leg(pipeline, 'output', 'sink', output.place, `${output.what} publishes what the agent writes`, {
              what: 'Let a person look at what the agent publishes',
              cost: 3,
            }),
          ]),
    ],
  };
}

function mergedWork(pipeline: Pipeline): Harm | undefined {
  const output = mergedOutput(pipeline);
  if (output === undefined) return undefined;
  return {
    subject: 'merge',
    does: 'change the main branch',
    gain: `What the agent writes is merged by ${output.what}; no person stands in between.`,
    worst: 'critical',
    legs: [
      leg(pipeline, 'merge', 'sink', output.place, `${output.what} puts it on the main branch`, {
        what: 'Let a person merge',
        cost: 2,
      }),
    ],
  };
}

function leg(
  { file }: Pipeline,
  id: string,
  role: Leg['step']['role'],
  place: Place,
  message: string,
  cut: Leg['cut'],
): Leg {
  return { id: `${file.path}:${id}`, step: { place, role, message }, cut };
}
