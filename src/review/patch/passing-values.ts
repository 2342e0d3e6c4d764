import type { Expression } from '../../code/index.ts';
import type { FileChange, Finding } from '../../findings/index.ts';
import { statementsIn } from '../code-walk.ts';
import { type AddedCode, addedCode, type Call, calledName } from './added-code.ts';
import { refuses } from './gate.ts';
import { isLogLine } from './remarks.ts';
import type { ReadCode } from './residue.ts';
import { codeOf, mayLeave } from './spot.ts';
import { answerOf, type Subject } from './string-tests.ts';

/** A weakness of texts that should not pass, with some that never should. */
interface Kind {
  readonly weaknesses: RegExp;
  /** Whether the code of an expression is the text in question, or something else that the client chooses. */
  readonly isSubject: RegExp;
  readonly isFree: RegExp;
  readonly never: readonly string[];
}

const KINDS: readonly Kind[] = [
  {
    weaknesses: /\bCWE-521\b/,
    isSubject: /^(?:\w+\.)*\w*(?:pass(?:word|wd|phrase)?|pwd)$/i,
    isFree: /^$/,
    // Fewer than eight characters are few in whatever mixture (NIST SP 800-63B, 5.1.1.2).
    never: ['1234567', 'qwerty1', 'Aa1!', 'aA1!aA1', 'abc', 'PASS1!a'],
  },
  {
    weaknesses: /\b(?:CWE-434|CWE-646)\b/,
    isSubject: /(?:^|\.)(?:original_?name|file_?name|getOriginalFilename\(\))$/i,
    isFree: /(?:mime_?type|content_?type|getContentType\(\)|\.size|getSize\(\)|content-length.*)$/i,
    never: ['a.pdf.exe', 'a.PDF.PHP', 'a.png.php', 'a.exe', 'a.PHP', 'a.jsp', 'a.sh'],
  },
];

/**
 * A text that should never pass and that every test of a patch lets pass: a password of four characters, a program that is
 * sent as a picture. Said only where all that the patch adds are such tests, and each can be worked out.
 */
export function passingValue(target: Finding, files: readonly FileChange[], read: ReadCode): string | undefined {
  const kind = KINDS.find(({ weaknesses }) => weaknesses.test(target.rule));
  const [code, ...others] = kind ? addedCode(files, read) : [];
  if (!kind || !code || others.length > 0 || files.length !== 1 || files[0]?.path !== target.place.file)
    return undefined;
  const gates = gatesIn(code);
  if (!gates || gates.length === 0) return undefined;
  return kind.never.find((text) => gates.every((test) => lets(text, test, kind, code)));
}

function lets(text: string, test: Expression, { isSubject, isFree }: Kind, code: AddedCode): boolean {
  const subject: Subject = (value) => {
    if (value.kind !== 'name' && value.kind !== 'member' && value.kind !== 'call' && value.kind !== 'index')
      return undefined;
    const spelled = codeOf(value, code.after.file).replaceAll('?.', '.');
    if (isSubject.test(spelled)) return text;
    return isFree.test(spelled) ? 'free' : undefined;
  };
  const answer = answerOf(test, subject, code);
  return answer === false || answer === 'free';
}

const OF_REFUSAL = /^(?:status|sendStatus|send|json|end|next|abort|reject|Error|\w+Error|\w+Exception)$/;

/** The tests of branches that a patch adds and that refuse; undefined when it adds anything else that may decide. */
function gatesIn(code: AddedCode): readonly Expression[] | undefined {
  const { after, isNew, calls } = code;
  const added = code.bodies.flat().filter((one) => isNew(one.place) && one.kind !== 'declare' && !isLogLine(one));
  const branches = added.flatMap((one) => (one.kind === 'branch' ? [one] : []));
  const inside = new Set(branches.flatMap(({ then }) => statementsIn(then)));
  const isSound = branches.every(({ then, otherwise }) => otherwise.length === 0 && then.some(mayLeave));
  const onlyGates = added.every((one) => one.kind === 'branch' || inside.has(one));
  const tests = branches.map(({ test }) => test);
  const refusal = (call: Call): boolean => refuses(call) || OF_REFUSAL.test(calledName(call) ?? '');
  const inTest = (call: Call): boolean =>
    tests.some(({ place: { span } }) => span.start <= call.place.span.start && call.place.span.end <= span.end);
  const known = calls.every((call) => refusal(call) || inTest(call) || isLogCall(call));
  return isSound && onlyGates && known && after.gaps.length === 0 ? tests : undefined;
}

function isLogCall({ callee }: Call): boolean {
  return callee.kind === 'member' && /^(?:log|info|warn|warning|error|debug)$/.test(callee.name);
}
