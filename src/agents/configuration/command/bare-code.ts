import type { CommandRisk, RiskKind } from './command-risk.ts';

/** A call of a scripting language that has no honest place in a line that an agent's configuration runs. */
interface CallRow {
  readonly kind: RiskKind;
  /** At the beginning of a statement. Linear: every repetition is bounded. */
  readonly pattern: RegExp;
  readonly what: string;
}

const ROWS: readonly CallRow[] = [
  {
    kind: 'decode-exec',
    pattern:
      /^(?:new\s{1,5})?(?:eval|exec|execSync|Function|compile|system|popen)\s{0,5}\(.{0,200}?\b(?:atob|b64decode|base64_decode|fromhex|unhexlify|decode64|decompress|loads)\s{0,5}\(/,
    what: 'decodes and runs code',
  },
  {
    kind: 'obfuscation',
    pattern: /^(?:atob|unescape|base64_decode)\s{0,5}\(\s{0,5}['"`][A-Za-z0-9+/=%]{4,}/,
    what: 'decodes a text that is written in encoded form',
  },
  {
    kind: 'obfuscation',
    pattern: /^Buffer\.from\s{0,5}\([^)]{0,2000},\s{0,5}['"](?:base64|hex)['"]\s{0,5}\)/,
    what: 'decodes text into bytes',
  },
  {
    kind: 'obfuscation',
    pattern: /^String\.fromCharCode\s{0,5}\((?:\s{0,5}(?:0x)?[0-9a-fA-F]{2,4}\s{0,5},){3}/,
    what: 'spells text in character codes',
  },
  {
    kind: 'decode-exec',
    pattern: /^__import__\s{0,5}\(\s{0,5}['"](?:os|subprocess|pty|ctypes)['"]\s{0,5}\)\s{0,5}\.\s{0,5}\w/,
    what: 'loads a module in a hidden way and runs a program',
  },
  {
    kind: 'input-to-shell',
    pattern: /^(?:new\s{1,5})?(?:eval|exec|Function|execSync)\s{0,5}\(\s{0,5}\$?[A-Za-z_]\w{0,40}\s{0,5}\)/,
    what: 'runs the content of a variable as code',
  },
];

/** What may stand before the call in its statement: `const a = `, `return `. */
const BEFORE = /^\s{0,10}(?:(?:const|let|var)\s{1,5})?(?:\$?\w{1,40}\s{0,5}=\s{0,5}|return\s{1,5})?/;

/** Only the beginning of a line is looked at. */
const LONGEST = 4096;
const MOST_STATEMENTS = 20;

/**
 * Code of JavaScript, Python or PHP that stands where a command is expected: the configuration of some products takes
 * code. A call that a shell command only quotes or searches for is none.
 */
export function assessBareCode(text: string): readonly CommandRisk[] {
  const statements = text.slice(0, LONGEST).split(/[;\n]/, MOST_STATEMENTS);
  for (const statement of statements) {
    const code = statement.replace(BEFORE, '');
    const row = ROWS.find(({ pattern }) => pattern.test(code));
    if (row !== undefined) return [{ kind: row.kind, what: row.what, span: { start: 0, end: text.length } }];
  }
  return [];
}
