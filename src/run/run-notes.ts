import type { Stage } from '../workspace/index.ts';
import type { ModelActivity } from './activity.ts';
import type { Scene } from './scene.ts';

/** What is different in the staged copy, where a program that works outside would fail inside without a word. */
export function stagingNotes({ removedLinks }: Pick<Stage, 'removedLinks'>): readonly string[] {
  const [first] = removedLinks;
  if (first === undefined) return [];
  const others = removedLinks.length === 1 ? '' : `, and ${removedLinks.length - 1} more`;
  return [
    `Left out, for it leads out of what the agent sees: the link ${first.path} to ${first.target}${others}. Name what the agent needs of it under workspace.readOnly.`,
  ];
}

/** That there was no key matters where somebody asked for a model. */
export function keyNotes(
  { model, policy }: Pick<Scene, 'model' | 'policy'>,
  { requests }: Pick<ModelActivity, 'requests'>,
): readonly string[] {
  if (model.realKey !== undefined || requests === 0) return [];
  return [`${policy.model.keyEnv} is not set: the model provider was asked without a key.`];
}
