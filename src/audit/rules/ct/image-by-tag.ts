import type { Rule } from '../../rule.ts';
import { containerDraft, inspectContainers, titleOf } from './agent-container.ts';
import { dockerfile, SOUND_DOCKERFILE } from './examples.ts';

const BY_TAG: Readonly<Record<string, string>> = {
  none: 'names no tag, which means latest',
  branch: 'names a tag that moves by design',
  tag: 'names a tag, which its owner can move',
  expression: 'is put together from variables',
};

/** CT011 */
export const imageByTag: Rule = {
  id: 'CT011',
  name: 'container-image-by-tag',
  title: 'The image around the agent is named by a tag',
  what: 'FROM, `image:` of a service, pod or dev container with an agent names an image without a digest.',
  why: 'The owner of the tag, or whoever takes the account over, changes what runs with the model key, and no commit of this repository shows it.',
  sources: ['Measured: 15 of 15 public GitLab pipelines with an agent name its image by tag', 'CWE-829'],
  severity: 'medium',
  confidence: 'high',
  tier: 'regular',
  family: 'CT',
  fix: 'none',
  advice: 'Name the digest: `image:tag@sha256:…`; let a dependency bot move it.',
  tags: ['CWE-829', 'OWASP-CICD-SEC-3'],
  attack: dockerfile(SOUND_DOCKERFILE.replace(/node@sha256:[0-9a-f]+/, 'node:24')),
  benign: dockerfile(SOUND_DOCKERFILE),
  check: (facts) =>
    inspectContainers(facts).flatMap((inspected) => {
      const { image } = inspected.container;
      const fault = image && BY_TAG[image.refKind];
      if (image === undefined || fault === undefined || image.name === 'scratch') return [];
      const severity = image.refKind === 'expression' ? 'low' : 'medium';
      const message = `${titleOf(inspected)}: ${image.name || 'the image'} ${fault}`;
      return [
        containerDraft('CT011', inspected, { message, severity, place: image.place, about: `image ${image.name}` }),
      ];
    }),
};
