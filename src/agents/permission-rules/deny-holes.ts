import type { ProductId, WrittenRule } from '../invocation/invocation.ts';
import { analyseRule } from './analyse-rule.ts';
import type { DenyHole, RuleMeaning } from './meaning.ts';

/** One way round a kind of deny rule. */
interface Equivalence {
  readonly denies: (rule: RuleMeaning) => boolean;
  /** What an allow rule must give for the way to be open. */
  readonly needs: (allow: RuleMeaning) => boolean;
  /** Deny rules that close the way; when one of them is there, it is closed. */
  readonly closedBy: readonly string[];
  readonly example: (rule: RuleMeaning, allow: RuleMeaning | undefined) => string;
}

const EQUIVALENCES: readonly Equivalence[] = [
  {
    denies: (rule) => starts(rule, 'gh', 'api') && mentions(rule, ['-X', '--method', 'POST', 'DELETE', 'PUT', 'PATCH']),
    needs: (allow) => reaches(allow, 'gh', 'api'),
    closedBy: ['Bash(gh api *-f *)', 'Bash(gh api *--input*)'],
    example: () => '`gh api PATH -f name=value` sends a POST without `-X`',
  },
  {
    denies: (rule) => isProgram(rule, ['curl', 'wget', 'nc', 'ssh', 'scp']),
    needs: (allow) => isBroad(allow),
    closedBy: [],
    example: (_, allow) => `\`${codeOf(allow)}\` opens a connection as well`,
  },
  {
    denies: (rule) => rule.topic === 'web' || rule.topic === 'search',
    needs: (allow) => allow.topic === 'shell' && allow.breadth === 'network',
    closedBy: ['Bash(curl *)'],
    example: (_, allow) => `\`${allow?.program ?? 'curl'}\` fetches it from the shell`,
  },
  {
    denies: (rule) => rule.topic === 'web' || rule.topic === 'search',
    needs: (allow) => isBroad(allow),
    closedBy: [],
    example: (_, allow) => `\`${codeOf(allow)}\` fetches it from the shell`,
  },
  {
    denies: (rule) => rule.topic === 'read' && rule.spec !== undefined,
    needs: (allow) =>
      allow.topic === 'shell' && (isBroad(allow) || isProgram(allow, ['cat', 'grep', 'rg', 'head', 'tail', 'git'])),
    closedBy: [],
    example: (rule) => `\`grep -r . .\` and \`git show HEAD:${pathOf(rule)}\` read it from the shell`,
  },
  {
    denies: (rule) => starts(rule, 'git', 'push'),
    needs: (allow) => isBroad(allow) || allow.breadth === 'git',
    closedBy: [],
    example: () => '`git -c alias.x=push x` pushes under another name',
  },
  {
    denies: (rule) => isProgram(rule, ['rm']),
    needs: (allow) => isBroad(allow) || isProgram(allow, ['find']),
    closedBy: [],
    example: (_, allow) =>
      isProgram(allow, ['find']) ? '`find . -delete` removes as well' : `\`${codeOf(allow)}\` removes as well`,
  },
  {
    denies: (rule) => rule.topic === 'shell' && rule.program !== undefined && rule.breadth !== 'everything',
    needs: (allow) => allow.topic === 'shell' && allow.breadth === 'everything',
    closedBy: [],
    example: (rule) => `\`bash -c '${(rule.command?.words ?? []).join(' ')} …'\` hides the word from the rule`,
  },
  {
    denies: (rule) => rule.tool === 'Edit' && rule.spec === undefined,
    needs: (allow) => allow.tool === 'Write',
    closedBy: ['Write'],
    example: () => '`Write` still replaces the file',
  },
  {
    denies: (rule) => rule.topic === 'write' && rule.spec !== undefined,
    needs: (allow) => allow.topic === 'shell' && (isBroad(allow) || allow.breadth === 'file-writer'),
    closedBy: [],
    example: (_, allow) =>
      `\`${allow?.breadth === 'file-writer' ? (allow.program ?? 'cp') : codeOf(allow)}\` writes it from the shell`,
  },
];

/** Rules of a list that are compared with each other. */
const MOST_RULES = 300;

/**
 * What a deny list leaves open beside an allow list: the first way round each rule. Deny rules are compared by words,
 * so a command that does the same in other words passes.
 */
export function denyHoles(
  product: ProductId,
  deny: readonly WrittenRule[],
  allow: readonly WrittenRule[],
): readonly DenyHole[] {
  const denied = deny
    .slice(0, MOST_RULES)
    .map(({ text }) => analyseRule(product, text, 'deny'))
    .filter(({ dead }) => dead === undefined);
  const allowed = allow
    .slice(0, MOST_RULES)
    .map(({ text }) => analyseRule(product, text))
    .filter(({ dead }) => dead === undefined);
  const written = new Set(deny.map(({ text }) => text));
  return denied.flatMap((rule) => {
    for (const way of EQUIVALENCES) {
      if (!way.denies(rule) || way.closedBy.some((text) => written.has(text))) continue;
      const through = allowed.find((candidate) => way.needs(candidate) && !isWhollyDenied(candidate, denied));
      if (through)
        return [{ deny: rule.text, example: way.example(rule, through), through: through.text, add: way.closedBy }];
    }
    return [];
  });
}

/** An allow rule that a deny rule of the same tool takes back altogether. */
function isWhollyDenied(allow: RuleMeaning, denied: readonly RuleMeaning[]): boolean {
  return denied.some((rule) => rule.tool === allow.tool && (rule.spec === undefined || rule.spec === allow.spec));
}

function isBroad({ breadth, topic }: RuleMeaning): boolean {
  return topic === 'shell' && (breadth === 'everything' || breadth === 'interpreter' || breadth === 'runner');
}

function isProgram(rule: RuleMeaning | undefined, programs: readonly string[]): boolean {
  return rule?.program !== undefined && programs.includes(rule.program);
}

function starts(rule: RuleMeaning, ...words: readonly string[]): boolean {
  return words.every((word, index) => rule.command?.words[index] === word);
}

/** The allow rule covers commands that start like this. */
function reaches(allow: RuleMeaning, ...words: readonly string[]): boolean {
  if (allow.breadth === 'everything') return true;
  const fixed = allow.command?.words ?? [];
  if (fixed.length === 0 || allow.command?.open !== true) return false;
  return (
    words.every((word, index) => fixed[index] === undefined || fixed[index] === word) && fixed.length <= words.length
  );
}

function mentions(rule: RuleMeaning, words: readonly string[]): boolean {
  return words.some((word) => rule.spec?.includes(word) === true);
}

function codeOf(allow: RuleMeaning | undefined): string {
  return allow?.program ?? 'python3 -c …';
}

function pathOf({ spec }: RuleMeaning): string {
  return (spec ?? '').replace(/^\.?\//, '');
}
