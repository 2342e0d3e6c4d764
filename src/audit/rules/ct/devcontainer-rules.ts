import type { FindingDraft } from '../../../findings/index.ts';
import type { Rule } from '../../rule.ts';
import { mountDanger } from '../mount-danger.ts';
import { containerDraft, type InspectedContainer, inspectContainers, titleOf } from './agent-container.ts';
import { devcontainer, SOUND_DEVCONTAINER } from './examples.ts';

/** CT012 */
export const devcontainerTrust: Rule = {
  id: 'CT012',
  name: 'devcontainer-trusts-the-tree',
  title: "The dev container hands a person's logins or machine to the tree",
  what: "A dev container mounts a person's login folders, runs commands on the machine before it starts, or runs commands of the tree when it is created.",
  why: 'Opening the branch of somebody else is enough: its commands run before anybody read them, beside the mounted logins of the agent.',
  sources: [
    'Development Containers specification, lifecycle scripts',
    'Visual Studio Code documentation, "Workspace Trust"',
  ],
  severity: 'medium',
  confidence: 'high',
  tier: 'regular',
  family: 'CT',
  fix: 'none',
  advice:
    "Keep the agent's state in a named volume, drop `initializeCommand`, and open foreign branches without the commands.",
  tags: ['CWE-829', 'CWE-522'],
  attack: devcontainer(
    SOUND_DEVCONTAINER.replace(
      'source=agent-state,target=/root/.claude,type=volume',
      `source=\${localEnv:HOME}/.claude,target=/root/.claude,type=bind`,
    ),
  ),
  benign: devcontainer(SOUND_DEVCONTAINER),
  check: (facts) =>
    inspectContainers(facts)
      .filter(({ file }) => file.kind === 'devcontainer')
      .flatMap((inspected) => [...mounted(inspected), ...commanded(inspected)]),
};

function mounted(inspected: InspectedContainer): readonly FindingDraft[] {
  return inspected.container.mountPoints.flatMap((mount) => {
    if (mount.kind !== 'host' || mountDanger(mount.source)?.kind !== 'credentials') return [];
    const message = `${titleOf(inspected)} mounts ${mount.source} of the person who opens it`;
    const draft = containerDraft('CT012', inspected, {
      message,
      severity: 'medium',
      place: mount.place,
      about: `mount ${mount.source}`,
    });
    return [{ ...draft, severity: 'medium' as const }];
  });
}

function commanded(inspected: InspectedContainer): readonly FindingDraft[] {
  return inspected.container.scripts.flatMap(({ moment, effects, place }) => {
    const runsTree = effects.some(({ kind }) => kind === 'build' || kind === 'unfollowed');
    if (moment !== 'host' && !(moment === 'create' && runsTree)) return [];
    const when =
      moment === 'host'
        ? 'runs a command on the machine before the container starts'
        : 'runs code of the tree as soon as it is created';
    const message = `${titleOf(inspected)} ${when}`;
    return [
      containerDraft('CT012', inspected, {
        message,
        severity: 'medium',
        confidence: 'medium',
        place,
        about: `command ${moment}`,
      }),
    ];
  });
}
