import type { Node } from 'web-tree-sitter';
import type { ShellAssignment, ShellCommand, ShellRedirect, ShellWord } from './shell-script.ts';
import { literalWord, readWord } from './shell-word.ts';

const REDIRECTS = new Set(['file_redirect', 'heredoc_redirect', 'herestring_redirect']);
/** Children of a command that are neither words nor redirects. */
const NO_WORDS = new Set([
  ...REDIRECTS,
  'file_descriptor',
  'heredoc_start',
  'heredoc_body',
  'heredoc_end',
  'pipeline',
  'command',
  'list',
  'redirected_statement',
  'comment',
]);
const DECLARATIONS = new Set(['declaration_command', 'unset_command']);

/** The grammar and the shell may disagree about this text, so nothing is certain about it. */
class ShellDoubt extends Error {}

/**
 * The simple command that this node is, if it is one. Bodies and substitutions are other nodes, read on their own.
 * @throws ShellDoubt
 */
export function readCommand(node: Node, background: boolean): ShellCommand | undefined {
  if (node.type === 'command') return fromParts(node, [...partsOf(node), ...trailingWords(node)], background);
  if (DECLARATIONS.has(node.type)) return readDeclaration(node, background);
  if (node.type === 'negated_command') checkGaps(partsOf(node));
  if (node.type === 'test_command') return readTest(node, background);
  if (node.type === 'for_statement') return readLoop(node, background);
  if (node.type === 'redirected_statement') return readRedirects(node, background);
  if (node.type === 'variable_assignment' && !isPartOfCommand(node)) {
    return { source: node.text, assignments: [readAssignment(node)], words: [], redirects: [], background };
  }
  return undefined;
}

function partsOf(node: Node): readonly Node[] {
  return node.children.filter((child) => child !== null);
}

/**
 * `git > log push`: the grammar hangs what follows a redirection on the redirection, the shell passes it to the command.
 */
function trailingWords(node: Node): readonly Node[] {
  const statement = node.parent;
  if (statement?.type !== 'redirected_statement') return [];
  const [body, ...redirects] = partsOf(statement);
  return body?.id === node.id ? redirects.flatMap(wordsAfterTarget) : [];
}

function wordsAfterTarget(redirect: Node): readonly Node[] {
  const words = partsOf(redirect).filter((part) => part.isNamed && !NO_WORDS.has(part.type));
  if (redirect.type === 'heredoc_redirect') return words;
  return words.slice(1);
}

function fromParts(node: Node, parts: readonly Node[], background: boolean): ShellCommand {
  checkGaps(parts);
  const words = parts.filter((part) => !REDIRECTS.has(part.type) && part.type !== 'variable_assignment');
  return {
    source: node.text,
    assignments: parts.filter((part) => part.type === 'variable_assignment').map(readAssignment),
    words: words.map(readOneWord),
    redirects: parts.filter((part) => REDIRECTS.has(part.type)).map(readRedirect),
    background,
  };
}

/** Two words without a blank between them are one word to the shell; in `a2>b` the 2 belongs to the word. */
function checkGaps(parts: readonly Node[]): void {
  parts.forEach((part, index) => {
    const before = parts[index - 1];
    if (!before || before.endIndex !== part.startIndex) return;
    const isRedirect = REDIRECTS.has(part.type) && part.firstChild?.type !== 'file_descriptor';
    if (!isRedirect) throw new ShellDoubt('a word could be read as two');
  });
}

/** `export A=1 B`, `unset A`: the keyword is a token of the grammar, the assignments count as such. */
function readDeclaration(node: Node, background: boolean): ShellCommand {
  const [keyword, ...rest] = partsOf(node);
  const command = fromParts(node, rest, background);
  return { ...command, words: [literalWord(keyword?.text ?? ''), ...command.words] };
}

/** Redirects of a whole statement belong to nobody in particular, so they stand as a command without words. */
function readRedirects(node: Node, background: boolean): ShellCommand | undefined {
  const [body, ...rest] = partsOf(node);
  checkGaps(partsOf(node));
  const redirects = partsOf(node).filter((part) => REDIRECTS.has(part.type));
  if (body?.type !== 'command' && rest.some((part) => wordsAfterTarget(part).length > 0)) {
    throw new ShellDoubt('words follow a redirection');
  }
  const inHeredoc = redirects.flatMap((part) => partsOf(part).filter((child) => REDIRECTS.has(child.type)));
  const all = [...redirects, ...inHeredoc].map(readRedirect);
  return { source: node.text, assignments: [], words: [], redirects: all, background };
}

/** `[[ … ]]` with its operands, because some operators evaluate them. */
function readTest(node: Node, background: boolean): ShellCommand {
  checkGaps(partsOf(node));
  const operands = node
    .descendantsOfType(['word', 'string', 'raw_string', 'ansi_c_string'])
    .filter((part) => part !== null);
  const words = [literalWord('[['), ...operands.map(readOneWord)];
  return { source: node.text, assignments: [], words, redirects: [], background };
}

/** `for NAME in …` sets NAME like an assignment does. */
function readLoop(node: Node, background: boolean): ShellCommand | undefined {
  const name = node.childForFieldName('variable')?.text;
  if (name === undefined) return undefined;
  return { source: node.text, assignments: [{ name, value: undefined }], words: [], redirects: [], background };
}

function readRedirect(node: Node): ShellRedirect {
  const parts = partsOf(node);
  const operator = parts.find((child) => !child.isNamed)?.text ?? '';
  const descriptor = parts.find(({ type }) => type === 'file_descriptor')?.text ?? '0';
  if (operator === '' || !/^(\d+|\{\w+\})$/.test(descriptor)) throw new ShellDoubt('a redirection in an unusual place');
  checkGaps(parts.filter((part) => part.isNamed && !NO_WORDS.has(part.type)));
  if (node.type === 'heredoc_redirect') checkDelimiter(node);
  const target = node.type === 'file_redirect' ? node.childForFieldName('destination') : null;
  return { operator, target: target ? readOneWord(target) : undefined };
}

/** Where a here-document ends decides what is data and what is a command. */
function checkDelimiter(node: Node): void {
  const textOf = (type: string) => partsOf(node).find((part) => part.type === type)?.text;
  const start = textOf('heredoc_start')?.replace(/["'\\]/g, '');
  const end = textOf('heredoc_end');
  if (start === undefined || end === undefined || end.trim() !== start || /\s/.test(start)) {
    throw new ShellDoubt('a here-document without a clear end');
  }
}

function readOneWord(node: Node): ShellWord {
  if (hasBareBlank(node)) throw new ShellDoubt('a word with a blank in it');
  return readWord(node);
}

/** A bare word has no blank in it unless it is escaped, and the parts of a word touch. */
function hasBareBlank(node: Node): boolean {
  if (node.type === 'word') return /(^|[^\\])\s/.test(node.text);
  if (node.type !== 'concatenation' && node.type !== 'command_name') return false;
  const parts = partsOf(node);
  return parts.some(
    (part, index) => hasBareBlank(part) || (index > 0 && parts[index - 1]?.endIndex !== part.startIndex),
  );
}

function readAssignment(node: Node): ShellAssignment {
  const value = node.childForFieldName('value');
  const name = (node.childForFieldName('name')?.text ?? '').replace(/\[.*$/s, '');
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) throw new ShellDoubt('an assignment without a name');
  return { name, value: value ? readOneWord(value) : undefined };
}

function isPartOfCommand(node: Node): boolean {
  const parent = node.parent?.type ?? '';
  return parent === 'command' || DECLARATIONS.has(parent);
}
