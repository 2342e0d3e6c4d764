import type { FileChange, Finding } from '../../findings/index.ts';
import { createLineIndex } from '../../syntax/index.ts';
import { type ContractFunction, contractFunctionsIn } from './contract-functions.ts';

/**
 * A function of a contract that still sends money before it writes down that it did, so that whoever is paid calls it
 * again and is paid again (SWC-107, reentrancy). The name of that function, where the finding lies in it.
 *
 * Solidity has no front end here. This holds by the text alone: a call that hands on all gas, behind it in the same
 * function a change of an entry of a table, and no lock in front.
 */
export function paidBeforeWritten(target: Finding, files: readonly FileChange[]): string | undefined {
  const [file] = files;
  if (files.length !== 1 || !file?.before?.length || !file.path.endsWith('.sol')) return undefined;
  const index = createLineIndex(file.before);
  const named = [target.place, ...target.related.map(({ place }) => place)]
    .filter((place) => place.file === file.path)
    .map((place) => index.position(place.span.start).line);
  const old = contractFunctionsIn(file.before).find(
    (one) => isOpenToReentry(one) && named.some((line) => isOnPayment(one, line, index)),
  );
  const now = old && contractFunctionsIn(file.after).find(({ name }) => name === old.name);
  return now && isOpenToReentry(now) ? now.name : undefined;
}

/** `transfer` and `send` hand on too little gas to call again (docs.soliditylang.org, security considerations). */
const PAYMENT = /\.call\s*\{[^{};]*\bvalue\s*:|\.call\.value\s*\(/g;
/** `balances[msg.sender] -= amount`, `balances[msg.sender] = 0`, `delete balances[msg.sender]`. */
const WRITTEN =
  /\bdelete\s+(?<gone>[A-Za-z_]\w{0,80})\s*\[|\b(?<table>[A-Za-z_]\w{0,80})(?:\s*\[[^\]\n]{1,120}\]){1,3}\s*[-+]?=(?!=)/g;
const LOCK = /nonReentrant|reentran|\block|mutex|entered/i;

/** A table that is asked in front of the payment and changed behind it alone; one that is changed in front may be the lock. */
function isOpenToReentry({ head, body }: ContractFunction): boolean {
  const payment = [...body.matchAll(PAYMENT)][0];
  if (!payment) return false;
  const front = body.slice(0, payment.index);
  if (LOCK.test(head) || LOCK.test(front)) return false;
  const changed = (code: string): readonly string[] =>
    [...code.matchAll(WRITTEN)].flatMap(({ groups }) => groups?.['gone'] ?? groups?.['table'] ?? []);
  const settled = new Set(changed(front));
  const asked = new Set(front.match(/[A-Za-z_]\w*/g) ?? []);
  return changed(body.slice(payment.index)).some((table) => asked.has(table) && !settled.has(table));
}

/** Whether a line holds the payment or what is written down behind it. */
function isOnPayment(
  { body, start }: ContractFunction,
  line: number,
  index: ReturnType<typeof createLineIndex>,
): boolean {
  const places = [...body.matchAll(PAYMENT), ...body.matchAll(WRITTEN)];
  return places.some((match) => index.position(start + match.index).line === line);
}
