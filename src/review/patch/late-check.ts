import { callsOf } from '../code-walk.ts';
import { type AddedCode, type Call, calledName, literalText } from './added-code.ts';
import { codeOf, type Placed } from './spot.ts';

/** Calls that give an address a handler (expressjs.com, koajs.com). */
const HANDLES = /^(?:get|post|put|patch|delete|all|route)$/;

/**
 * A check that a patch sets up for an address below the handler that answers there: the handler answers first
 * (expressjs.com, Using middleware).
 */
export function lateCheck({ after, calls, isNew }: AddedCode): Placed | undefined {
  if (after.language !== 'javascript' && after.language !== 'typescript') return undefined;
  const handlers = callsOf(after).filter((call) => HANDLES.test(calledName(call) ?? '') && call.arguments.length > 1);
  return calls.find((call) => {
    const address = addressOf(call);
    if (calledName(call) !== 'use' || address === undefined || call.arguments.length < 2 || !isNew(call.place))
      return false;
    const guarded = handlers.filter(
      (one) => isBelow(addressOf(one), address) && holderOf(one, after) === holderOf(call, after),
    );
    return guarded.length > 0 && guarded.every((one) => one.place.span.end <= call.place.span.start);
  });
}

function addressOf({ arguments: given }: Call): string | undefined {
  return literalText(given[0]?.value);
}

function isBelow(address: string | undefined, folder: string): boolean {
  const root = folder.replace(/\/$/, '');
  return address !== undefined && (address === root || address.startsWith(`${root}/`));
}

function holderOf({ callee }: Call, { file }: AddedCode['after']): string | undefined {
  return callee.kind === 'member' ? codeOf(callee.object, file) : undefined;
}
