import type { Node } from 'web-tree-sitter';
import type { ShellForm, ShellFormKind } from './shell-script.ts';

const KINDS: ReadonlyMap<string, ShellFormKind> = new Map<string, ShellFormKind>([
  ['command_substitution', 'substitution'],
  ['process_substitution', 'process substitution'],
  ['subshell', 'subshell'],
  ['compound_statement', 'group'],
  ['case_statement', 'case'],
  ['function_definition', 'function'],
  ['c_style_for_statement', 'counting loop'],
  ['expansion', 'parameter'],
  ['simple_expansion', 'variable'],
  ['ansi_c_string', 'escapes'],
  ['brace_expression', 'braces'],
  ['array', 'array'],
  ['subscript', 'array'],
  ['heredoc_start', 'open document'],
]);

const HOLDERS: ReadonlySet<ShellFormKind> = new Set<ShellFormKind>([
  'substitution',
  'value',
  'process substitution',
  'subshell',
  'group',
  'case',
  'function',
]);

/** The form that this node is, if it is one. A here-document counts where its delimiter is not quoted. */
export function readForm(node: Node): ShellForm | undefined {
  const kind = KINDS.get(node.type);
  if (kind === undefined || (kind === 'open document' && /["'\\]/.test(node.text))) return undefined;
  return { kind: kind === 'substitution' && isWholeValue(node) ? 'value' : kind, text: node.text };
}

/** Whether commands stand in this form. */
export function holdsCommands({ kind }: ShellForm): boolean {
  return HOLDERS.has(kind);
}

function isWholeValue({ parent }: Node): boolean {
  return parent?.type === 'variable_assignment' && parent.parent?.type !== 'declaration_command';
}
