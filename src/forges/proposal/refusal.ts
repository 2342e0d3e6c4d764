import { SallyportError } from '../../errors/index.ts';
import { isSuccess, requireSuccess, saidBy } from '../http/answer.ts';
import type { HttpReply } from '../http/reply.ts';

/** A commit that only this clone has cannot be built on. */
export function requireBase(reply: HttpReply, commit: string): HttpReply {
  if (![404, 409, 422].includes(reply.status)) return requireSuccess(reply, `the commit ${commit}`);
  throw new SallyportError('SP2411', `the forge does not have the commit ${commit}`, {
    advice: 'Push it first, or mend a commit that is there with --commit.',
  });
}

/** @param conflicts statuses with which this forge says that the branch is there already */
export function requireBranch(reply: HttpReply, branch: string, conflicts: readonly number[]): HttpReply {
  if (!conflicts.includes(reply.status)) return requireSuccess(reply, `the branch ${branch}`);
  const said = saidBy(reply);
  throw new SallyportError('SP2411', `the branch ${branch} cannot be made${said && ` (${said})`}`, {
    advice: 'Name another one with --branch, or remove the one that is there.',
  });
}

/** By now the branch is there: whoever reads the message must know. */
export function requireRequest(reply: HttpReply, branch: string): HttpReply {
  if (isSuccess(reply)) return reply;
  const said = saidBy(reply);
  throw new SallyportError(
    'SP2411',
    `the branch ${branch} is made, and the forge does not open a request for it: it answers ${reply.status}${said && ` (${said})`}`,
    {
      advice:
        reply.status === 403 ? 'The token needs the right to open requests.' : 'Open it by hand, or remove the branch.',
    },
  );
}
