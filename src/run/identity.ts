import { statSync } from 'node:fs';

export interface Identity {
  readonly uid: number;
  readonly gid: number;
}

/** `nobody` on every Linux we know; used when root starts a run in a directory that root owns. */
const NOBODY: Identity = { uid: 65534, gid: 65534 };

/** An identity without an account, so that no other process of the host shares it. */
const BROKER: Identity = { uid: 65531, gid: 65531 };

/**
 * Who runs the agent when the supervisor is root: the user behind `sudo`, else the owner of the workspace, else nobody.
 * Undefined when the supervisor is a normal user, who then runs everything.
 */
export function agentIdentity(
  workspace: string,
  environment: { readonly [name: string]: string | undefined },
): Identity | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const sudo = { uid: Number(environment['SUDO_UID']), gid: Number(environment['SUDO_GID']) };
  if (Number.isInteger(sudo.uid) && sudo.uid > 0 && Number.isInteger(sudo.gid)) return sudo;
  const owner = statSync(workspace);
  return owner.uid === 0 ? NOBODY : { uid: owner.uid, gid: owner.gid };
}

/** The broker holds the real keys: under root it has an identity of its own, which the agent's cannot signal or trace. */
export function brokerIdentity(): Identity | undefined {
  return process.getuid?.() === 0 ? BROKER : undefined;
}
