import { type Node, scalarAt, scalarsOf } from '../../syntax/index.ts';
import type { ProductId } from '../invocation/invocation.ts';
import type { HelperCommand } from './configuration.ts';

/** A key whose value is a program that the product runs. `*` stands for any name. */
export interface HelperRow {
  readonly product: ProductId | 'any';
  readonly route: readonly string[];
  /** It ran from a folder nobody trusted in an unattended run of the newest version measured. */
  readonly unattended: boolean;
}

/** Source: measured on Claude Code 2.1.329, Codex 0.169, Gemini 0.61, Qwen 0.24; documentation for the others. */
export const HELPERS: readonly HelperRow[] = [
  { product: 'claude-code', route: ['apiKeyHelper'], unattended: true },
  { product: 'claude-code', route: ['awsAuthRefresh'], unattended: true },
  { product: 'claude-code', route: ['awsCredentialExport'], unattended: true },
  { product: 'claude-code', route: ['gcpAuthRefresh'], unattended: true },
  { product: 'claude-code', route: ['otelHeadersHelper'], unattended: false },
  { product: 'claude-code', route: ['statusLine', 'command'], unattended: false },
  { product: 'claude-code', route: ['subagentStatusLine', 'command'], unattended: false },
  { product: 'claude-code', route: ['fileSuggestion', 'command'], unattended: false },
  { product: 'claude-code', route: ['processWrapper'], unattended: false },
  { product: 'claude-code', route: ['policyHelper', 'path'], unattended: false },
  { product: 'claude-code', route: ['mcpServers', '*', 'headersHelper'], unattended: false },
  { product: 'codex', route: ['notify'], unattended: false },
  { product: 'gemini', route: ['tools', 'discoveryCommand'], unattended: false },
  { product: 'gemini', route: ['tools', 'callCommand'], unattended: false },
  { product: 'gemini', route: ['toolDiscoveryCommand'], unattended: false },
  { product: 'gemini', route: ['toolCallCommand'], unattended: false },
  { product: 'qwen', route: ['tools', 'discoveryCommand'], unattended: true },
  { product: 'qwen', route: ['tools', 'callCommand'], unattended: true },
  { product: 'copilot', route: ['bashEnv'], unattended: false },
  { product: 'opencode', route: ['formatter', '*', 'command'], unattended: true },
  { product: 'opencode', route: ['lsp', '*', 'command'], unattended: true },
  { product: 'aider', route: ['lint-cmd'], unattended: true },
  { product: 'aider', route: ['test-cmd'], unattended: true },
  { product: 'aider', route: ['notifications-command'], unattended: true },
  { product: 'aider', route: ['load'], unattended: true },
  { product: 'aider', route: ['editor'], unattended: false },
  { product: 'cursor', route: ['install'], unattended: true },
  { product: 'cursor', route: ['start'], unattended: true },
  { product: 'cursor', route: ['terminals', '*', 'command'], unattended: true },
];

/** The programs that a file's keys name. An editor task counts when it runs by itself as the folder opens. */
export function readHelpers(
  root: Node | undefined,
  product: ProductId | 'any',
  file: string,
): readonly HelperCommand[] {
  const rows = HELPERS.filter((row) => row.product === product);
  const found = rows.flatMap((row) =>
    nodesAt(root, row.route).flatMap((node): HelperCommand[] => {
      const words = scalarsOf(node).filter((word) => word.text !== '');
      const first = words[0];
      if (first === undefined || typeof first.value === 'boolean') return [];
      const command = words.map((word) => word.text).join(' ');
      return [
        { key: row.route.join('.'), command, place: { file, span: first.span }, unattended: row.unattended, risks: [] },
      ];
    }),
  );
  return product === 'copilot' ? [...found, ...folderOpenTasks(root, file)] : found;
}

function nodesAt(root: Node | undefined, route: readonly string[]): readonly Node[] {
  let level: readonly Node[] = root === undefined ? [] : [root];
  for (const step of route) level = level.flatMap((node) => below(node, step));
  return level;
}

function below(node: Node, step: string): readonly Node[] {
  if (node.kind === 'list') return step === '*' ? node.items : [];
  if (node.kind === 'scalar') return [];
  return node.entries.filter((entry) => step === '*' || entry.key.text === step).map((entry) => entry.value);
}

function folderOpenTasks(root: Node | undefined, file: string): readonly HelperCommand[] {
  return nodesAt(root, ['tasks', '*']).flatMap((task): HelperCommand[] => {
    const command = scalarAt(task, 'command');
    if (scalarAt(task, 'runOptions', 'runOn')?.text !== 'folderOpen' || command === undefined) return [];
    const words = [command, ...nodesAt(task, ['args', '*'])].flatMap((word) =>
      word.kind === 'scalar' ? [word.text] : [],
    );
    return [
      {
        key: 'tasks.folderOpen',
        command: words.join(' '),
        place: { file, span: command.span },
        unattended: false,
        risks: [],
      },
    ];
  });
}
