import type { Rule } from '../../rule.ts';
import { agentInstall } from './agent-install.ts';
import { bypassEntrypoint } from './bypass-entrypoint.ts';
import { CLUSTER_RULES } from './cluster-rules.ts';
import { dangerousMount } from './dangerous-mount.ts';
import { devcontainerTrust } from './devcontainer-rules.ts';
import { imageByTag } from './image-by-tag.ts';
import { keyInImage } from './key-in-image.ts';
import { openEgress } from './open-egress.ts';
import { openIsolation } from './open-isolation.ts';
import { rootUser } from './root-user.ts';
import { weakConfinement } from './weak-confinement.ts';

/** Containers that hold an agent: images, services, pods and dev containers. */
export const CT_RULES: readonly Rule[] = [
  agentInstall,
  keyInImage,
  rootUser,
  openIsolation,
  dangerousMount,
  ...CLUSTER_RULES,
  openEgress,
  weakConfinement,
  bypassEntrypoint,
  imageByTag,
  devcontainerTrust,
];
