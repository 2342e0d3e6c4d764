import type { Needs } from './needs.ts';

/** The policy that grants what is needed; each line says why it is there. */
export function policyText(needs: Needs): string {
  const { agent, writes } = needs;
  return [
    '# Made by `sallyport init`. Change what does not fit, then run `sallyport policy check`.',
    'version: 1',
    `agent: ${agent.id}`,
    ...toolLines(needs),
    writes ? 'file: # what it may change; CI, agent and git files stay protected' : 'file: # its answer is text',
    `  write: { allow: ${list(needs.paths)} }`,
    ...networkLines(needs),
    ...modelLines(needs),
    ...secretLines(needs),
    `limits: { minutes: ${needs.minutes} }${needs.from.length > 0 ? ' # as the pipeline has it' : ''}`,
    '',
  ].join('\n');
}

function toolLines({ tools, from, agent }: Needs): readonly string[] {
  if (agent.reads.length === 0) return [];
  const why = from.some(({ invocation }) => invocation.allow.length > 0 || invocation.restrictTo !== undefined)
    ? 'what the pipeline lists'
    : 'reading, and what the task needs';
  return [`tool: # ${why}`, `  allow: ${list(tools)}`];
}

function networkLines({ network, agent }: Needs): readonly string[] {
  if (network.length === 0) return ['network: { allow: [] } # nowhere but to its model'];
  const why = agent.host ? 'its model, and what its commands fetch' : 'what its commands fetch';
  return [`network: # ${why}`, `  allow: ${list(network)}`];
}

function modelLines({ agent, models, upstream }: Needs): readonly string[] {
  if (agent.host) return [];
  return [
    'model: # the provider refuses the rest; a run ends at the budget',
    ...(upstream === undefined ? [] : [`  upstream: ${JSON.stringify(upstream)}`]),
    `  allow: ${list(models)}`,
    '  budget: { usd: 5 }',
  ];
}

/** Its model API is not brokered: the key is exchanged on the way to one host. */
function secretLines({ agent: { host, key } }: Needs): readonly string[] {
  if (!host) return [];
  return [
    'secrets: # the agent holds a placeholder',
    `  - { name: ${key}, env: ${key}, from: { env: ${key} }, hosts: ["${host.name}:443"], header: ${host.header} }`,
  ];
}

/** A flow list; JSON is YAML. */
function list(values: readonly string[]): string {
  return `[${values.map((value) => (/^[A-Za-z][A-Za-z0-9]*$/.test(value) ? value : JSON.stringify(value))).join(', ')}]`;
}
