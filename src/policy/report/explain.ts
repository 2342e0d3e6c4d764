import type { PolicyDocument, RuleHead } from '../document.ts';
import { describeTarget } from '../network-plane.ts';
import type { Policy } from '../policy.ts';
import { PROTECTED_PATHS } from '../protected-paths.ts';
import { describeTool } from '../tool-plane.ts';

/** The effective policy in plain words: what the numbers are, what each file says, what holds beside it. */
export function explainPolicy(policy: Policy, documents: readonly PolicyDocument[]): string {
  return [
    `Policy ${policy.digest.slice(0, 16)} for ${policy.agent ?? 'any agent'}`,
    `From: ${policy.origins.join(' ∧ ')}`,
    '',
    ...explainNumbers(policy),
    ...explainReach(policy),
    ...documents.flatMap((document) => explainDocument(document)),
    ...explainFloor(documents),
  ].join('\n');
}

function explainNumbers(policy: Policy): readonly string[] {
  const { limits, model } = policy;
  const money = model.maxUsd === undefined ? '' : `, ${model.maxUsd} US dollars`;
  return [
    `Limits: ${limits.seconds / 60} minutes, ${limits.memoryMiB} MiB memory, ${limits.processes} processes, ${limits.diskMiB} MiB disk.`,
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

function explainFloor(documents: readonly PolicyDocument[]): readonly string[] {
  const off = new Set(documents.flatMap(({ disable }) => disable));
  const rows = PROTECTED_PATHS.map(
    ({ id, effect, reason }) => `  ${effect} ${id}${off.has(id) ? ' — switched off by the file' : ''}: ${reason}`,
  );
  return [
    'Built in, beside every file:',
    ...rows,
    '  deny builtin/no-egress-after-secret: no connection after a secret was read and untrusted text was seen',
  ];
}
