import type { Place } from '../../syntax/index.ts';
import type { Invocation, ProductId } from '../invocation/invocation.ts';
import { isRouting } from './claude-controls.ts';
import type { AgentConfiguration } from './configuration.ts';
import type { EffectiveFact } from './effective.ts';
import { comesFromChange, type EffectiveInput, isSwitchedOn, wasWritten } from './effective-input.ts';

type Kind =
  | 'mcp'
  | 'hook'
  | 'helper'
  | 'environment'
  | 'routing'
  | 'rules'
  | 'mode'
  | 'instructions'
  | 'skill'
  | 'plugin';
type InForce = EffectiveFact['inForce'];

/** What one product does with the configuration of a repository that nobody trusted, in an unattended run. */
interface ProductRow {
  readonly product: ProductId;
  /** Trust that the run itself gives: flags by tag or spelling, and variables. */
  readonly trust: { readonly flags: readonly string[]; readonly variables: readonly string[] };
  /** Without and with such trust. Kinds that are not named are `unknown`. */
  readonly untrusted: Partial<Record<Kind, InForce>>;
  readonly trusted: Partial<Record<Kind, InForce>>;
  /** Files of other products that it reads too. */
  readonly reads: readonly (ProductId | 'any')[];
  readonly source: string;
}

const EVERYTHING: Record<Kind, InForce> = {
  mcp: 'yes',
  hook: 'yes',
  helper: 'yes',
  environment: 'yes',
  routing: 'yes',
  rules: 'yes',
  mode: 'yes',
  instructions: 'yes',
  skill: 'yes',
  plugin: 'yes',
};

/** Measured with hostile repositories unless the source says documentation. */
const PRODUCTS: readonly ProductRow[] = [
  {
    product: 'codex',
    trust: { flags: ['--trust'], variables: [] },
    untrusted: {
      mcp: 'no',
      hook: 'no',
      helper: 'no',
      environment: 'no',
      routing: 'no',
      rules: 'no',
      mode: 'no',
      instructions: 'yes',
    },
    trusted: {
      mcp: 'yes',
      hook: 'no',
      helper: 'no',
      routing: 'no',
      rules: 'unknown',
      mode: 'yes',
      instructions: 'yes',
    },
    reads: ['any'],
    source: 'measured on Codex 0.169',
  },
  {
    product: 'gemini',
    trust: { flags: ['--skip-trust'], variables: ['GEMINI_CLI_TRUST_WORKSPACE'] },
    untrusted: {
      mcp: 'no',
      hook: 'no',
      helper: 'no',
      environment: 'no',
      routing: 'no',
      rules: 'no',
      mode: 'no',
      instructions: 'unknown',
    },
    trusted: { ...EVERYTHING, hook: 'unknown', helper: 'unknown' },
    reads: ['any'],
    source: 'measured on Gemini CLI 0.61, where folder trust is on by default',
  },
  {
    product: 'qwen',
    trust: { flags: [], variables: [] },
    untrusted: EVERYTHING,
    trusted: EVERYTHING,
    reads: ['any'],
    source: 'measured on Qwen Code 0.24.4, which has no trust gate by default',
  },
  {
    product: 'opencode',
    trust: { flags: [], variables: [] },
    untrusted: EVERYTHING,
    trusted: EVERYTHING,
    reads: ['any'],
    source: 'measured on opencode 1.18.33, which has no trust gate',
  },
  {
    product: 'copilot',
    trust: { flags: ['--trust-folder'], variables: ['COPILOT_ALLOW_ALL'] },
    untrusted: { mcp: 'no', hook: 'no', helper: 'no', instructions: 'yes', skill: 'unknown' },
    trusted: { ...EVERYTHING, routing: 'unknown', environment: 'unknown' },
    reads: ['any', 'claude-code'],
    source: 'measured on Copilot CLI 1.0.102',
  },
  {
    product: 'cursor',
    trust: { flags: ['--approve-mcps', '--trust'], variables: [] },
    untrusted: { rules: 'yes', mode: 'yes', instructions: 'yes' },
    trusted: { rules: 'yes', mode: 'yes', instructions: 'yes', mcp: 'yes' },
    reads: ['any'],
    source: 'vendor documentation; not measured',
  },
  {
    product: 'aider',
    trust: { flags: [], variables: [] },
    untrusted: { ...EVERYTHING, instructions: 'unknown', mcp: 'no', hook: 'no' },
    trusted: { ...EVERYTHING, instructions: 'unknown' },
    reads: ['any'],
    source: 'vendor documentation; .env is loaded with override; not measured',
  },
];

/** Variables that switch repository configuration off, with what is known about them. */
const SWITCHES: readonly { readonly product: ProductId; readonly variable: string }[] = [
  { product: 'opencode', variable: 'OPENCODE_DISABLE_PROJECT_CONFIG' },
];

/** What a product other than Claude Code will obey, by its row; `unknown` where nobody measured or documented it. */
export function productFacts(input: EffectiveInput): readonly EffectiveFact[] {
  const row = PRODUCTS.find((one) => one.product === input.invocation.product);
  const own = input.configurations.filter((one) => belongs(one, input.invocation.product, row));
  return [...writtenFacts(input.invocation), ...own.flatMap((one) => factsOf(one, input, row))];
}

function belongs(one: AgentConfiguration, product: ProductId, row: ProductRow | undefined): boolean {
  if (one.role === 'example' || one.role === 'managed') return false;
  if (one.product !== product && row?.reads.includes(one.product) !== true) return false;
  if (one.product === 'claude-code' && product === 'copilot') return one.kind === 'mcp' || one.kind === 'settings';
  return one.role !== 'plugin' || one.product === 'opencode';
}

function factsOf(
  one: AgentConfiguration,
  input: EffectiveInput,
  row: ProductRow | undefined,
): readonly EffectiveFact[] {
  const put = (subject: string, kind: EffectiveFact['kind'], by: Kind, place: Place): EffectiveFact => ({
    subject,
    kind,
    ...answerOf(by, input, row),
    place,
    fromTree: comesFromChange(input, place.file),
  });
  const start: Place = { file: one.file.path, span: one.instructions?.span ?? { start: 0, end: 0 } };
  const modes = one.keys.filter((key) => MODE_KEYS.has(key.path));
  return [
    ...one.hooks.map((hook) => put(`hook ${hook.event}`, 'hook', 'hook', hook.place)),
    ...one.servers
      .filter((server) => !server.disabled)
      .map((server) => put(`mcp server ${server.name}`, 'mcp', 'mcp', server.place)),
    ...one.helpers.map((helper) => put(`helper ${helper.key}`, 'helper', 'helper', helper.place)),
    ...one.environment.map(({ name, place }) =>
      put(`env ${name}`, 'environment', isRouting(name) ? 'routing' : 'environment', place),
    ),
    ...(['allow', 'deny', 'ask'] as const).flatMap((verdict) =>
      one[verdict].map((rule) => put(`${verdict} ${rule.text}`, verdict, 'rules', rule.place)),
    ),
    ...modes.map((key) =>
      put(`${key.path} = ${key.text}`, key.path.includes('sandbox') ? 'sandbox' : 'mode', 'mode', key.place),
    ),
    ...(one.kind === 'instructions'
      ? [put(`instructions ${one.file.path}`, 'instructions', 'instructions', start)]
      : []),
    ...(one.kind === 'plugin' ? [put(`plug-in ${one.file.path}`, 'hook', 'plugin', start)] : []),
    ...one.inlineCommands.map((command) => put(`command ${command.command}`, 'skill', 'skill', command.place)),
  ];
}

/** Keys that set how much an agent may do unasked, product by product. Source: the vendors' settings references. */
const MODE_KEYS: ReadonlySet<string> = new Set([
  'approval_policy',
  'sandbox_mode',
  'sandbox_workspace_write.network_access',
  'tools.autoAccept',
  'autoAccept',
  'tools.sandbox',
  'sandbox',
  'general.defaultApprovalMode',
  'tools.approvalMode',
  'permission',
  'type',
  'networkPolicy.default',
  'yes-always',
  'amp.dangerouslyAllowAll',
  'GOOSE_MODE',
  'defaultPermissionMode',
]);

function answerOf(
  kind: Kind,
  input: EffectiveInput,
  row: ProductRow | undefined,
): Pick<EffectiveFact, 'inForce' | 'why'> {
  if (row === undefined)
    return {
      inForce: 'unknown',
      why: 'what this product does with repository configuration was not measured; assume that nothing gates it',
    };
  const off = SWITCHES.find((one) => one.product === row.product && isSwitchedOn(input, one.variable));
  if (off !== undefined)
    return { inForce: 'unknown', why: `${off.variable} should leave the repository's configuration out; not measured` };
  const by = trustGiven(input, row);
  const inForce = (by === undefined ? row.untrusted : row.trusted)[kind] ?? 'unknown';
  if (
    kind === 'hook' &&
    row.product === 'codex' &&
    by !== undefined &&
    wasWritten(input.invocation, '--dangerously-bypass-hook-trust')
  ) {
    return { inForce: 'yes', why: '--dangerously-bypass-hook-trust together with trust runs hooks of the repository' };
  }
  const because = by === undefined ? 'nobody trusted the folder' : `${by} trusts the folder`;
  return { inForce, why: `${because} (${row.source})` };
}

function trustGiven(input: EffectiveInput, row: ProductRow): string | undefined {
  const variable = row.trust.variables.find((name) => isSwitchedOn(input, name));
  if (variable !== undefined) return variable;
  return row.trust.flags.length > 0 && wasWritten(input.invocation, ...row.trust.flags)
    ? 'the command line'
    : undefined;
}

/** Modes and rules of the command line or the action itself. */
function writtenFacts(invocation: Invocation): readonly EffectiveFact[] {
  const put = (subject: string, kind: EffectiveFact['kind'], why: string, place: Place): EffectiveFact => ({
    subject,
    kind,
    inForce: 'yes',
    why,
    place,
    fromTree: false,
  });
  return [
    ...invocation.modeFrom.map((from) =>
      put(
        `permission mode ${from.spelled}`,
        'mode',
        from.builtIn ? 'the action passes it by itself' : 'it stands in the pipeline',
        from.place,
      ),
    ),
    ...invocation.allow.map((rule) => put(`allow ${rule.text}`, 'allow', 'it stands in the pipeline', rule.place)),
    ...invocation.deny.map((rule) => put(`deny ${rule.text}`, 'deny', 'it stands in the pipeline', rule.place)),
    ...(invocation.restrictTo ?? []).map((rule) =>
      put(`tool ${rule.text}`, 'tools', 'only these tools exist in this run', rule.place),
    ),
  ];
}
