import { z } from 'zod';
import type { JsonObject } from '../../system/index.ts';
import { ask } from '../http/answer.ts';
import type { HttpClient } from '../http/client.ts';
import type { ChangeReference } from '../model.ts';
import { repositoryPath } from '../reference.ts';

const Stored = z.object({ id: z.number() });

/**
 * Stores a Sigstore bundle beside the repository (`attestations: write`). GitHub finds it again by the digest of a
 * subject; whether it is believed says whoever verifies it.
 * @returns the number that GitHub gave it
 * @see https://docs.github.com/rest/repos/attestations
 */
export async function storeGithubAttestation(
  client: HttpClient,
  reference: Pick<ChangeReference, 'repository'>,
  bundle: JsonObject,
): Promise<string> {
  const target = `${repositoryPath(reference)}/attestations`;
  const { id } = await ask(client, { method: 'POST', target, body: { bundle } }, Stored, 'the store of attestations');
  return String(id);
}
