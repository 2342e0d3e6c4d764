import { createRequire } from 'node:module';
import type { Language, Node, Parser } from 'web-tree-sitter';
import { SallyportError } from '../errors/index.ts';
import { readCommand } from './shell-command.ts';
import { holdsCommands, readForm } from './shell-form.ts';
import {
  type PlacedCommand,
  SHELL_LIMITS,
  type ShellForm,
  type ShellFormKind,
  type ShellGrammar,
  type ShellScript,
  type UnparsableShell,
} from './shell-script.ts';
import { SetVariables } from './shell-sets.ts';
import { hidesSubstitution } from './shell-substitutions.ts';

/**
 * Blanks that the grammar and the shell may see differently, and control characters: the text could mean something
 * else than what was parsed. Space, tab and newline are the shell's own.
 */
const AMBIGUOUS =
  /[\u0000-\u0008\u000b-\u001f\u007f\u0085\u00a0\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff]/;

/**
 * Escaped blanks that the grammar reads differently. It skips them between words, where the shell joins the halves of a
 * word, ends a command at the empty line that follows, or takes an escaped space for a word. Accepted is a backslash
 * after a blank at the end of a line that goes on with a word.
 */
const DOUBTFUL_ESCAPE = /(^|[^ \t])\\\n|\\\n[ \t]*(\\?\n|$)|(^|\n)[ \t]*\\\n|(^|[\s;|&()<>])\\[ \t]/;

/** `${x@P}` runs what stands in the value as if it were a prompt (Bash manual, 3.5.3). */
const PROMPT = /@P\}/;

/** Calls of the parser's progress function before a parse is given up; honest commands need none or a few. */
const MOST_PROGRESS = 2_000;

/**
 * Load the Bash grammar: a few ten milliseconds, so only for a policy that has rules about commands.
 * @throws SallyportError SP1803 when the grammar's files are missing.
 */
export async function loadShellGrammar(): Promise<ShellGrammar> {
  try {
    const { Parser } = await import('web-tree-sitter');
    await Parser.init();
    const parser = new Parser();
    loading ??= loadBash();
    parser.setLanguage(await loading);
    return {
      parse: (text) => parseShell(parser, text),
      [Symbol.dispose]: () => parser.delete(),
    };
  } catch (cause) {
    throw new SallyportError('SP1803', 'the shell grammar cannot be loaded', { cause });
  }
}

/**
 * One grammar a process: the library never unloads a grammar's module, and after some thousand loads its function table
 * is full and nothing parses any more.
 */
let loading: Promise<Language> | undefined;

async function loadBash(): Promise<Language> {
  const { Language } = await import('web-tree-sitter');
  return Language.load(createRequire(import.meta.url).resolve('tree-sitter-bash/tree-sitter-bash.wasm'));
}

function parseShell(parser: Parser, text: string): ShellScript | UnparsableShell {
  if (Buffer.byteLength(text) > SHELL_LIMITS.bytes) return { unparsable: `longer than ${SHELL_LIMITS.bytes} bytes` };
  if (AMBIGUOUS.test(text)) return { unparsable: 'it holds a control character or a blank that is not ASCII' };
  if (DOUBTFUL_ESCAPE.test(text)) return { unparsable: 'a blank is escaped in an unusual place' };
  if (PROMPT.test(text)) return { unparsable: 'a value is expanded as a prompt' };
  try {
    let progress = 0;
    const tree = parser.parse(text, null, { progressCallback: () => ++progress > MOST_PROGRESS });
    if (tree === null) {
      parser.reset();
      return { unparsable: 'it takes too long to read' };
    }
    try {
      if (tree.rootNode.hasError) return { unparsable: 'it is not a complete shell command' };
      if (hidesSubstitution(tree.rootNode, text)) return { unparsable: 'a substitution stands in an unusual place' };
      return collectCommands(tree.rootNode);
    } finally {
      tree.delete();
    }
  } catch (cause) {
    parser.reset();
    return { unparsable: cause instanceof Error ? cause.message : 'the parser failed' };
  }
}

interface Visit {
  readonly node: Node;
  readonly depth: number;
  readonly background: boolean;
  readonly within: ShellFormKind | undefined;
}

/** Walks the whole tree: a command counts wherever it stands, in a substitution as much as at the top. */
function collectCommands(root: Node): ShellScript | UnparsableShell {
  const commands: PlacedCommand[] = [];
  const functions: string[] = [];
  const forms: ShellForm[] = [];
  const sets = new SetVariables();
  const queue: Visit[] = [{ node: root, depth: 0, background: false, within: undefined }];
  let visited = 0;
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    const { node, depth, background } = next;
    if (depth > SHELL_LIMITS.depth || ++visited > SHELL_LIMITS.nodes) return { unparsable: 'it is nested too deeply' };
    const command = readCommand(node, background);
    if (command) commands.push({ ...command, within: next.within });
    if (commands.length > SHELL_LIMITS.commands) return { unparsable: 'it holds too many commands' };
    if (node.type === 'function_definition') functions.push(node.childForFieldName('name')?.text ?? '');
    sets.visit(node);
    const form = readForm(node);
    if (form) forms.push(form);
    const within = form && holdsCommands(form) ? form.kind : next.within;
    // `a && b && c` is a list in a list to the grammar, a row of commands to everybody else.
    const deeper = node.type === 'list' ? 0 : 1;
    const children = node.children;
    for (let index = children.length - 1; index >= 0; index--) {
      const child = children[index];
      if ((child && child.childCount > 0) || child?.isNamed) {
        const detached = background || children[index + 1]?.type === '&';
        queue.push({ node: child, depth: depth + deeper, background: detached, within });
      }
    }
  }
  return { commands, functions, forms, sets: sets.finish(commands) };
}
