import type { FindingDraft } from '../../../findings/index.ts';
import type { ContainerMount } from '../../../pipelines/index.ts';
import type { Rule } from '../../rule.ts';
import { removeLines } from '../line-removal.ts';
import { mountDanger } from '../mount-danger.ts';
import { containerDraft, type InspectedContainer, inspectContainers, titleOf } from './agent-container.ts';
import { compose, SOUND_COMPOSE } from './examples.ts';

/** CT005. Credential folders of a person are CRD014. */
export const dangerousMount: Rule = {
  id: 'CT005',
  name: 'container-dangerous-mount',
  title: 'The machine itself is mounted into the container',
  what: 'The socket of a container engine, a home directory, a directory of the system, or a hostPath of the node is mounted.',
  why: 'A write to the socket starts a privileged container; a home or system directory holds keys and files that other programs run. One command of the agent is enough.',
  sources: [
    'Docker documentation, "Protect the Docker daemon socket"',
    'Kubernetes Pod Security Standards, baseline: hostPath',
  ],
  severity: 'critical',
  confidence: 'high',
  tier: 'regular',
  family: 'CT',
  fix: 'unsafe',
  advice: 'Mount the project directory and nothing else; build images with a rootless builder in another job.',
  tags: ['CWE-250', 'CWE-668'],
  attack: compose(
    SOUND_COMPOSE.replace(
      '      - ./:/work\n',
      '      - ./:/work\n      - /var/run/docker.sock:/var/run/docker.sock\n',
    ),
  ),
  benign: compose(SOUND_COMPOSE),
  check: (facts) =>
    inspectContainers(facts).flatMap((inspected) =>
      inspected.container.mountPoints.flatMap((mount) => judge(inspected, mount)),
    ),
};

function judge(inspected: InspectedContainer, mount: ContainerMount): readonly FindingDraft[] {
  if (mount.kind !== 'host') return [];
  const danger = mountDanger(mount.source);
  const ofNode = inspected.file.kind === 'kubernetes';
  if (danger?.kind === 'credentials' || (danger === undefined && !ofNode)) return [];
  const what = danger?.what ?? 'a directory of the node, shared with whatever else runs there';
  const severity = danger === undefined || (danger.kind === 'machine' && mount.readOnly) ? 'high' : 'critical';
  const edit = removeLines(inspected.file.file, mount.removal);
  const fixes = edit && [
    { title: `Remove the mount of ${mount.source}`, safety: 'unsafe' as const, edits: [edit], creates: [] },
  ];
  const message = `${titleOf(inspected)} mounts ${mount.source}: ${what}`;
  return [
    containerDraft('CT005', inspected, {
      message,
      severity,
      place: mount.place,
      about: `mount ${mount.source}`,
      ...(fixes ? { fixes } : {}),
    }),
  ];
}
