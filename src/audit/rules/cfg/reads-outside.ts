import type { AgentConfiguration } from '../../../agents/index.ts';
import type { Place } from '../../../syntax/index.ts';
import { configurationRule } from './configuration-rule.ts';
import { removeItem } from './edits.ts';
import { settings } from './examples.ts';
import { withReach } from './reach.ts';

/** Keys that widen where an agent may read or write. */
const FOLDER_KEYS =
  /^(permissions\.additionalDirectories|context\.includeDirectories|includeDirectories|read|sandbox_workspace_write\.writable_roots|sandbox\.filesystem\.(allowWrite|allowRead)|worktree\.symlinkDirectories)$/;

/** CFG014: the agent may read or write outside the work tree. */
export const readsOutside = configurationRule(
  {
    id: 'CFG014',
    name: 'reads-outside-work-tree',
    title: 'The repository lets an agent reach outside its work tree',
    what: 'A committed configuration adds folders above or beside the work tree, the home directory, or absolute paths, or allows Read or Edit rules on them.',
    why: 'Keys, histories and other projects lie there. A repository should never decide about the files of the machine it is checked out on.',
    sources: ['Claude Code documentation, permissions'],
    severity: 'medium',
    confidence: 'high',
    tier: 'regular',
    fix: 'unsafe',
    advice: 'Remove the folder; give a run what it needs by copying it into the work tree.',
    tags: ['CWE-22', 'CWE-668'],
    attack: [settings({ permissions: { additionalDirectories: ['~/'] } })],
    benign: [settings({ permissions: { additionalDirectories: ['packages/shared'] } })],
  },
  function* (configuration, facts) {
    for (const { text, place } of outsideOf(configuration)) {
      yield {
        place,
        message: `${text} lies outside the work tree`,
        subject: `outside ${text}`,
        ...withReach(place, facts),
        fixes: configuration.file.path.endsWith('.json')
          ? [removeItem('Remove it', configuration.file, place.span, 'unsafe')]
          : [],
      };
    }
  },
);

function outsideOf(configuration: AgentConfiguration): readonly { readonly text: string; readonly place: Place }[] {
  if (configuration.kind !== 'settings') return [];
  const folders = configuration.keys.filter((key) => FOLDER_KEYS.test(key.path) && leaves(key.text));
  const rules = configuration.allow.filter((rule) => /^(Read|Edit|Write)\((~|\/\/|\.\.)/.test(rule.text));
  return [...folders, ...rules];
}

/** `/tmp` and the devices are everybody's anyway. */
function leaves(path: string): boolean {
  return (
    /^(~|\.\.(\/|$)|\$\{?HOME|[A-Za-z]:\\)/.test(path) || (/^\//.test(path) && !/^\/(tmp|dev\/null)(\/|$)/.test(path))
  );
}
