import { type AgentConfiguration, powerOf, type WrittenRule } from '../../../agents/index.ts';
import { factsRule } from './configuration-rule.ts';
import { json, settings } from './examples.ts';

/** What two products can be compared by. */
const POWERS: readonly {
  readonly name: string;
  readonly denied: RegExp;
  readonly granted: (rule: string) => boolean;
}[] = [
  {
    name: 'commands',
    denied: /^(Bash|Shell|shell|run_shell_command|bash)(\(\*?\))?$/,
    granted: (rule) => powerOf(rule).execute === 'any',
  },
  {
    name: 'the web',
    denied: /^(WebFetch|WebSearch|web_fetch|webfetch|url)(\(\*?\))?$/,
    granted: (rule) => /^(webfetch|web_fetch|WebFetch|url)/.test(rule) && powerOf(rule).network !== 'none',
  },
  {
    name: 'edits',
    denied: /^(Edit|Write|write_file|replace|edit)(\(\*?\))?$/,
    granted: (rule) => powerOf(rule).write === 'everything' && powerOf(rule).execute === 'none',
  },
];

/** CFG021: one agent may what another must not, in the same tree. */
export const contradictingAgents = factsRule(
  {
    id: 'CFG021',
    name: 'contradicting-agents',
    title: 'Two agents of one repository contradict each other',
    what: "One product's committed configuration denies commands, edits or the web altogether, and another's allows them.",
    why: 'The stricter file gives a wrong picture: the same text steers the other agent into what this one refuses.',
    sources: ['Own analysis'],
    severity: 'low',
    confidence: 'medium',
    tier: 'pedantic',
    fix: 'none',
    advice: 'Decide once what agents may do here, and write it for every product, or let one policy decide for all.',
    tags: ['CWE-1108'],
    attack: [
      settings({ permissions: { deny: ['Bash'] } }),
      json('.cursor/cli.json', { permissions: { allow: ['Shell(*)'] } }),
    ],
    benign: [
      settings({ permissions: { deny: ['Bash'] } }),
      json('.cursor/cli.json', { permissions: { deny: ['Shell(*)'] } }),
    ],
  },
  function* (facts) {
    const settingsFiles = facts.configurations.filter((one) => one.kind === 'settings' && one.role !== 'example');
    for (const power of POWERS) {
      const strict = firstRule(settingsFiles, (one) => one.deny.find((rule) => power.denied.test(rule.text)));
      const other = settingsFiles.filter((one) => strict !== undefined && one.product !== strict.product);
      const loose = firstRule(other, (one) => one.allow.find((rule) => power.granted(rule.text)));
      if (strict === undefined || loose === undefined) continue;
      yield {
        place: loose.rule.place,
        message: `${loose.product} allows ${power.name} (${loose.rule.text}) that ${strict.product} denies (${strict.rule.text})`,
        subject: `${power.name} ${strict.product} ${loose.product}`,
        related: [{ place: strict.rule.place, message: `${strict.product} denies it here` }],
      };
    }
  },
);

function firstRule(
  configurations: readonly AgentConfiguration[],
  pick: (one: AgentConfiguration) => WrittenRule | undefined,
): { readonly product: string; readonly rule: WrittenRule } | undefined {
  for (const one of configurations) {
    const rule = pick(one);
    if (rule !== undefined) return { product: one.product, rule };
  }
  return undefined;
}
