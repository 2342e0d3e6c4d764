import { canonicalize } from '../../ledger/index.ts';
import type { JsonObject } from '../../system/index.ts';
import { type ChangeIdentity, STATEMENT_TYPE, type Statement, type Subject } from '../model.ts';

/** Name of the subject that is the change as a patch file, for verifiers that know files only. */
export const PATCH_NAME = 'change.patch';

/**
 * What a statement about a change is about: the commit with its tree in its context, and the patch file when there is
 * one. One matching digest of one subject is enough for an in-toto verifier, so nothing else is ever listed.
 */
function subjectsOf(change: ChangeIdentity, patchSha256?: string): readonly Subject[] {
  const commit: Subject = {
    name: `${change.repository}@${change.targetRef}`,
    digest: { gitCommit: change.headCommit, gitTree: change.headTree },
    uri: change.repository,
    annotations: { sourceRefs: [change.targetRef], baseCommit: change.baseCommit },
  };
  return patchSha256 === undefined ? [commit] : [commit, { name: PATCH_NAME, digest: { sha256: patchSha256 } }];
}

/** A statement about a change. */
export function statementOf(
  change: ChangeIdentity,
  predicateType: string,
  predicate: JsonObject,
  patchSha256?: string,
): Statement {
  return { _type: STATEMENT_TYPE, subject: subjectsOf(change, patchSha256), predicateType, predicate };
}

/** The bytes that are signed. @throws CanonicalError for a value without canonical form. */
export function encodeStatement({ _type, subject, predicateType, predicate }: Statement): Buffer {
  const subjects = subject.map(({ name, digest, uri, annotations }): JsonObject => {
    const optional = { ...(uri === undefined ? {} : { uri }), ...(annotations === undefined ? {} : { annotations }) };
    return { name, digest, ...optional };
  });
  return Buffer.from(canonicalize({ _type, subject: subjects, predicateType, predicate }));
}
