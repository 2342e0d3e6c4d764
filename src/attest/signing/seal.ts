import { keyBundle } from '../bundle/bundle.ts';
import { preAuthEncoding } from '../bundle/pae.ts';
import { PAYLOAD_TYPE } from '../model.ts';
import { encodeStatement } from '../statement/subject.ts';
import type { Seal, Signer } from './signer.ts';

/** Bundles that name the key by its fingerprint. They hold no time that anybody vouches for: see step 13. */
export function sealWithKey(signer: Signer): Seal {
  return async (statement) => {
    const payload = encodeStatement(statement);
    const signature = await signer.sign(preAuthEncoding(PAYLOAD_TYPE, payload));
    return `${JSON.stringify(keyBundle(PAYLOAD_TYPE, payload, signature, signer.hint), undefined, 2)}\n`;
  };
}
