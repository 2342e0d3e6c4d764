import type { Rule } from '../../rule.ts';
import { allServersEnabled } from './all-servers-enabled.ts';
import { bareIsNoIsolation } from './bare-is-no-isolation.ts';
import { broadAllowCommitted } from './broad-allow-committed.ts';
import { brokenSettings } from './broken-settings.ts';
import { bypassModeCommitted } from './bypass-mode-committed.ts';
import { codexEnvironment } from './codex-environment.ts';
import { contradictingAgents } from './contradicting-agents.ts';
import { deadGuardHook } from './dead-guard-hook.ts';
import { geminiTrust } from './gemini-trust.ts';
import { guardFailsOpen } from './guard-fails-open.ts';
import { guardInTheChange } from './guard-in-the-change.ts';
import { hookInputAsCode } from './hook-input-as-code.ts';
import { hooksSwitchedOff } from './hooks-switched-off.ts';
import { importFromOutside } from './import-from-outside.ts';
import { keyWithoutEffect } from './key-without-effect.ts';
import { linkedConfiguration } from './linked-configuration.ts';
import { localFileCommitted } from './local-file-committed.ts';
import { maliciousCommand } from './malicious-command.ts';
import { otherProductKeys } from './other-product-keys.ts';
import { poisonedText } from './poisoned-text.ts';
import { powerfulServer } from './powerful-server.ts';
import { readsOutside } from './reads-outside.ts';
import { remoteServer } from './remote-server.ts';
import { serverNameShadowing } from './server-name-shadowing.ts';
import { sessionStartCode } from './session-start-code.ts';
import { surfacesNotDenied } from './surfaces-not-denied.ts';
import { trustDecidedInAdvance } from './trust-decided-in-advance.ts';
import { unsafeOrders } from './unsafe-orders.ts';
import { wideSkillTools } from './wide-skill-tools.ts';

/** Agent configuration in the repository: what it grants, runs, moves, weakens, or pretends. */
export const CFG_RULES: readonly Rule[] = [
  bypassModeCommitted,
  broadAllowCommitted,
  maliciousCommand,
  sessionStartCode,
  deadGuardHook,
  guardFailsOpen,
  hookInputAsCode,
  guardInTheChange,
  remoteServer,
  powerfulServer,
  poisonedText,
  allServersEnabled,
  localFileCommitted,
  readsOutside,
  surfacesNotDenied,
  unsafeOrders,
  importFromOutside,
  codexEnvironment,
  geminiTrust,
  otherProductKeys,
  contradictingAgents,
  wideSkillTools,
  keyWithoutEffect,
  linkedConfiguration,
  hooksSwitchedOff,
  bareIsNoIsolation,
  trustDecidedInAdvance,
  serverNameShadowing,
  brokenSettings,
];
