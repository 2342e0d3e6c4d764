import type { Rule } from '../../rule.ts';
import { acceptedChange } from './accepted-changes.ts';
import { argumentInjection, unverifiedDownload } from './commands.ts';
import { alwaysTrueCondition, unsoundCondition } from './conditions.ts';
import { environmentSent, remoteModelCode, unboundSignature, unlockedInstall } from './foreign-code.ts';
import { containerCredentials, insecureCommands, secretsInArtifacts, selfHostedRunner } from './job-settings.ts';
import { artifactPoisoning, cachePoisoning, environmentInjection } from './later-steps.ts';
import { leftCredentials } from './left-credentials.ts';
import { obfuscation } from './obfuscation.ts';
import { otherTemplateInjection, otherUntrustedBuild } from './other-platforms.ts';
import { excessivePermissions } from './permissions.ts';
import { printedSecret, secretOutput } from './printed-secrets.ts';
import { secretsInherit, unpinnedImages, unpinnedUses } from './references.ts';
import { directPush, ungatedDeployment, wideApplicationToken } from './release-gates.ts';
import { templateInjection } from './template-injection.ts';
import { dangerousTriggers, untrustedCheckout } from './untrusted-code.ts';
import { vulnerableActions } from './vulnerable-actions.ts';

/** The generic rules about GitHub pipelines, for parity with scanners that know no agents. */
export const CI_RULES: readonly Rule[] = [
  templateInjection,
  unpinnedUses,
  excessivePermissions,
  dangerousTriggers,
  untrustedCheckout,
  environmentInjection,
  cachePoisoning,
  artifactPoisoning,
  selfHostedRunner,
  insecureCommands,
  containerCredentials,
  secretsInherit,
  secretsInArtifacts,
  unsoundCondition,
  obfuscation,
  unpinnedImages,
  vulnerableActions,
  alwaysTrueCondition,
  argumentInjection,
  unverifiedDownload,
  leftCredentials,
  printedSecret,
  secretOutput,
  ungatedDeployment,
  directPush,
  acceptedChange,
  wideApplicationToken,
  unlockedInstall,
  remoteModelCode,
  unboundSignature,
  environmentSent,
  otherTemplateInjection,
  otherUntrustedBuild,
];
