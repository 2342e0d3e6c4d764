import type { ContainerSetting } from '../../../pipelines/index.ts';
import type { Rule } from '../../rule.ts';
import { columnIndent } from '../line-removal.ts';
import { containerDraft, holdsAgent, type InspectedContainer, inspectContainers, titleOf } from './agent-container.ts';
import { pod, SOUND_POD } from './examples.ts';

/** CT009 */
export const weakConfinement: Rule = {
  id: 'CT009',
  name: 'container-confinement-missing',
  title: 'The container of the agent has no further walls',
  what: 'A pod or service with an agent has no seccomp profile, a writable root file system, or no limit of memory.',
  why: 'Each wall stops a class of mistakes for nothing: unusual system calls, changed programs, a runaway process that takes the node down.',
  sources: ['Kubernetes Pod Security Standards, restricted'],
  severity: 'low',
  confidence: 'high',
  tier: 'regular',
  family: 'CT',
  fix: 'safe',
  advice:
    'Set `seccompProfile: RuntimeDefault`, `readOnlyRootFilesystem: true` with a writable work volume, and limits.',
  tags: ['CWE-770', 'CWE-693'],
  attack: pod(SOUND_POD.replace('            seccompProfile:\n              type: RuntimeDefault\n', '')),
  benign: pod(SOUND_POD),
  check: (facts) =>
    inspectContainers(facts)
      .filter(holdsAgent)
      .flatMap((inspected) => {
        const missing = missingIn(inspected);
        if (missing.length === 0) return [];
        const message = `${titleOf(inspected)} has ${missing.join(', ')}`;
        const { place } = inspected.container;
        return [
          containerDraft('CT009', inspected, {
            message,
            severity: 'low',
            place,
            about: 'confinement',
            fixes: missing.length === 1 ? fixesFor(inspected) : [],
          }),
        ];
      }),
};

function missingIn({ file, container }: InspectedContainer): readonly string[] {
  if (file.kind !== 'kubernetes' && file.kind !== 'compose') return [];
  const has = (name: ContainerSetting['name'], text?: string): boolean =>
    container.settings.some((setting) => setting.name === name && (text === undefined || setting.text === text));
  return [
    ...(file.kind === 'kubernetes' && !has('seccomp') ? ['no seccomp profile'] : []),
    ...(has('read-only-root', 'true') ? [] : ['a writable root file system']),
    ...(has('memory-limit') ? [] : ['no limit of memory']),
  ];
}

/** The profile of the runtime changes nothing for honest programs; a read-only root does, and limits need a number. */
function fixesFor({ file, container }: InspectedContainer): NonNullable<Parameters<typeof containerDraft>[2]['fixes']> {
  const seccomp = container.settings.some(({ name }) => name === 'seccomp');
  const context =
    container.node?.kind === 'map'
      ? container.node.entries.find(({ key }) => key.text === 'securityContext')
      : undefined;
  if (file.kind !== 'kubernetes' || seccomp || context?.value.kind !== 'map') return [];
  const { start } = context.value.span;
  if (file.file.text[start] === '{') return [];
  const indent = columnIndent(file.file, start);
  const text = `seccompProfile:\n${indent}  type: RuntimeDefault\n${indent}`;
  const edit = { file: file.file.path, span: { start, end: start }, text };
  return [{ title: "Use the runtime's seccomp profile", safety: 'safe', edits: [edit], creates: [] }];
}
