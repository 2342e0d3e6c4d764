import { createHash } from 'node:crypto';
import type { Statement } from '../../../src/attest/index.ts';
import { STATEMENTS } from '../../attest/scene.ts';

/** A change as the file that other people's verifiers are given. */
export const PATCH = 'diff --git a/a.txt b/a.txt\n';

/** What is stated of it. */
export function aboutPatch(): Statement {
  const statement = STATEMENTS['ai-change']?.statement;
  const [commit] = statement?.subject ?? [];
  if (statement === undefined || commit === undefined) throw new RangeError('no statement');
  const sha256 = createHash('sha256').update(PATCH).digest('hex');
  return { ...statement, subject: [commit, { name: 'change.patch', digest: { sha256 } }] };
}
