import { rememberTexts } from '../../text/index.ts';
import type { ProductId } from '../invocation/invocation.ts';
import { type DeadRule, deadInClaude, type RuleUse } from './claude-dead.ts';
import { commandGrant } from './command-grant.ts';
import { type Breadth, EVERY_GRANT, type Grant, type RuleMeaning, type RuleTopic } from './meaning.ts';
import { MEASURED, topicOf } from './tool-names.ts';

/** Products whose shell rules are prefixes without a wildcard. */
const PREFIX_RULES: ReadonlySet<ProductId> = new Set<ProductId>(['gemini', 'qwen', 'codex']);

/** Longer rules nobody writes; their forms are compared with patterns that take their time. */
const MOST_CHARACTERS = 4_096;

/** What a tool gives when the rule names nothing but the tool. */
const BARE: {
  readonly [topic in RuleTopic]: {
    readonly breadth: Breadth;
    readonly grants: readonly Grant[];
    readonly means: string;
  };
} = {
  shell: {
    breadth: 'everything',
    grants: EVERY_GRANT,
    means: 'runs any command',
  },
  everything: {
    breadth: 'everything',
    grants: ['execute', 'network', 'write', 'read', 'environment'],
    means: 'is every tool',
  },
  read: { breadth: 'narrow', grants: ['read'], means: 'reads any file' },
  write: { breadth: 'file-writer', grants: ['write'], means: 'writes any file' },
  web: { breadth: 'network', grants: ['network'], means: 'opens any address' },
  search: { breadth: 'network', grants: ['network'], means: 'sends any text to a search engine' },
  mcp: { breadth: 'unknown', grants: [], means: 'is every tool of a server' },
  agent: { breadth: 'narrow', grants: ['start-agent'], means: 'starts sub-agents under the same rules' },
  skill: { breadth: 'unknown', grants: ['execute'], means: 'runs skills, which may bring tools of their own' },
  other: { breadth: 'unknown', grants: [], means: 'is a tool nobody here knows' },
};

/** One for each product and use; the rules of a project stand in many jobs. */
const READERS = new Map<string, (text: string) => RuleMeaning>();

/**
 * What a permission rule of this product really means. Never fails: text that is no rule is dead and says so. `use`
 * says whether the rule approves or refuses, because some forms match only where they refuse.
 */
export function analyseRule(product: ProductId, text: string, use: RuleUse = 'allow'): RuleMeaning {
  const name = `${product} ${use}`;
  const read = READERS.get(name) ?? rememberTexts((rule) => readRule(product, rule, use));
  READERS.set(name, read);
  return read(text);
}

function readRule(product: ProductId, text: string, use: RuleUse): RuleMeaning {
  if (text.length > MOST_CHARACTERS) return malformed(text.slice(0, MOST_CHARACTERS));
  const parts = /^([^\s()]{1,200})(?:\(([\s\S]*)\))?$/.exec(text.trim());
  if (parts === null) return malformed(text);
  const tool = parts[1] ?? '';
  const spec = parts[2];
  const topic = topicOf(tool);
  const dead = MEASURED.has(product) ? deadInClaude(tool, spec, use) : undefined;
  const base = { text, tool, spec, topic, dead: dead?.why };
  if (spec === undefined || spec === '' || /^\*+$/.test(spec)) return { ...base, ...bareMeaning(topic, dead) };
  if (topic === 'shell') return { ...base, ...shellMeaning(product, tool, spec, dead) };
  return { ...base, ...specMeaning(topic, tool, spec, dead) };
}

function bareMeaning(topic: RuleTopic, dead: DeadRule | undefined) {
  return { ...BARE[topic], loose: undefined, program: undefined, command: undefined, rewrite: dead?.rewrite };
}

function shellMeaning(product: ProductId, tool: string, spec: string, dead: DeadRule | undefined) {
  const granted = commandGrant(spec, PREFIX_RULES.has(product));
  const rewrite = dead?.rewrite ?? (granted.rewrite === undefined ? undefined : `${tool}(${granted.rewrite})`);
  return { ...granted, rewrite };
}

function specMeaning(topic: RuleTopic, tool: string, spec: string, dead: DeadRule | undefined) {
  const bare = BARE[topic];
  const common = { program: undefined, command: undefined, rewrite: dead?.rewrite };
  if (topic === 'web' || topic === 'search') return { ...common, ...webMeaning(tool, spec, dead) };
  const whole = /^(?:\/\/|~\/|\/)?\*\*?(?:\/\*)?$/.test(spec) || spec === '~/**';
  return {
    ...common,
    loose: undefined,
    breadth: whole ? bare.breadth : ('narrow' as const),
    grants: bare.grants,
    means: whole ? bare.means : `${bare.grants.includes('write') ? 'writes' : 'uses'} ${spec}`,
  };
}

function webMeaning(tool: string, spec: string, dead: DeadRule | undefined) {
  const domain = /^domain:(.*)$/s.exec(spec)?.[1] ?? '';
  const any = /^[*.]*$/.test(domain) && dead === undefined && domain !== '';
  // `*example.test` is `evilexample.test` too; `*.example.test` is not.
  const glued = /^\*[^.*]/.test(domain);
  return {
    loose: glued ? `\`${domain}\` also matches every name that ends in \`${domain.slice(1)}\`` : undefined,
    breadth: any ? ('network' as const) : ('narrow' as const),
    grants: ['network'] as const,
    means: any ? 'opens any address' : `opens ${domain || spec}`,
    rewrite: dead?.rewrite ?? (glued ? `${tool}(domain:*.${domain.slice(1)})` : undefined),
  };
}

function malformed(text: string): RuleMeaning {
  const trimmed = text.trim();
  const words = /^([A-Za-z]{1,40})\s+([^()]{1,300})$/.exec(trimmed);
  const unclosed = trimmed.includes('(') && !trimmed.endsWith(')');
  return {
    text,
    tool: trimmed,
    spec: undefined,
    topic: 'other',
    dead: unclosed ? 'the closing parenthesis is missing' : 'it is not of the form `Tool` or `Tool(pattern)`',
    loose: undefined,
    breadth: 'unknown',
    program: undefined,
    command: undefined,
    grants: [],
    means: 'is no rule',
    rewrite: words ? `${words[1]}(${words[2]})` : unclosed ? `${trimmed})` : undefined,
  };
}
