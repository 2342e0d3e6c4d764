/** Functions of a Solidity contract by their text alone: the language has no front end here. */

export interface ContractFunction {
  readonly name: string;
  /** Between name and body: arguments, modifiers. */
  readonly head: string;
  readonly body: string;
  /** Of the head in the file. */
  readonly from: number;
  /** Of the body in the file. */
  readonly start: number;
}

/** Remarks and what texts say blank, so that every character stays in its place. */
function bareContract(text: string): string {
  const remarksAndTexts = /\/\/[^\n]*|\/\*(?:[\s\S]*?\*\/|[\s\S]*)|"(?:[^"\\\n]|\\.)*"?|'(?:[^'\\\n]|\\.)*'?/g;
  return text.replace(remarksAndTexts, (found) => found.replace(/[^\n]/g, ' '));
}

/** Longer than any contract may be once it is compiled (EIP-170), many times over. */
const LONGEST = 256 * 1024;
const MOST_FUNCTIONS = 500;

/** Functions and modifiers with a body, in the order of the file; none of a text that is too long. */
export function contractFunctionsIn(text: string): readonly ContractFunction[] {
  if (text.length > LONGEST) return [];
  const code = bareContract(text);
  const found: ContractFunction[] = [];
  const heads = /\b(?:(?:function|modifier)\s+(\w{1,80})|(constructor|receive|fallback)(?=\s*\())/g;
  for (const { index, 1: named, 2: unnamed = '' } of code.matchAll(heads)) {
    const name = named ?? unnamed;
    const start = code.indexOf('{', index);
    const head = code.slice(index, start < 0 ? index : start);
    if (start < 0 || head.includes(';') || found.length === MOST_FUNCTIONS) continue;
    found.push({ name, head, body: code.slice(start, endOfBody(code, start)), from: index, start });
  }
  return found;
}

function endOfBody(code: string, start: number): number {
  let depth = 0;
  for (let at = start; at < code.length; at++) {
    if (code[at] === '{') depth++;
    if (code[at] === '}' && --depth === 0) return at + 1;
  }
  return code.length;
}
