import { formatPublicKey, readPublicKey } from '../../attest/index.ts';

/** The row of an SSH key for `keys` of a signer in the trust store. */
export function formatKeyRow(publicKey: Buffer): string {
  return `      - { kind: ssh, publicKey: "${formatPublicKey(readPublicKey(publicKey))}" }\n`;
}

/** A first trust store, with one approver. @param id As the trust store wants it: letters, digits, `.`, `_`, `-` */
export function formatFirstStore(id: string, row: string): string {
  return `version: 1\nsigners:\n  - id: ${id}\n    roles: [approver]\n    keys:\n${row}`;
}
