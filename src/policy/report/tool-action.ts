import type { ToolAction } from '../action.ts';

/** A tool call from the short spelling of tests: `Bash(git push)`, `Read(src/a.ts)`, `WebFetch(https://…)`. */
export function toolActionOf(tool: string, argument: string | undefined): ToolAction {
  const base = { plane: 'tool' as const, tool, input: {} };
  if (argument === undefined) return base;
  if (/^(bash|shell|local_shell|exec_command|run_shell_command|monitor)$/i.test(tool)) {
    return { ...base, input: { command: argument }, command: argument };
  }
  if (/^web_?fetch$/i.test(tool)) return { ...base, input: { url: argument }, urls: [argument] };
  const writes = /^(write|edit|multiedit|notebookedit|write_file|apply_patch|replace)$/i.test(tool);
  const paths = writes ? { writes: [argument] } : { reads: [argument] };
  return { ...base, input: { file_path: argument }, ...paths };
}
