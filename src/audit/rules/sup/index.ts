import type { Rule } from '../../rule.ts';
import { autoUpdate, imageByTag, pipedAgent, unpinnedAgent } from './agent-install.ts';
import { unlockedPackage } from './instruction-packages.ts';
import { knownHole, retiredAction } from './known-hole.ts';
import { remoteAgentWorkflow, unpinnedAgentAction, unpinnedInside, unpinnedNeighbour } from './mutable-reference.ts';
import { replacedExecutable, runTimePlugins } from './run-time-code.ts';
import { serverFromRepository, unpinnedServer } from './server-source.ts';
import { wrongName } from './wrong-name.ts';

/** Where the agent, and what runs beside it, comes from. */
export const SUP_RULES: readonly Rule[] = [
  unpinnedAgentAction,
  unpinnedNeighbour,
  unpinnedAgent,
  pipedAgent,
  wrongName,
  unpinnedServer,
  serverFromRepository,
  imageByTag,
  knownHole,
  retiredAction,
  autoUpdate,
  remoteAgentWorkflow,
  runTimePlugins,
  unlockedPackage,
  unpinnedInside,
  replacedExecutable,
];
