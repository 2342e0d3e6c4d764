import { createHash } from 'node:crypto';
import { PREDICATES } from '../../attest/index.ts';
import { SallyportError } from '../../errors/index.ts';
import { renderJson } from '../../findings/index.ts';
import { readFileNoFollow } from '../../system/index.ts';
import { escapeTerminal } from '../../text/index.ts';
import { type BranchRequest, verifyAttested } from './branch.ts';

const MAX_PATCH = 64 * 1024 * 1024;

/**
 * Is a patch what was attested? It is, when a verified statement of the runner names its digest and the change that
 * the statement is about verifies as a whole.
 * @throws SallyportError SP2506 when the file cannot be read
 */
export async function verifyPatch(
  request: Omit<BranchRequest, 'from' | 'to'>,
  path: string,
  format: 'text' | 'json',
): Promise<void> {
  const bytes = await readFileNoFollow(path, MAX_PATCH).catch((cause: unknown) => {
    throw new SallyportError('SP2506', `cannot read ${path}`, { cause });
  });
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const results = await verifyAttested(request);
  const found = results.find(({ proven }) =>
    proven.statements.some(
      ({ statement }) =>
        statement.predicateType === PREDICATES.aiChange &&
        statement.subject.some(({ digest }) => digest['sha256'] === sha256),
    ),
  );
  const state = found?.verdict ?? 'missing';
  const reasons = found?.reasons ?? ['no verified statement names this patch'];
  process.exitCode = state === 'verified' ? 0 : state === 'incomplete' ? 3 : 1;
  const commit = found?.proven.content.identity.headCommit ?? null;
  process.stdout.write(
    format === 'json'
      ? renderJson({ format: 'sallyport-verify-patch/1', exitCode: process.exitCode, sha256, state, commit, reasons })
      : `${[`${state} ${path}${commit === null ? '' : ` as ${commit}`}`, ...reasons.map((reason) => `  ${reason}`)]
          .map(escapeTerminal)
          .join('\n')}\n`,
  );
}
