import type { Rule } from '../../rule.ts';
import { argumentInjection, unverifiedDownload } from './commands.ts';
import { alwaysTrueCondition, unsoundCondition } from './conditions.ts';
import { containerCredentials, insecureCommands, secretsInArtifacts, selfHostedRunner } from './job-settings.ts';
import { artifactPoisoning, cachePoisoning, environmentInjection } from './later-steps.ts';
import { obfuscation } from './obfuscation.ts';
import { excessivePermissions } from './permissions.ts';
import { secretsInherit, unpinnedImages, unpinnedUses } from './references.ts';
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
];
