import type { Rule } from '../../rule.ts';
import { clonedAgent } from './cloned-agent.ts';
import { executedOutput } from './executed-answer.ts';
import { laterEnvironment, privilegedStepAfter, unguardedGit } from './later-steps.ts';
import {
  executingKeys,
  hookRunsChange,
  repositoryHooks,
  repositoryServers,
  toolConfiguration,
} from './loaded-configuration.ts';
import { savedCache, trustedArtifact } from './stored-results.ts';
import { containerEngine, openGuardrails, persistentMachine } from './surroundings.ts';
import { foreignCode, headInPrivilegedJob, installScripts, untrustedBuild, widenedTree } from './untrusted-tree.ts';

/** Code that runs around the agent: from the tree, before it, and after it. */
export const EXE_RULES: readonly Rule[] = [
  headInPrivilegedJob,
  untrustedBuild,
  repositoryHooks,
  hookRunsChange,
  repositoryServers,
  executingKeys,
  installScripts,
  toolConfiguration,
  laterEnvironment,
  executedOutput,
  privilegedStepAfter,
  unguardedGit,
  savedCache,
  trustedArtifact,
  persistentMachine,
  containerEngine,
  foreignCode,
  openGuardrails,
  widenedTree,
  clonedAgent,
];
