import type { Fix } from '../../../findings/index.ts';
import type { PodFacts } from '../../../pipelines/index.ts';
import type { Rule } from '../../rule.ts';
import { containerDraft, holdsAgent, type InspectedContainer, inspectContainers, titleOf } from './agent-container.ts';
import { pod, SOUND_POD } from './examples.ts';

/** CT008 */
export const openEgress: Rule = {
  id: 'CT008',
  name: 'container-egress-open',
  title: 'Nothing limits where the container of the agent may send',
  what: 'No NetworkPolicy of this repository that limits egress selects the pod of an agent, or a service with an agent joins a network that is not internal.',
  why: 'The way out is the third leg of an exfiltration. Without a limit any host takes what the agent read.',
  sources: ['Kubernetes documentation, "Network Policies"', 'Compose specification, networks: internal'],
  severity: 'medium',
  confidence: 'medium',
  tier: 'regular',
  family: 'CT',
  fix: 'unsafe',
  advice:
    'Add a policy that lets the agent reach the model proxy only; in compose put it on an `internal: true` network beside a proxy.',
  tags: ['CWE-923', 'CWE-200'],
  attack: pod(SOUND_POD.split('---\n')[0] ?? ''),
  benign: pod(SOUND_POD),
  check: (facts) =>
    inspectContainers(facts)
      .filter(holdsAgent)
      .flatMap((inspected) => {
        const open = openness(inspected);
        if (open === undefined) return [];
        const message = `${titleOf(inspected)} ${open}`;
        const { place } = inspected.container;
        return [
          containerDraft('CT008', inspected, {
            message,
            severity: 'medium',
            confidence: 'medium',
            place,
            about: 'egress',
            fixes: fixesFor(inspected),
          }),
        ];
      }),
};

function openness({ file, container }: InspectedContainer): string | undefined {
  if (file.kind === 'kubernetes') {
    return container.pod?.egressPolicies.length === 0
      ? 'is selected by no network policy that limits egress'
      : undefined;
  }
  if (file.kind !== 'compose') return undefined;
  const networks = container.settings.filter(({ name }) => name === 'network');
  if (networks.length === 0) return "is on the project's default network, which reaches every host";
  const outside = networks.find(
    ({ text }) => text !== 'none' && !text.startsWith('internal ') && !/^(?:service|container):/.test(text),
  );
  return outside === undefined ? undefined : `is on network ${outside.text}, which reaches every host`;
}

function fixesFor({ file, container }: InspectedContainer): readonly Fix[] {
  const of = container.pod;
  if (of === undefined || of.labels.length === 0 || of.name === '') return [];
  const folder = file.file.path.slice(0, file.file.path.lastIndexOf('/') + 1);
  const name = of.name.replace(/[^a-z0-9.-]/g, '-');
  const created = { file: `${folder}${name}-egress.yaml`, content: policyFor(of, name) };
  return [
    {
      title: 'Let the pod out to nothing but name lookups; add your model proxy',
      safety: 'unsafe',
      edits: [],
      creates: [created],
    },
  ];
}

function policyFor(of: PodFacts, name: string): string {
  const namespace = of.namespace === undefined ? '' : `  namespace: ${of.namespace}\n`;
  const labels = of.labels
    .map((label) => `      ${JSON.stringify(label.name)}: ${JSON.stringify(label.value)}\n`)
    .join('');
  return `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: ${name}-egress
${namespace}spec:
  podSelector:
    matchLabels:
${labels}  policyTypes: [Egress]
  egress:
    # Name lookups. Add the proxy through which the agent reaches its model.
    - to:
        - namespaceSelector:
            matchLabels:
              kubernetes.io/metadata.name: kube-system
      ports:
        - { protocol: UDP, port: 53 }
        - { protocol: TCP, port: 53 }
`;
}
