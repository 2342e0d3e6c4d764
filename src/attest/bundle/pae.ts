/**
 * What is signed: the pre-authentication encoding of DSSE v1 (secure-systems-lab/dsse, protocol.md). Type and payload
 * both stand in it with their lengths, so that neither can be read as the other.
 */
export function preAuthEncoding(payloadType: string, payload: Uint8Array): Buffer {
  const head = `DSSEv1 ${Buffer.byteLength(payloadType)} ${payloadType} ${payload.length} `;
  return Buffer.concat([Buffer.from(head), payload]);
}
