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
  if (Number.isInteger(sudo.gid) && mayRunAgent(sudo.uid)) return sudo;
  const { uid, gid } = statSync(workspace);
  return mayRunAgent(uid) ? { uid, gid } : NOBODY;
}

/** Neither root nor the broker, whoever owns the files. */
function mayRunAgent(uid: number): boolean {
  return Number.isInteger(uid) && uid > 0 && uid !== BROKER.uid;
}

/** The broker holds the real keys: under root it has an identity of its own, which the agent's cannot signal or trace. */
export function brokerIdentity(): Identity | undefined {
  return process.getuid?.() === 0 ? BROKER : undefined;
}
