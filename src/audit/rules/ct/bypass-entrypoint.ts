import type { Fix } from '../../../findings/index.ts';
import type { Rule } from '../../rule.ts';
import { containerDraft, type InspectedContainer, inspectContainers, titleOf } from './agent-container.ts';
import { dockerfile, SOUND_DOCKERFILE } from './examples.ts';

/** CT010 */
export const bypassEntrypoint: Rule = {
  id: 'CT010',
  name: 'container-starts-agent-without-prompts',
  title: 'The container starts an agent that asks for nothing',
  what: 'ENTRYPOINT, CMD, `command` or a build step starts an agent in a mode without permission prompts.',
  why: 'Whoever writes the text that the agent reads runs commands in the container, with everything that is mounted, set and reachable there.',
  sources: [
    'Claude Code documentation, permission modes',
    'Claude Code documentation, "Development containers": --dangerously-skip-permissions',
  ],
  severity: 'high',
  confidence: 'high',
  tier: 'regular',
  family: 'CT',
  fix: 'unsafe',
  advice: 'Start it by `sallyport run --` with a policy, or list the tools it may use.',
  tags: ['CWE-250', 'CWE-862'],
  attack: dockerfile(SOUND_DOCKERFILE.replace('"--permission-mode", "plan"', '"--dangerously-skip-permissions"')),
  benign: dockerfile(SOUND_DOCKERFILE),
  check: (facts) =>
    inspectContainers(facts).flatMap((inspected) =>
      inspected.agents.flatMap((agent) => {
        const { invocation, command } = agent;
        if (invocation.mode !== 'bypass' || isContained(command.words)) return [];
        const cause = invocation.modeFrom.find(({ mode }) => mode === 'bypass');
        const place = cause?.place ?? invocation.place;
        const message = `${titleOf(inspected)} starts ${invocation.spelled} with ${cause?.spelled ?? 'prompts switched off'}`;
        const fixes = fixesFor(inspected, agent);
        return [
          containerDraft('CT010', inspected, {
            message,
            severity: 'high',
            place,
            about: `${command.moment} ${invocation.product}`,
            fixes,
          }),
        ];
      }),
    ),
};

function isContained(words: InspectedContainer['agents'][number]['command']['words']): boolean {
  return words.some(({ text }, index) => text.split('/').at(-1) === 'sallyport' && words[index + 1]?.text === 'run');
}

/** Puts `sallyport run --` in front: as words of an exec form, or as shell text. */
function fixesFor(
  { file }: InspectedContainer,
  { command, invocation }: InspectedContainer['agents'][number],
): readonly Fix[] {
  const first = command.words[0];
  if (first === undefined || first.place.file !== file.file.path) return [];
  if (first.place.span.start !== invocation.place.span.start) return [];
  const text = file.file.text;
  const at = first.place.span.start;
  const start = text[at - 1] === '"' ? at - 1 : at;
  const inExecForm = text[start] === '"' && /[[,]\s*$/.test(text.slice(Math.max(0, start - 20), start));
  const inShell = text[start] !== '"' && text[start] !== "'" && file.kind === 'dockerfile';
  if (!inExecForm && !inShell) return [];
  const written = inExecForm ? '"sallyport", "run", "--", ' : 'sallyport run -- ';
  const edit = { file: file.file.path, span: { start, end: start }, text: written };
  return [{ title: 'Start it through `sallyport run`', safety: 'unsafe', edits: [edit], creates: [] }];
}
