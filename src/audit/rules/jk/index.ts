import type { Rule } from '../../rule.ts';
import { anyNode, credentialsTooWide, forkTrusted, movingCode, noBounds, openContainer } from './job-rules.ts';
import { agentOutputInShell, textInGString, textInPrompt } from './text-rules.ts';

/** Jenkins: agents in its pipelines. */
export const JK_RULES: readonly Rule[] = [
  textInGString,
  credentialsTooWide,
  anyNode,
  movingCode,
  noBounds,
  forkTrusted,
  textInPrompt,
  openContainer,
  agentOutputInShell,
];
