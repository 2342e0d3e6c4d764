import type { FileChange, Finding } from '../../findings/index.ts';
import { createLineIndex } from '../../syntax/index.ts';
import { type ContractFunction, contractFunctionsIn } from './contract-functions.ts';

/** Nothing in a function asks who calls it, or only who began the transaction (SWC-105, SWC-115). */
export function openFunction(
  target: Finding,
  files: readonly FileChange[],
): { readonly name: string; readonly byOrigin: boolean } | undefined {
  const sides = sidesOf(target, files);
  if (!sides) return undefined;
  const [had, has] = [sides.old, sides.now].map((text) => contractFunctionsIn(text));
  const old = had?.find((one) => one.name === sides.name);
  const known = new Set(had?.map((one) => one.name));
  // By another name it is the same function.
  const now =
    has?.find((one) => one.name === sides.name) ?? has?.find((one) => !known.has(one.name) && isAlike(one, old));
  if (!old || !now || isHidden(now) || modifiersOf(now).length > 0) return undefined;
  const asksSender = /\bmsg\s*\.\s*sender\b|\b_msgSender\b/.test(now.body);
  const byOrigin = /\btx\s*\.\s*origin\b/.test(now.body);
  const calls = calledIn(now.body).filter((name) => !calledIn(old.body).includes(name));
  return asksSender || (calls.length > 0 && !byOrigin) ? undefined : { name: sides.name, byOrigin };
}

interface Sides {
  readonly name: string;
  readonly old: string;
  readonly now: string;
}

/** The one function in which all places of a finding lie, where that file changes alone. */
function sidesOf({ place, related }: Finding, files: readonly FileChange[]): Sides | undefined {
  const [file] = files;
  if (files.length !== 1 || !file?.before || !file.path.endsWith('.sol')) return undefined;
  const index = createLineIndex(file.before);
  const functions = contractFunctionsIn(file.before);
  const names = [place, ...related.map((one) => one.place)].map((one) => {
    if (one.file !== file.path) return undefined;
    const { line } = index.position(one.span.start);
    return functions.find(
      ({ from, start, body }) =>
        index.position(from).line <= line && line <= index.position(start + body.length - 1).line,
    )?.name;
  });
  const [name] = names;
  const isOne = name !== undefined && names.every((one) => one === name);
  return isOne && functions.filter((one) => one.name === name).length === 1
    ? { name, old: file.before, now: file.after }
    : undefined;
}

const WORD = /[A-Za-z_]\w*/g;

/** Without events, and with `external` for `public`: inside of a chain both are called by whoever likes. */
function withoutSaying(code: string): string {
  return code.replace(/\bemit\s+\w+\s*\([^;]{0,2000}\)\s*;/g, '').replace(/\bpublic\b/g, 'external');
}

function isHidden({ head }: ContractFunction): boolean {
  return /\b(?:internal|private)\b/.test(head);
}

const IN_HEADS: ReadonlySet<string> = new Set(
  'function external public payable virtual override view pure returns memory calldata storage'.split(' '),
);

/** Names behind the arguments that are no words of the language: modifiers. */
function modifiersOf({ head }: ContractFunction): readonly string[] {
  const behind = head
    .replace(/^[^)]*\)/, '')
    .replace(/\breturns\s*\([^)]*\)/, '')
    .replace(/\boverride\s*\([^)]*\)/, '');
  return (behind.match(WORD) ?? []).filter((word) => !IN_HEADS.has(word));
}

const STATEMENTS: ReadonlySet<string> = new Set(
  'require assert revert if for while emit address payable uint256 owner'.split(' '),
);

function calledIn(body: string): readonly string[] {
  const silent = withoutSaying(body);
  return [...silent.matchAll(/\b([A-Za-z_]\w*)\s*\(/g)].flatMap(([, name = '']) =>
    STATEMENTS.has(name) ? [] : [name],
  );
}

function isAlike(one: ContractFunction, other: ContractFunction | undefined): boolean {
  return other !== undefined && one.body.replace(/\s+/g, '') === other.body.replace(/\s+/g, '');
}
