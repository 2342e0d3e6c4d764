/** Claude Code's hook events. Source: hooks documentation of 2.1.329. */
export const CLAUDE_EVENTS: readonly string[] = [
  ...['SessionStart', 'Setup', 'InstructionsLoaded', 'UserPromptSubmit', 'UserPromptExpansion', 'MessageDisplay'],
  ...['PreToolUse', 'PermissionRequest', 'PermissionDenied', 'PostToolUse', 'PostToolUseFailure', 'PostToolBatch'],
  ...['Notification', 'SubagentStart', 'SubagentStop', 'TaskCreated', 'TaskCompleted', 'Stop', 'StopFailure'],
  ...['TeammateIdle', 'ConfigChange', 'CwdChanged', 'DirectoryAdded', 'FileChanged', 'WorktreeCreate'],
  ...['WorktreeRemove', 'PreCompact', 'PostCompact', 'SessionEnd', 'Elicitation', 'ElicitationResult'],
];

/** Events whose matcher is a tool's name. */
export const TOOL_EVENTS: ReadonlySet<string> = new Set([
  'PreToolUse',
  'PostToolUse',
  'PostToolUseFailure',
  'PermissionRequest',
  'PermissionDenied',
]);

/** Events at which a hook can still say no, product by product. */
export const GUARD_EVENTS: ReadonlySet<string> = new Set([
  'PreToolUse',
  'PermissionRequest',
  'UserPromptSubmit',
  'beforeShellExecution',
  'beforeMCPExecution',
  'beforeReadFile',
  'beforeSubmitPrompt',
  'BeforeTool',
  'preToolUse',
]);

/** What people write for a tool, and its real name. */
const OTHER_NAMES: ReadonlyMap<string, string> = new Map([
  ['execute_command', 'Bash'],
  ['run_command', 'Bash'],
  ['run_shell_command', 'Bash'],
  ['shell', 'Bash'],
  ['terminal', 'Bash'],
  ['command', 'Bash'],
  ['write_file', 'Write'],
  ['write_to_file', 'Write'],
  ['create_file', 'Write'],
  ['edit_file', 'Edit'],
  ['replace', 'Edit'],
  ['str_replace_editor', 'Edit'],
  ['apply_patch', 'Edit'],
  ['read_file', 'Read'],
  ['web_fetch', 'WebFetch'],
  ['fetch', 'WebFetch'],
  ['web_search', 'WebSearch'],
]);

/** The name that was meant: a known other name, the same letters in another case, or two typing mistakes away. */
export function nearestName(written: string, names: readonly string[]): string | undefined {
  const other = OTHER_NAMES.get(written.toLowerCase());
  if (other !== undefined && names.includes(other)) return other;
  const folded = names.find((name) => name.toLowerCase() === written.toLowerCase());
  if (folded !== undefined) return folded;
  if (written.length > 40) return undefined;
  const near = names.map((name) => ({ name, away: distance(written, name) })).toSorted((a, b) => a.away - b.away)[0];
  return near !== undefined && near.away <= Math.min(2, Math.floor(near.name.length / 3)) ? near.name : undefined;
}

/** Edit distance of two short names. */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 1; i <= one.length; i++) {
    const next = [i];
    for (let j = 1; j <= other.length; j++) {
      const change = (row[j - 1] ?? 0) + (one[i - 1] === other[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
