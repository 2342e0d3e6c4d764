import type { Rule } from '../../rule.ts';
import {
  cachePush,
  gateMayFail,
  globalModelKey,
  movingInclude,
  noTimeout,
  privilegedService,
  treeLeftBehind,
} from './job-rules.ts';
import { deployWithoutEnvironment, forkMergeRequest, openStart } from './start-rules.ts';
import { textInPrompt, tokenInUrl } from './text-rules.ts';
import { writtenPipeline } from './written-pipeline.ts';

/** GitLab: agents in its jobs. */
export const GL_RULES: readonly Rule[] = [
  forkMergeRequest,
  openStart,
  textInPrompt,
  tokenInUrl,
  movingInclude,
  privilegedService,
  treeLeftBehind,
  cachePush,
  globalModelKey,
  gateMayFail,
  noTimeout,
  deployWithoutEnvironment,
  writtenPipeline,
];
