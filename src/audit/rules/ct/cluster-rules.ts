import type { Fix } from '../../../findings/index.ts';
import type { PodFacts } from '../../../pipelines/index.ts';
import type { Rule } from '../../rule.ts';
import { columnIndent } from '../line-removal.ts';
import { containerDraft, holdsAgent, type InspectedContainer, inspectContainers, titleOf } from './agent-container.ts';
import { pod, SOUND_POD } from './examples.ts';

/** CT006 */
const serviceAccountToken: Rule = {
  id: 'CT006',
  name: 'service-account-token-mounted',
  title: 'A token for the cluster is mounted into the pod of the agent',
  what: '`automountServiceAccountToken` is not false, neither at the pod nor at its service account in this repository.',
  why: 'Every file reader in the pod can take the token and speak to the API server of the cluster with the rights of the service account, today and after somebody widens them.',
  sources: ['Kubernetes documentation, "Configure Service Accounts for Pods"', 'CWE-522'],
  severity: 'medium',
  confidence: 'high',
  tier: 'regular',
  family: 'CT',
  fix: 'safe',
  advice: 'Set `automountServiceAccountToken: false` in the pod.',
  tags: ['CWE-522', 'CWE-668'],
  attack: pod(SOUND_POD.replace('      automountServiceAccountToken: false\n', '')),
  benign: pod(SOUND_POD),
  check: (facts) =>
    podsOnce(inspectContainers(facts)).flatMap(({ inspected, pod: of }) => {
      if (of.automount.state === 'off') return [];
      const said = of.automount.state === 'on' ? 'says so' : 'nothing says no';
      const message = `A token of service account ${of.serviceAccount ?? 'default'} is mounted into ${of.kind} ${of.name}: ${said}`;
      const place = of.automount.place ?? inspected.container.place;
      return [
        containerDraft('CT006', inspected, {
          message,
          severity: 'medium',
          place,
          about: 'automount',
          fixes: tokenFix(inspected, of),
        }),
      ];
    }),
};

function podsOnce(
  all: readonly InspectedContainer[],
): readonly { readonly inspected: InspectedContainer; readonly pod: PodFacts }[] {
  const chosen = new Map<PodFacts, InspectedContainer>();
  for (const inspected of all) {
    const of = inspected.container.pod;
    if (of !== undefined && (!chosen.has(of) || holdsAgent(inspected))) chosen.set(of, inspected);
  }
  return [...chosen].map(([of, inspected]) => ({ inspected, pod: of }));
}

function tokenFix({ file }: InspectedContainer, { automount, specification }: PodFacts): readonly Fix[] {
  const title = 'Mount no token of the service account';
  if (automount.place !== undefined) {
    return [{ title, safety: 'safe', edits: [{ ...automount.place, text: 'false' }], creates: [] }];
  }
  const { start } = specification.span;
  const flow = file.file.text[start] === '{';
  const key = 'automountServiceAccountToken: false';
  const text = flow ? ` ${key},` : `${key}\n${columnIndent(file.file, start)}`;
  const at = flow ? start + 1 : start;
  return [
    { title, safety: 'safe', edits: [{ file: file.file.path, span: { start: at, end: at }, text }], creates: [] },
  ];
}

/** CT007 */
const wholeSecret: Rule = {
  id: 'CT007',
  name: 'whole-secret-in-environment',
  title: 'A whole secret becomes the environment of the agent',
  what: '`envFrom` with a Secret, or `env_file` of a service, gives every entry to the container of an agent.',
  why: 'The agent needs one key and gets all, also those that somebody adds later; every program it starts inherits them.',
  sources: ['Kubernetes documentation, "Distribute Credentials Securely Using Secrets"', 'CWE-526'],
  severity: 'medium',
  confidence: 'high',
  tier: 'regular',
  family: 'CT',
  fix: 'none',
  advice: 'List the one variable with `valueFrom.secretKeyRef`, or by name under `environment`.',
  tags: ['CWE-526', 'CWE-522'],
  attack: pod(
    SOUND_POD.replace(
      '          securityContext:',
      '          envFrom:\n            - secretRef:\n                name: everything\n          securityContext:',
    ),
  ),
  benign: pod(SOUND_POD),
  check: (facts) =>
    inspectContainers(facts).flatMap((inspected) =>
      inspected.container.imports
        .filter(({ kind }) => kind !== 'config-map')
        .map(({ kind, name, place }) => {
          const whole = kind === 'secret' ? `the whole Secret ${name}` : `every variable of ${name}`;
          const message = `${titleOf(inspected)} gets ${whole} as environment`;
          return containerDraft('CT007', inspected, { message, severity: 'medium', place, about: `${kind} ${name}` });
        }),
    ),
};

export const CLUSTER_RULES: readonly Rule[] = [serviceAccountToken, wholeSecret];
