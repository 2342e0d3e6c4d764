import type { AgentConfiguration } from '../../../agents/index.ts';
import type { Facts } from '../../../facts/index.ts';
import type { Fix, Severity } from '../../../findings/index.ts';
import { configurationRule } from './configuration-rule.ts';
import { json } from './examples.ts';

/** Files that belong to one person's machine. */
const PRIVATE: readonly { readonly name: RegExp; readonly what: string; readonly severity: Severity }[] = [
  {
    name: /(^|\/)\.claude\/\.credentials\.json$|(^|\/)\.codex\/auth\.json$|(^|\/)\.gemini\/oauth_creds\.json$/,
    what: 'stored credentials of an agent',
    severity: 'critical',
  },
  {
    name: /(^|\/)\.claude\.json$/,
    what: "one person's state, with its trust decisions and servers",
    severity: 'medium',
  },
  { name: /(^|\/)\.claude\/settings\.local\.json$/, what: "one person's local settings", severity: 'medium' },
  { name: /(^|\/)CLAUDE\.local\.md$/, what: "one person's local instructions", severity: 'low' },
  { name: /(^|\/)\.copilot\//, what: "one person's settings", severity: 'medium' },
];

/** CFG013: what belongs to one machine is in the repository. */
export const localFileCommitted = configurationRule(
  {
    id: 'CFG013',
    name: 'local-agent-file-committed',
    title: 'Local settings or credentials of an agent are in the repository',
    what: 'A file that an agent writes for one person and one machine (settings.local.json, auth.json, stored credentials, state) is among the files of the repository.',
    why: "Credentials are anybody's who can read the repository. Local settings stand above project settings and carry what one person allowed in a hurry.",
    sources: [
      'Claude Code documentation, settings',
      'Measured: a tracked settings.local.json counts as supplied by the repository',
    ],
    severity: 'medium',
    confidence: 'high',
    tier: 'regular',
    fix: 'safe',
    advice: 'Take it out of git (git rm --cached), ignore it, and revoke credentials that were in it.',
    tags: ['CWE-538', 'CWE-522'],
    attack: [json('.claude/settings.local.json', { permissions: { allow: ['Bash(npm run *)'] } })],
    benign: [json('.claude/settings.json', { permissions: { deny: ['Read(.env)'] } })],
  },
  function* (configuration, facts) {
    const row = PRIVATE.find(({ name }) => name.test(configuration.file.path));
    if (row === undefined || configuration.role !== 'local' || isIgnored(configuration, facts)) return;
    yield {
      place: { file: configuration.file.path, span: { start: 0, end: Math.min(1, configuration.file.text.length) } },
      message: `${configuration.file.path} holds ${row.what} and is part of the repository`,
      subject: 'committed',
      severity: row.severity,
      fixes: [ignoreFix(configuration.file.path, facts)],
    };
  },
);

/** A file that git ignores is not committed; a tree read from the disk shows it all the same. */
function isIgnored({ file }: AgentConfiguration, facts: Facts): boolean {
  if (facts.tree.revision !== 'worktree') return false;
  const name = file.path.slice(file.path.lastIndexOf('/') + 1);
  const ignore = readIgnore(facts);
  return (
    ignore?.text
      .split('\n')
      .some((line) => [file.path, `/${file.path}`, `**/${name}`, name, `**/${file.path}`].includes(line.trim())) ===
    true
  );
}

function ignoreFix(path: string, facts: Facts): Fix {
  const ignore = readIgnore(facts);
  const title = `Ignore ${path}; untrack it with git rm --cached`;
  if (ignore === undefined)
    return { title, safety: 'safe', edits: [], creates: [{ file: '.gitignore', content: `${path}\n` }] };
  const end = ignore.text.length;
  const text = `${ignore.text === '' || ignore.text.endsWith('\n') ? '' : '\n'}${path}\n`;
  return { title, safety: 'safe', edits: [{ file: ignore.path, span: { start: end, end }, text }], creates: [] };
}

function readIgnore(facts: Facts) {
  const file = facts.tree.read('.gitignore');
  return file === undefined || 'kind' in file ? undefined : file;
}
