import { hasOption, optionValues } from './command-line.ts';
import type { EffectBody, EffectRow, RowInput } from './effect-row.ts';
import { forgeCallEffect } from './forge-call.ts';
import { sliceTemplate, textOf } from './template-slice.ts';

const fetchText = (what: 'issue' | 'pull-request' | 'comment' | 'run-log'): EffectBody => ({
  kind: 'fetch-text',
  what,
  to: undefined,
});

/** Command line clients of the forges. */
export const FORGE_ROWS: readonly EffectRow[] = [
  { program: 'gh', words: 'pr checkout', gives: pullRequestTree },
  { program: 'gh', words: 'issue view|list|status', gives: fetchText('issue') },
  { program: 'gh', words: 'pr view|list|diff|status', gives: fetchText('pull-request') },
  { program: 'gh', words: 'search issues|prs|commits|code', gives: fetchText('issue') },
  { program: 'gh', words: 'discussion view|list', gives: fetchText('comment') },
  { program: 'gh', words: 'release view|list', gives: fetchText('comment') },
  { program: 'gh', words: 'run view', with: ['--log', '--log-failed'], gives: fetchText('run-log') },
  { program: 'gh', words: 'run download', gives: { kind: 'artifact-download', otherRun: true, name: undefined } },
  { program: 'gh', words: 'pr merge', gives: { kind: 'merge', what: 'gh pr merge' } },
  { program: 'gh', words: 'pr update-branch', gives: { kind: 'push', what: 'gh pr update-branch' } },
  {
    program: 'gh',
    words: 'pr review',
    with: ['--approve', '-a'],
    gives: { kind: 'approve', what: 'gh pr review --approve' },
  },
  { program: 'gh', words: 'pr review', without: ['--approve', '-a'], gives: { kind: 'comment', what: 'gh pr review' } },
  { program: 'gh', words: 'pr|issue comment', gives: { kind: 'comment', what: 'gh comment' } },
  {
    program: 'gh',
    words: 'issue create|close|reopen|transfer|lock|delete',
    gives: { kind: 'comment', what: 'gh issue' },
  },
  { program: 'gh', words: 'pr close|reopen|ready|lock', gives: { kind: 'comment', what: 'gh pr' } },
  { program: 'gh', words: 'pr|issue edit', with: LABELS(), gives: { kind: 'label', what: 'gh edit --add-label' } },
  { program: 'gh', words: 'pr|issue edit', without: LABELS(), gives: { kind: 'comment', what: 'gh edit' } },
  { program: 'gh', words: 'label create|edit|delete', gives: { kind: 'label', what: 'gh label' } },
  { program: 'gh', words: 'pr create', gives: { kind: 'create-pull-request', what: 'gh pr create' } },
  { program: 'gh', words: 'release create|upload|edit|delete', gives: { kind: 'release', what: 'gh release' } },
  { program: 'gh', words: 'workflow run|enable|disable', gives: { kind: 'dispatch', what: 'gh workflow' } },
  { program: 'gh', words: 'run rerun', gives: { kind: 'dispatch', what: 'gh run rerun' } },
  { program: 'gh', words: 'repo clone', gives: cloneOfName },
  { program: 'gh', words: 'repo sync', gives: { kind: 'push', what: 'gh repo sync' } },
  { program: 'gh', words: 'gist create', gives: { kind: 'upload', url: 'gh gist create' } },
  { program: 'gh', words: 'cache delete', gives: { kind: 'cleanup', what: 'gh cache delete' } },
  { program: 'gh', words: 'auth login|setup-git', gives: { kind: 'login', to: 'forge-token', keyless: false } },
  { program: 'gh', words: 'auth logout', gives: { kind: 'cleanup', what: 'gh auth logout' } },
  { program: 'gh', words: 'extension install', gives: extension },
  { program: ['gh', 'glab', 'hub'], words: 'api', gives: apiCall },
  { program: 'glab', words: 'mr checkout', gives: pullRequestTree },
  { program: 'glab', words: 'mr view|list|diff', gives: fetchText('pull-request') },
  { program: 'glab', words: 'issue view|list', gives: fetchText('issue') },
  { program: 'glab', words: 'ci trace|view', gives: fetchText('run-log') },
  { program: 'glab', words: 'job artifact', gives: { kind: 'artifact-download', otherRun: true, name: undefined } },
  { program: 'glab', words: 'mr merge|accept', gives: { kind: 'merge', what: 'glab mr merge' } },
  { program: 'glab', words: 'mr approve', gives: { kind: 'approve', what: 'glab mr approve' } },
  { program: 'glab', words: 'mr|issue note', gives: { kind: 'comment', what: 'glab note' } },
  { program: 'glab', words: 'issue create|close|reopen', gives: { kind: 'comment', what: 'glab issue' } },
  { program: 'glab', words: 'mr create', gives: { kind: 'create-pull-request', what: 'glab mr create' } },
  {
    program: 'glab',
    words: 'mr|issue update',
    with: ['--label', '-l', '--unlabel'],
    gives: { kind: 'label', what: 'glab update --label' },
  },
  {
    program: 'glab',
    words: 'mr|issue update',
    without: ['--label', '-l', '--unlabel'],
    gives: { kind: 'comment', what: 'glab update' },
  },
  { program: 'glab', words: 'ci run|trigger|retry', gives: { kind: 'dispatch', what: 'glab ci run' } },
  { program: 'glab', words: 'release create|upload|delete', gives: { kind: 'release', what: 'glab release' } },
  { program: 'glab', words: 'repo clone', gives: cloneOfName },
  { program: 'glab', words: 'auth login', gives: { kind: 'login', to: 'forge-token', keyless: false } },
  { program: 'az', words: 'repos pr create', gives: { kind: 'create-pull-request', what: 'az repos pr create' } },
  { program: 'az', words: 'repos pr set-vote', gives: { kind: 'approve', what: 'az repos pr set-vote' } },
  {
    program: 'az',
    words: 'repos pr update',
    with: ['--status', '--auto-complete'],
    gives: { kind: 'merge', what: 'az repos pr update' },
  },
  { program: 'az', words: 'repos pr show|list', gives: fetchText('pull-request') },
  { program: 'az', words: 'boards work-item show', gives: { kind: 'fetch-text', what: 'tracker', to: undefined } },
  { program: 'az', words: 'boards query', gives: { kind: 'fetch-text', what: 'tracker', to: undefined } },
  {
    program: ['jira', 'acli'],
    words: 'issue view|list',
    gives: { kind: 'fetch-text', what: 'tracker', to: undefined },
  },
  { program: 'az', words: 'pipelines run', gives: { kind: 'dispatch', what: 'az pipelines run' } },
];

function LABELS(): readonly string[] {
  return ['--add-label', '--remove-label'];
}

function pullRequestTree({ operands, text }: RowInput): EffectBody {
  const [number] = operands;
  return {
    kind: 'checkout',
    tree: 'pull-request',
    ref: number && sliceTemplate(text, number.span),
    persistsCredentials: false,
    submodules: false,
    token: undefined,
    path: undefined,
  };
}

function cloneOfName({ operands: [name] }: RowInput): EffectBody {
  return { kind: 'clone', url: name && textOf(name), pinned: false };
}

function extension({ operands: [name] }: RowInput): EffectBody {
  return {
    kind: 'install',
    ecosystem: 'gh-extension',
    name: name && textOf(name),
    version: undefined,
    pipedToShell: false,
  };
}

/** `gh api`: fields make it a POST when no method is given. */
function apiCall({ line, operands: [path] }: RowInput): EffectBody | undefined {
  const program = line.program ?? '';
  const bodies = optionValues(line, '-f', '-F', '--field', '--raw-field', '--input', '-b', '--body');
  const [method] = optionValues(line, '-X', '--method');
  const implicit = bodies.length > 0 && path?.literal !== 'graphql' ? 'POST' : 'GET';
  const body = line.words.map((word) => word.source).join(' ');
  if (path === undefined || (program === 'glab' && hasOption(line, '--help'))) return undefined;
  return forgeCallEffect({
    path: textOf(path),
    method: method ? textOf(method).toUpperCase() : implicit,
    body,
    program: `${program} api`,
  });
}
