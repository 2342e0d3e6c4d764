import type { Rule } from '../../rule.ts';
import { longLivedKey, secretOutsideEnvironment, subscriptionToken } from './credential-life.ts';
import { credentialMount } from './credential-mount.ts';
import { derivedSecret, secretInArguments } from './exposed-secret.ts';
import { inheritedSecrets, wholeSecretMap } from './inherited-secrets.ts';
import { keyAboveStep, keyWithoutAgent } from './key-scope.ts';
import { checkoutCredentials, loginBeforeAgent, secretOnDisk } from './left-credential.ts';
import { literalKey } from './literal-key.ts';
import { serverEnvironment } from './server-environment.ts';
import { storedSecrets } from './stored-secrets.ts';
import { mintableIdentity, unrelatedSecrets, visibleForgeToken, visiblePersonalToken } from './visible-credential.ts';

/** Credentials that an agent can reach, and credentials that stand where they should not. */
export const CRD_RULES: readonly Rule[] = [
  keyAboveStep,
  keyWithoutAgent,
  visibleForgeToken,
  visiblePersonalToken,
  unrelatedSecrets,
  checkoutCredentials,
  mintableIdentity,
  loginBeforeAgent,
  inheritedSecrets,
  secretInArguments,
  secretOnDisk,
  longLivedKey,
  secretOutsideEnvironment,
  credentialMount,
  literalKey,
  serverEnvironment,
  derivedSecret,
  storedSecrets,
  subscriptionToken,
  wholeSecretMap,
];
