import { z } from 'zod';
import type { JsonObject } from '../../system/index.ts';
import type { ChangeIdentity, Statement } from '../model.ts';
import { PREDICATES } from '../predicate-roles.ts';
import { digestSet, text } from './schema-parts.ts';
import { statementOf } from './subject.ts';

/** A file that belongs to a change and is kept elsewhere. */
export interface ReferredFile {
  readonly name: string;
  readonly sha256: string;
  readonly mediaType: string;
}

/** in-toto reference v0.1. */
export const reference = z.looseObject({
  attester: z.looseObject({ id: text.min(1) }),
  references: z
    .array(
      z.looseObject({
        name: text.optional(),
        downloadLocation: text.optional(),
        mediaType: text.optional(),
        digest: digestSet.refine((digest) => Object.keys(digest).length > 0, 'must name a digest'),
      }),
    )
    .min(1)
    .max(1000),
});

/** The predicate of a CycloneDX document is the document (cyclonedx.org/bom, in-toto/attestation). */
export const inventory = z.looseObject({
  bomFormat: z.literal('CycloneDX'),
  specVersion: z.string().regex(/^\d+\.\d+$/),
});

/** Whoever says that these files belong to the change. */
const ATTESTER = 'https://sallyport.dev/attest';

/** in-toto reference v0.1: files of this change by digest, such as reports that are too large to be signed whole. */
export function referenceStatement(change: ChangeIdentity, files: readonly ReferredFile[]): Statement {
  return statementOf(change, PREDICATES.reference, {
    attester: { id: ATTESTER },
    references: files.map(({ name, sha256, mediaType }) => ({ name, digest: { sha256 }, mediaType })),
  });
}

/** The bill of materials of the repository as this change leaves it. @param document a CycloneDX document */
export function inventoryStatement(change: ChangeIdentity, document: JsonObject): Statement {
  return statementOf(change, PREDICATES.inventory, document);
}

/** Is this the beginning of a CycloneDX document? */
export function isInventory(value: unknown): value is JsonObject {
  return inventory.safeParse(value).success;
}
