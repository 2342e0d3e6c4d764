import type { FindingDraft } from '../../../findings/index.ts';
import type { Effect } from '../../../pipelines/index.ts';
import type { Rule } from '../../rule.ts';
import {
  containerDraft,
  holdsAgent,
  type InspectedContainer,
  inspectContainers,
  titleOf,
} from '../ct/agent-container.ts';
import { compose, SOUND_COMPOSE } from '../ct/examples.ts';
import { removeLines } from '../line-removal.ts';
import { mountDanger } from '../mount-danger.ts';
import { eachRun, runDraft } from './run-report.ts';

/** CRD014. Dev containers are CT012; sockets and whole homes of container files are CT005. */
export const credentialMount: Rule = {
  id: 'CRD014',
  name: 'credentials-mounted-into-agent-container',
  title: 'Logins of a person or machine are mounted where the agent runs',
  what: 'A login folder (`~/.ssh`, `~/.aws`, `~/.claude`, `~/.config/gh`, …), a token of a service account or a whole secret is a path inside the container of an agent.',
  why: 'The agent needs one key for its model. What else is mounted can be read, and used from elsewhere, long after the run.',
  sources: ['Kubernetes documentation, "Good practices for Kubernetes Secrets"', 'CWE-522'],
  severity: 'high',
  confidence: 'high',
  tier: 'regular',
  family: 'CRD',
  fix: 'unsafe',
  advice: 'Remove the mount; give the one key by variable, or run the agent through a broker that holds it.',
  tags: ['CWE-522', 'CWE-668'],
  attack: compose(SOUND_COMPOSE.replace('      - ./:/work\n', '      - ./:/work\n      - ~/.aws:/root/.aws:ro\n')),
  benign: compose(SOUND_COMPOSE),
  check: (facts) => [
    ...inspectContainers(facts).filter(holdsAgent).flatMap(inContainerFile),
    ...eachRun(facts, (run) => [
      ...[run.job.container, ...run.job.services].flatMap((container) =>
        (container?.mounts ?? []).flatMap(({ value, place }) => inPipeline(run, value, place)),
      ),
      ...[...run.effectsBefore, ...run.step.effects].flatMap((effect) =>
        mountsOf(effect).flatMap((value) => inPipeline(run, value, effect.place)),
      ),
    ]),
  ],
};

const HELD: Readonly<Record<string, string>> = {
  secret: 'a secret of the cluster',
  'service-account-token': 'a token for the API of the cluster',
};

function inContainerFile(inspected: InspectedContainer): readonly FindingDraft[] {
  const { file, container } = inspected;
  if (file.kind === 'devcontainer') return [];
  return container.mountPoints.flatMap((mount) => {
    const danger = mount.kind === 'host' ? mountDanger(mount.source) : undefined;
    const what = danger?.kind === 'credentials' ? danger.what : HELD[mount.kind];
    if (what === undefined) return [];
    const edit = removeLines(file.file, mount.removal);
    const fixes =
      edit === undefined
        ? []
        : [{ title: `Remove the mount of ${mount.source}`, safety: 'unsafe' as const, edits: [edit], creates: [] }];
    const message = `${titleOf(inspected)} sees ${mount.source || mount.target}: ${what}`;
    const severity = mount.kind === 'secret' ? 'medium' : 'high';
    return [
      containerDraft('CRD014', inspected, {
        message,
        severity,
        place: mount.place,
        about: `mount ${mount.source}`,
        fixes,
      }),
    ];
  });
}

function mountsOf(effect: Effect): readonly string[] {
  return effect.kind === 'container' ? effect.mounts : [];
}

function inPipeline(
  run: Parameters<typeof runDraft>[1],
  value: string,
  place: FindingDraft['place'],
): readonly FindingDraft[] {
  const source = value.split(':')[0] ?? '';
  if (mountDanger(source)?.kind !== 'credentials') return [];
  const message = `${source} is mounted into a container of job ${run.job.id}`;
  return [runDraft('CRD014', run, { message, severity: 'high', place, about: `mount ${source}` })];
}
