import type { FindingDraft, Severity } from '../../../findings/index.ts';
import type { Pipeline } from '../../../pipelines/index.ts';
import { entryOf, type MapEntry, nodeAt, scalarsOf } from '../../../syntax/index.ts';
import type { Rule } from '../../rule.ts';
import { agenticSources, placeOfEntry, replaceValue, source, sourceFinding } from './agentic-source.ts';

const DOCUMENTATION = 'GitHub Agentic Workflows documentation, "Front matter"';

/** AW001: the built-in check of who starts the agent is off. */
const openRoles: Rule = {
  id: 'AW001',
  name: 'agentic-roles-all',
  title: 'Everybody may start the agent',
  what: 'An agentic workflow has `roles: all` and a trigger that outsiders can cause.',
  why: 'The check that only people with write access start the agent is switched off. Any account can make it work, on text of its choice.',
  sources: [DOCUMENTATION],
  severity: 'high',
  confidence: 'high',
  tier: 'regular',
  family: 'AW',
  fix: 'none',
  advice: 'Name the roles: `roles: [admin, maintainer, write]`, or start it by a label.',
  tags: ['CWE-284', 'OWASP-LLM06'],
  attack: source('roles: all'),
  benign: source('roles: [admin, maintainer, write]'),
  check: (facts) =>
    agenticSources(facts).flatMap((pipeline) => {
      const entry = entryOf(pipeline.root, 'roles') ?? onEntry(pipeline, 'roles');
      if (entry === undefined || !scalarsOf(entry.value).some(({ text }) => text === 'all')) return [];
      const outside = pipeline.triggers.filter(({ untrusted, privileged }) => untrusted && privileged);
      const open = outside.some(({ who }) => who === 'anyone' || who === 'other-pipeline');
      const severity: Severity = open ? 'high' : 'low';
      const message = open ? 'Everybody may start this agent' : 'The check of who starts this agent is off';
      return [sourceFinding(pipeline, 'roles', placeOfEntry(pipeline, entry), { rule: 'AW001', message, severity })];
    }),
};

function onEntry(pipeline: Pipeline, key: string): MapEntry | undefined {
  return entryOf(nodeAt(pipeline.root, 'on'), key);
}

interface SwitchRow {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly why: string;
  readonly severity: Severity;
  readonly message: string;
  readonly advice: string;
  readonly tags: readonly string[];
  /** Routes to a switch, the values that turn it off, and the value that turns it on. */
  readonly switches: readonly {
    readonly route: readonly string[];
    readonly off: readonly string[];
    readonly on: string;
  }[];
  readonly attack: string;
  readonly benign: string;
}

/** Protections that the compiler adds unless the source says no. */
const SWITCHES: readonly SwitchRow[] = [
  {
    id: 'AW002',
    name: 'agentic-strict-off',
    title: 'Strict mode is off',
    why: 'Without it the compiler accepts write rights for the agent, wildcard hosts and actions that are not pinned.',
    severity: 'medium',
    message: 'The compiler checks this workflow less strictly',
    advice: 'Use `strict: true` and mend what the compiler then refuses.',
    tags: ['CWE-693'],
    switches: [{ route: ['strict'], off: ['false'], on: 'true' }],
    attack: 'strict: false',
    benign: 'strict: true',
  },
  {
    id: 'AW004',
    name: 'agentic-sandbox-off',
    title: 'The agent runs without its sandbox or firewall',
    why: 'The agent can then reach any host with everything it reads, and everything on the runner.',
    severity: 'high',
    message: 'The agent of this workflow runs without sandbox or firewall',
    advice: 'Leave the sandbox on, and name the hosts that the agent needs under `network.allowed`.',
    tags: ['CWE-693', 'OWASP-LLM06'],
    switches: [
      { route: ['sandbox'], off: ['false', 'none', 'default'], on: '{ agent: { id: awf } }' },
      { route: ['sandbox', 'agent'], off: ['false', 'none'], on: 'awf' },
      { route: ['network', 'firewall'], off: ['false', 'disable', 'disabled'], on: 'true' },
    ],
    attack: 'sandbox: false',
    benign: 'sandbox: { agent: { id: awf } }',
  },
  {
    id: 'AW005',
    name: 'agentic-threat-detection-off',
    title: "Nobody looks at the agent's outputs before they are applied",
    why: 'A comment, an issue or a patch that an outsider made the agent write is applied as it is.',
    severity: 'medium',
    message: "The agent's outputs are applied without a look at them",
    advice: 'Leave threat detection on.',
    tags: ['CWE-693', 'OWASP-LLM05'],
    switches: [
      { route: ['safe-outputs', 'threat-detection'], off: ['false'], on: 'true' },
      { route: ['safe-outputs', 'threat-detection', 'enabled'], off: ['false'], on: 'true' },
    ],
    attack: 'safe-outputs:\n  add-comment: { max: 1 }\n  threat-detection: false',
    benign: 'safe-outputs:\n  add-comment: { max: 1 }\n  threat-detection: true',
  },
];

function switchRule(row: SwitchRow): Rule {
  const { id, name, title, why, severity, advice, tags } = row;
  const forms = row.switches.map(({ route, off }) => `\`${route.join('.')}: ${off[0] ?? ''}\``);
  return {
    ...{ id, name, title, why, severity, advice, tags },
    what: `An agentic workflow has ${forms.join(' or ')}.`,
    sources: [DOCUMENTATION],
    confidence: 'high',
    tier: 'regular',
    family: 'AW',
    fix: 'safe',
    attack: source(row.attack),
    benign: source(row.benign),
    check: (facts) => agenticSources(facts).flatMap((pipeline) => switchedOff(pipeline, row)),
  };
}

function switchedOff(pipeline: Pipeline, row: SwitchRow): readonly FindingDraft[] {
  return row.switches.flatMap(({ route, off, on }) => {
    const key = route.at(-1) ?? '';
    const entry = entryOf(nodeAt(pipeline.root, ...route.slice(0, -1)), key);
    if (entry?.value.kind !== 'scalar' || !off.includes(entry.value.text.toLowerCase())) return [];
    const { id: rule, message, severity } = row;
    const fix = replaceValue(pipeline, entry, on, `Turn it on: ${key}`);
    return [sourceFinding(pipeline, route.join('.'), placeOfEntry(pipeline, entry), { rule, message, severity, fix })];
  });
}

export const SWITCH_RULES: readonly Rule[] = [openRoles, ...SWITCHES.map(switchRule)];
