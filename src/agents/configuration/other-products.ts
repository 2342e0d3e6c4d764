import type { Place } from '../../syntax/index.ts';
import { isBelow } from '../claude-code/version-floors.ts';
import type { Invocation, ProductId } from '../invocation/invocation.ts';
import { isRouting } from './claude-controls.ts';
import type { AgentConfiguration } from './configuration.ts';
import type { EffectiveFact } from './effective.ts';
import { comesFromChange, type EffectiveInput, isSwitchedOn, variableOf, wasWritten } from './effective-input.ts';
import { type ObeyedKind, PRODUCT_TRUST, type ProductTrust, type TrustState } from './product-trust.ts';

/** What a product other than Claude Code will obey, by its row; `unknown` where nobody measured or documented it. */
export function productFacts(input: EffectiveInput): readonly EffectiveFact[] {
  const row = PRODUCT_TRUST.find((one) => one.product === input.invocation.product);
  const own = input.configurations.filter((one) => belongs(one, input.invocation.product, row));
  return [...writtenFacts(input.invocation), ...own.flatMap((one) => factsOf(one, input, row))];
}

function belongs(one: AgentConfiguration, product: ProductId, row: ProductTrust | undefined): boolean {
  if (one.role === 'example' || one.role === 'managed') return false;
  if (one.product !== product) {
    const read = row?.reads.find((other) => other.product === one.product);
    if (read === undefined || read.kinds?.includes(one.kind) === false) return false;
  }
  return one.role !== 'plugin' || one.product === 'opencode';
}

function factsOf(
  one: AgentConfiguration,
  input: EffectiveInput,
  row: ProductTrust | undefined,
): readonly EffectiveFact[] {
  const put = (subject: string, kind: EffectiveFact['kind'], by: ObeyedKind, place: Place): EffectiveFact => ({
    subject,
    kind,
    ...answerOf(by, one, input, row),
    place,
    fromTree: comesFromChange(input, place.file),
  });
  const start: Place = { file: one.file.path, span: one.instructions?.span ?? { start: 0, end: 0 } };
  // A key of another product's settings says nothing about this one's modes.
  const modes = one.product === input.invocation.product ? one.keys.filter((key) => MODE_KEYS.has(key.path)) : [];
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
    ...textFacts(one, (by) => put(`instructions ${one.file.path}`, 'instructions', by, start)),
    ...(one.kind === 'plugin' ? [put(`plug-in ${one.file.path}`, 'hook', 'plugin', start)] : []),
    ...one.inlineCommands.map((command) => put(`command ${command.command}`, 'skill', 'skill', command.place)),
  ];
}

/** Text that reaches the model by itself: instructions whole, of skills and subagents what they say of themselves. */
function textFacts(one: AgentConfiguration, put: (by: ObeyedKind) => EffectiveFact): readonly EffectiveFact[] {
  if (one.kind === 'instructions') return [put('instructions')];
  return one.kind === 'skill' || one.kind === 'subagent' ? [put('skill')] : [];
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
  kind: ObeyedKind,
  configuration: AgentConfiguration,
  input: EffectiveInput,
  row: ProductTrust | undefined,
): Pick<EffectiveFact, 'inForce' | 'why'> {
  if (row === undefined)
    return {
      inForce: 'unknown',
      why: 'what this product does with repository configuration was not measured; assume that nothing gates it',
    };
  const left = leftOut(kind, configuration, input, row);
  if (left !== undefined) return { inForce: left.inForce, why: `${left.why} (${row.source})` };
  const older = olderAnswer(kind, input, row);
  if (older !== undefined) return older;
  const state = stateOf(input, row);
  const inForce = (state?.obeyed ?? row.untrusted)[kind] ?? 'unknown';
  if (
    kind === 'hook' &&
    row.product === 'codex' &&
    state !== undefined &&
    wasWritten(input.invocation, '--dangerously-bypass-hook-trust')
  ) {
    return { inForce: 'yes', why: '--dangerously-bypass-hook-trust together with trust runs hooks of the repository' };
  }
  const because = state === undefined ? (row.because ?? 'nobody trusted the folder') : `${state.by} ${state.does}`;
  return { inForce, why: `${because} (${row.source})` };
}

/** What a version did that the pipeline names and that is older than the gate. */
function olderAnswer(
  kind: ObeyedKind,
  { version, invocation }: EffectiveInput,
  { older, source }: ProductTrust,
): Pick<EffectiveFact, 'inForce' | 'why'> | undefined {
  if (older === undefined || version === undefined || !isBelow(version, older.below)) return undefined;
  if (older.modes?.includes(invocation.mode) === false) return undefined;
  if (isBelow(older.upTo, version)) return { inForce: 'unknown', why: `whether ${version} ${older.does} is not known` };
  return { inForce: older.obeyed[kind] ?? 'unknown', why: `${version} ${older.does} (${source})` };
}

/** What a product leaves out whatever the trust is. */
function leftOut(
  kind: ObeyedKind,
  configuration: AgentConfiguration,
  input: EffectiveInput,
  row: ProductTrust,
): Pick<EffectiveFact, 'inForce' | 'why'> | undefined {
  if (row.dotenv !== undefined && configuration.product === 'any' && configuration.kind === 'environment')
    return { inForce: row.dotenv, why: 'a plain `.env` of the repository is not read' };
  if (row.product === 'gemini' && configuration.product === 'any' && configuration.kind === 'instructions')
    return unnamedContext(configuration.file.path, input);
  if (row.product !== 'copilot' || kind !== 'instructions') return undefined;
  if (!wasWritten(input.invocation, '--no-custom-instructions')) return undefined;
  return { inForce: 'no', why: '--no-custom-instructions leaves instruction files out' };
}

/** Gemini reads `GEMINI.md` alone unless settings name other files. Measured on 0.61. */
function unnamedContext(
  path: string,
  { configurations, invocation }: EffectiveInput,
): Pick<EffectiveFact, 'inForce' | 'why'> | undefined {
  const named = configurations
    .filter(({ product, role }) => product === 'gemini' && role !== 'example')
    .flatMap(({ keys }) => keys)
    .some((key) => /^(?:context\.fileName|contextFileName)$/.test(key.path) && path.endsWith(key.text));
  if (named) return undefined;
  const inForce = invocation.settings.length > 0 ? 'unknown' : 'no';
  return { inForce, why: 'it is read only where `context.fileName` of the settings names it' };
}

/** The first state of the row that the run is in, and what put it there. */
function stateOf(input: EffectiveInput, row: ProductTrust): (TrustState & { readonly by: string }) | undefined {
  for (const state of row.states) {
    const by = saidBy(input, state);
    if (by !== undefined) return { ...state, by };
  }
  return undefined;
}

function saidBy(input: EffectiveInput, { flags, variables, written }: TrustState): string | undefined {
  const variable = variables?.find(({ name, exactly }) =>
    exactly === undefined ? isSwitchedOn(input, name) : variableOf(input, name)?.text.trim() === exactly,
  );
  if (variable !== undefined) return variable.name;
  const flag = flags?.find((one) => wasWritten(input.invocation, one));
  if (flag !== undefined) return flag;
  const option = input.invocation.written.find(({ name, text }) => name === written?.tag && written.value.test(text));
  return option?.spelled;
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
