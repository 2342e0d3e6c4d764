import type { PolicyDocument, RuleHead } from '../document.ts';
import { describeTarget } from '../network-plane.ts';
import type { Policy } from '../policy.ts';
import { NO_EGRESS, PROTECTED_PATHS } from '../protected-paths.ts';
import { describeTool } from '../tool-plane.ts';

/** The files behind a policy. */
export interface PolicyLayers {
  readonly repository: PolicyDocument | undefined;
  readonly organisation: PolicyDocument | undefined;
}

/** The effective policy in plain words: what the numbers are, what each file says, what holds beside it. */
export function explainPolicy(policy: Policy, { repository, organisation }: PolicyLayers): string {
  return [
    `Policy ${policy.digest.slice(0, 16)} for ${policy.agent ?? 'any agent'}`,
    `From: ${policy.origins.join(' ∧ ')}`,
    '',
    ...explainNumbers(policy),
    ...explainReach(policy),
    ...[repository, organisation].flatMap((document) => (document ? explainDocument(document) : [])),
    ...explainFloor(repository?.disable ?? []),
  ].join('\n');
}

function explainNumbers(policy: Policy): readonly string[] {
  const { limits, model } = policy;
  const money = model.maxUsd === undefined ? '' : `, ${model.maxUsd} US dollars`;
  return [
    `Limits: ${limits.seconds / 60} ${limits.seconds === 60 ? 'minute' : 'minutes'}, ${limits.memoryMiB} MiB memory, ${limits.processes} processes, ${limits.diskMiB} MiB disk.`,
    `Models: ${model.allow.join(', ') || 'none'}; at most ${model.maxRequests} requests, ${model.maxTokens} tokens${money}.`,
    ...(policy.output === 'inert' ? ['Output: characters of a shell are look-alikes.'] : []),
    `Provider-hosted tools: ${model.hostedTools === 'off' ? 'none' : model.hostedTools.join(', ')}; URLs fetched by the provider: ${model.urlInputs === 'on' ? 'allowed' : 'none'}.`,
  ];
}

function explainReach(policy: Policy): readonly string[] {
  const hosts = policy.network.map((grant) => {
    const how =
      grant.protocol === 'http' ? 'plain HTTP' : grant.tls === 'inspect' ? 'each request seen' : 'server name seen';
    const { id: _, tls: __, ...target } = grant;
    return `  ${describeTarget({ kind: 'host', ...target })} (${how}; ${grant.id})`;
  });
  const secrets = policy.secrets.map(
    ({ name, env, hosts: at }) => `  ${name}: placeholder in ${env}, exchanged at ${at.join(', ')}`,
  );
  return [
    ...(hosts.length > 0 ? ['May connect to:', ...hosts] : ['May connect to: nothing but the model provider.']),
    ...(secrets.length > 0 ? ['Credentials that stay outside:', ...secrets] : ['Credentials: none.']),
    '',
  ];
}

function explainDocument(document: PolicyDocument): readonly string[] {
  const { tool = [], file = [], network = [], model = [], merge = [] } = document.rules;
  const lines = [
    ...tool.map((rule) => line(rule, `tool ${describeTool(rule)}`)),
    ...file.map((rule) => line(rule, `${rule.operations.join(' and ')} ${rule.globs.join(', ')}`)),
    ...network.map((rule) =>
      line(rule, `connect to ${rule.target.kind === 'host' ? describeTarget(rule.target) : rule.target.registry}`),
    ),
    ...model.map((rule) => line(rule, `model ${rule.model}`)),
    ...merge.map((rule) => (rule.require ? `  merge requires ${JSON.stringify(rule.require)}` : line(rule, 'merge'))),
    ...(document.forgeReviews === undefined ? [] : [`  reviews of the forge: ${document.forgeReviews}`]),
    ...(document.carryOver === undefined ? [] : [`  approvals when the base moved: ${document.carryOver}`]),
    ...(document.signed ?? []).map(({ kind, pattern, signer }) => `  ${kind} ${pattern} must be signed by ${signer}`),
  ];
  return [
    `${document.file} says:`,
    ...(lines.length > 0 ? lines : ['  nothing about tools, files, connections, models or merges']),
    '',
  ];
}

function line(rule: RuleHead, subject: string): string {
  const conditions = [
    ...(rule.after ? [`after ${rule.after.join(' and ')}`] : []),
    ...(rule.when === undefined ? [] : [`when ${rule.when}`]),
    ...(rule.observe ? [`observed only until ${rule.until ?? '?'}`] : rule.until ? [`until ${rule.until}`] : []),
  ];
  const place = rule.at ? `  (line ${rule.at.line})` : '';
  return `  ${rule.effect} ${subject}${conditions.length > 0 ? `, ${conditions.join(', ')}` : ''}${place}`;
}

/** Only the repository's file can switch these off: an organisation's tightens. */
function explainFloor(disabled: readonly string[]): readonly string[] {
  const egress = 'no connection after a secret was read and untrusted text was seen';
  const rows = [...PROTECTED_PATHS, { id: NO_EGRESS, effect: 'deny', reason: egress }];
  return [
    'Built in, beside every file:',
    ...rows.map(({ id, effect, reason }) => {
      return `  ${effect} ${id}${disabled.includes(id) ? ' — switched off by the file' : ''}: ${reason}`;
    }),
  ];
}
