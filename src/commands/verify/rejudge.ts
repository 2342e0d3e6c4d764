import { PREDICATES, type Rederived, type VerifiedStatement, verdictMoment } from '../../attest/index.ts';
import { SallyportError } from '../../errors/index.ts';
import { judge } from '../../gate/index.ts';
import { gather } from '../gate/gather.ts';
import type { Judge } from './branch.ts';

/** How a policy names the statements that it requires. */
const SHORT_NAMES: readonly (readonly [string, string])[] = [
  [PREDICATES.aiChange, 'ai-change'],
  [PREDICATES.approval, 'approval'],
  [PREDICATES.verdict, 'svr'],
  [PREDICATES.summary, 'vsa'],
  [PREDICATES.vulnerabilities, 'vulns'],
  [PREDICATES.testResult, 'test-result'],
  [PREDICATES.runtimeTrace, 'runtime-trace'],
];

/**
 * Judges changes again, from the commits, the stored run and the statements that were proven: the signed pass is not
 * asked. Approvals are looked at for the moment of the verdict, so that an old merge does not fail when they expire.
 * @param now Milliseconds since the epoch, for a change whose verdict tells no moment.
 */
export function createJudge(root: string, now: number): Judge {
  return async ({ content, statements, approvals }, { runDirectory }) => {
    const { baseCommit, headCommit, targetRef } = content.identity;
    try {
      const { evidence, policy } = await gather(
        root,
        {
          base: baseCommit,
          head: headCommit,
          targetRef,
          patch: undefined,
          workingTree: false,
          branch: undefined,
          runs: runDirectory === undefined ? [] : [runDirectory],
          trust: undefined,
          findings: [],
          approvals: undefined,
          requestedBy: requesterOf(statements),
          lastPusher: undefined,
          agents: [],
          organisation: undefined,
          secrets: [],
        },
        verdictMoment(statements) ?? now,
      );
      const result = judge(
        {
          ...evidence,
          // As it was verified: the gate names a repository by its remote, a bare one has none.
          change: content.identity,
          approvals,
          attestations: namesOf(statements, approvals.length > 0),
          knownStatements: approvals.map(({ approver, nonce, statement }) => ({ approver, nonce, statement })),
        },
        policy,
      );
      const reasons = result.reasons.map(({ code, message, liftedBy }) => `${code} ${message} (${liftedBy})`);
      return { verdict: result.verdict, reasons };
    } catch (error) {
      // What cannot be judged is not passed; why it cannot is told.
      if (!(error instanceof SallyportError)) throw error;
      return { verdict: 'incomplete', reasons: [`${error.code} ${error.message}`] } satisfies Rederived;
    }
  };
}

function requesterOf(statements: readonly VerifiedStatement[]): string | undefined {
  const stated = statements.find(({ statement }) => statement.predicateType === PREDICATES.aiChange);
  const dispatch = stated?.statement.predicate['dispatch'];
  if (typeof dispatch !== 'object' || dispatch === null || Array.isArray(dispatch)) return undefined;
  const requester = Object.entries(dispatch).find(([field]) => field === 'requestedBy')?.[1];
  return typeof requester === 'string' ? requester : undefined;
}

function namesOf(statements: readonly VerifiedStatement[], approved: boolean): readonly string[] {
  const types = new Set(statements.map(({ statement }) => statement.predicateType));
  if (approved) types.add(PREDICATES.approval);
  return [...types, ...SHORT_NAMES.filter(([type]) => types.has(type)).map(([, name]) => name)];
}
