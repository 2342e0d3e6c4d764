import type { AgentRun, Facts } from '../../../facts/index.ts';
import type { AttackPath } from '../../paths/attack-path.ts';
import { changeLeg, credentialLeg, legs, nameOf, propagationLeg, startLeg } from '../../paths/legs.ts';
import { pathAbout } from '../../paths/path-about.ts';
import { checkout, HEAD, KEY, PULL_REQUEST_TARGET, run as step, workflow } from './examples.ts';
import { isOpenToChanges, whoChanges } from './foreign-change.ts';
import { configurableRuns, openConfiguration } from './open-configuration.ts';
import type { PathRule } from './path-rule.ts';
import { namesOfCredentials } from './run-questions.ts';

const example = (flags: string): string => `${PULL_REQUEST_TARGET}
permissions:
  contents: read
jobs:
  review:
    runs-on: ubuntu-latest
    steps:
${checkout(HEAD)}
${step(`claude -p "Review the change" --allowedTools Read${flags}`, KEY)}
`;

/** PATH04: a pull request brings the agent's own configuration, which runs programs before any model answers. */
export const changeConfiguresAgent: PathRule = {
  id: 'PATH04',
  name: 'change-configures-agent',
  title: 'A pull request can bring hooks and servers that the agent runs',
  what: "An agent starts in the head of a pull request with the repository's secrets, and nothing leaves out the configuration that lies there: hooks, MCP servers, helpers, variables. No model has to be fooled. A restored hook that starts a script of the pull request counts too. PATH17 is reported instead where a neighbour restores what this one does not.",
  why: "An unattended run never asks whether the folder is trusted: what the author of the change wrote into the configuration runs as a program, with every secret that the agent's process has.",
  sources: [
    'Claude Code documentation, permissions.md, "What runs before you trust a folder"',
    'CVE-2025-59536 (code before the trust dialog)',
  ],
  severity: 'critical',
  confidence: 'high',
  tier: 'regular',
  family: 'PATH',
  fix: 'none',
  advice:
    'Add `--setting-sources user --strict-mcp-config`, or take `.claude` and `.mcp.json` from the base before the agent starts.',
  tags: ['CWE-829', 'CWE-94', 'OWASP-CICD-SEC-4'],
  attack: [workflow('review', example(''))],
  benign: [workflow('review', example(' --setting-sources user'))],
  paths: (facts: Facts) => configurableRuns(facts).flatMap((run) => [...fromChange(run), ...fromHook(run)]),
};

function fromChange(run: AgentRun): readonly AttackPath[] {
  const open = openConfiguration(run, 'runs');
  const first = open[0];
  if (!first) return [];
  const files = [...new Set(open.map(({ file }) => file))].join(' or ');
  return [
    configured(run, {
      subject: 'configuration',
      carrier: `a file ${files} in the change holds ${first.what}; it runs before the model is asked anything`,
      message: `${whoChanges(run)} runs programs in ${nameOf(run)} by adding ${files} to it`,
      cut: 'Start the agent with `--setting-sources user --strict-mcp-config`, or restore its configuration from the base',
      sure: first.certain,
      place: run.invocation.place,
    }),
  ];
}

const SCRIPT = /\.(?:sh|py|js|mjs|cjs|ts|rb)$/;
const TASKS: ReadonlySet<string> = new Set(['npm', 'pnpm', 'yarn', 'bun', 'make', 'just', 'task']);

/** Does the command start a file or task of the tree that the action does not restore? */
function runsTree(command: string): boolean {
  const words = command.slice(0, 4000).split(/[\s"'=;&|()]+/);
  const own = words.filter((word) => !word.includes('.claude/') && !word.includes('.husky/'));
  return own.some((word) => TASKS.has(word) || (SCRIPT.test(word) && !word.startsWith('/') && !word.startsWith('~')));
}

/** The hook is the base's, but what it starts is not among what was restored. */
function fromHook(run: AgentRun): readonly AttackPath[] {
  const { invocation, configuration, effective } = run;
  if (invocation.restores.length === 0) return [];
  const inForce = effective.filter(
    ({ kind, inForce: force, fromTree }) => kind === 'hook' && force === 'yes' && !fromTree,
  );
  const hooks = configuration.flatMap((one) => one.hooks);
  const hook = hooks.find(({ command, place, type }) => {
    const loaded = inForce.some((fact) => fact.place.file === place.file && fact.place.span.start === place.span.start);
    return type === 'command' && loaded && runsTree(command);
  });
  if (!hook) return [];
  return [
    configured(run, {
      subject: `hook ${hook.event}`,
      carrier: `the restored hook ${hook.event} runs \`${hook.command.slice(0, 80)}\`, which is a file of the pull request`,
      message: `${whoChanges(run)} runs programs in ${nameOf(run)} through the hook ${hook.event}, whose script is not restored`,
      cut: `Keep the script of the hook ${hook.event} below \`.claude\`, which is restored from the base`,
      sure: false,
      place: hook.place,
    }),
  ];
}

interface Carrier {
  readonly subject: string;
  readonly carrier: string;
  readonly message: string;
  readonly cut: string;
  readonly sure: boolean;
  readonly place: AgentRun['invocation']['place'];
}

/** Programs started by the configuration have the environment of the agent, whatever tools the agent may use. */
function configured(run: AgentRun, { subject, carrier, message, cut, sure, place }: Carrier): AttackPath {
  const held = run.credentials.filter(({ scope }) => scope !== 'other-step');
  const worst = held.find(({ class: kind }) => kind !== 'model-key') ?? held[0];
  const names = held.length > 0 ? ` with ${namesOfCredentials(held)}` : '';
  return pathAbout(run, {
    rule: 'PATH04',
    subject,
    message: `${message}${names}`,
    gain: 'The program has the environment of the agent and the files of the job. Tool lists and prompts do not matter: no model takes part.',
    severity: isOpenToChanges(run) ? 'critical' : 'high',
    confidence: sure ? 'high' : 'medium',
    place,
    legs: legs(
      startLeg(run),
      changeLeg(run),
      propagationLeg(run, `carrier:${subject}`, place, carrier, { what: cut, cost: 1 }),
      worst && credentialLeg(run, worst),
    ),
  });
}
