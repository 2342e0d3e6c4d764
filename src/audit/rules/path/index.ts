import { agentApproves } from './agent-approves.ts';
import { agentOrdersAgent } from './agent-orders-agent.ts';
import { allowedHostLeaks } from './allowed-host-leaks.ts';
import { changeBehindGrantedCommand } from './change-behind-granted-command.ts';
import { changeBuiltBeforeAgent } from './change-built-before-agent.ts';
import { changeConfiguresAgent } from './change-configures-agent.ts';
import { changeReachesBranch } from './change-reaches-branch.ts';
import { containerHandsSecret } from './container-hands-secret.ts';
import { dependencyChangeMerged } from './dependency-change-merged.ts';
import { dispatchedPayload } from './dispatched-payload.ts';
import { forkThroughWorkflowRun } from './fork-through-workflow-run.ts';
import { guardrailChange } from './guardrail-change.ts';
import { identityTrustedByRepository } from './identity-trusted-by-repository.ts';
import { launderedOrder } from './laundered-order.ts';
import { openAgenticSource } from './open-agentic-source.ts';
import type { PathRule } from './path-rule.ts';
import { persistentMachine } from './persistent-machine.ts';
import { poisonedEnvironment } from './poisoned-environment.ts';
import { poisonedLaterStep } from './poisoned-later-step.ts';
import { poisonedStore } from './poisoned-store.ts';
import { publishedSecret } from './published-secret.ts';
import { redirectedModel } from './redirected-model.ts';
import { releaseCredential } from './release-credential.ts';
import { secretLeavesByAgent } from './secret-leaves-by-agent.ts';
import { unrestoredNeighbour } from './unrestored-neighbour.ts';

/** Whole attack paths, one file each, in the order of their ids. */
export const PATH_RULES: readonly PathRule[] = [
  secretLeavesByAgent,
  changeReachesBranch,
  releaseCredential,
  changeConfiguresAgent,
  changeBehindGrantedCommand,
  poisonedLaterStep,
  poisonedEnvironment,
  poisonedStore,
  agentOrdersAgent,
  launderedOrder,
  containerHandsSecret,
  guardrailChange,
  agentApproves,
  allowedHostLeaks,
  redirectedModel,
  persistentMachine,
  unrestoredNeighbour,
  forkThroughWorkflowRun,
  dependencyChangeMerged,
  dispatchedPayload,
  identityTrustedByRepository,
  publishedSecret,
  openAgenticSource,
  changeBuiltBeforeAgent,
];
