import { MANAGED_ONLY_KEYS, USER_ONLY_KEYS } from '../../../agents/index.ts';
import type { Node } from '../../../syntax/index.ts';
import { entryOf, type MapEntry, nodeAt } from '../../../syntax/index.ts';
import { configurationRule } from './configuration-rule.ts';
import { settings } from './examples.ts';

/** CFG023: a lock that only works elsewhere. */
export const keyWithoutEffect = configurationRule(
  {
    id: 'CFG023',
    name: 'managed-key-in-project',
    title: 'A key that only managed or user settings may set',
    what: 'Project or local settings of Claude Code hold a key that is read only from managed (or user) settings.',
    why: 'It does nothing here: the author believes in a lock that is not there.',
    sources: ['Claude Code documentation, settings reference'],
    severity: 'low',
    confidence: 'high',
    tier: 'regular',
    fix: 'none',
    advice: 'Move it to managed settings on the machine, or drop it.',
    tags: ['CWE-1108'],
    attack: [settings({ allowManagedHooksOnly: true })],
    benign: [settings({ permissions: { disableBypassPermissionsMode: 'disable' } })],
  },
  function* (configuration) {
    if (
      configuration.product !== 'claude-code' ||
      configuration.kind !== 'settings' ||
      (configuration.role !== 'active' && configuration.role !== 'local')
    )
      return;
    for (const [keys, where] of [
      [MANAGED_ONLY_KEYS, 'managed'],
      [USER_ONLY_KEYS, 'user and managed'],
    ] as const) {
      for (const key of keys) {
        const entry = entryAt(configuration.root, key);
        if (entry === undefined) continue;
        yield {
          place: { file: configuration.file.path, span: entry.key.span },
          message: `${key} is read from ${where} settings only; here it does nothing`,
          subject: key,
        };
      }
    }
  },
);

function entryAt(root: Node | undefined, key: string): MapEntry | undefined {
  const steps = key.split('.');
  const last = steps.pop();
  return last === undefined ? undefined : entryOf(nodeAt(root, ...steps), last);
}
