import type { Fix } from '../../../findings/index.ts';
import type { Rule } from '../../rule.ts';
import { containerDraft, type InspectedContainer, inspectContainers, titleOf } from './agent-container.ts';
import { dockerfile, SOUND_DOCKERFILE } from './examples.ts';

/** CT003 */
export const rootUser: Rule = {
  id: 'CT003',
  name: 'container-runs-as-root',
  title: 'The agent runs as root in its container',
  what: 'The last stage, service or pod runs as root: said so, or nobody said otherwise.',
  why: 'What takes the agent over may install, rewrite and hide inside the container, opens every mounted file, and is one kernel or mount mistake away from the machine.',
  sources: ['Dockerfile reference, USER', 'Kubernetes Pod Security Standards, restricted', 'CWE-250'],
  severity: 'medium',
  confidence: 'high',
  tier: 'regular',
  family: 'CT',
  fix: 'unsafe',
  advice: 'Add a `USER` without rights, `user:` in compose, or `runAsNonRoot: true` with a `runAsUser`.',
  tags: ['CWE-250'],
  attack: dockerfile(SOUND_DOCKERFILE.replace('USER node\n', '')),
  benign: dockerfile(SOUND_DOCKERFILE),
  check: (facts) =>
    inspectContainers(facts).flatMap((inspected) => {
      const root = inspected.container.final ? rootOf(inspected) : undefined;
      if (root === undefined) return [];
      const message = `${titleOf(inspected)} ${root}`;
      const place = inspected.container.userPlace ?? inspected.container.place;
      return [
        containerDraft('CT003', inspected, {
          message,
          severity: 'medium',
          place,
          about: 'root',
          fixes: fixesFor(inspected),
        }),
      ];
    }),
};

/** Why it runs as root; compose and dev containers that say nothing leave it to the image, which may say better. */
function rootOf({ file, container }: InspectedContainer): string | undefined {
  const user = container.user?.split(':')[0];
  if (user === 'root' || user === '0') return `runs as ${user}`;
  if (user !== undefined) return undefined;
  if (file.kind === 'dockerfile')
    return 'names no user, so it runs as the base image does: as root, if that says nothing';
  const nonRoot = container.settings.some(({ name, text }) => name === 'run-as-non-root' && text === 'true');
  return file.kind === 'kubernetes' && !nonRoot ? 'neither names a user nor sets runAsNonRoot' : undefined;
}

function fixesFor({ file, container }: InspectedContainer): readonly Fix[] {
  if (file.kind !== 'dockerfile' || container.userPlace !== undefined) return [];
  const { end } = container.body.span;
  const edit = { file: file.file.path, span: { start: end, end }, text: '\nUSER 1000:1000' };
  return [{ title: 'Run as user 1000', safety: 'unsafe', edits: [edit], creates: [] }];
}
