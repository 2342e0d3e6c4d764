import { type AgentConfiguration, powerOf } from '../../../agents/index.ts';
import type { Severity } from '../../../findings/index.ts';
import type { Place } from '../../../syntax/index.ts';
import { configurationRule } from './configuration-rule.ts';
import { file } from './examples.ts';
import { weighByRuns, withReach } from './reach.ts';

const HEAD = '---\nname: release-notes\ndescription: Writes release notes\n';

/** CFG022: a skill or command allows itself more than any settings file would. */
export const wideSkillTools = configurationRule(
  {
    id: 'CFG022',
    name: 'skill-with-wide-tools',
    title: 'A skill, command or subagent grants itself power',
    what: 'Front matter allows any command, any write or all tools, carries hooks, starts MCP servers, or sets a permission mode.',
    why: "A skill's allowed tools count in every session, trusted or not: text of the repository grants itself what the settings withhold. Up to 2.1.238 hooks, servers and modes of subagent files took effect without trust as well.",
    sources: [
      'Claude Code documentation, skills',
      'Measured: allowed-tools of a skill granted Bash in an untrusted folder on 2.1.329',
    ],
    severity: 'medium',
    confidence: 'high',
    tier: 'regular',
    fix: 'none',
    advice: 'List the exact commands that the skill needs; keep hooks and servers in reviewed settings.',
    tags: ['CWE-250', 'CWE-269'],
    attack: [
      file(
        '.claude/skills/release-notes/SKILL.md',
        `${HEAD}allowed-tools: Read, Bash(*)\n---\n\nCollect the changes.\n`,
      ),
    ],
    benign: [
      file(
        '.claude/skills/release-notes/SKILL.md',
        `${HEAD}allowed-tools: Read, Bash(git log:*)\n---\n\nCollect the changes.\n`,
      ),
    ],
  },
  function* (configuration, facts) {
    if (configuration.kind !== 'skill' && configuration.kind !== 'command' && configuration.kind !== 'subagent') return;
    for (const { what, place, severity } of grantsOf(configuration)) {
      yield {
        place,
        message: `This ${configuration.kind} ${what}`,
        subject: what,
        severity: weighByRuns(severity, place, facts),
        ...withReach(place, facts),
      };
    }
  },
);

interface Grant {
  readonly what: string;
  readonly place: Place;
  readonly severity: Severity;
}

function grantsOf(configuration: AgentConfiguration): readonly Grant[] {
  const mode = configuration.keys.find((key) => key.path === 'permissionMode' && /^(dontAsk|auto)$/.test(key.text));
  return [
    ...configuration.allow.flatMap((rule): Grant[] => {
      const power = powerOf(rule.text);
      if (power.execute === 'any')
        return [{ what: `allows itself ${rule.text}: any command`, place: rule.place, severity: 'medium' }];
      // A file tool by name is what most skills list; without a shell it stays in the permission checks of its paths.
      return [];
    }),
    ...configuration.hooks.map(
      (hook): Grant => ({ what: `carries a hook of ${hook.event}`, place: hook.place, severity: 'medium' }),
    ),
    ...configuration.servers.map(
      (server): Grant => ({ what: `starts the MCP server ${server.name}`, place: server.place, severity: 'medium' }),
    ),
    ...(mode === undefined
      ? []
      : [{ what: `sets the permission mode ${mode.text}`, place: mode.place, severity: 'low' as const }]),
  ];
}
