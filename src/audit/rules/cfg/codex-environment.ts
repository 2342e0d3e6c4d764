import { nodeAt } from '../../../syntax/index.ts';
import { configurationRule } from './configuration-rule.ts';
import { replaceAt } from './edits.ts';
import { file } from './examples.ts';
import { withReach } from './reach.ts';

/** CFG018: Codex hands everything on, or is told to trust. */
export const codexEnvironment = configurationRule(
  {
    id: 'CFG018',
    name: 'codex-environment-inherited',
    title: 'Codex hands the whole environment to its commands, or trusts by itself',
    what: 'A committed Codex configuration inherits all variables without leaving any out, switches the built-in filter for keys and tokens off, marks projects as trusted, or names a notify program.',
    why: 'Every secret of the job is then in the environment of every command that the model runs. A trusted project may bring servers and lift the sandbox.',
    sources: [
      'Codex documentation, shell_environment_policy',
      'Measured: with --trust the servers of the repository start',
    ],
    severity: 'medium',
    confidence: 'high',
    tier: 'regular',
    fix: 'safe',
    advice: 'Set inherit to "core" or list include_only; leave trust to the person.',
    tags: ['CWE-526', 'CWE-200'],
    attack: [
      file('.codex/config.toml', '[shell_environment_policy]\ninherit = "all"\nignore_default_excludes = true\n'),
    ],
    benign: [file('.codex/config.toml', '[shell_environment_policy]\ninherit = "core"\n')],
  },
  function* (configuration, facts) {
    if (configuration.product !== 'codex') return;
    for (const key of configuration.keys) {
      if (key.path === 'shell_environment_policy.inherit' && key.text === 'all') {
        const policy = nodeAt(configuration.root, 'shell_environment_policy');
        const filtered = ['exclude', 'include_only'].some((name) => nodeAt(policy, name) !== undefined);
        const fix = replaceAt('Inherit the core variables only', key.place, '"core"', 'safe');
        if (!filtered)
          yield {
            place: key.place,
            message: 'Every variable of the job reaches every command that Codex runs',
            subject: key.path,
            fixes: [fix],
          };
      } else if (key.path === 'shell_environment_policy.ignore_default_excludes' && key.text === 'true') {
        const fix = replaceAt('Keep the filter for keys and tokens', key.place, 'false', 'safe');
        yield {
          place: key.place,
          message: 'The filter that keeps variables named KEY, SECRET and TOKEN from commands is off',
          subject: key.path,
          severity: 'high',
          fixes: [fix],
        };
      } else if (/^projects\..{1,400}\.trust_level$/.test(key.path) && key.text === 'trusted') {
        yield { place: key.place, message: 'A committed file marks a project as trusted', subject: 'trust_level' };
      }
    }
    for (const helper of configuration.helpers.filter((one) => one.key === 'notify')) {
      yield {
        place: helper.place,
        message: `notify runs ${helper.command.slice(0, 80)} after every turn`,
        subject: 'notify',
        severity: 'low',
        ...withReach(helper.place, facts),
      };
    }
  },
);
